// HTML as a tagged template: every value is escaped unless it is HTML already. The one place that makes HTML of text.

/** HTML that may stand as it is. */
export class Html {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  toString() {
    return this.text;
  }
}

/** @typedef {Html | string | number | null | undefined | false} Leaf what leaves nothing if it is null, undefined or false */
/** @typedef {Leaf | readonly (Leaf | readonly Leaf[])[]} Value what may stand in a template */

/**
 * @param {TemplateStringsArray} texts
 * @param {...Value} values
 * @returns {Html}
 */
export function html(texts, ...values) {
  return new Html(texts.map((text, place) => (place === 0 ? '' : written(values[place - 1])) + text).join(''));
}

/** JSON within a script element that holds data: nothing in it can end the element. @param {unknown} value */
export function json(value) {
  return new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

/** @param {Value} value @returns {string} */
function written(value) {
  if (value instanceof Html) return value.text;
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(written).join('');
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
