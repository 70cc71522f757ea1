// What checks found, each finding once with the circumstances in which it was found.

import assert from 'node:assert/strict';

export class Findings {
  #places = new Map();

  /** Adds findings of one circumstance, such as a width. */
  add(place, findings) {
    for (const finding of findings) {
      if (!this.#places.has(finding)) this.#places.set(finding, new Set());
      this.#places.get(finding).add(place);
    }
  }

  /** Fails with a line for each finding, if there are any. */
  assertNone() {
    const lines = [...this.#places].map(([finding, places]) => `  ${finding} [${[...places].join(', ')}]`);
    assert.ok(lines.length === 0, `${lines.length} findings:\n${lines.join('\n')}`);
  }
}

/** Fails with a line for each finding, if there are any. */
export function assertNone(findings) {
  assert.ok(findings.length === 0, `${findings.length} findings:\n${findings.map(finding => `  ${finding}`).join('\n')}`);
}
