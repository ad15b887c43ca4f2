/**
 * Keeps the location and main-module status of a module correct within a bundle. The defines of a bundle are those of
 * its first file. Without this, each imported file would take itself for that one, and `if (require.main === module)`
 * or a comparison of `import.meta.url` with `process.argv[1]` would start what it guards.
 */
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, Plugin } from 'esbuild';
import { withOwnFiles } from './matched-modules.ts';

export interface Places {
  /** The program's first file, to which the build's defines apply. */
  readonly entry: string;
  /** Returns the path of a file, as the program is to see it. */
  readonly seenAs: (file: string) => string;
  /** The value of `require.main` in the other files: a name that the bundle declares, or `undefined`. */
  readonly main: string;
}

/** Declares `MAIN` for a bundle that begins with a CommonJS file. */
export const declareMain = (seen: string): string =>
  `var ${MAIN} = { id: '.', filename: ${JSON.stringify(seen)}, path: ${JSON.stringify(dirname(seen))}, exports: {}, children: [], loaded: false };`;
export const MAIN = 'mainModule$';

/** Returns `__filename` and its kin, in the form of esbuild's `define`, for a file with this path. */
export function placeOf(seen: string): Record<'meta' | 'file', Readonly<Record<string, string>>> {
  return {
    meta: {
      'import.meta.url': JSON.stringify(pathToFileURL(seen).href),
      'import.meta.filename': JSON.stringify(seen),
      'import.meta.dirname': JSON.stringify(dirname(seen)),
    },
    file: { __filename: JSON.stringify(seen), __dirname: JSON.stringify(dirname(seen)) },
  };
}

export function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file; // the build reports a missing file
  }
}

const PACKAGE = /[\\/]node_modules[\\/]/;
const SAYS_WHERE = /\bimport\.meta\b|\b__(?:file|dir)name\b|\brequire\.main\b/;
const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.jsx': 'jsx',
};

export function modulePlaces({ entry, seenAs, main }: Places): Plugin {
  return {
    name: 'module-places',
    setup(build) {
      const first = realPath(entry); // as esbuild reports it, with symbolic links resolved
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
        const isFirst = path === entry || path === first;
        const written = await readFile(path, 'utf8');
        const text = PACKAGE.test(path) ? written : withOwnFiles(written, path);
        if (isFirst || !SAYS_WHERE.test(text))
          return text === written ? undefined : { contents: text, loader: 'default' };
        const { meta, file } = placeOf(seenAs(path));
        try {
          const { code } = await build.esbuild.transform(text, {
            loader: LOADERS[extname(path)] ?? 'js',
            target: 'esnext',
            sourcefile: basename(path),
            sourcemap: 'inline',
            sourcesContent: false,
            legalComments: 'none',
            define: { ...meta, ...file, 'import.meta.main': 'false', 'require.main': main },
          });
          return { contents: code, loader: 'js', resolveDir: dirname(path) };
        } catch {
          return undefined; // the bundling reports its errors
        }
      });
    },
  };
}
