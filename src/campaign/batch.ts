/**
 * A batch of consecutive runs, which is given out as one job so that the queue is not asked for each run. Runs 1 to 8
 * are always the first batch, whichever of them are needed, so that a resumed hunt finds what was given out before.
 */
import type { Assertion } from '../run/records/assertion-record.ts';
import type { Ran } from '../hunt/job.ts';
import type { Outcome } from '../hunt/outcome.ts';
import {
  countOf,
  fieldsOf,
  listOf,
  mapOf,
  NotOurs,
  numberOf,
  oneOf,
  perhaps,
  textOf,
} from './read-fields.ts';

export const BATCH_RUNS = 8;

/** The data of a queue job. */
export interface Batch {
  readonly from: number;
  readonly to: number;
  /** Seed of the hunt, from which the seeds of the runs are made. */
  readonly seed: string;
}

export interface BatchResult {
  readonly version: 1;
  readonly worker: string;
  /** CPU time since its previous result. */
  readonly cpuMs: number;
  /** In the order of their numbers. */
  readonly runs: readonly Ran[];
}

export const batchNumberOf = (run: number): number => Math.ceil(run / BATCH_RUNS);
export const lastRunOf = (batch: number): number => batch * BATCH_RUNS;

const LONGEST_SEED = 10_000;
const LONGEST_TEXT = 10_000;
const MOST_NAMES = 1000;

/** Parses a batch. Throws NotOurs for data that no hunt has written. */
export function readBatch(value: unknown): Batch {
  const fields = fieldsOf(value);
  const from = countOf(fields['from']);
  const to = countOf(fields['to']);
  if (from < 1 || to < from || batchNumberOf(from) !== batchNumberOf(to)) throw new NotOurs('not a batch');
  return { from, to, seed: textOf(fields['seed'], LONGEST_SEED) };
}

/**
 * Parses the result of a batch. Throws NotOurs for data that no worker has written. It does not check whether a verdict
 * is right: see docs/campaigns.md.
 */
export function readBatchResult({ from, to }: Pick<Batch, 'from' | 'to'>, value: unknown): BatchResult {
  const fields = fieldsOf(value);
  oneOf(fields['version'], [1]);
  const runs = listOf(fields['runs'], BATCH_RUNS, readRan);
  if (runs.length !== to - from + 1) throw new NotOurs('another number of runs');
  return { version: 1, worker: textOf(fields['worker'], 40), cpuMs: numberOf(fields['cpuMs'], 1e12), runs };
}

function readRan(value: unknown): Ran {
  const fields = fieldsOf(value);
  const doubt = perhaps(fields['doubt'], (word) =>
    oneOf(word, ['impure', 'not deterministic', 'too many events', 'not judged'] as const),
  );
  const why = perhaps(fields['why'], (text) => textOf(text, LONGEST_TEXT));
  return {
    outcome: readOutcome(fields['outcome']),
    ...(doubt === undefined ? {} : { doubt }),
    ...(why === undefined ? {} : { why }),
    ...(fields['compared'] === undefined ? {} : { compared: oneOf(fields['compared'], [true] as const) }),
  };
}

function readOutcome(value: unknown): Outcome {
  const fields = fieldsOf(value);
  const signature = listOf(fields['signature'], 100, (kind) => textOf(kind, LONGEST_TEXT));
  const failure = perhaps(fields['failure'], (words) => {
    const { sentence, problem } = fieldsOf(words);
    return { sentence: textOf(sentence, LONGEST_TEXT), problem: textOf(problem, LONGEST_TEXT) };
  });
  // Both mean that the run failed, so one without the other is invalid.
  if ((failure === undefined) !== (signature.length === 0)) throw new NotOurs('half a failure');
  const fates = perhaps(fields['fates'], (types) =>
    mapOf(types, 100, (type) => {
      const { sent, fates: counts } = fieldsOf(type);
      return { sent: countOf(sent), fates: mapOf(counts, 100, (count) => countOf(count)) };
    }),
  );
  const expected = perhaps(fields['expected'], (list) => listOf(list, MOST_NAMES, readExpected));
  return {
    verdict: oneOf(fields['verdict'], [true, false, 'unknown'] as const),
    signature,
    operations: countOf(fields['operations']),
    succeeded: countOf(fields['succeeded']),
    messages: countOf(fields['messages']),
    nanos: numberOf(fields['nanos'], Number.MAX_VALUE),
    meetings: mapOf(fields['meetings'], 100, (meeting) => {
      const { began, underWay, succeeded } = fieldsOf(meeting);
      return { began: countOf(began), underWay: countOf(underWay), succeeded: countOf(succeeded) };
    }),
    ...(fates === undefined ? {} : { fates }),
    ...(expected === undefined ? {} : { expected }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function readExpected(value: unknown): Assertion {
  const { kind, name, count } = fieldsOf(value);
  return {
    kind: oneOf(kind, ['always', 'sometimes', 'reachable', 'unreachable'] as const),
    name: textOf(name, LONGEST_TEXT),
    count: countOf(count),
  };
}
