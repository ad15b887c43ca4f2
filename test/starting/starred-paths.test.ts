import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runTest } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-starred-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// With a folder beside it that the name would match as a pattern.
for (const name of ['a*', 'ab']) {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'said.ts'), `export const said = ${JSON.stringify(name)};`);
  writeFileSync(
    join(folder, name, 'echo.ts'),
    `import { Node } from 'maelstrom/node';
import { said } from './said.ts';
new Node().on('echo', ({ echo }) => ({ echo: said === 'a*' ? echo : said }));`,
  );
}

it.each(['simulated', 'real'] as const)(
  'a program in a folder with a star in its name is run, %s',
  { timeout: 60_000 },
  async (world) => {
    const { results } = await runTest({
      store: join(folder, 'store'),
      report: false,
      world,
      workload: 'echo',
      nodes: ['n1'],
      timeLimitSeconds: 1,
      bin: join(folder, 'a*', 'echo.ts'),
    });
    expect(results['valid?']).toBe(true);
  },
);
