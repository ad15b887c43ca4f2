/**
 * How esbuild bundles src/guest, for dist/ (scripts/build.mjs) and from source (build-program.ts).
 *
 * The package `readable-stream` requires a few others (`buffer`, `process/`, ...). They are replaced by the modules of
 * the node that it runs in: src/guest/streams/streams.ts puts those into `standIns$` before it loads the package.
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
  // The borrowed packages are CommonJS, whose `main` field this platform does not look up by default.
  mainFields: ['main'],
  plugins: [standIns],
  // The bundle is a function that takes the bridge and returns the guest.
  format: 'iife',
  globalName: 'runtime$',
  banner: { js: '(function (bridge$) { const standIns$ = {};' },
  footer: { js: 'return runtime$.guest; })' },
} as const satisfies BuildOptions;
