/**
 * The simulated world: JavaScript and WebAssembly nodes inside this process, in virtual time, with all randomness from
 * the seed.
 *
 * `run` takes events in order, sets the clock to each and runs it, until `main` has its result. Events are callbacks.
 * Promise reactions run only when a `deferred` was resolved, at that virtual instant.
 */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers';
import { setTimeout as wait } from 'node:timers/promises';
import { OwnFault } from '../../protocol/user-error.ts';
import { Causes } from '../cause.ts';
import { NANOS_PER_SECOND, type Clock, type Scheduled } from '../clock.ts';
import { EventQueue } from '../event-queue.ts';
import { Random } from '../random.ts';
import { TurningPoint, type OtherChance } from '../turning-point.ts';
import type {
  ClockSkew,
  Deferred,
  Inspection,
  NodeEvents,
  NodeHandle,
  NodeSpec,
  TurnWatcher,
  World,
} from '../world.ts';
import { allowedEvents, allowedRestless, EventBudgetError, type EventBudget } from './event-budget.ts';
import type { NodeInside, SimulationObserver } from './observer.ts';
import { MemoryGuard, processMemory, type Memory } from './process/memory-guard.ts';
import { Programs } from './program/programs.ts';
import { canSettle, settlePromises, takeRejections, type TakeRejection } from '../rejections.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { DATA_DIR, SimulatedNode } from './simulated-node.ts';
import { nodeChances, type NodeChances } from './turn/turn-chance.ts';
import { TurnRecord, USUAL_YIELD_LIMIT_MS, type FatalKind } from './turn/turn-record.ts';
import { Watchdog } from './turn/watchdog.ts';
import { isTimeout, NeverReturned, ownWorkInProgress, underWatchdog } from '../own-work.ts';
import { WallClock } from './wall-clock.ts';

export interface SimulatedWorldOptions {
  readonly seed: number | string;
  /** When true, every turn of a node takes the minimum time. */
  readonly isCalm?: boolean;
  /** From this moment on randomness differs, and the world is not calm. */
  readonly otherChance?: OtherChance | undefined;
  /**
   * Limit in real time, in milliseconds: a node that computes for longer without yielding is ended, and a run in which
   * nothing happens for longer has stalled. Default: 10 s.
   */
  readonly yieldLimitMs?: number;
  /** The memory that nodes may use up. Default: the heap of this process. */
  readonly memory?: Memory;
  /** Records turns, and says which of them do not take place. */
  readonly turns?: TurnRecord;
  /**
   * Whether a node that does not yield is ended, after which the run continues. Otherwise it may block forever.
   * Default: true.
   */
  readonly watchdog?: boolean;
  /** Beyond it the run throws an EventBudgetError. Default: no limit. */
  readonly eventBudget?: EventBudget;
  /** Shared with earlier and later worlds. */
  readonly programs?: Programs;
  readonly observer?: SimulationObserver;
}

/** A promise that `run` waits for before the next event. */
interface Standstill {
  readonly reached: () => void;
  readonly go: Promise<void>;
}

/**
 * Duration of a slice of events in real time. A slice costs 0.2 ms for its watchdog, and must be short compared with
 * the yield limit and the time in which a Ctrl-C should take effect.
 */
const SLICE_MS = 50;
/** Where lives have ids of their own for the messages that they read, as many are reserved for each. */
const MOST_MESSAGES_OF_LIFE = 1_000_000;
const LOOK_AT_CLOCK_EVERY = 64;
const LOOK_AGAIN_MS = 5;
/** After a turn longer than this in real time, memory is checked, because the turn may have allocated much. */
const LONG_TURN_MS = 2;

export class SimulatedWorld implements World {
  readonly kind = 'simulated';
  readonly random: Random;
  readonly turningPoint: TurningPoint | undefined;
  readonly causes = new Causes();
  readonly clock: Clock = {
    nowNanos: () => this.nowNanos,
    schedule: (atNanos, run) => this.schedule(atNanos, run),
  };
  private readonly queue = new EventQueue();
  private nowNanos = 0;
  private readonly nodes: SimulatedNode[] = [];
  /** Indexed by node name: the node's last life. */
  private readonly lastLives = new Map<string, SimulatedNode>();
  private watcher: TurnWatcher | undefined;
  private readonly chances: NodeChances;
  /** Indexed by node name: the node's clock, which outlives its processes as a machine's does. */
  private readonly wallClocks = new Map<string, WallClock>();
  /** Indexed by node name. */
  private readonly disks = new Map<string, SimulatedDisk>();
  private readonly programs: Programs;
  /** True when no other world uses them. */
  private readonly ownsPrograms: boolean;
  private reusedRealms = 0;
  /** True when promise reactions must run before the clock may advance. */
  private turnWanted = false;
  private turning = false;
  /** True when the `main` of `run` is done. */
  private isDone = false;
  private events = 0;
  private runningNode: SimulatedNode | undefined;
  /** The node whose timers are being scheduled after its turn. */
  private finishingNode: SimulatedNode | undefined;
  /** When the current turn began, in real time. */
  private turnBeganMs = 0;
  private hadLongTurn = false;
  private readonly watchdog: Watchdog | undefined;
  private readonly yieldLimitMs: number;
  private readonly turns: TurnRecord;
  private readonly memory: Memory;
  private readonly memoryGuard: MemoryGuard<SimulatedNode>;
  private readonly eventBudget: EventBudget;
  /** As many as the budget allowed when it was last asked. */
  private allowedEvents = 0;
  private allowedRestless = 0;
  /** The number of events at which a run that has failed ends. */
  private lastEvent = Infinity;
  private readonly observer: SimulationObserver | undefined;
  private standstill: Standstill | undefined;
  /** Resolves the promise of `unwatched`. */
  private leaveWatch: (() => void) | undefined;

  constructor(options: SimulatedWorldOptions) {
    const { seed, isCalm = false, otherChance } = options;
    this.turningPoint = otherChance === undefined ? undefined : new TurningPoint(otherChance, this.clock);
    this.random = Random.fromSeed(seed, this.turningPoint);
    this.chances = nodeChances(this.random.child('simulated'), isCalm, this.turningPoint);
    this.yieldLimitMs = options.yieldLimitMs ?? USUAL_YIELD_LIMIT_MS;
    this.turns = options.turns ?? new TurnRecord();
    this.memory = options.memory ?? processMemory;
    this.memoryGuard = new MemoryGuard(this.memory);
    this.programs = options.programs ?? new Programs();
    this.ownsPrograms = options.programs === undefined;
    this.eventBudget = options.eventBudget ?? Infinity;
    this.observer = options.observer;
    if (options.watchdog ?? true) this.watchdog = new Watchdog(this.yieldLimitMs);
  }

  /** The number of events so far. */
  get eventCount(): number {
    return this.events;
  }

  /** Whether a node has run in a reused realm. */
  get hasReusedRealms(): boolean {
    return this.reusedRealms > 0;
  }

  /**
   * Starts a program that `bundleNode(..., 'simulated')` has prepared, or one from source. A source is compiled while
   * virtual time stands still; if that fails, `run` rejects with the UserError.
   */
  startNode(spec: NodeSpec, events: NodeEvents): NodeHandle {
    this.programs.load(spec.bin);
    const node = new SimulatedNode(spec, events, {
      clock: this.clock,
      wallClock: this.wallClock(spec.name),
      chances: this.chances,
      causes: this.causes,
      life: this.causes.current.next(`life of ${spec.name}`),
      pid: 1000 + this.nodes.length,
      disk: this.disk(spec.name),
      firstOwnId: this.programs.remembersLives ? MOST_MESSAGES_OF_LIFE * (1 + this.nodes.length) : undefined,
      program: () => this.programs.get(spec.bin),
      reused: () => void this.reusedRealms++,
      deferred: () => this.deferred(),
      enter: (running) => this.enter(running),
      leave: () => this.leave(),
      finishing: (one) => void (this.finishingNode = one),
      lived: (of, change) => this.observer?.lived(of.name, change),
      vanished: (gone) => {
        if (this.lastLives.get(gone.name) === gone) this.watcher?.gone(gone.name);
      },
    });
    this.nodes.push(node);
    this.lastLives.set(spec.name, node);
    this.observer?.lived(spec.name, 'started');
    return node;
  }

  skew(node: string, skew: ClockSkew): void {
    this.wallClock(node).set(skew, this.nowNanos);
  }

  inspect(node: string): Inspection | undefined {
    if (this.runningNode !== undefined) throw new Error(`${node} cannot be looked at during a turn`);
    const looked = this.lastLives.get(node);
    // A look that does not return ends the node, as a turn does.
    this.runningNode = looked;
    try {
      return looked?.look();
    } finally {
      this.runningNode = undefined;
    }
  }

  /** Returns the node's state and timers, or undefined when it does not run. Must be called between turns. */
  insideOf(node: string): NodeInside | undefined {
    return this.lastLives.get(node)?.inside();
  }

  failed(kind: string): void {
    const { eventBudget } = this;
    if (typeof eventBudget === 'number' || eventBudget.afterFailure === undefined) return;
    const { events, kind: awaited = kind } = eventBudget.afterFailure;
    if (kind !== awaited) return;
    this.lastEvent = Math.min(this.lastEvent, this.events + events);
    this.allowedEvents = 0;
  }

  watchTurns(watcher: TurnWatcher): void {
    this.watcher = watcher;
  }

  /**
   * Makes `run` call `reached` after the event in progress and wait for `go`, without changing the run. If `go`
   * rejects, so does `run`.
   */
  standStill(reached: () => void, go: Promise<void>): void {
    this.standstill = { reached, go };
    // Makes `spin` return.
    this.turnWanted = true;
  }

  deferred<T>(): Deferred<T> {
    let settle: Pick<Deferred<T>, 'resolve' | 'reject'> | undefined;
    const promise = new Promise<T>((resolve, reject) => {
      settle = {
        resolve: (value) => {
          this.turnWanted = true;
          resolve(value);
        },
        reject: (error) => {
          this.turnWanted = true;
          reject(error);
        },
      };
    });
    if (settle === undefined) throw new Error('a promise runs its executor at once');
    return { promise, ...settle };
  }

  unwatched(): Promise<void> {
    this.turnWanted = true;
    return new Promise((resolve) => {
      this.leaveWatch = resolve;
    });
  }

  async run<T>(main: () => Promise<T>, take: TakeRejection = () => false): Promise<T> {
    if (this.turning) throw new Error('this world is running already');
    this.turning = true;
    const taking = takeRejections(take);
    try {
      this.isDone = false;
      const result = main().finally(() => (this.isDone = this.turnWanted = true));
      // The promise is awaited below; this keeps Node from reporting an unhandled rejection until then.
      result.catch(() => {});
      for (let idle = 0; ;) {
        await this.standHere();
        await this.programs.finishLoading();
        const hadEvents = await fromEventLoop(() => {
          taking.turns();
          return this.turnWheel();
        });
        idle = hadEvents ? 0 : idle + 1;
        if (this.isDone) return await result;
        this.watchMemory();
        // Without events, the run may still be writing a file.
        if (idle > 2) await wait(LOOK_AGAIN_MS);
        if (idle * LOOK_AGAIN_MS > this.yieldLimitMs) throw this.stalled();
      }
    } finally {
      taking.giveBack();
      this.turning = false;
    }
  }

  close(): Promise<void> {
    for (const node of this.nodes) node.kill();
    if (this.ownsPrograms) this.programs.clear();
    return Promise.resolve();
  }

  private async standHere(): Promise<void> {
    const { standstill } = this;
    if (standstill === undefined) return;
    this.standstill = undefined;
    standstill.reached();
    await standstill.go;
  }

  private disk(name: string): SimulatedDisk {
    let disk = this.disks.get(name);
    if (disk === undefined) this.disks.set(name, (disk = new SimulatedDisk(DATA_DIR)));
    return disk;
  }

  private schedule(atNanos: number, run: () => void): Scheduled {
    return this.queue.push(Math.max(atNanos, this.nowNanos), run);
  }

  // The event loop

  /** Runs a slice of the simulation. Returns whether anything happened. */
  private turnWheel(): boolean {
    const endMs = performance.now() + SLICE_MS;
    this.leaveWatch?.();
    this.leaveWatch = undefined;
    this.turnWanted = false;
    settlePromises();
    return this.mustPause || this.spinWatched(endMs);
  }

  /** True when only `run` can go on. */
  private get mustPause(): boolean {
    return (
      this.isDone || this.programs.isLoading || this.standstill !== undefined || this.leaveWatch !== undefined
    );
  }

  /**
   * Alternates between events and promise reactions, until there is no event, a turn was long, a program must be
   * loaded, the run wants to compute for long, or the slice is over. Returns whether there was any event.
   */
  private turnEvents(endMs: number): boolean {
    for (let hadEvents = false; ; hadEvents = true) {
      if (!this.spin(endMs)) return hadEvents;
      if (!this.turnWanted || !canSettle) return true;
      this.turnWanted = false;
      settlePromises();
      if (this.mustPause) return true;
    }
  }

  /** Runs `turnEvents`, under the watchdog if there is one. */
  private spinWatched(endMs: number): boolean {
    const spin = (): boolean => this.turnEvents(endMs);
    try {
      return this.watchdog === undefined ? spin() : underWatchdog(() => this.watchdog?.run(spin) ?? false);
    } catch (error) {
      this.causes.reset();
      if (!isTimeout(error)) throw error;
      const node = this.runningNode ?? this.finishingNode;
      if (node === undefined) {
        const asking = this.watcher?.asking;
        if (asking !== undefined)
          throw new OwnFault(
            `The ${asking} did not return within ${this.yieldLimitMs / 1000} s of real time, at virtual time ${(this.nowNanos / NANOS_PER_SECOND).toFixed(3)} s.`,
            'Which loop of it does not end?',
          );
        const own = ownWorkInProgress();
        if (own !== undefined) throw new NeverReturned(own, this.yieldLimitMs);
        throw new Error(`The harness itself did not yield for ${this.yieldLimitMs / 1000} s of real time`, {
          cause: error,
        });
      }
      this.runningNode = this.finishingNode = undefined;
      this.turns.end(true);
      this.observer?.overran(this.turns.number);
      node.overrun(this.endWords(node, 'time'));
      return true;
    }
  }

  /** Begins a turn of the node. Returns false if the node has been ended instead. */
  private enter(node: SimulatedNode): boolean {
    const fatal = this.turns.begin();
    if (fatal !== undefined) {
      node.overrun(this.endWords(node, fatal));
      return false;
    }
    this.memoryGuard.enter();
    this.turnBeganMs = performance.now();
    this.runningNode = node;
    return true;
  }

  private leave(): void {
    const { runningNode } = this;
    if (runningNode === undefined) return;
    const wasLong = performance.now() - this.turnBeganMs > LONG_TURN_MS;
    this.turns.end(wasLong);
    this.memoryGuard.leave(runningNode);
    if (wasLong) this.hadLongTurn = true;
    this.runningNode = undefined;
    this.watcher?.turn(runningNode.name, this.turns.number);
    if (this.observer === undefined) return;
    const { kind, turn } = runningNode.lastTurn;
    this.observer.turned(runningNode.name, kind, turn);
  }

  /**
   * Returns the same text for a turn that was ended and for one that does not take place, so that both runs have the
   * same bytes.
   */
  private endWords(node: SimulatedNode, kind: FatalKind): string {
    const at = `at virtual time ${(this.nowNanos / NANOS_PER_SECOND).toFixed(3)} s, and was ended.`;
    if (kind === 'time')
      return `${node.name} did not yield for ${this.yieldLimitMs / 1000} s of real time ${at}`;
    const filled = `filled the memory of the simulation in a single turn (${Math.round(this.memory.limitBytes / 1e6)} MB)`;
    return (
      `${node.name} ${filled} ${at} ` +
      `Which loop or recursion of it keeps adding? To allow more: NODE_OPTIONS=--max-old-space-size=8000.`
    );
  }

  private watchMemory(): void {
    const greedy = this.memoryGuard.look();
    if (greedy === undefined) return;
    const { process: node, usedBytes } = greedy;
    node.overrun(
      `${node.name} has used up the memory of the simulation (${Math.round(usedBytes / 1e6)} MB are in use) ` +
        `at virtual time ${(this.nowNanos / NANOS_PER_SECOND).toFixed(3)} s, and was ended. ` +
        `What does it keep forever? To allow more: NODE_OPTIONS=--max-old-space-size=8000.`,
    );
  }

  /**
   * Runs events until promise reactions must run, or for one of the reasons above. Returns whether there was any event.
   */
  private spin(endMs: number): boolean {
    const { queue } = this;
    for (let count = 1; ; count++) {
      const event = queue.pop();
      if (event === undefined) return count > 1;
      if (++this.events > this.allowedEvents || this.causes.restless > this.allowedRestless)
        this.allowEvents(event.atNanos);
      this.nowNanos = event.atNanos;
      event.run();
      if (this.turnWanted || this.programs.isLoading) return true;
      if (this.hadLongTurn) {
        this.hadLongTurn = false;
        return true;
      }
      if (count % LOOK_AT_CLOCK_EVERY === 0 && performance.now() > endMs) return true;
    }
  }

  /** Throws if the budget has no event at that time. */
  private allowEvents(atNanos: number): void {
    const seconds = atNanos / NANOS_PER_SECOND;
    this.allowedEvents = Math.min(allowedEvents(this.eventBudget, seconds), this.lastEvent);
    this.allowedRestless = allowedRestless(this.eventBudget, seconds);
    if (this.events > this.allowedEvents || this.causes.restless > this.allowedRestless)
      throw new EventBudgetError(this.events - 1, seconds);
  }

  private stalled(): Error {
    const seconds = (this.nowNanos / NANOS_PER_SECOND).toFixed(3);
    return new Error(
      `The simulation has stalled at virtual time ${seconds} s: the run waits for something, and no event is left that ` +
        `could bring it about. The run must wait only for promises made by world.deferred(), and the code that makes one must ` +
        `resolve it also when no node ever answers.`,
    );
  }

  private wallClock(node: string): WallClock {
    let clock = this.wallClocks.get(node);
    if (clock === undefined) {
      clock = new WallClock();
      this.wallClocks.set(node, clock);
    }
    return clock;
  }
}

/**
 * Calls `act` from a callback of the event loop. Pending promise reactions can be run from there, but not from within a
 * promise's reaction.
 */
function fromEventLoop<T>(act: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(act());
      } catch (error) {
        reject(error);
      }
    });
  });
}
