/**
 * Modules that a program requires by a function of its own, as ES modules do:
 * `const require = createRequire(import.meta.url); require('./config.json')`. A bundler does not follow such calls, so
 * they are found in the text, and the bundle gets these modules under the names by which the program asks for them.
 */
import { readFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/** Matches the declaration of such a function. */
const DECLARED = /\b(?:const|let|var)\s+([\w$]+)\s*(?::[^=\n]*)?=\s*(?:[\w$]+\.)?createRequire\(/g;

/** Returns the modules' files, indexed by name: a package's, or the path of a file. */
export async function findRequiredModules(
  sources: readonly string[],
  seenAs: (file: string) => string,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const source of sources) {
    const text = await readFile(source, 'utf8');
    const resolve = createRequire(source);
    for (const [, name = ''] of text.matchAll(DECLARED)) {
      const calls = new RegExp(
        `(?<![\\w$.])${name.replaceAll('$', '\\$')}\\(\\s*(['"\`])([^'"\`$\\n]+)\\1\\s*\\)`,
        'g',
      );
      for (const [, , asked = ''] of text.matchAll(calls)) {
        const file = resolved(resolve, asked);
        if (file !== undefined) found.set(/^\.{0,2}\//.test(asked) ? seenAs(file) : asked, file);
      }
    }
  }
  return found;
}

/** Returns undefined for a module of Node, and for one that is missing: requiring it fails at run time, as in Node. */
function resolved(resolve: NodeJS.Require, name: string): string | undefined {
  if (isBuiltin(name)) return undefined;
  try {
    return resolve.resolve(name);
  } catch {
    return undefined;
  }
}

/** The name under which a bundle imports the module that gives the simulator all these modules. */
export const REQUIRED = 'required-modules$';

/** Each of the modules is evaluated when it is first required. */
export const requiredModules = (modules: ReadonlyMap<string, string>, folder: string): Plugin => ({
  name: 'required-modules',
  setup(build) {
    build.onResolve({ filter: /^required-modules\$$/ }, () => ({ path: REQUIRED, namespace: 'required' }));
    build.onLoad({ filter: /.*/, namespace: 'required' }, () => {
      const entries = [...modules].map(
        ([name, file]) => `${JSON.stringify(name)}: () => require(${JSON.stringify(file)})`,
      );
      return { contents: `requiredModules$({ ${entries.join(', ')} });`, resolveDir: folder };
    });
  },
});
