/**
 * Modules whose names are partly computed, such as `import('./handlers/' + name)`: esbuild bundles all files that match.
 * In Node only those that the program names are loaded. So a file that matches and cannot be bundled (a README, a test
 * whose packages are not installed) throws when it is loaded, and a name without an extension is completed.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Message, Plugin } from 'esbuild';

/** Matches how esbuild declares what looks up such a name in the bundle. */
const ESBUILDS_LOOKUP =
  /^var (__glob\d*) = \(map\) => \(path\) => \{\n {2}var fn = map\[path\];\n {2}if \(fn\) return fn\(\);\n {2}throw new Error\("Module not found in bundle: " \+ path\);\n\};$/m;

/** In the order in which Node and TypeScript loaders try them. */
const ENDINGS = [
  '',
  '.js',
  '.json',
  '.ts',
  '.cjs',
  '.mjs',
  '.cts',
  '.mts',
  '/index.js',
  '/index.json',
  '/index.ts',
];

/** Completes names as Node does. The bundle keeps its number of lines, to which its source map refers. */
export const withCompletedNames = (script: string): string =>
  script.replace(
    ESBUILDS_LOOKUP,
    (_, name: string) => `var ${name} = (map) => (path) => {
  const found = ${JSON.stringify(ENDINGS)}.find((ending) => Object.hasOwn(map, path + ending));
  if (found !== undefined) return map[path + found]();
  throw Object.assign(new Error("Cannot find module '" + path + "': it is not part of the program, which has " + Object.keys(map).join(", ")), { code: "MODULE_NOT_FOUND" });
};`,
  );

/** Returns the files that could not be bundled, each with the reason; undefined if there are errors of another kind. */
export function failedFiles(
  errors: readonly Message[],
  from: string,
): ReadonlyMap<string, string> | undefined {
  const files = new Map<string, string>();
  for (const { text, location, notes } of errors) {
    const unknown = /^No loader is configured for ".*" files: (.*)$/.exec(text)?.[1];
    const file = unknown ?? location?.file;
    if (file === undefined || file === '') return undefined;
    const advice = notes.map((note) => note.text).join(' ');
    files.set(resolve(from, file), `${file} cannot be loaded: ${text} ${advice}`.trim());
  }
  return files;
}

const PACKAGE = /[\\/]node_modules[\\/]/;
const COMPUTED = /\b(import|require)\(\s*(?=(["'])\.\.?\/(?:(?!\2)[^\\\n])*\2\s*\+|`\.\.?\/[^`\\]*\$\{)/g;

/** Hides such imports from esbuild: an argument that does not begin with a string is not a pattern. */
export const withoutMatches: Plugin = {
  name: 'without-matches',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
      if (PACKAGE.test(path)) return undefined;
      const text = await readFile(path, 'utf8');
      const hidden = text.replace(COMPUTED, '$1(String() + ');
      return hidden === text ? undefined : { contents: hidden, loader: 'default' };
    });
  },
};

/** Makes these files throw when they are loaded, each with its reason. */
export const throwingFiles = (files: ReadonlyMap<string, string>): Plugin => ({
  name: 'throwing-files',
  setup(build) {
    build.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) => {
      const reason = files.get(path);
      return reason === undefined
        ? undefined
        : { contents: `throw new Error(${JSON.stringify(reason)});`, loader: 'js' };
    });
  },
});
