/** What a story is made of: a run that is over, in memory or in a store. */
import type { Evidence } from '../checkers/evidence.ts';
import { ClientBook, type OpenedClient } from '../history/client-book.ts';
import type { Op } from '../history/op.ts';
import type { OperationNames } from '../history/operation-names.ts';
import type { StateChange } from '../protocol/state-change.ts';
import type { JournalReader } from '../network/journal.ts';
import { evidenceOf } from '../run/evidence-of.ts';
import type { TestResults } from '../run/test-results.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';

export interface StoryRun {
  readonly spec: TestSpec;
  readonly history: readonly Op[];
  readonly journal: JournalReader;
  /** Where on the clock of the journal the times of the history begin. */
  readonly zeroNanos: number;
  readonly clients: ClientBook;
  readonly results: TestResults;
  /** What its workload shows of the results; undefined where it shows nothing. */
  readonly evidence: Evidence | undefined;
  /** Of a history from elsewhere: what it was held against, whose result `results.workload` is. */
  readonly model?: string;
  /** Whether the page draws its evidence: the story then needs no picture of its operations. */
  readonly evidenceIsDrawn?: boolean;
  /** What nodes said of their states, where they did; with the times of the history. */
  readonly states?: readonly StateChange[];
  /** How many messages are looked at; those that came before these, and after the end of the story, are not. */
  readonly mostMessages?: number;
}

/** What a run in memory has left: see harness/simulations/simulate-once.ts. */
export interface RunInMemory {
  readonly history: readonly Op[];
  readonly clients: readonly OpenedClient[];
  readonly zeroNanos: number;
  readonly results: TestResults;
  readonly names: OperationNames;
}

export interface SimulatedParts {
  readonly spec: TestSpec;
  readonly workload: Workload;
  readonly run: RunInMemory;
  /** Which the run was given. */
  readonly journal: JournalReader;
}

/** Of a run of `simulateOnce`. */
export function storyRunOf({ spec, workload, run, journal }: SimulatedParts): StoryRun {
  const { history, zeroNanos, results } = run;
  const clients = new ClientBook();
  for (const client of run.clients) clients.add(client);
  return {
    spec,
    history,
    journal,
    zeroNanos,
    clients,
    results,
    evidence: evidenceOf(workload, results, run.names),
  };
}
