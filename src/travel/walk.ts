/**
 * One making of a run, that stands still at an event until it is asked to go on. It is held to the index of the run: what it does
 * otherwise than the first time ends it.
 */
import { simulateIn } from '../harness/simulations/simulate-once.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Workload } from '../workloads/workload.ts';
import type { Programs } from '../world/simulated/programs.ts';
import { TurnRecord } from '../world/simulated/turn-record.ts';
import type { EventIndex, RawEvent } from './event-index.ts';
import { Refusal } from './refusal.ts';
import { RunEvents } from './run-events.ts';

export interface WalkOptions {
  /** With the program as `bundleNode` has prepared it. */
  readonly spec: TestSpec;
  readonly workload: Workload;
  readonly programs: Programs;
  readonly index: EventIndex;
  /** Told of every event once it has happened. */
  readonly onEvent: (event: number, run: RunEvents) => void;
}

/** A run that was made again is not the same. */
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
    // A node that did not yield is ended where that turn would begin, without waiting for it again.
    const turns = new TurnRecord({ fatal: index.fatalTurns });
    const limits = { programs, observer: this.run, turns };
    // A look changes nothing, so that what was asked of the states need not be asked again.
    const simulate = { journal: this.run, watch: this.run };
    simulateIn(limits, { ...spec, invariants: [] }, workload, spec.seed, simulate).then(
      () => this.end(undefined),
      (error: Error) => this.end(error),
    );
  }

  /** Goes on to that event, or to the end. Rejects with a DifferentRun, or with what ended the run. */
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

  /** Ends it where it is. */
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
    // Before there is a world its first event comes here again.
    if (this.isStanding || world === undefined) return;
    this.isStanding = true;
    const go = new Promise<void>((resolve, reject) => {
      this.goOn = resolve;
      this.giveUp = reject;
    });
    // It is waited for only once the world has come to it.
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

/** Turns that do not yield are known, and do not take place: so it was the look at a state. */
const neverShown = (event: number): Refusal =>
  new Refusal(
    409,
    `After event ${event} a node was asked for its state and did not yield: what it gives to node.inspect (or maelstromInspect) does not return.`,
    'Which loop of it does not end?',
  );
