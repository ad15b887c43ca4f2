/**
 * `require('./build/' + kind + '/binding')`: esbuild takes all files that fit, and refuses the program when none does. In Node
 * such a call throws when it is made, which packages catch that look for something optional. Here those calls are made
 * unreadable for esbuild, so that they are left as they are and throw as well.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Message, Plugin } from 'esbuild';

/** Undefined when something else is wrong as well, which is to be reported then. */
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

/** What does not begin with a text is no pattern. Columns count bytes. */
function withUnreadable(line: string, columns: readonly number[]): string {
  let bytes = Buffer.from(line);
  for (const column of columns.toSorted((a, b) => b - a))
    bytes = Buffer.concat([bytes.subarray(0, column), Buffer.from('String() + '), bytes.subarray(column)]);
  return bytes.toString();
}
