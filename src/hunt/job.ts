/**
 * One run of a hunt: fast, in a world that may share expensive parts with other runs; and again in a world of its own,
 * as `maelstrom test` would run it, when it has failed, and from time to time to check that both agree.
 */
import { GivenUp, simulateIn, type SimulatedRun } from '../harness/simulations/simulate-once.ts';
import { EVENT_BUDGET, EventBudgetError, type Simulator } from '../harness/simulations/simulator.ts';
import type { Op } from '../history/op.ts';
import type { Journal } from '../network/journal/journal.ts';
import { shownText } from '../protocol/shown-text.ts';
import { refuseOwnError } from '../run/guards/own-error.ts';
import type { RunParts } from '../run/run-parts.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { eventBudgetOf } from './plan/event-budget.ts';
import type { HuntPlan } from './plan/hunt-plan.ts';
import { failoverIn } from './plan/failover.ts';
import { firstRun, planRun } from './plan/plan-run.ts';
import { FateJournal } from './coverage/message-fates.ts';
import { countsOf, isFailure, outcomeOf, type Outcome } from './outcome.ts';
import { digestOfSimulation, DigestJournal } from './simulation-digest.ts';

export interface Job {
  /** Number of the run, from 1; 0 for the initial run that measures how long the program takes to get ready. */
  readonly number: number;
  readonly seed: string;
}

/** Why a run, or all runs of the program, cannot be relied on. */
export type Doubt =
  /** A run in a shared world had another outcome than alone. */
  | 'impure'
  /** Two runs in worlds of their own had different outcomes. */
  | 'not deterministic'
  /** It exceeded the event budget, so it has no verdict. */
  | 'too many events'
  /** An invariant or a situation of the user's could not be evaluated, so it has no verdict. */
  | 'not judged';

export interface Ran {
  readonly outcome: Outcome;
  readonly doubt?: Doubt;
  /** An explanatory sentence, where it adds something. */
  readonly why?: string;
  /** It was run more than once and compared. */
  readonly compared?: true;
  /** Set for run 0 only: the time at which the first request succeeded, unless none did. */
  readonly readySeconds?: number;
  /** Set for run 0 only, if it lost its primary and got over it: the time that this took. */
  readonly failoverSeconds?: number;
}

/** The outcome of a run that was given up. */
const NO_VERDICT: Outcome = {
  verdict: 'unknown',
  signature: [],
  operations: 0,
  succeeded: 0,
  messages: 0,
  nanos: 0,
  meetings: {},
};

const outcomeOfGivenUp = ({ results, messages, atSeconds }: GivenUp): Outcome => ({
  ...NO_VERDICT,
  ...countsOf(results),
  verdict: 'unknown',
  messages,
  nanos: atSeconds * NANOS_PER_SECOND,
});

const LONGEST_WHY = 500;

/**
 * The number of events that a run may still have when an invariant has failed. A small run comes to its end, and shows
 * what else went wrong; a message storm, which often follows, does not hold up the hunt.
 */
const AFTER_FAILURE = 20_000;

/** One run in this many is repeated and compared. */
const COMPARED_EVERY = 50;
/** In one run in this many the fates of messages are recorded. */
const FATES_EVERY = 10;

export class JobRunner {
  /** Whether runs may share worlds; false for a program that leaves state behind. */
  private isPure = true;
  /** Gives each run a world of its own. */
  private readonly alone: Pick<Simulator, 'run'>;

  constructor(
    private readonly plan: HuntPlan,
    /** The program as prepared by `bundleNode` for the simulated world; its arguments are in the plan. */
    private readonly bin: string,
    private readonly workload: Workload,
    private readonly simulator: Pick<Simulator, 'run'>,
    /** What the files named in the plan define, loaded once: without them runs have no invariants. */
    private readonly parts: RunParts,
    private readonly eventBudget = EVENT_BUDGET,
  ) {
    this.alone = {
      run: (spec, ofWorkload, seed, options = {}) => simulateIn({}, spec, ofWorkload, seed, options),
    };
  }

  async run(job: Job): Promise<Ran> {
    try {
      return await this.carryOut(job);
    } catch (error) {
      if (!(error instanceof EventBudgetError)) throw error;
      const ran = { doubt: 'too many events', why: error.message } as const;
      if (!(error instanceof GivenUp)) return { outcome: NO_VERDICT, ...ran };
      const ready = job.number === 0 ? readyIn(error.history) : {};
      return { outcome: outcomeOfGivenUp(error), ...ran, ...ready };
    }
  }

  private async carryOut({ number, seed }: Job): Promise<Ran> {
    if (number === 0) return this.first(seed);
    const spec = this.specOf(seed);
    if (number % COMPARED_EVERY === 0) return this.compare(spec);
    if (!this.isPure) return this.careful(spec);
    const ran = await this.shared(spec, number % FATES_EVERY === 1);
    const { outcome } = ran;
    if (!isFailure(outcome)) return ran;
    // A failure to report must not be caused by leftovers of other runs.
    const confirmed = await this.careful(spec);
    if (!isSame(outcome, confirmed.outcome)) {
      this.isPure = false;
      return { ...confirmed, doubt: 'impure' };
    }
    const { fates } = outcome;
    return fates === undefined ? confirmed : { ...confirmed, outcome: { ...confirmed.outcome, fates } };
  }

  private specOf(seed: string): TestSpec {
    return { ...planRun(this.plan, seed), bin: this.bin };
  }

  /** Runs the spec in a world that it may share with others. */
  private async shared(spec: TestSpec, withFates: boolean): Promise<Ran> {
    const journal = withFates ? new FateJournal() : undefined;
    const run = await this.simulate(this.simulator, spec, journal);
    const ran = this.ranOf(spec, run);
    return journal === undefined ? ran : { ...ran, outcome: { ...ran.outcome, fates: journal.fates() } };
  }

  private async first(seed: string): Promise<Ran> {
    const spec = { ...firstRun(this.plan, seed), bin: this.bin };
    const run = await this.simulate(this.alone, spec);
    const failoverSeconds = failoverIn(run.history, run.clients);
    return {
      ...this.ranOf(spec, run),
      ...readyIn(run.history),
      ...(failoverSeconds === undefined ? {} : { failoverSeconds: Math.round(failoverSeconds * 100) / 100 }),
    };
  }

  private async careful(spec: TestSpec): Promise<Ran> {
    return this.ranOf(spec, await this.simulate(this.alone, spec));
  }

  private async compare(spec: TestSpec): Promise<Ran> {
    const first = await this.withDigest(spec, this.isPure ? this.simulator : this.alone);
    const second = await this.withDigest(spec, this.alone);
    const ran: Ran = { ...second.ran, compared: true };
    if (first.digest === second.digest) return ran;
    const third = await this.withDigest(spec, this.alone);
    if (third.digest !== second.digest) return { ...ran, doubt: 'not deterministic' };
    this.isPure = false;
    return { ...ran, doubt: 'impure' };
  }

  private async withDigest(
    spec: TestSpec,
    simulator: Pick<Simulator, 'run'>,
  ): Promise<{ readonly ran: Ran; readonly digest: string }> {
    const journal = new DigestJournal();
    const run = await this.simulate(simulator, spec, journal);
    return { ran: this.ranOf(spec, run), digest: digestOfSimulation(run, journal) };
  }

  private async simulate(
    simulator: Pick<Simulator, 'run'>,
    spec: TestSpec,
    journal?: Journal,
  ): Promise<SimulatedRun> {
    const { parts, workload } = this;
    const eventBudget = { ...eventBudgetOf(spec, this.eventBudget), afterFailure: { events: AFTER_FAILURE } };
    const run = await simulator.run(spec, workload, spec.seed, { parts, journal, eventBudget });
    refuseOwnError(run.results, workload);
    return run;
  }

  private ranOf(spec: TestSpec, run: SimulatedRun): Ran {
    const outcome = outcomeOf(spec, this.workload, run);
    const [problem] = run.results.invariants?.problems ?? [];
    return problem === undefined || isFailure(outcome)
      ? { outcome }
      : { outcome, doubt: 'not judged', why: shownText(problem, LONGEST_WHY) };
  }
}

/** Returns when the first request succeeded, unless none did. */
function readyIn(history: readonly Op[]): Pick<Ran, 'readySeconds'> {
  const success = history.find(({ type, process }) => type === 'ok' && process !== 'nemesis');
  return success === undefined ? {} : { readySeconds: Math.floor(success.time / 1e8) / 10 };
}

const isSame = (one: Outcome, other: Outcome): boolean =>
  one.verdict === other.verdict &&
  one.signature.join() === other.signature.join() &&
  one.operations === other.operations &&
  one.messages === other.messages;
