import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runSource, type SourceRun } from '../../../test/support/run-source.ts';
import { bundleNode } from './bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-matched-modules-'));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;

async function printedByNode({ source, file = 'a.ts', files = {} }: SourceRun): Promise<string> {
  const place = join(folder, String(made++));
  for (const [name, text] of Object.entries({ ...files, [file]: source })) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  const { bin, args } = await bundleNode(join(place, file), 'real', join(place, 'out'));
  return execFileSync(bin, args, { encoding: 'utf8', input: '' }).trim();
}

async function printedInSimulation(run: SourceRun): Promise<string> {
  const { lines, stderr } = await runSource(run);
  return [...stderr, ...lines].join('\n');
}

describe.each([
  ['as a process', printedByNode],
  ['simulated', printedInSimulation],
])('%s, a module whose name begins with its folder', (_, print) => {
  it.each(['a.ts', 'a.mjs'])('is loaded although other files beside it cannot be: %s', async (file) => {
    const source = `for (const name of ['init', 'echo']) console.log((await import('./handlers/' + name + '.mjs')).default);
      try { await import('./handlers/' + ['lost', 'mjs'].join('.')) } catch { console.log('no such file') }`;
    const files = {
      'handlers/init.mjs': `export default 'init';`,
      'handlers/echo.mjs': `export default 'echo';`,
      'handlers/echo.test.mjs': `import { it } from 'a-package-that-is-not-installed';`,
      'handlers/README.md': '# Handlers',
      'handlers/.eslintrc': '{}',
    };
    expect(await print({ source, file, files })).toBe('init\necho\nno such file');
  });

  it.each(['a.cts', 'a.cjs'])('needs no extension where Node completes it: %s', async (file) => {
    const source = `for (const name of ['init', 'echo', 'table']) console.log(require('./handlers/' + name).name);
      try { require('./handlers/' + 'lost') } catch (error) { console.log(error.code) }`;
    const files = {
      'handlers/init.js': `exports.name = 'init';`,
      'handlers/echo/index.js': `exports.name = 'echo';`,
      'handlers/table.json': `{ "name": "table" }`,
    };
    expect(await print({ source, file, files })).toBe('init\necho\ntable\nMODULE_NOT_FOUND');
  });
});

const BESIDE_PACKAGES = {
  'init.mjs': `export default 'init';`,
  'echo.cjs': `module.exports = 'echo';`,
  'echo.test.cjs': `require('a-package-that-is-not-installed');`,
  '.hidden/x.mjs': `import 'a-package-that-is-not-installed';`,
  'node_modules/a-package/init.mjs': `console.log('a package was loaded'); export default 'wrong';`,
  'node_modules/a-package/test/fails.mjs': `import 'a-package-that-is-not-installed';`,
};

describe.each([
  ['as a process', printedByNode],
  ['simulated', printedInSimulation],
])('%s, a computed name in the folder that has the packages', (_, print) => {
  it.each([
    ['a.mjs', `console.log((await import('./' + ['init'][0] + '.mjs')).default)`, 'init'],
    ['a.ts', 'const name: string = "init"; console.log((await import(`./${name}.mjs`)).default)', 'init'],
    ['a.cjs', `console.log(require('./' + ['echo'][0] + '.cjs'))`, 'echo'],
    [
      'a.mjs',
      `await import('./' + 'lost' + '.mjs').catch(({ message }) => console.log(message.slice(0, 32)))`,
      "Cannot find module './lost.mjs':",
    ],
  ])('loads own files only: %s', async (file, source, printed) => {
    expect(await print({ source, file, files: BESIDE_PACKAGES })).toBe(printed);
  });
});

it('a file that is imported by its whole name and cannot be bundled is still refused', async () => {
  const source = `import './part.mjs'; await import('./handlers/' + process.argv[2] + '.mjs');`;
  const files = { 'part.mjs': `import 'a-package-that-is-not-installed';`, 'handlers/x.mjs': '' };
  await expect(printedByNode({ source, files })).rejects.toThrow('imports what is not installed');
});
