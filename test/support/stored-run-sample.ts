/** A small run on disk, written message by message, for tests of the server. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenedClient } from '../../src/history/client-book.ts';
import type { Json } from '../../src/protocol/json.ts';
import { FileJournal } from '../../src/network/journal/journal-file.ts';
import type { TestSpec } from '../../src/run/test-spec.ts';
import { SAMPLE_SPEC } from './test-spec-sample.ts';
import { RUN_FILES } from '../../src/store/layout.ts';
import { clientLine } from '../../src/store/run-clients.ts';
import { writeTestFile } from '../../src/store/test-file.ts';
import type { Origin } from '../../src/world/cause.ts';
import type { Packet } from '../../src/world/world.ts';

const SPEC: TestSpec = {
  ...SAMPLE_SPEC,
  workload: 'broadcast',
  bin: '/programs/sample.ts',
};

export interface SampleMessage {
  readonly src: string;
  readonly dest: string;
  /** Milliseconds. */
  readonly sent: number;
  /** Arrivals; none while in flight, and several for a duplicated message. */
  readonly arrives?: readonly number[];
  /** When it was lost, by a partition. */
  readonly lost?: number;
  readonly body: string;
  /** The origin that its sender reported. */
  readonly origin?: Origin;
}

/** Returns the result of a set that has lost one element, as its checker writes it. */
export const lostElement = (
  element: Json,
  known: Readonly<Record<string, Json>>,
  lastAbsent: Json = null,
) => ({
  'valid?': false,
  'attempt-count': 2,
  'stable-count': 1,
  'lost-count': 1,
  lost: [element],
  'worst-lost': [{ element, outcome: 'lost', known, 'last-present': null, 'last-absent': lastAbsent }],
  'never-read': [],
  'stale-count': 0,
  'worst-stale': [],
});

export interface SampleRun {
  readonly spec?: Partial<TestSpec>;
  /** Times are nanoseconds. */
  readonly clients?: readonly OpenedClient[];
  /** In order of sending. */
  readonly messages?: readonly SampleMessage[];
  /** Lines of history.jsonl. */
  readonly history?: readonly string[];
  /** Content of results.json; absent for a run in progress. */
  readonly results?: unknown;
  readonly logs?: Readonly<Record<string, string>>;
}

/** Writes the run to `store/broadcast/NAME`; returns its folder. */
export function writeSampleRun(store: string, name: string, run: SampleRun): string {
  const spec = { ...SPEC, ...run.spec };
  const folder = join(store, spec.workload, name);
  mkdirSync(join(folder, RUN_FILES.nodeLogs), { recursive: true });
  const startedAt = new Date('2026-11-21T03:00:00Z');
  writeFileSync(join(folder, RUN_FILES.test), writeTestFile({ spec, startedAt, maelstromVersion: '0' }));
  writeFileSync(
    join(folder, RUN_FILES.historyJsonl),
    (run.history ?? []).map((line) => `${line}\n`).join(''),
  );
  writeFileSync(join(folder, RUN_FILES.log), '2026-11-21T03:00:00.000Z Phase: main\n');
  for (const [node, text] of Object.entries(run.logs ?? {}))
    writeFileSync(join(folder, RUN_FILES.nodeLogs, `${node}.log`), text);
  if (run.results !== undefined)
    writeFileSync(join(folder, RUN_FILES.resultsJson), JSON.stringify(run.results));
  writeJournal(join(folder, RUN_FILES.journal), run.messages ?? []);
  writeFileSync(join(folder, RUN_FILES.clients), (run.clients ?? []).map(clientLine).join(''));
  return folder;
}

function writeJournal(folder: string, messages: readonly SampleMessage[]): void {
  const journal = new FileJournal(folder);
  const events = messages.flatMap(({ src, dest, sent, arrives = [], lost, body, origin }, id) => {
    const packet: Packet = { id, src, dest, body: Buffer.from(body), origin };
    return [
      { at: sent, write: (time: number) => journal.sent(time, packet) },
      ...(arrives.length > 1
        ? [{ at: sent, write: (time: number) => journal.duplicated(time, packet, arrives.length) }]
        : []),
      ...arrives.map((at) => ({ at, write: (time: number) => journal.received(time, packet) })),
      ...(lost === undefined
        ? []
        : [{ at: lost, write: (time: number) => journal.dropped(time, packet, 'partition') }]),
    ];
  });
  // The sort is stable, so events at one moment stay in order.
  for (const { at, write } of events.toSorted((a, b) => a.at - b.at)) write(at * 1e6);
  journal.close();
}
