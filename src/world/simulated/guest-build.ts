/**
 * How esbuild bundles src/guest, in dist/ (scripts/build.mjs) and from source (build-program.ts).
 *
 * The package `readable-stream` asks for a few others (`buffer`, `process/`, ...), whose place is taken by the modules of
 * the node that it runs in: src/guest/streams/streams.ts puts them into `standIns$` before it loads the package.
 */
import type { BuildOptions, Plugin } from 'esbuild';

const standIns: Plugin = {
  name: 'stand-ins',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]readable-stream[\\/]/.test(importer)
        ? { path, namespace: 'stand-in' }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({
      contents: `module.exports = standIns$[${JSON.stringify(path)}];`,
    }));
  },
};

export const GUEST_BUILD = {
  platform: 'neutral',
  // The packages that it borrows are CommonJS, which this platform does not look for by itself.
  mainFields: ['main'],
  plugins: [standIns],
  // A function that takes the bridge and gives the guest.
  format: 'iife',
  globalName: 'runtime$',
  banner: { js: '(function (bridge$) { const standIns$ = {};' },
  footer: { js: 'return runtime$.guest; })' },
} as const satisfies BuildOptions;
