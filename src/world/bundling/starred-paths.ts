/**
 * Lets esbuild compile files in folders whose names contain a `*`. It takes such an entry point for a pattern, which
 * matches other files or none, and resolves no import with one.
 */
import { basename, extname, isAbsolute } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';

/** Stands for an entry point, followed by its position. */
const ENTRY = 'entry-point$';

export function withStarredPaths(options: BuildOptions): BuildOptions {
  const { entryPoints, plugins = [] } = options;
  const paths = Array.isArray(entryPoints) ? entryPoints.filter((path) => typeof path === 'string') : [];
  const isStarred = paths.some((path) => path.includes('*'));
  return {
    ...options,
    ...(isStarred && {
      entryPoints: paths.map((path, at) => ({
        in: `${ENTRY}${at}`,
        out: basename(path, extname(path)).replaceAll('*', '_'),
      })),
    }),
    plugins: [starredPaths(paths), ...plugins],
  };
}

const starredPaths = (paths: readonly string[]): Plugin => ({
  name: 'starred-paths',
  setup(build) {
    build.onResolve({ filter: /^entry-point\$\d+$/ }, ({ path, kind }) =>
      kind === 'entry-point' ? { path: paths[Number(path.slice(ENTRY.length))] ?? path } : undefined,
    );
    build.onResolve({ filter: /\*/ }, ({ path }) => (isAbsolute(path) ? { path } : undefined));
  },
});
