/**
 * Trials: runs of what might be smaller, and whether they still fail as the original did. Several may run at once; which of a list
 * is taken does not depend on that: the first that fails alike.
 */
import { createHash } from 'node:crypto';
import type { Op } from '../history/op.ts';
import type { JournalReader } from '../network/journal.ts';
import { failsAlike, isAbsence, isEventual, type Signature } from '../run/signature.ts';
import type { TestSpec } from '../run/test-spec.ts';

/** A run of a spec with a course, from the seed of that. */
export interface Trial {
  readonly signature: Signature;
  /** How many messages servers have sent each other. */
  readonly serverMessages: number;
}

/** Of a run that comes to none, which is never one that fails alike. */
export const NO_VERDICT: Trial = { signature: [], serverMessages: 0 };

export interface LookedAtTrial extends Trial {
  readonly history: readonly Op[];
  readonly journal: JournalReader;
  /** Where on the clock of the journal the times of the history begin. */
  readonly zeroNanos: number;
}

export interface TrialRunner {
  /** How many runs go on at once. */
  readonly width: number;
  run(spec: TestSpec): Promise<Trial>;
  /** With all that is to be known of it. */
  look(spec: TestSpec): Promise<LookedAtTrial>;
}

export interface TrialsOptions {
  readonly runner: TrialRunner;
  readonly original: Signature;
  /** Whether the original had final operations. */
  readonly hasFinalOps: boolean;
  /** The greatest number of runs. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
  /** Called for each that is taken. */
  readonly onSmaller?: (spec: TestSpec, trial: Trial) => void;
}

export class Trials {
  private readonly known = new Map<string, Trial>();
  /** How many runs there were. */
  count = 0;

  constructor(private readonly options: TrialsOptions) {}

  /** Whether the final operations must stay: they show that something never came. */
  get needsFinalOps(): boolean {
    const [kind] = this.options.original;
    return kind !== undefined && isAbsence(kind);
  }

  get isOver(): boolean {
    return this.count >= this.options.most || this.options.signal?.aborted === true;
  }

  /** The first of them that fails alike; undefined when none does, or no more may be run. */
  async firstOf(candidates: readonly TestSpec[]): Promise<number | undefined> {
    const { runner, original } = this.options;
    for (let from = 0; from < candidates.length; from += runner.width) {
      if (this.isOver) return undefined;
      const some = candidates.slice(from, from + runner.width);
      const trials = await Promise.all(some.map((spec) => this.run(spec)));
      const found = trials.findIndex((trial) => isAlike(trial.signature, original));
      if (found < 0) continue;
      const [spec, trial] = [some[found], trials[found]];
      if (spec !== undefined && trial !== undefined) this.options.onSmaller?.(spec, trial);
      return from + found;
    }
    return undefined;
  }

  async fails(candidate: TestSpec): Promise<boolean> {
    return (await this.firstOf([candidate])) === 0;
  }

  look(spec: TestSpec): Promise<LookedAtTrial> {
    this.count++;
    return this.options.runner.look(spec);
  }

  /** What had no time to spread is not lost: such a run needs a final operation. */
  private provesNothing({ course }: TestSpec): boolean {
    const [kind] = this.options.original;
    if (course === undefined || kind === undefined || !this.options.hasFinalOps) return false;
    return isEventual(kind) && course.finalOps.length === 0;
  }

  private async run(spec: TestSpec): Promise<Trial> {
    if (this.provesNothing(spec)) return NO_VERDICT;
    const key = createHash('sha256').update(JSON.stringify(spec)).digest('base64');
    const before = this.known.get(key);
    if (before !== undefined) return before;
    this.count++;
    const trial = await this.options.runner.run(spec);
    this.known.set(key, trial);
    return trial;
  }
}

/** It fails in the kind that weighs most in the original, and no node does what none did there. */
export const isAlike = (signature: Signature, original: Signature): boolean =>
  failsAlike(signature, original) && !signature.some((kind) => isNodes(kind) && !original.includes(kind));

const isNodes = (kind: string): boolean => kind.startsWith('node: ') || kind.startsWith('protocol: ');
