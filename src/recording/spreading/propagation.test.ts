import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { inMemory } from '../../../test/support/memory-source.ts';
import {
  writeSampleRun,
  type SampleMessage,
  type SampleRun,
} from '../../../test/support/stored-run-sample.ts';
import { storedRunSource } from '../../report/read/stored-run-source.ts';
import { propagationOf, type PropagationBounds } from './propagation.ts';
import type { PropagationView } from './propagation-view.ts';
import { RecordedRun } from '../recorded-run.ts';

const root = mkdtempSync(join(tmpdir(), 'propagation-'));
afterAll(() => rmSync(root, { recursive: true }));

const signal = new AbortController().signal;
const MS = 1e6;
let runs = 0;

interface Added {
  readonly value: unknown;
  readonly at: number;
  readonly type?: 'ok' | 'fail' | 'info';
}

/** Elements added by processes 0, 1, ... in turn; times are milliseconds. */
function sampleOf(added: readonly Added[], messages: readonly SampleMessage[], rest: SampleRun = {}): string {
  const entries = added.flatMap(({ value, at, type = 'ok' }, process) => [
    { time: at * MS, type: 'invoke', process, f: 'broadcast', value },
    { time: (at + 1) * MS, type, process, f: 'broadcast', value },
  ]);
  return writeSampleRun(root, `r${runs++}`, {
    history: entries
      .toSorted((a, b) => a.time - b.time)
      .map((entry, index) => JSON.stringify({ index, ...entry })),
    messages: messages.toSorted((a, b) => a.sent - b.sent),
    clients: added.map((_, process) => ({ name: `c${process}`, process, node: 'n1', time: 0 })),
    ...rest,
    spec: { nodes: ['n1', 'n2', 'n3'], ...rest.spec },
  });
}

async function viewOf(folder: string, bounds?: PropagationBounds): Promise<PropagationView> {
  const run = new RecordedRun(storedRunSource(folder));
  await run.refreshJournal();
  await run.refreshHistory();
  const { journal, history } = run;
  const { nodes, workload } = { nodes: ['n1', 'n2', 'n3'], workload: 'broadcast' };
  const kindOf = (name: string) =>
    name.startsWith('c') ? 'client' : nodes.includes(name) ? 'node' : 'service';
  const found =
    bounds === undefined
      ? await run.propagation(signal)
      : await propagationOf(
          { workload, journal, history, nodes, kindOf, results: undefined },
          signal,
          bounds,
        );
  if (found === undefined) throw new Error('a broadcast has a propagation');
  return found;
}

const broadcastOf = (value: unknown, at: number, node = 'n1', process = 0): SampleMessage => ({
  src: `c${process}`,
  dest: node,
  sent: at,
  arrives: [at],
  body: JSON.stringify({ type: 'broadcast', msg_id: 1, message: value }),
});

const gossip = (
  [src, dest]: readonly [string, string],
  [sent, arrives]: readonly [number, number | undefined],
  body: object,
): SampleMessage => ({
  src,
  dest,
  sent,
  ...(arrives === undefined ? { lost: sent + 1 } : { arrives: [arrives] }),
  body: JSON.stringify({ type: 'gossip', ...body }),
});

/** Returns from where to where, and when. */
const pathOf = (view: PropagationView, at = 0) =>
  view.slowest[at]?.path.map((step) => `${step.from} > ${step.to} ${step.at / MS}`);

describe('propagation', () => {
  test('follows an element from node to node by the first message that brought it, ignoring lost ones', async () => {
    const view = await viewOf(
      sampleOf(
        [{ value: 7, at: 10 }],
        [
          broadcastOf(7, 10),
          gossip(['n1', 'n3'], [11, undefined], { message: 7 }),
          gossip(['n1', 'n2'], [12, 20], { message: 7 }),
          // A second, later one.
          gossip(['n1', 'n2'], [13, 30], { message: 7 }),
          gossip(['n2', 'n3'], [21, 50], { message: 7 }),
        ],
        { results: { workload: { 'stable-latencies': { '0': 0, '0.5': 12, '1': 40 } } } },
      ),
    );
    expect(view).toMatchObject({ elements: 1, reachedAll: 1, neverSent: 0 });
    expect(view.curve.map(({ max }) => max)).toEqual([0, 10 * MS, 40 * MS]);
    expect(view.toAll).toEqual({ p50: 40 * MS, p95: 40 * MS, p99: 40 * MS, max: 40 * MS });
    expect(view.toHalf.max).toBe(10 * MS);
    expect(pathOf(view)).toEqual(['c0 > n1 10', 'n1 > n2 20', 'n2 > n3 50']);
    expect(view.slowest[0]).toMatchObject({ index: 0, element: '7', missing: [] });
    expect(view.byNode.map(({ node, max }) => [node, max])).toEqual([
      ['n1', 0],
      ['n2', 10 * MS],
      ['n3', 40 * MS],
    ]);
    expect(view.stableLatenciesMs).toEqual({ '0': 0, '0.5': 12, '1': 40 });
    const { messages, operations } = view.traffic;
    expect([messages, operations].map((parts) => parts.reduce((sum, part) => sum + part, 0))).toEqual([4, 1]);
  });

  test('finds elements of any kind, in lists, in lists of lists and as keys', async () => {
    const values = [3, 'word', [1, { a: 2 }], { b: [true] }, 12345678901234567890n, 1.5];
    const written = (value: unknown): string =>
      typeof value === 'bigint' ? String(value) : JSON.stringify(value);
    const add = (value: unknown, process: number): SampleMessage => ({
      ...broadcastOf(0, 10, 'n1', process),
      body: `{"type":"broadcast","message":${written(value)}}`,
    });
    const history = values.flatMap((value, process) =>
      (['invoke', 'ok'] as const).map(
        (type, at) =>
          `{"index":${2 * process + at},"time":${10 * MS},"type":"${type}","process":${process},"f":"broadcast","value":${written(value)}}`,
      ),
    );
    const messages = [
      ...values.map(add),
      gossip(['n1', 'n2'], [11, 12], { seen: { 3: 'yes' } }),
      {
        src: 'n1',
        dest: 'n3',
        sent: 13,
        arrives: [15],
        body: `{"type":"sync","all":[[${values.map(written).join(',')}]]}`,
      },
    ];
    const view = await viewOf(
      sampleOf(
        values.map(() => ({ value: 0, at: 10 })),
        messages,
        { history },
      ),
    );
    expect(view.elements).toBe(values.length);
    expect(view.byNode).toMatchObject([
      { node: 'n1', missing: 0 },
      { node: 'n2', missing: values.length - 1 },
      { node: 'n3', missing: 0, max: 5 * MS },
    ]);
    expect(view.slowest.map(({ element }) => element).toSorted()).toEqual(
      values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : written(value))).toSorted(),
    );
  });

  test('takes no number of the protocol, and no round or counter, for an element', async () => {
    const messages = [broadcastOf(3, 10), broadcastOf(4, 11, 'n1', 1)];
    for (let round = 1; round <= 40; round++)
      messages.push({
        ...gossip(['n1', 'n2'], [20 + round, 20 + round], { msg_id: 3, in_reply_to: 4, round }),
      });
    const view = await viewOf(
      sampleOf(
        [
          { value: 3, at: 10 },
          { value: 4, at: 11 },
        ],
        messages,
      ),
    );
    expect(view.byNode.map(({ missing }) => missing)).toEqual([0, 2, 2]);
    expect(view.limits.ignoredFields).toEqual(['gossip.round']);
    expect(view.slowest[0]).toMatchObject({ missing: ['n2', 'n3'], missingCount: 2, all: null, half: null });
  });

  test('ignores a message whose sender cannot have had the element', async () => {
    const view = await viewOf(
      sampleOf([{ value: 7, at: 10 }], [broadcastOf(7, 10), gossip(['n2', 'n3'], [20, 21], { message: 7 })]),
    );
    expect(view.byNode.map(({ missing }) => missing)).toEqual([0, 1, 1]);
  });

  test('trusts a read of a node, however the element got there, and the messages that the node sends from then on', async () => {
    const view = await viewOf(
      sampleOf(
        [{ value: 7, at: 10 }],
        [
          broadcastOf(7, 10),
          gossip(['n1', 'n2'], [11, 12], { bits: 'AAA=' }),
          { src: 'n2', dest: 'c0', sent: 20, arrives: [25], body: '{"type":"read_ok","messages":[7]}' },
          gossip(['n2', 'n3'], [30, 31], { message: 7 }),
        ],
      ),
    );
    expect(pathOf(view)).toEqual(['c0 > n2 20', 'n2 > n3 31']);
    expect(view.slowest[0]?.path.map(({ byRead }) => byRead)).toEqual([true, false]);
  });

  test('follows an element through a service', async () => {
    const view = await viewOf(
      sampleOf(
        [{ value: 7, at: 10 }],
        [
          broadcastOf(7, 10),
          { src: 'n1', dest: 'lin-kv', sent: 11, arrives: [12], body: '{"type":"write","value":[7]}' },
          { src: 'lin-kv', dest: 'n3', sent: 13, arrives: [14], body: '{"type":"read_ok","value":[7]}' },
        ],
      ),
    );
    expect(pathOf(view)).toEqual(['c0 > n1 10', 'n1 > lin-kv 12', 'lin-kv > n3 14']);
    expect(view.slowest[0]?.missing).toEqual(['n2']);
  });

  test('leaves out refused elements, and counts those separately that may never have been sent', async () => {
    const view = await viewOf(
      sampleOf(
        [
          { value: 1, at: 10 },
          { value: 2, at: 10, type: 'fail' },
          { value: 3, at: 10, type: 'info' },
        ],
        [broadcastOf(1, 10)],
      ),
    );
    expect(view).toMatchObject({ elements: 1, neverSent: 1 });
  });

  test('shows where it stopped if there is too much, and what it could not read', async () => {
    const added = Array.from({ length: 20 }, (_, value) => ({ value, at: 10 + value }));
    const folder = sampleOf(added, [
      ...added.map(({ value, at }) => broadcastOf(value, at, 'n1', value)),
      { src: 'n1', dest: 'n2', sent: 12, arrives: [13], body: '{"type":"gossip","message": … left out … 7}' },
    ]);
    const byElements = await viewOf(folder, { bodyBytes: 1e6, cells: 15 });
    expect(byElements.limits).toMatchObject({ untilNanos: 15 * MS, unreadBodies: 1 });
    expect(byElements.elements).toBe(5);
    const byBodies = await viewOf(folder, { bodyBytes: 500, cells: 1e6 });
    const { untilNanos = 0 } = byBodies.limits;
    expect(untilNanos).toBeGreaterThan(10 * MS);
    expect(untilNanos).toBeLessThan(29 * MS);
    expect(byBodies.elements).toBeLessThan(20);
    expect(byBodies.byNode[0]?.missing).toBeLessThanOrEqual(1);
  });

  test('is the same from memory as from the files of a store', async () => {
    const folder = sampleOf(
      [{ value: 7, at: 10 }],
      [broadcastOf(7, 10), gossip(['n1', 'n2'], [12, 20], { message: 7 })],
    );
    const run = new RecordedRun(inMemory(storedRunSource(folder)));
    await run.refreshJournal();
    await run.refreshHistory();
    expect(await run.propagation(signal)).toEqual(await viewOf(folder));
  });

  test('of a workload without elements is undefined', async () => {
    const folder = sampleOf([], [], { spec: { workload: 'echo' } });
    expect(await new RecordedRun(storedRunSource(folder)).propagation(signal)).toBeUndefined();
  });
});
