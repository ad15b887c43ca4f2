import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeSampleRun, type SampleMessage } from '../../test/support/stored-run-sample.ts';
import { storedRunSource } from '../report/read/stored-run-source.ts';
import { firstDivergence, type DivergenceOptions } from './first-divergence.ts';
import { RecordedRun } from './recorded-run.ts';

const root = mkdtempSync(join(tmpdir(), 'first-divergence-'));
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;

async function runOf(messages: readonly SampleMessage[], history: readonly string[]): Promise<RecordedRun> {
  const run = new RecordedRun(storedRunSource(writeSampleRun(root, `r${count++}`, { messages, history })));
  await run.refreshJournal();
  await run.refreshHistory();
  return run;
}

const ASK: SampleMessage = { src: 'n1', dest: 'n2', sent: 10, arrives: [20], body: '{"type":"ask"}' };
const TELL: SampleMessage = { src: 'n2', dest: 'n3', sent: 30, arrives: [40], body: '{"type":"tell","v":1}' };

const invoke = (index: number, ms: number, value: unknown = 7): string =>
  JSON.stringify({ index, time: ms * 1e6, type: 'invoke', process: 0, f: 'read', value });
const ok = (index: number, ms: number, value: unknown): string =>
  JSON.stringify({ index, time: ms * 1e6, type: 'ok', process: 0, f: 'read', value });
const HISTORY = [invoke(0, 5), ok(1, 50, [1])];

type Recorded = readonly [readonly SampleMessage[], readonly string[]];

async function divergence(one: Recorded, other: Recorded, options: DivergenceOptions = { exact: true }) {
  const found = firstDivergence([await runOf(...one), await runOf(...other)], options);
  const { kind, timeNanos = NaN, sides } = found.divergence ?? {};
  return { kind, ms: timeNanos / 1e6, texts: sides?.map(({ text }) => text), bound: found.bound };
}

it('two equal runs do not diverge', async () => {
  expect(await divergence([[ASK, TELL], HISTORY], [[ASK, TELL], HISTORY])).toMatchObject({ kind: undefined });
});

it('the first message that was replaced, or sent at another time or to another node', async () => {
  const same = [[ASK, TELL], HISTORY] as const;
  expect(await divergence(same, [[ASK, { ...TELL, body: '{"type":"tell","v":2}' }], HISTORY])).toMatchObject({
    kind: 'message',
    ms: 30,
    texts: [
      'n2 → n3  {"type":"tell","v":1}, sent at 0.030000 s',
      'n2 → n3  {"type":"tell","v":2}, sent at 0.030000 s',
    ],
  });
  expect(await divergence(same, [[ASK, { ...TELL, sent: 29 }], HISTORY])).toMatchObject({ ms: 29 });
  expect(await divergence(same, [[ASK, { ...TELL, dest: 'n1' }], HISTORY])).toMatchObject({ ms: 30 });
  expect(await divergence(same, [[ASK], HISTORY])).toMatchObject({
    texts: ['n2 → n3  {"type":"tell","v":1}', 'no message any more'],
  });
});

it('a loss comes before messages sent after it', async () => {
  const lost = { src: 'n1', dest: 'n2', sent: 10, lost: 15, body: ASK.body };
  expect(await divergence([[ASK, TELL], HISTORY], [[lost], HISTORY])).toMatchObject({
    ms: 15,
    texts: ['n1 → n2  {"type":"ask"}, arrived at 0.020000 s', 'n1 → n2  {"type":"ask"}, lost at 0.015000 s'],
  });
});

it('replies to clients are compared as well', async () => {
  expect(
    await divergence(
      [[ASK], HISTORY],
      [
        [ASK, TELL],
        [invoke(0, 5), ok(1, 25, [1, 2])],
      ],
    ),
  ).toMatchObject({ kind: 'operation', ms: 25, texts: ['process 0 ok read [1]', 'process 0 ok read [1,2]'] });
  expect(await divergence([[], HISTORY], [[], [invoke(0, 5)]])).toMatchObject({
    texts: ['process 0 ok read [1]', 'did not complete'],
  });
});

it('without times only requests and replies of clients count, and messages if those are equal', async () => {
  const later = [
    [{ ...ASK, sent: 11 }, TELL],
    [invoke(0, 6), ok(3, 70, [1])],
  ] as const;
  expect(await divergence([[ASK, TELL], HISTORY], later, { exact: false })).toMatchObject({
    kind: undefined,
  });
  const other = [[{ ...ASK, dest: 'n3' }, TELL], later[1]] as const;
  expect(await divergence([[ASK, TELL], HISTORY], other, { exact: false })).toMatchObject({
    kind: 'message',
    ms: 10,
  });
  const asked = [other[0], [invoke(0, 6, 9007199254740993n.toString())]] as const;
  expect(await divergence([[ASK, TELL], HISTORY], asked, { exact: false })).toMatchObject({
    kind: 'operation',
    ms: 5,
  });
});

it('stops at its limit, and says so', async () => {
  const other = [[ASK, { ...TELL, dest: 'n1' }], HISTORY] as const;
  expect(await divergence([[ASK, TELL], HISTORY], other, { exact: true, most: 1 })).toMatchObject({
    kind: undefined,
    bound: 1,
  });
});
