import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeSampleRun, type SampleMessage } from '../../../test/support/stored-run-sample.ts';
import { compareRuns } from './comparison.ts';
import { RunView } from './run-view.ts';

const store = mkdtempSync(join(tmpdir(), 'comparison-'));
afterAll(() => rmSync(store, { recursive: true }));

const ASK: SampleMessage = { src: 'n1', dest: 'n2', sent: 10, arrives: [20], body: '{"type":"ask"}' };
const spec = { world: 'simulated', seed: 'a' } as const;
const history = (value: number): readonly string[] => [
  '{"index":0,"time":5000000,"type":"invoke","process":0,"f":"read","value":null}',
  `{"index":1,"time":50000000,"type":"ok","process":0,"f":"read","value":[${value}]}`,
];
let count = 0;
const written = (
  value: number,
  messages: readonly SampleMessage[] = [ASK],
  nemesis: readonly string[] = [],
) => writeSampleRun(store, `r${count++}`, { messages, history: history(value), spec: { ...spec, nemesis } });

const compare = (one: string, other: string) => compareRuns([new RunView(one), new RunView(other)]);

it('a run without a record of its messages is compared by its operations', async () => {
  const [whole, bare, different] = [written(1), written(1), written(2)];
  for (const folder of [bare, different]) rmSync(join(folder, 'net-journal'), { recursive: true });
  const same = await compare(bare, whole);
  expect(same.divergence).toBeUndefined();
  expect(same.note).toBe(
    'No operation differs. Both are simulated with the same seed, so times were compared too. The first run has no record of messages, so these were not compared.',
  );
  const found = await compare(whole, different);
  expect(found.divergence?.sides.map(({ text }) => text)).toEqual([
    'process 0 ok read [1]',
    'process 0 ok read [2]',
  ]);
  expect(found.note).toContain('The second run has no record of messages');
  expect((await compare(bare, different)).note).toContain('Both runs have no record of messages');
});

it('a run is the same as itself', async () => {
  const folder = written(1);
  expect(await compare(folder, folder)).toMatchObject({ options: [], note: 'Both are the same run.' });
});

it('nodes and faults that differ are written as lists of names', async () => {
  const { options } = await compare(written(1), written(1, [ASK], ['kill', 'partition']));
  expect(options).toEqual([{ name: 'nemesis', values: ['none', 'kill, partition'] }]);
});

it('of a run that upstream has written no options are invented', async () => {
  const foreign = join(store, 'broadcast', '20260304T101214.250-0500');
  mkdirSync(join(foreign, 'node-logs'), { recursive: true });
  writeFileSync(
    join(foreign, 'history.edn'),
    '{:type :invoke, :f :read, :value nil, :time 5, :process 0, :index 0}\n{:type :ok, :f :read, :value [1], :time 9, :process 0, :index 1}\n',
  );
  const { options, note } = await compare(written(1), foreign);
  expect(options.map(({ name }) => name)).toEqual(['nodes', 'other options']);
  expect(options[0]?.values[1]).toBe('unknown');
  expect(options.at(-1)?.values).toEqual(['as on its page', 'unknown']);
  expect(note).toContain('The second run has no record of messages');
});
