/** A small run made by hand, for tests of reports: a partition, a kill, lost and doubled messages, all three outcomes. */
import { completeSpec } from '../../src/harness/spec-defaults.ts';
import { ClientBook } from '../../src/history/client-book.ts';
import type { Op } from '../../src/history/op.ts';
import { MemoryJournal } from '../../src/network/journal.ts';
import { faultBands } from '../../src/recording/fault-bands.ts';
import { OperationCollector } from '../../src/report/operation-columns.ts';
import type { RunFacts } from '../../src/report/run-facts.ts';
import { readMessages } from '../../src/report/run-messages.ts';
import type { Json } from '../../src/protocol/json.ts';

export const SAMPLE_NODES = ['n1', 'n2', 'n3'];
const SECOND = 1e9;

type Entry = readonly [seconds: number, type: Op['type'], process: Op['process'], f: string, value: Json];

const ISOLATED = ['isolated', { n1: ['n2', 'n3'], n2: ['n1'], n3: ['n1'] }];

const HISTORY: readonly Entry[] = [
  [0.1, 'invoke', 0, 'write', [0, 1]],
  [0.12, 'ok', 0, 'write', [0, 1]],
  [0.5, 'info', 'nemesis', 'start-partition', 'one'],
  [0.5, 'info', 'nemesis', 'start-partition', ISOLATED],
  [0.6, 'invoke', 1, 'read', [0, null]],
  [0.7, 'invoke', 0, 'cas', [0, [1, 2]]],
  [0.9, 'fail', 0, 'cas', [0, [1, 2]]],
  [1, 'info', 'nemesis', 'kill', ['n2']],
  [1, 'info', 'nemesis', 'kill', { n2: 'killed' }],
  [1.2, 'info', 'nemesis', 'stop-partition', null],
  [1.2, 'info', 'nemesis', 'stop-partition', 'network-healed'],
  [1.6, 'info', 1, 'read', [0, null]],
  [1.7, 'invoke', 0, 'read', [0, null]],
  [1.71, 'ok', 0, 'read', [0, 3]],
  [1.8, 'invoke', 3, 'write', [0, 2]],
];

/** A history of those entries, in order. */
export function opsOf(entries: readonly Entry[]): Op[] {
  return entries.map(([seconds, type, process, f, value], index) => ({
    index,
    time: Math.round(seconds * SECOND),
    type,
    process,
    f,
    value,
  }));
}

export const SAMPLE_OPS = opsOf(HISTORY);

/** `text` stands wherever a node or a user could have written something. */
export function sampleFacts(text = 'hello'): RunFacts {
  const collector = new OperationCollector(100);
  for (const op of SAMPLE_OPS) collector.observe(op);
  collector.observe({ index: 15, time: 2 * SECOND, type: 'invoke', process: 2, f: text, value: [0, text] });
  collector.observe({
    index: 16,
    time: 2.1 * SECOND,
    type: 'fail',
    process: 2,
    f: text,
    value: { [text]: text },
    error: text,
  });
  const operations = collector.finished();
  const spec = completeSpec({
    workload: 'lin-kv',
    bin: '/bin/node',
    args: [text],
    nodes: SAMPLE_NODES,
    seed: text,
    concurrency: 3,
  });
  return {
    test: {
      version: 1,
      startedAt: '2026-11-21T02:34:56.789Z',
      command: `maelstrom test ${text}`,
      seed: text,
      versions: { maelstrom: '0.0.0', node: 'v20', platform: 'any' },
      spec,
    },
    sentence: `It is wrong: ${text}\nSee for yourself.`,
    results: { 'valid?': false, stats: { 'valid?': true, note: text }, [text]: text },
    operations,
    clients: sampleClients(),
    accused: new Map(),
    bands: faultBands(operations.nemesis, SAMPLE_NODES),
    nodes: SAMPLE_NODES,
    messages: readMessages(sampleJournal(text), { messages: 100, text: 300, allText: 10_000 }),
    nodeLogs: [{ node: 'n1', text: `line one\n${text}`, bytes: 9 + text.length }],
  };
}

function sampleClients(): ClientBook {
  const clients = new ClientBook();
  for (const process of [0, 1, 2, 3]) {
    const node = SAMPLE_NODES[process % SAMPLE_NODES.length] ?? '';
    clients.add({ name: `c${process + 1}`, process, node, time: 0 });
  }
  return clients;
}

function sampleJournal(text: string): MemoryJournal {
  const journal = new MemoryJournal();
  let id = 0;
  const send = (
    seconds: number,
    src: string,
    dest: string,
    body: object,
  ): { id: number; src: string; dest: string; body: Buffer } => {
    const packet = { id: id++, src, dest, body: Buffer.from(JSON.stringify(body)) };
    journal.sent(seconds * SECOND, packet);
    return packet;
  };
  journal.received(0.1 * SECOND, send(0.1, 'c1', 'n1', { type: 'write', key: 0, value: 1, text }));
  journal.received(0.11 * SECOND, send(0.105, 'n1', 'n2', { type: 'replicate', [text]: text }));
  journal.received(0.12 * SECOND, send(0.12, 'n1', 'c1', { type: 'write_ok' }));
  const lost = send(0.6, 'n2', 'n1', { type: 'heartbeat' });
  journal.dropped(0.61 * SECOND, lost, 'partition');
  const doubled = send(0.7, 'n3', 'n2', { type: text });
  journal.duplicated(0.7 * SECOND, doubled, 1);
  journal.received(0.72 * SECOND, doubled);
  journal.received(0.75 * SECOND, doubled);
  journal.received(0.9 * SECOND, send(0.8, 'n1', 'lin-kv', { type: 'cas' }));
  send(1.9, 'lin-kv', 'n1', { type: 'error', code: 22, text });
  return journal;
}
