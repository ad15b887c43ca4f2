/**
 * A branch: runs that go together, small enough for one process at a time: all of one scope with one number of deviations and one
 * reach; from two deviations on, those of them that begin with one deviation. What comes of it depends on nothing else, so that branches may be
 * carried out in any order, anywhere.
 *
 * Which deviations a run allows shows only when it was made. So the runs that a branch deviates from are made once more, unless what they
 * allow is still known here (allowed-deviations.ts): to keep that of all would take more memory than to make them takes time.
 */
import { isDeepStrictEqual } from 'node:util';
import { EventBudgetError, openSimulator, type Simulator } from '../harness/simulations/simulator.ts';
import {
  simulateOnce,
  type SimulatedRun,
  type SimulateOptions,
} from '../harness/simulations/simulate-once.ts';
import { MemoryJournal } from '../network/memory-journal.ts';
import { refuseOwnError } from '../run/own-error.ts';
import type { RunParts } from '../run/run-parts.ts';
import type { Signature } from '../run/signature.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import type { Alphabet } from '../workloads/alphabet.ts';
import { AllowedDeviations } from './allowed-deviations.ts';
import {
  deviationsFrom,
  REACHES,
  withDeviations,
  type Deviation,
  type DeviationKind,
  type Reach,
} from './deviations.ts';
import { withLongerRecovery } from './explored-spec.ts';
import { scopeOf, type Scope, type Word } from './scopes.ts';

export interface Branch {
  readonly nodes: number;
  readonly word: Word;
  readonly deviations: number;
  /** The greatest of its deviations. */
  readonly reach: Reach;
  /** Of the deviations that the calm course allows within that reach, the one that all begin with. */
  readonly first?: number;
  /** Whether its runs are deviated from in turn, so that it must be known how often that is possible. */
  readonly goesOn: boolean;
  /** Whether calm courses are run in a world of their own as well, to see that the two are the same. */
  readonly isCompared: boolean;
}

export interface BranchResult {
  readonly executions: number;
  /** How many runs have one deviation more, by their reach. */
  readonly further: readonly number[];
  readonly failure?: Failure;
  /** A run that shared its world with others came out otherwise than alone. */
  readonly isImpure?: true;
}

/** Of the run with the longer recovery. */
export interface Failure {
  readonly deviations: readonly Deviation[];
  readonly signature: Signature;
}

/** What is the same in all branches. */
export interface BranchSettings {
  /** `bin` is the program as `bundleNode` has prepared it. */
  readonly base: TestSpec;
  readonly kinds: readonly DeviationKind[];
  /** Each run in a world of its own. */
  readonly isCareful: boolean;
}

export interface BrancherParts extends BranchSettings {
  readonly workload: Workload;
  readonly alphabet: Alphabet;
  /** What the files of the spec give. */
  readonly parts: RunParts;
  /** Called for each run that counts. */
  readonly onExecution?: (() => void) | undefined;
}

/** A run of the scope as it is, with its deviations. */
export const specOf = (base: TestSpec, { nodes, concurrency, course, seconds }: Scope): TestSpec => ({
  ...base,
  nodes,
  concurrency,
  timeLimitSeconds: seconds,
  course,
});

/** Of a run: the same in all branches that make it. */
const keyOf = ({ nodes, word }: Branch, deviations: readonly Deviation[]): string =>
  JSON.stringify([nodes, word, deviations]);

export class Brancher {
  private readonly simulator: Simulator;
  private readonly kinds: ReadonlySet<DeviationKind>;
  private readonly known = new AllowedDeviations();

  constructor(private readonly parts: BrancherParts) {
    this.simulator = openSimulator({ careful: parts.isCareful });
    this.kinds = new Set(parts.kinds);
  }

  close(): void {
    this.simulator.close();
  }

  /** Undefined when it was given up on the way. */
  async run(branch: Branch, signal?: AbortSignal): Promise<BranchResult | undefined> {
    const scope = scopeOf(branch.word, branch.nodes, this.parts.alphabet);
    const further = REACHES.map(() => 0);
    let executions = 0;
    if (branch.isCompared && branch.deviations === 0 && !(await this.isSameAlone(scope)))
      return { executions, further, isImpure: true };
    for await (const deviations of this.candidates(branch, scope)) {
      if (signal?.aborted === true) return undefined;
      const journal = branch.goesOn ? new MemoryJournal() : undefined;
      const run = await this.make(scope, deviations, journal);
      executions++;
      this.parts.onExecution?.();
      if (run.signature.length > 0) {
        const confirmed = await this.confirm(scope, deviations);
        if (confirmed !== undefined) return { executions, further, ...confirmed };
      }
      if (journal === undefined) continue;
      const allowed = this.allowedAfter(scope, deviations, run, journal);
      this.known.add(keyOf(branch, deviations), allowed);
      for (const { reach } of allowed) {
        const its = Math.max(reach, branch.reach);
        further[its] = (further[its] ?? 0) + 1;
      }
    }
    return { executions, further };
  }

  /** The sets of deviations to be tried, in their order. */
  private async *candidates(branch: Branch, scope: Scope): AsyncGenerator<readonly Deviation[]> {
    const { deviations: depth, first } = branch;
    if (depth === 0) return yield [];
    const calm = await this.allowedWithin(branch, scope, []);
    for (const one of first === undefined ? calm : calm.slice(first, first + 1))
      yield* this.walk([one], branch, scope);
  }

  private async *walk(
    before: readonly Deviation[],
    branch: Branch,
    scope: Scope,
  ): AsyncGenerator<readonly Deviation[]> {
    if (before.length === branch.deviations) {
      if (before.some(({ reach }) => reach === branch.reach)) yield before;
      return;
    }
    for (const one of await this.allowedWithin(branch, scope, before))
      yield* this.walk([...before, one], branch, scope);
  }

  /** What a run allows that is no further than the branch. */
  private async allowedWithin(
    branch: Branch,
    scope: Scope,
    deviations: readonly Deviation[],
  ): Promise<readonly Deviation[]> {
    const key = keyOf(branch, deviations);
    let allowed = this.known.get(key);
    if (allowed === undefined) {
      const journal = new MemoryJournal();
      const run = await this.make(scope, deviations, journal);
      allowed = this.allowedAfter(scope, deviations, run, journal);
      this.known.add(key, allowed);
    }
    return allowed.filter(({ reach }) => reach <= branch.reach);
  }

  private allowedAfter(
    scope: Scope,
    deviations: readonly Deviation[],
    { history }: SimulatedRun,
    journal: MemoryJournal,
  ): readonly Deviation[] {
    return deviationsFrom(
      { history, journal, scope: withDeviations(scope, deviations), deviations },
      this.kinds,
    );
  }

  private make(
    scope: Scope,
    deviations: readonly Deviation[],
    journal: MemoryJournal | undefined,
  ): Promise<SimulatedRun> {
    return this.makeOf(specOf(this.parts.base, withDeviations(scope, deviations)), journal);
  }

  private async makeOf(spec: TestSpec, journal: MemoryJournal | undefined): Promise<SimulatedRun> {
    const { workload } = this.parts;
    try {
      const run = await this.simulator.run(spec, workload, spec.seed, this.optionsOf(journal));
      refuseOwnError(run.results, workload);
      return run;
    } catch (error) {
      if (!(error instanceof EventBudgetError)) throw error;
      // It must come to a verdict, however long it takes.
      return this.alone(spec, journal);
    }
  }

  /** In a world of its own, as `maelstrom test` would run it. */
  private alone(spec: TestSpec, journal?: MemoryJournal): Promise<SimulatedRun> {
    return simulateOnce(spec, this.parts.workload, spec.seed, this.optionsOf(journal));
  }

  private optionsOf(journal: MemoryJournal | undefined): SimulateOptions {
    const { parts } = this.parts;
    return { parts, ...(journal === undefined ? {} : { journal }) };
  }

  /** What is reported is there with more time for the nodes, and without what other runs have left behind. */
  private async confirm(
    scope: Scope,
    deviations: readonly Deviation[],
  ): Promise<Pick<BranchResult, 'failure' | 'isImpure'> | undefined> {
    const spec = withLongerRecovery(specOf(this.parts.base, withDeviations(scope, deviations)));
    const { signature } = await this.makeOf(spec, undefined);
    if (signature.length === 0) return undefined;
    if (!this.parts.isCareful) {
      const alone = await this.alone(spec);
      if (!isDeepStrictEqual(alone.signature, signature)) return { isImpure: true };
    }
    return { failure: { deviations, signature } };
  }

  private async isSameAlone(scope: Scope): Promise<boolean> {
    if (this.parts.isCareful) return true;
    const shared = await this.make(scope, [], undefined);
    const alone = await this.alone(specOf(this.parts.base, scope));
    const { history, results, messages } = shared;
    return isDeepStrictEqual(
      { history, results, messages },
      { history: alone.history, results: alone.results, messages: alone.messages },
    );
  }
}
