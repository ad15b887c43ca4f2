/**
 * Shrinks a failing run by trying candidates with something left out, run after run. The result depends on the run
 * alone, not on how many trials run at once or how fast they are.
 */
import type { Signature } from '../run/verdict/signature.ts';
import { isCoursed, type Coursed } from './course-edits.ts';
import { actualTimes } from './passes/actual-times.ts';
import { explicitFaults } from './passes/explicit-faults.ts';
import { earlierHealing } from './passes/earlier-healing.ts';
import { longEnough } from './long-enough.ts';
import { fewerNodes } from './passes/fewer-nodes.ts';
import {
  fewerExceptions,
  fewerFaults,
  fewerFinalOps,
  fewerFinalThreads,
  fewerOps,
  fewerThreads,
  shorterPrefix,
} from './passes/fewer-things.ts';
import { calmer } from './passes/calm.ts';
import { lossesForFaults } from './passes/losses-for-faults.ts';
import { lessTime } from './passes/less-time.ts';
import type { Pass } from './passes/pass.ts';
import { shorterFaults } from './passes/shorter-faults.ts';
import { simplerValues, tidied } from './passes/simpler-values.ts';
import { untilFailure } from './passes/until-failure.ts';
import { smallerFind } from './smaller-find.ts';
import { wholeAssigns } from './passes/whole-assigns.ts';
import { isLighter, weightOf, type Weight } from './weight.ts';
import { isAlike, Trials, type TrialRunner } from './trials.ts';

export interface ShrinkOptions {
  readonly runner: TrialRunner;
  /** How the run failed. */
  readonly signature: Signature;
  /** Maximum number of runs. Default: 6000. */
  readonly mostRuns?: number | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ShrinkProgress) => void;
}

export interface ShrinkProgress {
  readonly pass: string;
  readonly runs: number;
  readonly weight: Weight | undefined;
}

export interface Shrunk {
  readonly spec: Coursed;
  /** How it fails: as the original, except that another invariant may be violated first. */
  readonly signature: Signature;
  readonly weight: Weight;
  /** Number of runs that it took. */
  readonly runs: number;
  /** True when the search ended before its passes could leave out no more. */
  readonly isCutShort: boolean;
}

const MOST_RUNS = 6000;

const FIRST: readonly Pass[] = [
  untilFailure,
  wholeAssigns,
  shorterPrefix,
  explicitFaults,
  lessTime,
  fewerNodes,
  fewerThreads,
];
const AGAIN: readonly Pass[] = [
  untilFailure,
  fewerFaults,
  actualTimes,
  fewerOps,
  fewerFinalOps,
  fewerFinalThreads,
  calmer,
  fewerExceptions,
  fewerNodes,
  shorterFaults,
  lessTime,
  simplerValues,
];
const MOST_ROUNDS = 5;

/** Returns undefined when the run does not fail with this signature. */
export async function shrink(spec: Coursed, options: ShrinkOptions): Promise<Shrunk | undefined> {
  const found = await search(spec, options, { wholeRuns: false });
  return found === 'fails otherwise' ? search(spec, options, { wholeRuns: true }) : found;
}

async function search(
  spec: Coursed,
  options: ShrinkOptions,
  how: { readonly wholeRuns: true },
): Promise<Shrunk | undefined>;
async function search(
  spec: Coursed,
  options: ShrinkOptions,
  how: { readonly wholeRuns: boolean },
): Promise<Shrunk | undefined | 'fails otherwise'>;
/** Returns 'fails otherwise' if its runs were ended too early to see that what it found fails in another way as well. */
async function search(
  spec: Coursed,
  options: ShrinkOptions,
  { wholeRuns }: { readonly wholeRuns: boolean },
): Promise<Shrunk | undefined | 'fails otherwise'> {
  const { runner, signature, signal, mostRuns = MOST_RUNS } = options;
  const met = new LightestVariants();
  const trials = new Trials({
    runner,
    original: signature,
    hasFinalOps: spec.course.finalOps.length > 0,
    most: mostRuns,
    wholeRuns,
    signal,
    onSmaller(smaller, { serverMessages }) {
      if (isCoursed(smaller)) met.add({ spec: smaller, weight: weightOf(smaller, serverMessages) });
    },
  });
  if (!(await trials.fails(spec))) return undefined;
  const progress = (pass: Pass): void =>
    options.onProgress?.({ pass: pass.name, runs: trials.count, weight: met.variants[0]?.weight });
  let best = await reduceWith(spec, trials, { passes: FIRST, rounds: AGAIN, progress });
  best = await fromOthers(best, { met, trials, progress });
  best = await longEnough(best, trials, (longer) =>
    reduceWith(longer, trials, { passes: [], rounds: AGAIN, progress }),
  );
  best = await smallerFind(best, trials, (found) =>
    reduceWith(found, trials, { passes: FIRST, rounds: AGAIN, progress }),
  );
  const withLosses = await lossesForFaults.reduce(best, trials);
  if (withLosses !== best)
    best = await reduceWith(withLosses, trials, { passes: [], rounds: AGAIN, progress });
  best = await earlierHealing.reduce(best, trials);
  best = await tidied.reduce(best, trials);
  const last = await trials.runWhole(best);
  if (!wholeRuns && !isAlike(last.signature, signature)) return 'fails otherwise';
  const hasKind = signature[0] !== undefined && last.signature.includes(signature[0]);
  return {
    spec: best,
    signature: hasKind ? signature : last.signature,
    weight: weightOf(best, last.serverMessages),
    runs: trials.count,
    isCutShort: trials.isOver,
  };
}

interface Plan {
  readonly passes: readonly Pass[];
  readonly rounds: readonly Pass[];
  readonly progress: (pass: Pass) => void;
}

async function reduceWith(spec: Coursed, trials: Trials, plan: Plan): Promise<Coursed> {
  let best = spec;
  const apply = async (passes: readonly Pass[]): Promise<void> => {
    for (const pass of passes) {
      if (trials.isOver) return;
      plan.progress(pass);
      best = await pass.reduce(best, trials);
    }
  };
  await apply(plan.passes);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = best;
    await apply(plan.rounds);
    if (before === best) break;
  }
  return best;
}

/** Number of the lightest variants from which a second search starts. */
const OTHERS = 1;

/**
 * Searches again from the smallest variants met so far, with the passes in reverse order, to get out of a local
 * minimum.
 */
async function fromOthers(
  best: Coursed,
  { met, trials, progress }: { met: LightestVariants; trials: Trials; progress: (pass: Pass) => void },
): Promise<Coursed> {
  let lightest = best;
  const others = met.variants.filter(({ spec }) => spec !== best).slice(0, OTHERS);
  const rounds = AGAIN.toReversed();
  for (const { spec } of others) {
    const found = await reduceWith(spec, trials, { passes: [], rounds, progress });
    if (isLighter(weightOf(found), weightOf(lightest))) lightest = found;
  }
  return lightest;
}

/** The lightest variants that failed in the same way, lightest first; among equals the earlier one first. */
class LightestVariants {
  variants: readonly { readonly spec: Coursed; readonly weight: Weight }[] = [];

  add(variant: { readonly spec: Coursed; readonly weight: Weight }): void {
    const place = this.variants.findIndex(({ weight }) => isLighter(variant.weight, weight));
    // One more than `OTHERS`, because the best itself is among them.
    this.variants = this.variants
      .toSpliced(place < 0 ? this.variants.length : place, 0, variant)
      .slice(0, OTHERS + 1);
  }
}
