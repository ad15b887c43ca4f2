/**
 * A batch of consecutive runs, which is given out as one job so that the queue is not asked for each run. Runs 1 to 8
 * are always the first batch, whichever of them are needed, so that a resumed hunt finds what was given out before.
 */
import type { Ran } from '../hunt/job.ts';
import { z } from 'zod';
import { countForm, mapForm, numberForm, readAs, textForm } from './read-fields.ts';

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

const BATCH = z
  .object({ from: countForm.min(1), to: countForm, seed: textForm(10_000) })
  .refine(({ from, to }) => to >= from && batchNumberOf(from) === batchNumberOf(to), 'not a batch');

/** Parses a batch. Throws NotOurs for data that no hunt has written. */
export const readBatch = (value: unknown): Batch => readAs(BATCH, value);

const LONG_TEXT = textForm(10_000);

const OUTCOME = z
  .object({
    verdict: z.literal([true, false, 'unknown']),
    signature: z.array(LONG_TEXT).max(100),
    operations: countForm,
    succeeded: countForm,
    messages: countForm,
    nanos: numberForm,
    meetings: mapForm(100, z.object({ began: countForm, underWay: countForm, succeeded: countForm })),
    fates: mapForm(100, z.object({ sent: countForm, fates: mapForm(100, countForm) })).exactOptional(),
    expected: z
      .array(
        z.object({
          kind: z.enum(['always', 'sometimes', 'reachable', 'unreachable']),
          name: LONG_TEXT,
          count: countForm,
        }),
      )
      .max(1000)
      .exactOptional(),
    failure: z.object({ sentence: LONG_TEXT, problem: LONG_TEXT }).exactOptional(),
  })
  // Both mean that the run failed, so one without the other is invalid.
  .refine(({ failure, signature }) => (failure === undefined) === (signature.length === 0), 'half a failure');

const RAN = z.object({
  outcome: OUTCOME,
  doubt: z.enum(['impure', 'not deterministic', 'too many events', 'not judged']).exactOptional(),
  why: LONG_TEXT.exactOptional(),
  compared: z.literal(true).exactOptional(),
});

/**
 * Parses the result of a batch. Throws NotOurs for data that no worker has written. It does not check whether a verdict
 * is right: see docs/campaigns.md.
 */
export const readBatchResult = ({ from, to }: Pick<Batch, 'from' | 'to'>, value: unknown): BatchResult =>
  readAs(
    z.object({
      version: z.literal(1),
      worker: textForm(40),
      cpuMs: numberForm.max(1e12),
      runs: z.array(RAN).length(to - from + 1),
    }),
    value,
  );
