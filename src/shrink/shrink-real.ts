/**
 * Shrinks a run of the real world: its operations and faults become an explicit course, and each candidate is run
 * several times. Every trial takes as long as a run lasts, so the large steps come first, and the search ends when its
 * time is up. Single messages are left alone: which of them were late or lost is not known precisely enough to repeat
 * it.
 */
import type { Coursed } from './course-edits.ts';
import { explicitFaults } from './passes/explicit-faults.ts';
import { fewerNodes } from './passes/fewer-nodes.ts';
import { fewerFaults, fewerOps, fewerThreads, shorterPrefix } from './passes/fewer-things.ts';
import type { Pass } from './passes/pass.ts';
import type { RealTrials, Tried } from './real-trials.ts';
import { Trials } from './trials.ts';
import { weightOf, type Weight } from './weight.ts';
import type { Signature } from '../run/verdict/signature.ts';

export interface RealShrinkOptions {
  readonly trials: RealTrials;
  readonly signature: Signature;
  /** Ends the search. The result is then still run a few times to measure how often it fails. */
  readonly searching: AbortSignal;
  readonly onProgress?: (progress: RealShrinkProgress) => void;
}

export interface RealShrinkProgress {
  readonly pass: string;
  readonly candidates: number;
  readonly weight: Weight;
}

export interface RealShrunk {
  readonly spec: Coursed;
  readonly weight: Weight;
  /** Number of candidates that were run. */
  readonly candidates: number;
  /** The runs of exactly this spec, and how many of them failed in the same way. */
  readonly tried: Tried;
  /** True when the search ended before its passes could leave out no more. */
  readonly isCutShort: boolean;
}

const PASSES: readonly Pass[] = [fewerFaults, shorterPrefix, fewerThreads, fewerNodes, fewerOps];
const MOST_ROUNDS = 3;
const LEAST_QUIET_SECONDS = 1;

/** Returns undefined when the run with an explicit course does not fail in the same way again. */
export async function shrinkReal(
  original: Coursed,
  { trials: runner, signature, searching, onProgress }: RealShrinkOptions,
): Promise<RealShrunk | undefined> {
  const trials = new Trials({
    runner,
    original: signature,
    hasFinalOps: original.course.finalOps.length > 0,
    most: Infinity,
    signal: searching,
  });
  // Nodes can only be left out once faults name the nodes that they hit.
  let best = await explicitFaults.reduce(original, trials);
  if (best === original && !(await trials.fails(original))) return undefined;
  const whole = (spec: Coursed): Coursed => ({ ...spec, recoverySeconds: original.recoverySeconds });
  // Fails with its own quiet period, and so without doubt.
  let proved = best;
  best = { ...best, recoverySeconds: quietSeconds(original) };
  let provedFrom = best;
  const prove = async (): Promise<void> => {
    if (best === provedFrom) return;
    const hasWholePeriod = best.recoverySeconds === original.recoverySeconds;
    if (hasWholePeriod || (await trials.fails(whole(best)))) proved = whole(best);
    else if (trials.isOver) return;
    // What only needed more time looked like the failure.
    else best = proved;
    provedFrom = best;
  };
  for (let round = 0; round < MOST_ROUNDS && !trials.isOver; round++) {
    const before = best;
    for (const pass of PASSES) {
      if (trials.isOver) break;
      onProgress?.({ pass: pass.name, candidates: trials.count, weight: weightOf(best) });
      best = await pass.reduce(best, trials);
      await prove();
      runner.keepOnly(proved);
    }
    if (before === best) break;
  }
  const isCutShort = trials.isOver;
  const measured = (spec: Coursed): Promise<Tried> => {
    onProgress?.({ pass: 'seeing how often it fails', candidates: trials.count, weight: weightOf(spec) });
    return runner.measure(spec);
  };
  // Time may have run out before the last step was proved.
  const last = best === provedFrom ? undefined : whole(best);
  const triedLast = last === undefined ? undefined : await measured(last);
  const [spec, tried] =
    last !== undefined && triedLast !== undefined && triedLast.failures > 0
      ? [last, triedLast]
      : [proved, await measured(proved)];
  runner.keepOnly(spec);
  return { spec, weight: weightOf(spec), candidates: trials.count, tried, isCutShort };
}

/**
 * Returns the quiet period of candidates, which takes most of the time of a real run with final requests. A correct
 * program may need all of it, so what is kept is run with its own period again.
 */
function quietSeconds({ course, recoverySeconds }: Coursed): number {
  if (course.finalOps.length === 0) return recoverySeconds;
  return Math.min(recoverySeconds, Math.max(LEAST_QUIET_SECONDS, recoverySeconds / 4));
}
