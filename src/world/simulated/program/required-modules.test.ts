import { expect, it } from 'vitest';
import { runSource } from '../../../../test/support/run-source.ts';

it('a module may require its own files, packages and JSON by a function of createRequire', async () => {
  const source = `import { createRequire } from 'node:module'; import * as module from 'module'; import { nested } from './parts/nested.mjs';
    const require = createRequire(import.meta.url); const other$ = module.createRequire(new URL('./parts/x.js', import.meta.url));
    const config = require('./config.json'); const { add } = require('./add');
    console.log(config.limit, add(1, 2), require('./config.json') === config, require('a-package').name, nested, other$('./deep.cjs'), require(\`./parts\`).index, typeof require('node:fs').readFileSync);
    console.log(require.resolve('./add'), require('./nothing.json'), (() => { try { require('./lost.json') } catch (e) { return e.code } })());`;
  const files = {
    'config.json': '{ "limit": 5 }',
    'nothing.json': 'null',
    'add.js': 'exports.add = (a, b) => a + b;',
    'parts/nested.mjs': `import { createRequire } from 'node:module'; const load = createRequire(import.meta.url); export const nested = load('../config.json').limit + load('./deep.cjs');`,
    'parts/deep.cjs': `module.exports = 'deep';`,
    'parts/index.js': `exports.index = 'index';`,
    'node_modules/a-package/index.js': `exports.name = 'a package';`,
    'node_modules/a-package/package.json': '{ "name": "a-package", "main": "index.js" }',
    'package.json': '{}',
  };
  const { lines, stderr } = await runSource({ source, file: 'program.mjs', files });
  expect(stderr).toEqual([]);
  expect(lines).toEqual([
    '5 3 true a package 5deep deep index function',
    '/simulated/add.js null MODULE_NOT_FOUND',
  ]);
});

it('such a module is evaluated when it is required, and only then', async () => {
  const source = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
    console.log('first'); setTimeout(() => { require('./late.cjs'); require('./late.cjs') }, 5); if (Date.now() < 0) require('./never.cjs');`;
  const files = { 'late.cjs': `console.log('late')`, 'never.cjs': `console.log('never')` };
  const { lines, stderr } = await runSource({ source, file: 'program.mjs', files });
  expect([...stderr, ...lines]).toEqual(['first', 'late']);
});
