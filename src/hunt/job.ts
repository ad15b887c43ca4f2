/**
 * One run of a hunt: fast, in a world that may share with other runs what is dear to make; and once more in a world of its own, as
 * `maelstrom test` would run it, where that must be certain: when it has failed, and now and then to see that both are the same.
 */
import { simulateOnce } from '../harness/simulate-once.ts';
import type { Simulator } from '../harness/simulator.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import type { HuntPlan } from './hunt-plan.ts';
import { firstRun, planRun } from './plan-run.ts';
import { FateJournal } from './message-fates.ts';
import { isFailure, outcomeOf, type Outcome } from './outcome.ts';
import { digestOfSimulation, DigestJournal } from './simulation-digest.ts';

export interface Job {
  /** Of the run, from 1; 0 for the one before all others, which shows how long the program takes to get ready. */
  readonly number: number;
  readonly seed: string;
}

/** Why the program's runs cannot be relied on. */
export type Doubt =
  /** A run that shared a world with others came out otherwise than alone. */
  | 'impure'
  /** Two runs in worlds of their own came out differently. */
  | 'not deterministic';

export interface Ran {
  readonly outcome: Outcome;
  readonly doubt?: Doubt;
  /** It was run more than once, and compared. */
  readonly compared?: true;
  /** Of run 0: when the first request succeeded; left out when none did. */
  readonly readySeconds?: number;
}

/** A program made ready for many runs. */
export interface HuntedProgram {
  /** What `bundleNode` has made for the simulated world. */
  readonly bin: string;
  readonly args: readonly string[];
}

/** A world for each run. */
const ALONE: Pick<Simulator, 'run'> = { run: simulateOnce };

/** One run in this many is repeated and compared. */
const COMPARED_EVERY = 50;
/** In one run in this many the fates of messages are recorded. */
const FATES_EVERY = 10;

export class JobRunner {
  /** Whether worlds may be shared: not for a program that leaves something behind. */
  private isPure = true;

  constructor(
    private readonly plan: HuntPlan,
    private readonly program: HuntedProgram,
    private readonly workload: Workload,
    private readonly simulator: Pick<Simulator, 'run'>,
  ) {}

  async run({ number, seed }: Job): Promise<Ran> {
    if (number === 0) return this.first(seed);
    const spec = this.specOf(seed);
    if (number % COMPARED_EVERY === 0) return this.compare(spec);
    if (!this.isPure) return { outcome: await this.alone(spec) };
    const outcome = await this.shared(spec, number % FATES_EVERY === 1);
    if (!isFailure(outcome)) return { outcome };
    // What is reported must be there without what other runs have left behind.
    const confirmed = await this.alone(spec);
    if (isSame(outcome, confirmed)) {
      return { outcome: outcome.fates === undefined ? confirmed : { ...confirmed, fates: outcome.fates } };
    }
    this.isPure = false;
    return { outcome: confirmed, doubt: 'impure' };
  }

  private specOf(seed: string): TestSpec {
    const { bin, args } = this.program;
    return { ...planRun(this.plan, seed), bin, args };
  }

  /** In a world that may share with others. */
  private async shared(spec: TestSpec, withFates: boolean): Promise<Outcome> {
    const { workload, simulator } = this;
    const journal = withFates ? new FateJournal() : undefined;
    const run = await simulator.run(spec, workload, spec.seed, journal === undefined ? {} : { journal });
    const outcome = outcomeOf(spec, workload, run);
    return journal === undefined ? outcome : { ...outcome, fates: journal.fates() };
  }

  private async first(seed: string): Promise<Ran> {
    const { bin, args } = this.program;
    const spec = { ...firstRun(this.plan, seed), bin, args };
    const run = await simulateOnce(spec, this.workload, seed);
    const success = run.history.find(({ type, process }) => type === 'ok' && process !== 'nemesis');
    return {
      outcome: outcomeOf(spec, this.workload, run),
      ...(success === undefined ? {} : { readySeconds: Math.floor(success.time / 1e8) / 10 }),
    };
  }

  private async alone(spec: TestSpec): Promise<Outcome> {
    return outcomeOf(spec, this.workload, await simulateOnce(spec, this.workload, spec.seed));
  }

  private async compare(spec: TestSpec): Promise<Ran> {
    const first = await this.withDigest(spec, this.isPure ? this.simulator : ALONE);
    const second = await this.withDigest(spec, ALONE);
    const { outcome } = second;
    if (first.digest === second.digest) return { outcome, compared: true };
    const third = await this.withDigest(spec, ALONE);
    if (third.digest !== second.digest) return { outcome, compared: true, doubt: 'not deterministic' };
    this.isPure = false;
    return { outcome, compared: true, doubt: 'impure' };
  }

  private async withDigest(
    spec: TestSpec,
    simulator: Pick<Simulator, 'run'>,
  ): Promise<{ readonly outcome: Outcome; readonly digest: string }> {
    const journal = new DigestJournal();
    const run = await simulator.run(spec, this.workload, spec.seed, { journal });
    return { outcome: outcomeOf(spec, this.workload, run), digest: digestOfSimulation(run, journal) };
  }
}

const isSame = (one: Outcome, other: Outcome): boolean =>
  one.verdict === other.verdict &&
  one.signature.join() === other.signature.join() &&
  one.operations === other.operations &&
  one.messages === other.messages;
