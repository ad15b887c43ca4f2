/**
 * Modules whose names are partly computed, such as `import('./handlers/' + name)`: esbuild bundles all files that match.
 * In Node only those that the program names are loaded. So a file that matches and cannot be bundled (a README, a test
 * whose packages are not installed) throws when it is loaded, and a name without an extension is completed.
 */
import { readdirSync, type Dirent } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
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

/** Returns statements that load `path` from a map of functions by name. They complete names as Node does. */
const lookup = (map: string): string =>
  `const map = ${map}; const found = ${JSON.stringify(ENDINGS)}.find((ending) => Object.hasOwn(map, path + ending)); ` +
  'if (found !== undefined) return map[path + found](); ' +
  `throw Object.assign(new Error("Cannot find module '" + path + "': it is not part of the program, which has " + Object.keys(map).join(", ")), { code: "MODULE_NOT_FOUND" });`;

/** Completes names as Node does. The bundle keeps its number of lines, to which its source map refers. */
export const withCompletedNames = (script: string): string =>
  script.replace(
    ESBUILDS_LOOKUP,
    (_, name: string) => `var ${name} = (files) => (path) => {\n  ${lookup('files')}\n\n\n};`,
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
/** Matches the beginning of such a call, with the text that its argument begins with. */
const COMPUTED =
  /\b(import|require)\(\s*(?=(['"])(\.\.?\/(?:(?!\2)[^\\\n])*)\2\s*\+|`(\.\.?\/[^`\\$]*)\$\{)/g;

/**
 * Lets such calls choose among the program's own files if packages lie below their folder, as in `import('./' + name)` next to
 * node_modules: esbuild would bundle all files of all packages.
 */
export function withOwnFiles(text: string, file: string): string {
  return text.replace(COMPUTED, (call, kind: string, _quote, ...rest: readonly unknown[]) => {
    const [plain, template, at] = rest as readonly [string | undefined, string | undefined, number];
    const begins = plain ?? template ?? '';
    const place = begins.slice(0, begins.lastIndexOf('/') + 1);
    const { files, hasPackages } = filesBelow(join(dirname(file), place));
    if (!hasPackages) return call;
    const ends = endOf(text.slice(at + call.length));
    const names = files
      .map((name) => `${place}${name}`)
      .filter((name) => name.startsWith(begins) && name.endsWith(ends))
      .filter((name) => resolve(dirname(file), name) !== file);
    return chooserOf(kind, names);
  });
}

/** Matches an argument with one computed part, and the text that it ends with. */
const ENDED = /^(?:`[^`$]*\$\{[^}`]*\}([^`$]*)`|(['"])[^'"\n]*\2\s*\+[^+\n]*\+\s*(['"])([^'"\n]*)\3)\s*[,)]/;

function endOf(argument: string): string {
  const [, template, , , plain] = ENDED.exec(argument) ?? [];
  return template ?? plain ?? '';
}

/** Returns the beginning of a call that loads one of these files. It is one line, so that a source map still fits. */
function chooserOf(kind: string, names: readonly string[]): string {
  const isAsync = kind === 'import';
  const loads = names.map((name) => `${JSON.stringify(name)}: () => ${kind}(${JSON.stringify(name)})`);
  return `(${isAsync ? 'async ' : ''}(path) => { ${lookup(`{ ${loads.join(', ')} }`)} })(`;
}

/** Maximum number of files among which such a call chooses, those nearest to it first. */
const MOST_FILES = 500;
const CODE = /\.(?:[cm]?[jt]s|json)$/;

/** Returns the program's own modules below a folder, and whether it has packages. */
function filesBelow(folder: string): { readonly files: readonly string[]; readonly hasPackages: boolean } {
  const files: string[] = [];
  let hasPackages = false;
  const folders = [''];
  for (const within of folders) {
    for (const entry of entriesOf(join(folder, within))) {
      const name = `${within}${entry.name}`;
      if (entry.name === 'node_modules') hasPackages = true;
      else if (entry.isDirectory()) folders.push(...(entry.name.startsWith('.') ? [] : [`${name}/`]));
      else if (CODE.test(name)) files.push(name);
    }
    if (files.length > MOST_FILES || folders.length > MOST_FILES) break;
  }
  return { files: files.slice(0, MOST_FILES), hasPackages };
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

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
