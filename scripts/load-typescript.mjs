/** Evaluated before each test file: from here on Node itself loads the sources. Files may share a process. */
import { register } from 'node:module';

const DONE = Symbol.for('maelstrom.tests.loader');
if (!(DONE in globalThis)) {
  Object.defineProperty(globalThis, DONE, { value: true });
  register('./typescript-hooks.mjs', import.meta.url);
  // One process of esbuild for all builds of a worker, instead of one for each.
  const { keepCompiler } = await import('../src/world/bundling/run-esbuild.ts');
  keepCompiler();
}
