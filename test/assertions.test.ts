/** A program's assertions, from its source to the sentence of the verdict, in both worlds and in any language. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import { StoredTest } from '../src/harness/one-test/stored-test.ts';
import type { StoredResults } from '../src/harness/one-test/running-test.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import { echo } from '../src/workloads/echo.ts';

const root = mkdtempSync(join(tmpdir(), 'assertions-test-'));
afterAll(() => rmSync(root, { recursive: true }));

let files = 0;
async function run(extension: string, source: string, settings: Partial<TestSpec>): Promise<StoredResults> {
  const bin = join(root, `node${files++}${extension}`);
  writeFileSync(bin, source, { mode: 0o755 });
  const spec = completeSpec({
    workload: 'echo',
    bin,
    nodes: ['n1', 'n2'],
    timeLimitSeconds: 0.5,
    rate: 40,
    seed: 'a',
    ...settings,
  });
  const running = await StoredTest.open({ spec, workload: echo, store: join(root, 'store') });
  const finished = await running.run();
  if (finished === undefined) throw new Error('it was not aborted');
  return finished;
}

const WITH_SDK = `
import { always, Node, reachable, sometimes, unreachable } from 'maelstrom/node';
const node = new Node();
let count = 0;
node.on('echo', ({ echo }: { echo: string }) => {
  count++;
  always(count > 0, 'counts upwards');
  always(count < 3, 'fewer than three', { count, node: node.id });
  sometimes(count === 2, 'exactly two');
  sometimes(count < 0, 'fewer than none');
  if (count < 0) reachable('the other branch');
  if (count < 0) unreachable('no one comes here');
  return { echo };
});
`;

/** For any language: printed lines. The first is cut off in the middle, as when two threads print at once. */
const WITHOUT_SDK = `#!/usr/bin/env node
const say = (line) => process.stderr.write('@@maelstrom ' + JSON.stringify(line) + '\\n');
process.stderr.write('@@maelstrom {"assert": "always", "na\\n');
say({ declare: 'sometimes', names: ['exactly two', 'fewer than none'] });
say({ declare: 'reachable', names: ['the other branch'] });
const lines = require('node:readline').createInterface({ input: process.stdin });
let count = 0;
let name;
lines.on('line', (line) => {
  const { src, body } = JSON.parse(line);
  const reply = (fields) => console.log(JSON.stringify({ src: name, dest: src, body: { ...fields, in_reply_to: body.msg_id } }));
  if (body.type === 'init') {
    name = body.node_id;
    return reply({ type: 'init_ok' });
  }
  count++;
  if (count >= 3) say({ assert: 'always', name: 'fewer than three', holds: false, details: { count, node: name } });
  say({ assert: 'sometimes', name: 'exactly two', holds: count === 2 });
  reply({ type: 'echo_ok', echo: body.echo });
});
`;

describe.each(['real', 'simulated'] as const)('in the %s world', (world) => {
  test.each([
    ['.ts', 'with the SDK', WITH_SDK],
    ['.cjs', 'without it', WITHOUT_SDK],
  ])(
    'a %s program reports %s failed assertions and situations that never occurred',
    async (extension, _, source) => {
      const { results, sentence } = await run(extension, source, { world });
      expect(results['valid?']).toBe(false);
      const problems = results.nodes?.problems ?? [];
      expect(problems).toMatchObject([
        { kind: 'assertion', name: 'fewer than three', details: { count: 3, node: problems[0]?.node } },
      ]);
      const [first] = problems;
      expect(first?.count).toBe((results.stats?.count ?? 0) - 4);
      expect(sentence).toMatch(
        /^n\d: always "fewer than three" did not hold at 0\.\d+ s\. \d+ times in all, at n1 and n2\.\n {2}Details: \{"count":3,"node":"n\d"\}\n/,
      );
      expect(sentence).toContain(
        'Warning: these never came in this run: sometimes "fewer than none", reachable "the other branch".',
      );
      expect(results.protocol?.warnings.map(({ kind, count }) => [kind, count])).toEqual(
        extension === '.cjs'
          ? [
              ['bad-assertion', 1],
              ['bad-assertion', 1],
            ]
          : [],
      );
    },
  );
});

test('the simulated world has the same results twice', async () => {
  const [first, second] = [
    await run('.ts', WITH_SDK, { world: 'simulated' }),
    await run('.ts', WITH_SDK, { world: 'simulated' }),
  ];
  expect(first.results.nodes).toEqual(second.results.nodes);
  expect(first.results.assertions).toEqual(second.results.assertions);
});

test('an assertion that fails before init, or as the node is killed, ends no run and is not lost', async () => {
  const source = WITH_SDK.replace('let count', `unreachable('at the start');\nlet count`);
  const faultScript = [{ at: 0.2, fault: 'kill', target: ['n1'], for: 0.1 }];
  const { results } = await run('.ts', source, { world: 'simulated', faultScript });
  expect(results.stats?.['ok-count']).toBeGreaterThan(5);
  expect(results.nodes?.problems.map(({ name, count, time }) => [name, count, time < 0])).toEqual([
    ['at the start', 3, true],
    ['fewer than three', expect.any(Number), false],
  ]);
});
