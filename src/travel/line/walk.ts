/**
 * One repetition of a run, which pauses at an event until it is asked to continue. It is compared with the index of the
 * run, and ends at the first difference.
 */
import { simulateIn } from '../../harness/simulations/simulate-once.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { Programs } from '../../world/simulated/program/programs.ts';
import { TurnRecord } from '../../world/simulated/turn/turn-record.ts';
import type { EventIndex, RawEvent } from '../events/event-index.ts';
import { Refusal } from '../refusal.ts';
import { RunEvents } from '../events/run-events.ts';

export interface WalkOptions {
  /** Its program is as prepared by `bundleNode`. */
  readonly spec: TestSpec;
  readonly workload: Workload;
  readonly programs: Programs;
  readonly index: EventIndex;
  /** Called for every event once it has happened. */
  readonly onEvent: (event: number, run: RunEvents) => void;
}

/** Thrown when a repeated run differs from the first one. */
export class DifferentRun extends Error {
  constructor(readonly event: number) {
    super(`event ${event} is another one than when the run was made first`);
  }
}

export class Walk {
  /** The last event so far; -1 before the first. */
  at = -1;
  private readonly run: RunEvents;
  private goal = -1;
  private isOver = false;
  private isStanding = false;
  private failure: Error | undefined;
  private goOn: (() => void) | undefined;
  private giveUp: ((error: Error) => void) | undefined;
  private arrive: () => void = () => undefined;

  constructor(private readonly options: WalkOptions) {
    const { index, spec, workload, programs } = options;
    this.run = new RunEvents(index, {
      event: (event, raw) => this.onEvent(event, raw),
      overran: () => this.fail(neverShown(this.at)),
    });
    // A node that did not yield in the first run is ended where that turn would begin, to avoid the wait.
    const turns = new TurnRecord({ fatal: index.fatalTurns });
    const limits = { programs, observer: this.run, turns };
    // Inspecting a state changes nothing, so invariants need not be evaluated again.
    const simulate = { journal: this.run, watch: this.run };
    simulateIn(limits, { ...spec, invariants: [] }, workload, spec.seed, simulate).then(
      () => this.end(undefined),
      (error: Error) => this.end(error),
    );
  }

  /** Continues to event `goal`, or to the end. Rejects with a DifferentRun, or with the error that ended the run. */
  async advance(goal: number): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    if (this.isOver || this.at >= goal) return;
    this.goal = goal;
    const there = new Promise<void>((resolve) => (this.arrive = resolve));
    this.isStanding = false;
    this.goOn?.();
    await there;
    if (this.failure !== undefined) throw this.failure;
  }

  close(): void {
    this.fail(new Error('this making of the run was ended'));
    this.giveUp?.(this.failure ?? new Error('ended'));
  }

  private onEvent(event: number, raw: RawEvent): void {
    this.at = event;
    if (this.failure !== undefined) return this.stand();
    const { index, onEvent } = this.options;
    if (!index.isSame(event, raw)) return this.fail(new DifferentRun(event));
    onEvent(event, this.run);
    if (event >= this.goal) this.stand();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.stand();
  }

  private stand(): void {
    const { world } = this.run;
    // Before the world exists, its first event will call this again.
    if (this.isStanding || world === undefined) return;
    this.isStanding = true;
    const go = new Promise<void>((resolve, reject) => {
      this.goOn = resolve;
      this.giveUp = reject;
    });
    // Keeps Node from reporting an unhandled rejection before the world awaits it.
    go.catch(() => {});
    world.standStill(() => {
      if (this.failure === undefined) this.arrive();
      else this.giveUp?.(this.failure);
    }, go);
  }

  private end(error: Error | undefined): void {
    this.isOver = true;
    if (error !== undefined) this.failure ??= error;
    this.arrive();
  }
}

/** Turns that do not yield are known and skipped, so inspecting a state must have been the cause. */
const neverShown = (event: number): Refusal =>
  new Refusal(
    409,
    `After event ${event} a node was asked for its state and did not yield: what it gives to node.inspect (or maelstromInspect) does not return.`,
    'Which loop of it does not end?',
  );
