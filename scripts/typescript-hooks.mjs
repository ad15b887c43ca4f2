/**
 * How Node loads the sources in tests: strips TypeScript's types, and resolves `maelstrom/...` to the source of that
 * name in src/.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformWithOxc } from 'vite';

/** As in vitest.config.ts. */
const DOORS = {
  maelstrom: 'src/index.ts',
  'maelstrom/node': 'src/node/index.ts',
  'maelstrom/testing': 'src/testing/index.ts',
  'maelstrom/checkers': 'src/checkers/index.ts',
};

export function resolve(specifier, context, next) {
  const door = DOORS[specifier];
  return next(door === undefined ? specifier : new URL(`../${door}`, import.meta.url).href, context);
}

export async function load(url, context, next) {
  const { protocol, pathname } = new URL(url);
  if (protocol !== 'file:' || !/\.tsx?$/.test(pathname)) return next(url, context);
  const file = fileURLToPath(url);
  const { code, map } = await transformWithOxc(await readFile(file, 'utf8'), file, {
    target: 'es2022',
    tsconfig: false,
    jsx: { runtime: 'automatic', importSource: 'preact' },
  });
  const lines = Buffer.from(JSON.stringify(map)).toString('base64');
  const source = `${code}\n//# sourceMappingURL=data:application/json;base64,${lines}`;
  return { format: 'module', shortCircuit: true, source };
}
