/**
 * Calls such as `require('./build/' + kind + '/binding')`: esbuild bundles all files that match, and fails if none does. In
 * Node such a call throws only when it is made, which packages catch for optional parts. Here those calls are hidden from
 * esbuild, so that they stay in the program and throw as well.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Message, Plugin } from 'esbuild';

/** Returns undefined if there are other errors as well, which are then reported. */
export function leaveComputedRequires(errors: readonly Message[], from: string): Plugin | undefined {
  const lines = new Map<string, Map<number, number[]>>();
  for (const { text, location } of errors) {
    if (location === null || !/^Could not resolve (?:require|import)\("/.test(text)) return undefined;
    const file = resolve(from, location.file);
    const columns = lines.get(file) ?? new Map<number, number[]>();
    lines.set(file, columns.set(location.line, [...(columns.get(location.line) ?? []), location.column]));
  }
  return {
    name: 'computed-requires',
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
        const columns = lines.get(path);
        if (columns === undefined) return undefined;
        const text = (await readFile(path, 'utf8')).split('\n');
        for (const [line, at] of columns) text[line - 1] = withUnreadable(text[line - 1] ?? '', at);
        return { contents: text.join('\n'), loader: 'default' };
      });
    },
  };
}

/** An argument that does not begin with a string is not a pattern. Columns count bytes. */
function withUnreadable(line: string, columns: readonly number[]): string {
  let bytes = Buffer.from(line);
  for (const column of columns.toSorted((a, b) => b - a))
    bytes = Buffer.concat([bytes.subarray(0, column), Buffer.from('String() + '), bytes.subarray(column)]);
  return bytes.toString();
}
