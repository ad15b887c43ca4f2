/**
 * Finds the decisive moment of a failing run: what alone makes the difference, and the step from which the failure was
 * certain. The result depends on the run alone, not on how many trials run at once or how fast they are.
 */
import { failsAlike, type Signature } from '../../run/verdict/signature.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { decisiveMoment, type Decisive, type Trial } from '../../recording/decisive.ts';
import type { Story } from '../../recording/story.ts';
import { moment as momentText } from '../../story/text/words.ts';
import type { Coursed } from '../course-edits.ts';
import type { TrialRunner } from '../trials.ts';
import { certaintyOf, futureChance } from './futures.ts';
import { thingsToLeaveOut } from './left-out.ts';
import { LookedAtRun } from './looked-at.ts';

export interface DecisiveOptions {
  readonly runner: TrialRunner;
  /** How the run fails. */
  readonly signature: Signature;
  readonly story: Story;
  /** The run before shrinking, if known; determines the latencies and message faults in the futures. */
  readonly original?: TestSpec | undefined;
  /** Approximate maximum number of events in all trials. Default: 300,000, a few seconds of CPU time. */
  readonly mostEvents?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (runs: number) => void;
}

const MOST_EVENTS = 300_000;
/** Fixed cost of a run besides its events, in events. */
const RUN_EVENTS = 100;
const FUTURES = 20;
const LEAST_FUTURES = 5;
const MOMENTS = 12;
/** Reserved for the binary search for the exact step. */
const FURTHER_MOMENTS = 5;

/** Returns undefined when the signal ended it early. */
export async function findDecisive(spec: Coursed, options: DecisiveOptions): Promise<Decisive | undefined> {
  const { runner, signature, story, original, signal, mostEvents = MOST_EVENTS } = options;
  const run = new LookedAtRun(await runner.look(spec), story);
  let count = 0;
  const [kind] = signature;
  // How a run that has failed goes on makes no difference.
  const limits = kind === undefined ? undefined : { kind };
  const fail = async (specs: readonly Coursed[]): Promise<readonly boolean[]> => {
    const failed: boolean[] = [];
    for (let from = 0; from < specs.length; from += runner.width) {
      if (signal?.aborted === true) break;
      const trials = await Promise.all(
        specs.slice(from, from + runner.width).map((one) => runner.run(one, limits)),
      );
      failed.push(...trials.map((trial) => failsAlike(trial.signature, signature)));
      options.onProgress?.((count += trials.length));
    }
    return failed;
  };
  const mostRuns = Math.floor(mostEvents / (run.events + RUN_EVENTS));
  const things = thingsToLeaveOut(spec, run).slice(0, Math.ceil(mostRuns / 3));
  const failed = await fail(things.map((thing) => thing.spec));
  const byTrial = withMoments(
    things.map(({ what, at }, index): Trial => ({
      what,
      without: failed[index] === false ? 'passes' : 'fails',
      ...(at === undefined ? {} : { at }),
    })),
  );
  const plan = affordable(mostRuns - things.length);
  const certainty =
    plan === undefined
      ? []
      : await certaintyOf({ spec, run, chance: futureChance(spec, original, run), ...plan, fail });
  if (signal?.aborted === true) return undefined;
  const moment = decisiveMoment(byTrial, certainty);
  return { version: 1, byTrial, certainty, ...(moment === undefined ? {} : { moment }) };
}

/** Adds the time to things with the same words, such as repetitions of one message, if only some make the difference. */
export function withMoments(trials: readonly Trial[]): readonly Trial[] {
  return trials.map((trial) => {
    const { what, at, without } = trial;
    const isBoth = trials.some((other) => other.what === what && other.without !== without);
    if (!isBoth || at === undefined) return trial;
    return { ...trial, what: `${what} at ${momentText(at.timeNanos)}` };
  });
}

/**
 * Returns the number of futures for each moment and the number of moments; undefined when `runs` allows too few futures
 * to be conclusive.
 */
function affordable(runs: number): { readonly futures: number; readonly moments: number } | undefined {
  const moments = Math.max(3, Math.min(MOMENTS, Math.floor(runs / FUTURES) - FURTHER_MOMENTS));
  const futures = Math.min(FUTURES, Math.floor(runs / (moments + FURTHER_MOMENTS)));
  return futures < LEAST_FUTURES ? undefined : { futures, moments };
}
