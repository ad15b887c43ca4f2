/**
 * Makes a run of the real world smaller: its operations and its faults are written down one by one, and what may be left out is tried by
 * running each candidate several times. A run takes as long as it lasts, so the large steps come first, and what is tried ends when the
 * time is over. Single messages are not touched: which of them were late or lost is not known well enough to do it again.
 */
import type { Coursed } from './course-edits.ts';
import { explicitFaults } from './passes/explicit-faults.ts';
import { fewerNodes } from './passes/fewer-nodes.ts';
import { fewerFaults, fewerOps, fewerThreads, shorterPrefix } from './passes/fewer-things.ts';
import type { Pass } from './passes/pass.ts';
import type { RealTrials, Tried } from './real-trials.ts';
import { Trials } from './trials.ts';
import { weightOf, type Weight } from './weight.ts';
import type { Signature } from '../run/signature.ts';

export interface RealShrinkOptions {
  readonly trials: RealTrials;
  readonly signature: Signature;
  /** Ends the search. What has been found is run a few times more, to see how often it fails. */
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
  /** How many candidates were run. */
  readonly candidates: number;
  /** How often exactly this was run, and how often it failed alike. */
  readonly tried: Tried;
  /** Whether it was ended before nothing more could be left out. */
  readonly isCutShort: boolean;
}

const PASSES: readonly Pass[] = [fewerFaults, shorterPrefix, fewerThreads, fewerNodes, fewerOps];
const MOST_ROUNDS = 3;

/** Undefined when the run does not fail again in that way, with its operations and faults written down. */
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
  // The nodes that faults hit by their names: only so can nodes be left out.
  let best = await explicitFaults.reduce(original, trials);
  if (best === original && !(await trials.fails(original))) return undefined;
  for (let round = 0; round < MOST_ROUNDS && !trials.isOver; round++) {
    const before = best;
    for (const pass of PASSES) {
      if (trials.isOver) break;
      onProgress?.({ pass: pass.name, candidates: trials.count, weight: weightOf(best) });
      best = await pass.reduce(best, trials);
      runner.keepOnly(best);
    }
    if (before === best) break;
  }
  const isCutShort = trials.isOver;
  onProgress?.({ pass: 'seeing how often it fails', candidates: trials.count, weight: weightOf(best) });
  const tried = await runner.measure(best);
  return { spec: best, weight: weightOf(best), candidates: trials.count, tried, isCutShort };
}
