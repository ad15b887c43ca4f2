/** States reported by nodes, from the program to the run's file, in both worlds and in any language. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runTest } from '../src/harness/one-test/run-test.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import { stateChangeIn } from '../src/protocol/state-change.ts';

const root = mkdtempSync(join(tmpdir(), 'states-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const WITH_SDK = `
import { Node } from 'maelstrom/node';
const node = new Node();
let count = 0;
node.state({ role: 'new', count });
node.on('echo', ({ echo }: { echo: string }) => {
  count++;
  node.log('a word');
  node.state({ role: 'busy', count: Math.min(3, count) });
  return { echo };
});
`;

const WITHOUT_SDK = `#!/usr/bin/env node
const state = (fields) => console.error(JSON.stringify({ maelstrom: 'state', ...fields }));
const lines = require('node:readline').createInterface({ input: process.stdin });
let count = 0;
let name;
state({ role: 'new', count });
lines.on('line', (line) => {
  const { src, body } = JSON.parse(line);
  const reply = (fields) => console.log(JSON.stringify({ src: name, dest: src, body: { ...fields, in_reply_to: body.msg_id } }));
  if (body.type === 'init') {
    name = body.node_id;
    return reply({ type: 'init_ok' });
  }
  count++;
  console.error('a word');
  state({ role: 'busy', count: Math.min(3, count) });
  reply({ type: 'echo_ok', echo: body.echo });
});
`;

let files = 0;
async function run(source: string, extension: string, settings: Partial<TestSpec>) {
  const bin = join(root, `node${files++}${extension}`);
  writeFileSync(bin, source, { mode: 0o755 });
  const said: string[] = [];
  const { folder, results } = await runTest({
    workload: 'echo',
    bin,
    nodes: ['n1'],
    rate: 40,
    timeLimitSeconds: 0.5,
    seed: 'a',
    store: join(root, 'store'),
    logStderr: true,
    onLog: (line) => said.push(line),
    ...settings,
    report: false,
  });
  const path = join(folder, 'net-journal/states.jsonl');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return { text, results, said, log: readFileSync(join(folder, 'node-logs/n1.log'), 'utf8') };
}

test.each([
  ['real', '.ts', WITH_SDK],
  ['simulated', '.ts', WITH_SDK],
  ['real', '.cjs', WITHOUT_SDK],
  ['simulated', '.cjs', WITHOUT_SDK],
] as const)('in the %s world a %s program reports its state', async (world, extension, source) => {
  const { text, results, said, log } = await run(source, extension, { world });
  const changes = text
    .trimEnd()
    .split('\n')
    .map((line) => stateChangeIn(line));
  expect(changes.map((change) => (change?.kind === 'set' ? change.fields : change?.kind))).toEqual([
    { role: 'new', count: 0 },
    { role: 'busy', count: 1 },
    { count: 2 },
    { count: 3 },
  ]);
  const times = changes.map((change) => change?.time ?? -1);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(results).toMatchObject({ 'valid?': true, protocol: { warnings: [] } });
  // The log has the line as printed; people are not shown it.
  expect(log).toContain('{"maelstrom":"state","role":"new","count":0}');
  expect(said.filter((line) => line.includes('a word')).length).toBeGreaterThan(3);
  expect(said.filter((line) => line.includes('"maelstrom"'))).toEqual([]);
});

test('a node that reports states endlessly fills neither disk nor memory, and the run says so', async () => {
  const source = WITHOUT_SDK.replace('count++;', 'count++; for (let i = 0; i < 20_000; i++) state({ i });');
  const { text, results, said } = await run(source, '.cjs', { world: 'simulated', logStderr: false });
  const lines = text.trimEnd().split('\n');
  expect(lines.length).toBeLessThan(50_010);
  expect(lines.at(-1)).toMatch(/^\{"node":"n1","time":\d+,"cut":true\}$/);
  expect(said.filter((line) => line.includes('has changed its state'))).toHaveLength(1);
  expect(results['valid?']).toBe(true);
});

test('a run whose nodes report none has no such file', async () => {
  expect((await run(WITH_SDK.replaceAll('node.state', 'void '), '.ts', { world: 'simulated' })).text).toBe(
    '',
  );
});
