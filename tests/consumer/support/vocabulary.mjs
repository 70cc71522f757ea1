// Structured data held against the vocabulary of schema.org, as the package schema-dts writes it down: a type for each
// class, with its properties, inherited ones included, and the types of their values. The compiler of TypeScript judges.

import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const OPTIONS = {
  strict: true, noEmit: true, skipLibCheck: true, types: [],
  target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler,
};
// It exists in memory only; packages are looked for from here.
const FILE = fileURLToPath(new URL('./graphs.ts', import.meta.url));

/**
 * What is wrong with each of these nodes, as lists of sentences: a property that its class does not have, or a value of
 * another type. Every node says what it is in `@type`.
 */
export function faultsOf(nodes) {
  const types = [...new Set(nodes.map(node => node['@type']))];
  const lines = nodes.map((node, place) => `export const node${place}: ${node['@type']} = ${JSON.stringify(node)};`);
  const text = [`import type { ${types.join(', ')} } from 'schema-dts';`, ...lines].join('\n');
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === FILE ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
  host.fileExists = name => name === FILE || fileExists(name);
  host.readFile = name => name === FILE ? text : readFile(name);
  const program = ts.createProgram([FILE], OPTIONS, host);
  const found = nodes.map(() => []);
  for (const fault of ts.getPreEmitDiagnostics(program)) {
    const words = ts.flattenDiagnosticMessageText(fault.messageText, '\n');
    const line = fault.file?.fileName === FILE ? fault.file.getLineAndCharacterOfPosition(fault.start).line - 1 : -1;
    if (line < 0) throw new Error(words);
    found[line].push(words);
  }
  return found;
}
