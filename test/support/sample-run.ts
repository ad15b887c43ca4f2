/** A small hand-made run for tests of reports: a partition, a kill, lost and duplicated messages, all three outcomes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeSpec } from '../../src/harness/settings/spec-defaults.ts';
import { opToJsonLine } from '../../src/history/op-codec.ts';
import type { Op } from '../../src/history/op.ts';
import type { Journal } from '../../src/network/journal/journal.ts';
import { memoryFile } from '../../src/recording/files/memory-file.ts';
import { MessageColumns } from '../../src/recording/messages/message-columns.ts';
import { RunOperations } from '../../src/recording/operations/operation-columns.ts';
import { packedRun, runPageOf } from '../../src/report/pages/page-data.ts';
import { readRunFacts } from '../../src/report/read/read-run-facts.ts';
import { reportPage, type ReportPageOptions } from '../../src/report/pages/report-page.ts';
import type { FindingView } from '../../src/recording/finding-view.ts';
import type { DecisiveView } from '../../src/recording/views.ts';
import type { RunFacts } from '../../src/report/read/run-facts.ts';
import type { TimelineData } from '../../src/report/pages/timeline.ts';
import { firstOperations } from '../../src/report/read/whole-operations.ts';
import type { Json } from '../../src/protocol/json.ts';
import { RUN_FILES } from '../../src/store/layout.ts';
import { RunFolder } from '../../src/store/writing/run-folder.ts';
import { inMemory } from './memory-source.ts';

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

/** Returns a history of those entries, in order. */
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

/** A history in memory. */
export async function historyOf(ops: readonly Op[]): Promise<RunOperations> {
  const text = ops.map((op) => `${opToJsonLine(op)}\n`).join('');
  const history = new RunOperations(memoryFile('history.jsonl', Buffer.from(text)));
  await history.refresh();
  return history;
}

/** Returns the facts; `text` is in every place where a node or a user could have written something. */
export async function sampleFacts(text = 'hello'): Promise<RunFacts> {
  const store = mkdtempSync(join(tmpdir(), 'sample-run-'));
  try {
    const run = writeRun(store, text);
    const facts = await readRunFacts({
      folder: run.path,
      sentence: `It is wrong: ${text}\nSee for yourself.`,
    });
    const source = inMemory(facts.source);
    const journal = new MessageColumns(source.journal);
    await journal.refresh();
    const history = new RunOperations(source.history);
    await history.refresh();
    return { ...facts, source, journal, history };
  } finally {
    rmSync(store, { recursive: true });
  }
}

/** Returns the page of that run. */
export async function sampleReport(
  facts: RunFacts,
  {
    decisive,
    findings,
    ...parts
  }: Pick<ReportPageOptions, 'plots' | 'pictures' | 'script' | 'style'> & {
    readonly findings: readonly FindingView[];
    readonly decisive?: DecisiveView;
  },
): Promise<string> {
  const sample = runPageOf('/store/lin-kv/20261121T023456.789Z', facts);
  const page = { ...sample, findings, ...(decisive === undefined ? {} : { decisive }) };
  return reportPage({ ...parts, page, packed: await packedRun(page, facts) });
}

/** Returns what the timeline takes of a run. */
export const timelineOf = (facts: RunFacts): TimelineData => ({
  ...facts,
  operations: firstOperations(facts.history, 100),
  total: facts.history.count,
});

function writeRun(store: string, text: string): RunFolder {
  const spec = completeSpec({
    workload: 'lin-kv',
    bin: '/bin/node',
    args: [text],
    nodes: SAMPLE_NODES,
    seed: text,
    concurrency: 3,
  });
  const run = new RunFolder({
    store,
    spec,
    command: `maelstrom test ${text}`,
    startedAt: new Date('2026-11-21T02:34:56.789Z'),
    maelstromVersion: '0.0.0',
    onProblem: (problem) => {
      throw new Error(problem);
    },
  });
  for (const process of [0, 1, 2, 3]) {
    const node = SAMPLE_NODES[process % SAMPLE_NODES.length] ?? '';
    run.clientOpened({ name: `c${process + 1}`, process, node, time: 0 });
  }
  for (const op of SAMPLE_OPS) run.history.append(op);
  const last = { process: 2, f: text };
  run.history.append({ ...last, index: 15, time: 2 * SECOND, type: 'invoke', value: [0, text] });
  run.history.append({
    ...last,
    index: 16,
    time: 2.1 * SECOND,
    type: 'fail',
    value: { [text]: text },
    error: text,
  });
  writeJournal(run.journal, text);
  run.writeResults({ 'valid?': false, stats: { 'valid?': true, note: text }, [text]: text });
  mkdirSync(join(run.path, RUN_FILES.nodeLogs), { recursive: true });
  writeFileSync(join(run.path, RUN_FILES.nodeLogs, 'n1.log'), `line one\n${text}`);
  run.close();
  return run;
}

function writeJournal(journal: Journal, text: string): void {
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
}
