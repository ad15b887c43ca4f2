/** The input of a story: a completed run, in memory or in a store. */
import type { Evidence } from '../checkers/evidence.ts';
import { ClientBook, type OpenedClient } from '../history/client-book.ts';
import type { Op } from '../history/op.ts';
import type { OperationNames } from '../history/operation-names.ts';
import type { StateChange } from '../protocol/state-change.ts';
import type { JournalReader } from '../network/journal/journal.ts';
import { evidenceOf } from '../run/verdict/evidence-of.ts';
import type { TestResults } from '../run/verdict/test-results.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';

export interface StoryRun {
  readonly spec: TestSpec;
  readonly history: readonly Op[];
  readonly journal: JournalReader;
  /** The zero of the history's times on the journal's clock. */
  readonly zeroNanos: number;
  readonly clients: ClientBook;
  readonly results: TestResults;
  /** The workload's evidence from the results; undefined if it has none. */
  readonly evidence: Evidence | undefined;
  /** For an external history: the model it was checked against, whose result is `results.workload`. */
  readonly model?: string;
  /** True if the page draws the evidence, so that the story needs no picture of its operations. */
  readonly evidenceIsDrawn?: boolean;
  /** State changes that nodes reported, with the history's times. */
  readonly states?: readonly StateChange[];
  /** Maximum number of messages to load: the last ones before the end of the story. */
  readonly mostMessages?: number;
}

/** The result of a run in memory: see harness/simulations/simulate-once.ts. */
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
  /** The journal that the run wrote. */
  readonly journal: JournalReader;
}

/** Returns the input for a run of `simulateOnce`. */
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
