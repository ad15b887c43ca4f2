/** The SDK as people use it: `console.log` in a handler, interfaces instead of type aliases. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runTest, type StoredResults } from '../../src/index.ts';
import { compile } from '../support/compile.ts';

const store = mkdtempSync(join(tmpdir(), 'maelstrom-sdk-'));
afterAll(() => rmSync(store, { recursive: true, force: true }));

const run = (
  program: string,
  world: 'real' | 'simulated',
  onLog?: (line: string) => void,
): Promise<StoredResults> =>
  runTest({
    store,
    report: false,
    world,
    seed: 'sdk',
    workload: 'echo',
    nodes: ['n1'],
    timeLimitSeconds: 1,
    rate: 20,
    ...(onLog !== undefined && { onLog }),
    bin: fileURLToPath(new URL(program, import.meta.url)),
  });

it(
  'of a reply with a promise, a Set or a list, the compiler says what to write instead',
  { timeout: 60_000 },
  () => {
    const sdk = fileURLToPath(new URL('../../src/node/index.ts', import.meta.url));
    const program = `import { LinKv, Node } from ${JSON.stringify(sdk)};
const node = new Node();
const kv = new LinKv(node);
node.on('add', () => ({ value: kv.read('sum') }));
node.on('read', async () => ({ messages: new Set([1]) }));
node.on('all', () => [1, 2]);
node.send('n2', { type: 'at', at: new Date() });
`;
    writeFileSync(join(store, 'lost.ts'), program);
    const flags = ['--strict', '--module', 'nodenext', '--target', 'es2022', '--noEmit'];
    const said = compile(store, [...flags, '--allowImportingTsExtensions', '--types', '', 'lost.ts']);
    expect(said.match(/^lost\.ts\(\d+/gm)).toEqual(['lost.ts(4', 'lost.ts(5', 'lost.ts(6', 'lost.ts(7']);
    for (const advice of [
      'a promise: is an await missing?',
      'a Set, which JSON writes as {}: send [...set]',
      'a list: send an object, such as { values: list }',
      'a Date: send date.getTime()',
    ])
      expect(said).toContain(advice);
  },
);

describe.each(['real', 'simulated'] as const)('in the %s world', (world) => {
  it('text that a node on the SDK prints with the console is in its log', { timeout: 60_000 }, async () => {
    const { results, folder } = await run('talkative.ts', world);
    expect(results['protocol']).toEqual({ 'valid?': true, violations: [], warnings: [] });
    expect(results['valid?']).toBe(true);
    const log = readFileSync(join(folder, 'node-logs', 'n1.log'), 'utf8');
    for (const word of [
      'before there is a node',
      'log Please echo',
      'info',
      'debug',
      'dir: 1',
      'dirxml',
      'table',
      'count: 2',
      'group',
      'time: ',
    ])
      expect(log).toContain(word);
  });

  it(
    'the path of a log is printed in a form that can be typed during the run',
    { timeout: 60_000 },
    async () => {
      const lines: string[] = [];
      const { folder } = await run('dying.mjs', world, (line) => lines.push(line));
      expect(lines.join('\n')).toMatch(/^n1's log: .*\/node-logs\/n1\.log$/m);
      const [, path = ''] = /n1's log: (.*)/.exec(lines.join('\n')) ?? [];
      expect(resolve(path)).toBe(join(folder, 'node-logs', 'n1.log'));
    },
  );

  it(
    'text that any other node prints with it is on stdout, where only messages may be',
    { timeout: 60_000 },
    async () => {
      const { results } = await run('plain.mjs', world);
      expect(results['protocol']).toMatchObject({
        'valid?': false,
        violations: [{ kind: 'not-json', line: 2 }],
      });
      expect(results['stats']).toMatchObject({ 'valid?': true });
    },
  );
});

it(
  'interfaces are accepted wherever types are, and values that are not JSON are refused',
  { timeout: 120_000 },
  () => {
    const project = fileURLToPath(new URL('../..', import.meta.url));
    const compiler = join(project, 'node_modules/typescript/bin/tsc');
    const words = [compiler, '--noEmit', '-p', join(project, 'test/sdk')];
    const { stdout, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  },
);
