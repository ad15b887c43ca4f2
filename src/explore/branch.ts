/**
 * A branch: a set of runs small enough for one process at a time. It holds all runs of one scope with one number of
 * deviations and one reach; from two deviations on, only those that share their first deviation. Its result depends on
 * nothing else, so branches may run in any order, anywhere.
 *
 * The deviations that a run allows are known only once it was made. So the runs that a branch deviates from are made
 * again, unless their allowed deviations are still cached (allowed-deviations.ts): caching all of them would cost more
 * memory than repeating the runs costs time.
 */
import { isDeepStrictEqual } from 'node:util';
import { openSimulator, UnrepeatableLife, type Simulator } from '../harness/simulations/simulator.ts';
import {
  GivenUp,
  simulateOnce,
  type SimulatedRun,
  type SimulateOptions,
} from '../harness/simulations/simulate-once.ts';
import type { Op } from '../history/op.ts';
import { eventBudgetOf } from '../hunt/plan/event-budget.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import { shownText } from '../protocol/shown-text.ts';
import { refuseOwnError } from '../run/guards/own-error.ts';
import type { RunParts } from '../run/run-parts.ts';
import type { Signature } from '../run/verdict/signature.ts';
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
import { LATENCY_MS, withLongerRecovery } from './explored-spec.ts';
import type { Pace } from './pace.ts';
import { scopeOf, type Scope, type Word } from './scopes.ts';
import { isStorm, moreStorms, NO_STORMS, typesIn, type Storms } from './storms.ts';

export interface Branch {
  readonly nodes: number;
  readonly word: Word;
  readonly deviations: number;
  /** The largest reach among its deviations. */
  readonly reach: Reach;
  /** Index of the deviation that all runs begin with, among those that the calm course allows within the reach. */
  readonly first?: number;
  /** Whether later cells deviate from its runs, so that their allowed deviations must be counted. */
  readonly goesOn: boolean;
  /** Whether its calm course is also run in a world of its own, to compare the two. */
  readonly isCompared: boolean;
}

export interface BranchResult {
  readonly executions: number;
  /** Number of runs with one more deviation, indexed by reach. */
  readonly further: readonly number[];
  /** Number of executions in which an operation of the word succeeded; without one an execution proves nothing. */
  readonly succeeded: number;
  /** Executions without a verdict. */
  readonly unjudged: Unjudged;
  readonly storms: Storms;
  readonly failure?: Failure;
  /** A run in a shared world had another result than alone. */
  readonly isImpure?: true;
}

/** How many executions have no verdict, and why the first of them has none. */
export interface Unjudged {
  readonly count: number;
  readonly why?: string;
}

/** The failure of the run with the longer recovery. */
export interface Failure {
  readonly deviations: readonly Deviation[];
  readonly signature: Signature;
}

/** The settings that all branches share. */
export interface BranchSettings {
  /** `bin` is the program as prepared by `bundleNode`. */
  readonly base: TestSpec;
  readonly kinds: readonly DeviationKind[];
  readonly pace: Pace;
  /** Whether each run gets a world of its own. */
  readonly isCareful: boolean;
}

export interface BrancherParts extends BranchSettings {
  readonly workload: Workload;
  readonly alphabet: Alphabet;
  /** What the files named in the spec define. */
  readonly parts: RunParts;
  /** Called for each run that counts as an execution. */
  readonly onExecution?: (() => void) | undefined;
}

const LONGEST_WHY = 500;
/**
 * An execution with more events is given up in any case. Those of a few nodes and operations have hundreds to thousands; gossip of three nodes every
 * millisecond has two hundred thousand.
 */
const MOST_EVENTS = 500_000;
/**
 * Messages in endless chains of answers: hundreds of times as many as an operation needs. Tokens that nodes pass on without a
 * pause, one for each node, stay below that.
 */
const RESTLESS_AT_ONCE = 250;
const NOTHING_RUN: BranchResult = {
  executions: 0,
  further: REACHES.map(() => 0),
  succeeded: 0,
  unjudged: { count: 0 },
  storms: NO_STORMS,
};

export const plus = (one: Unjudged, other: Unjudged): Unjudged => {
  const why = one.why ?? other.why;
  return { count: one.count + other.count, ...(why === undefined ? {} : { why }) };
};

const isSuccess = ({ type, process }: Op): boolean => type === 'ok' && process !== 'nemesis';

/** Returns the spec of a run of the scope, with its deviations. */
export const specOf = (
  base: TestSpec,
  { nodes, concurrency, course, seconds, recoverySeconds }: Scope,
): TestSpec => ({
  ...base,
  nodes,
  concurrency,
  timeLimitSeconds: seconds,
  recoverySeconds,
  course,
});

/** Key of a run, the same in all branches that make it. */
const keyOf = ({ nodes, word }: Branch, deviations: readonly Deviation[]): string =>
  JSON.stringify([nodes, word, deviations]);

export class Brancher {
  private readonly simulator: Simulator;
  private readonly kinds: ReadonlySet<DeviationKind>;
  /** Those that may end a message storm: its nodes no longer reach each other. */
  private readonly endingStorms: ReadonlySet<DeviationKind>;
  private readonly known = new AllowedDeviations();
  /** The number of messages of calm courses, by their keys. */
  private readonly calm = new Map<string, number>();
  /** The types of messages in the first storm. */
  private stormTypes: readonly string[] | undefined;

  constructor(private readonly parts: BrancherParts) {
    this.simulator = openSimulator({ careful: parts.isCareful, remembersLives: true });
    this.kinds = new Set(parts.kinds);
    this.endingStorms = new Set(parts.kinds.filter((kind) => kind === 'cut'));
  }

  close(): void {
    this.simulator.close();
  }

  /** Returns undefined when the signal ended it early. */
  async run(branch: Branch, signal?: AbortSignal): Promise<BranchResult | undefined> {
    try {
      return await this.runAll(branch, signal);
    } catch (error) {
      if (!(error instanceof UnrepeatableLife)) throw error;
      return { ...NOTHING_RUN, isImpure: true };
    }
  }

  private async runAll(branch: Branch, signal: AbortSignal | undefined): Promise<BranchResult | undefined> {
    const { alphabet, pace } = this.parts;
    const scope = scopeOf(branch.word, branch.nodes, alphabet, pace);
    const further = REACHES.map(() => 0);
    let [executions, succeeded] = [0, 0];
    let { unjudged, storms } = NOTHING_RUN;
    if (branch.isCompared && branch.deviations === 0 && !(await this.isSameAlone(scope)))
      return { ...NOTHING_RUN, isImpure: true };
    for await (const deviations of this.candidates(branch, scope)) {
      if (signal?.aborted === true) return undefined;
      const journal = branch.goesOn ? new MemoryJournal() : undefined;
      const run = await this.make(scope, deviations, journal);
      executions++;
      this.parts.onExecution?.();
      if (journal !== undefined) {
        const allowed = this.allowedAfter(scope, deviations, run, journal);
        this.known.add(keyOf(branch, deviations), allowed);
        for (const { reach } of allowed) {
          const its = Math.max(reach, branch.reach);
          further[its] = (further[its] ?? 0) + 1;
        }
      }
      const makeAgain = (other: MemoryJournal): Promise<unknown> => this.make(scope, deviations, other);
      storms = moreStorms(storms, await this.stormIn(branch, deviations, run, makeAgain));
      if (run instanceof GivenUp) {
        unjudged = plus(unjudged, { count: 1, why: run.message });
        continue;
      }
      if (run.history.some(isSuccess)) succeeded++;
      if (run.signature.length > 0) {
        const confirmed = await this.confirm(scope, deviations);
        if (confirmed !== undefined)
          return { executions, further, succeeded, unjudged, storms, ...confirmed };
      }
      const [why] = run.results.invariants?.problems ?? [];
      if (why !== undefined) unjudged = plus(unjudged, { count: 1, why: shownText(why, LONGEST_WHY) });
    }
    return { executions, further, succeeded, unjudged, storms };
  }

  /** Yields the sets of deviations to try, in order. */
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

  /** Returns the deviations that a run allows within the reach of the branch. */
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
      if (deviations.length === 0) this.calm.set(key, run.messages);
      allowed = this.allowedAfter(scope, deviations, run, journal);
      this.known.add(key, allowed);
    }
    return allowed.filter(({ reach }) => reach <= branch.reach);
  }

  private allowedAfter(
    scope: Scope,
    deviations: readonly Deviation[],
    run: SimulatedRun | GivenUp,
    journal: MemoryJournal,
  ): readonly Deviation[] {
    const { history } = run;
    // Each of the messages that a storm consists of could be lost, doubled or late.
    const kinds = run instanceof GivenUp ? this.endingStorms : this.kinds;
    return deviationsFrom({ history, journal, scope: withDeviations(scope, deviations), deviations }, kinds);
  }

  private make(
    scope: Scope,
    deviations: readonly Deviation[],
    journal: MemoryJournal | undefined,
  ): Promise<SimulatedRun | GivenUp> {
    return this.makeOf(specOf(this.parts.base, withDeviations(scope, deviations)), journal);
  }

  /** Returns what is known of the run if it was given up. */
  private async makeOf(spec: TestSpec, journal: MemoryJournal | undefined): Promise<SimulatedRun | GivenUp> {
    const { workload } = this.parts;
    try {
      const run = await this.simulator.run(spec, workload, spec.seed, this.optionsOf(spec, journal));
      refuseOwnError(run.results, workload);
      return run;
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error;
      return error;
    }
  }

  private async stormIn(
    branch: Branch,
    deviations: readonly Deviation[],
    { messages }: SimulatedRun | GivenUp,
    makeAgain: (journal: MemoryJournal) => Promise<unknown>,
  ): Promise<Storms> {
    const key = keyOf(branch, []);
    if (deviations.length === 0) this.calm.set(key, messages);
    const calm = this.calm.get(key) ?? messages;
    if (!isStorm(messages, calm)) return NO_STORMS;
    if (this.stormTypes === undefined) {
      const journal = new MemoryJournal();
      await makeAgain(journal);
      this.stormTypes = typesIn(journal);
    }
    return { count: 1, worst: { messages, calm, types: this.stormTypes } };
  }

  /** Runs the spec in a world of its own, as `maelstrom test` would. */
  private alone(spec: TestSpec, journal?: MemoryJournal): Promise<SimulatedRun> {
    return simulateOnce(spec, this.parts.workload, spec.seed, this.optionsOf(spec, journal));
  }

  private optionsOf(spec: TestSpec, journal: MemoryJournal | undefined): SimulateOptions {
    const restless = { atOnce: RESTLESS_AT_ONCE, perSecond: (spec.nodes.length * 1000) / LATENCY_MS };
    const eventBudget = { ...eventBudgetOf(spec, MOST_EVENTS), restless };
    return { parts: this.parts.parts, journal, eventBudget };
  }

  /**
   * Runs a failure again with more time for the nodes, and in a world of its own, so that leftovers of other runs
   * cannot have caused it.
   */
  private async confirm(
    scope: Scope,
    deviations: readonly Deviation[],
  ): Promise<Pick<BranchResult, 'failure' | 'isImpure'> | undefined> {
    const spec = withLongerRecovery(specOf(this.parts.base, withDeviations(scope, deviations)));
    const run = await this.makeOf(spec, undefined);
    if (run instanceof GivenUp || run.signature.length === 0) return undefined;
    const { signature } = run;
    if (!this.parts.isCareful) {
      const alone = await this.alone(spec);
      if (!isDeepStrictEqual(alone.signature, signature)) return { isImpure: true };
    }
    return { failure: { deviations, signature } };
  }

  private async isSameAlone(scope: Scope): Promise<boolean> {
    if (this.parts.isCareful) return true;
    const shared = await this.make(scope, [], undefined);
    if (shared instanceof GivenUp) return true;
    const alone = await this.alone(specOf(this.parts.base, scope));
    const { history, results, messages } = shared;
    return isDeepStrictEqual(
      { history, results, messages },
      { history: alone.history, results: alone.results, messages: alone.messages },
    );
  }
}
