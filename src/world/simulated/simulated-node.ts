/**
 * A node in the simulated world: a process in a sandbox, with an inbox and timers in virtual time.
 *
 * It does one thing at a time, in the order in which messages arrive and timers become due. Each takes some
 * microseconds, drawn from the seed for that thing. While the node is paused everything waits.
 */
import { causeOf, NO_ORIGIN, Turn, type Cause, type Causes } from '../cause.ts';
import type { Clock, Scheduled } from '../clock.ts';
import type { Chance } from '../random.ts';
import type {
  Deferred,
  Inspection,
  NodeEvents,
  NodeExit,
  NodeHandle,
  NodeSpec,
  Packet,
  UnfinishedLine,
} from '../world.ts';
import type { GuestSettings } from '../../guest/bridge.ts';
import { Inbox } from './inbox.ts';
import type { NodeProgram, Sandbox } from './program/node-program.ts';
import { mentionsLack } from './process/mentions-lack.ts';
import { NodeTimers } from './node-timers.ts';
import type { LifeChange, NodeInside, TurnKind } from './observer.ts';
import { Output, OutputLimitError, TURN_LIMIT_BYTES } from './output.ts';
import type { HostParts } from './process/host-parts.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import type { SourcePositions } from './program/source-positions.ts';
import { TurnChance, type NodeChances } from './turn/turn-chance.ts';
import { MICROSECOND, TurnClock } from './turn/turn-clock.ts';
import type { WallClock } from './wall-clock.ts';

/** The time that `Date` shows at virtual time 0: 1 January 2024. */
export const EPOCH_MS = Date.UTC(2024, 0, 1);
const GRACE_NANOS = 500_000_000;
/** The virtual time for passing on one slice of a large output. */
const SLICE_NANOS = 20 * MICROSECOND;
/** The path of its disk, as the node sees it. */
export const DATA_DIR = '/simulated/data';

/** What the nodes of one world share. */
export interface NodeSurroundings {
  readonly clock: Clock;
  /** This node's clock for the time of day. */
  readonly wallClock: WallClock;
  readonly chances: NodeChances;
  readonly causes: Causes;
  /** The identity of this life. */
  readonly life: Cause;
  readonly pid: number;
  /** The node's own disk, with the files of its earlier lives. */
  readonly disk: SimulatedDisk;
  /** See Inbox. */
  readonly firstOwnId: number | undefined;
  program(): NodeProgram;
  /** Called when its process runs in a reused realm. */
  reused(): void;
  deferred<T>(): Deferred<T>;
  /** Begins a turn, for the watchdog. Returns false if the node has been ended instead. */
  enter(node: SimulatedNode): boolean;
  /** Ends the turn. */
  leave(): void;
  /** Sets the node that the watchdog holds to account for work that follows its turn. */
  finishing(node: SimulatedNode | undefined): void;
  lived(node: SimulatedNode, change: LifeChange): void;
  /** Called when nothing of the node is left. */
  vanished(node: SimulatedNode): void;
}

export class SimulatedNode implements NodeHandle {
  readonly name: string;
  running = true;
  private readonly output: Output;
  private positions: SourcePositions | undefined;
  private sandbox: Sandbox | undefined;
  private phase: 'starting' | 'alive' | 'exited' | 'gone' = 'starting';
  /** Nothing is reported any more: it was killed or is being stopped. */
  private quiet = false;
  private paused = false;

  private readonly inbox: Inbox;
  private readonly timers: NodeTimers;
  /** The next number in the order in which messages and timers become ready, which is the order of their turns. */
  private nextOrder = 0;
  private listening = false;
  /** True when it has closed its stdin, which is noticed once something is written to it. */
  private isDeaf = false;
  private hasRefused = false;
  /** True when it has closed its stdout, which is noticed once everything printed before has been read. */
  private closesStdout = false;

  private nextStep: Scheduled | undefined;
  private busyUntilNanos = 0;
  /** How far the process has come in the current turn, or at the end of the last one. */
  private readonly turnClock: TurnClock;
  private readonly chance: TurnChance;
  /** The current turn, or the last one, whose output may still have to be passed on. */
  private turn: Turn;
  private turnKind: TurnKind = 'start';
  private exitCode: number | null = null;
  private exitSignal: string | null = null;
  private byWatchdog = false;
  private stopped: Deferred<void> | undefined;

  constructor(
    private readonly spec: NodeSpec,
    private readonly events: NodeEvents,
    private readonly around: NodeSurroundings,
  ) {
    this.name = spec.name;
    this.inbox = new Inbox(around.firstOwnId);
    this.turn = new Turn(around.life, NO_ORIGIN);
    this.turnClock = new TurnClock(around.clock);
    this.chance = new TurnChance(around.chances);
    this.timers = new NodeTimers(
      around.clock,
      () => this.turn,
      () => this.nextOrder++,
      () => this.wake(),
    );
    this.output = new Output(
      spec,
      events,
      () => this.quiet,
      () => around.clock.nowNanos(),
    );
    // Starting a process takes a moment.
    this.step(1_000 * MICROSECOND + this.cost(this.turn).int(1_000 * MICROSECOND));
  }

  get backlogBytes(): number {
    return this.inbox.bytes;
  }

  lastStderr(): Pick<NodeExit, 'lastStderr' | 'cause'> {
    return this.output.lastStderr();
  }

  get unfinishedLine(): UnfinishedLine | undefined {
    return this.output.unfinishedLine;
  }

  deliver(packet: Packet): void {
    if (!this.running) return;
    if (this.isDeaf) return this.refuse();
    this.inbox.push(packet, this.nextOrder++);
    this.wake();
  }

  kill(): void {
    this.quiet = true;
    if (this.phase !== 'gone') this.around.disk.tear(this.around.chances.disk.at(this.around.life));
    this.vanish();
  }

  pause(): void {
    this.paused = true;
    this.around.lived(this, 'paused');
  }

  resume(): void {
    this.paused = false;
    this.around.lived(this, 'resumed');
    this.wake();
  }

  stop(): Promise<void> {
    if (this.stopped !== undefined) return this.stopped.promise;
    const stopped = this.around.deferred<void>();
    this.stopped = stopped;
    this.quiet = true;
    this.running = false;
    this.paused = false;
    this.around.clock.schedule(this.around.clock.nowNanos(), () => this.askToEnd());
    return stopped.promise;
  }

  /** Ends a node that has computed for too long and was stopped in the middle of a turn. */
  overrun(text: string): void {
    if (this.phase === 'gone') return;
    if (this.phase !== 'exited') this.byWatchdog = true;
    if (this.phase === 'alive') this.output.writeStderr(`\n${text}\n`);
    this.exited(null, 'SIGKILL');
    this.leave();
  }

  /** Returns the state that the program shows. Must be called between turns. */
  look(): Inspection | undefined {
    const { sandbox } = this;
    if (this.phase !== 'alive' || sandbox === undefined) return undefined;
    const shown = this.turnClock.undisturbed(() => sandbox.look());
    if (shown === undefined) return undefined;
    const text = shown.slice(1);
    return shown.startsWith('=') ? { kind: 'state', json: text } : { kind: 'problem', message: text };
  }

  /** The current turn, or the last one. */
  get lastTurn(): { readonly turn: Turn; readonly kind: TurnKind } {
    return { turn: this.turn, kind: this.turnKind };
  }

  /** Returns the process's state and timers, or undefined when it does not run. Must be called between turns. */
  inside(): NodeInside | undefined {
    if (this.phase !== 'starting' && this.phase !== 'alive') return undefined;
    return {
      isStarting: this.phase === 'starting',
      isPaused: this.paused,
      timers: this.timers.pending(this.turnClock.endNanos()),
    };
  }

  // Turns

  private wake(): void {
    if (this.nextStep !== undefined || this.paused || this.phase !== 'alive') return;
    const next = this.next();
    if (next === undefined) return;
    const cost = this.cost(next.turn);
    this.step((next.kind === 'timer' ? 2 + cost.int(8) : 10 + cost.int(90)) * MICROSECOND);
  }

  private next(): { readonly kind: 'timer' | 'message'; readonly turn: Turn } | undefined {
    const timer = this.timers.next;
    const message = this.listening ? this.inbox.next : undefined;
    if (timer !== undefined && (message === undefined || timer.order < message.order))
      return { kind: 'timer', turn: timer.turn };
    return message === undefined ? undefined : { kind: 'message', turn: message.turn };
  }

  private cost({ cause }: Turn): Chance {
    return this.around.chances.costs.at(cause);
  }

  private step(costNanos: number): void {
    const { clock } = this.around;
    const beginNanos = Math.max(clock.nowNanos(), this.busyUntilNanos);
    this.nextStep = clock.schedule(beginNanos + costNanos, this.takeStep);
  }

  private readonly takeStep = (): void => {
    this.nextStep = undefined;
    if (this.paused && this.phase !== 'exited') {
      if (this.phase === 'starting') this.step(GRACE_NANOS); // checks again later
      return;
    }
    if (this.handOn()) {
      // A line may cause the node to be killed.
      if (!this.isGone()) this.step(SLICE_NANOS);
      return;
    }
    if (this.phase === 'exited') this.tellExit();
    else if (this.phase === 'starting') this.begin();
    else if (this.phase === 'alive') this.takeNext();
  };

  private begin(): void {
    this.phase = 'alive';
    const program = this.around.program();
    this.positions = program.positions;
    const { name, args, env } = this.spec;
    const { clock, wallClock, disk } = this.around;
    const settings: GuestSettings = {
      name,
      argv: ['/simulated/node', `/simulated/${program.name}`, ...args],
      env: { ...env, MAELSTROM_DATA_DIR: DATA_DIR },
      pid: this.around.pid,
      epochMs: EPOCH_MS,
    };
    const parts: HostParts = {
      startedNanos: clock.nowNanos(),
      write: (fd, data) => this.write(fd, data),
      closed: (fd) => this.closed(fd),
      listen: (listening) => (this.listening = listening),
      // The system keeps the lowest eight bits.
      exit: (code) => this.exited(code & 0xff, null),
      die: (signal) => this.signalled(signal),
      turn: this.turnClock,
      wallClock,
      chance: this.chance,
      timers: this.timers,
      disk,
    };
    if (!this.enter(this.turn, 'start')) return;
    const sandbox = program.open(settings, parts);
    this.sandbox = sandbox;
    if (sandbox.isReused) this.around.reused();
    sandbox.start();
    this.leave();
  }

  private takeNext(): void {
    const { sandbox } = this;
    if (sandbox === undefined) return;
    const next = this.next();
    const timer = next?.kind === 'timer' ? this.timers.takeDue() : undefined;
    const line = next?.kind === 'message' ? this.inbox.take() : undefined;
    if (next === undefined || (timer === undefined && line === undefined)) {
      this.wake(); // the timer was cleared while it waited
      return;
    }
    if (!this.enter(next.turn, next.kind)) return;
    if (timer !== undefined) sandbox.fireTimer(timer);
    else if (line !== undefined) sandbox.stdin(line);
    this.leave();
  }

  /** Begins a turn. Returns false if the node has been ended instead. */
  private enter(turn: Turn, kind: TurnKind): boolean {
    this.turn = turn;
    this.turnKind = kind;
    this.turnClock.begin();
    this.chance.begin(turn.cause);
    return this.around.enter(this);
  }

  /** Ends a turn: schedules the timers that it has set, and passes on its output. */
  private leave(): void {
    this.around.leave();
    this.busyUntilNanos = this.turnClock.endNanos();
    // Millions of timers take so long that it counts as part of the turn. Those of a process that has ended never fire.
    this.around.finishing(this);
    if (this.phase === 'exited') this.timers.clear();
    else this.timers.scheduleAdded(this.busyUntilNanos);
    this.around.finishing(undefined);
    if (this.phase === 'alive' && this.isDry()) this.endDry();
    if (this.handOn() && !this.isGone()) this.step(SLICE_NANOS);
    else if (this.phase === 'exited') this.tellExit();
    else this.wake();
  }

  // Output

  /** Passes on some of the output, with its turn as the cause. Returns whether there is more. */
  private handOn(): boolean {
    const hasMore = this.around.causes.during(this.turn, () => this.output.handOn());
    if (!hasMore && this.closesStdout) this.reportClosedStdout();
    return hasMore;
  }

  /** Reports the closed stdout, unless the process has ended in the same turn: then the exit is reported. */
  private reportClosedStdout(): void {
    if (this.phase !== 'alive') return;
    this.closesStdout = false;
    this.output.end();
    if (!this.quiet) this.events.stdoutClosed();
  }

  private write(fd: 1 | 2, data: string | Uint8Array): void {
    if (this.phase !== 'alive') return;
    if (fd === 2) {
      this.output.writeStderr(typeof data === 'string' ? (this.positions?.restore(data) ?? data) : data);
    } else if (!this.output.writeStdout(data)) {
      this.output.writeStderr(
        `\nIt printed more than ${TURN_LIMIT_BYTES} bytes without returning to its event loop. ` +
          `The simulation reads nothing meanwhile, so it was ended.\n`,
      );
      this.exited(null, 'SIGKILL');
      throw new OutputLimitError('the output limit of one turn is exceeded');
    }
  }

  // Closed streams

  private closed(fd: 0 | 1): void {
    if (fd === 1) this.closesStdout = true;
    else {
      this.isDeaf = true;
      this.inbox.clear();
    }
  }

  /** Reports that stdin is closed: writes to it are not read. */
  private refuse(): void {
    if (this.hasRefused) return;
    this.hasRefused = true;
    if (!this.quiet) this.events.stdinClosed?.();
  }

  // Exit

  private isDry(): boolean {
    return !this.listening && !this.timers.keepsAlive;
  }

  private endDry(): void {
    this.turnKind = 'end';
    if (!this.around.enter(this)) return;
    this.sandbox?.beforeExit();
    this.timers.scheduleAdded(this.busyUntilNanos);
    if (this.phase === 'alive' && this.isDry()) this.sandbox?.exitDry();
    this.around.leave();
  }

  private signalled(signal: string): void {
    if (signal === 'SIGSTOP' || signal === 'SIGTSTP') this.paused = true;
    else this.exited(null, signal);
  }

  private exited(code: number | null, signal: string | null): void {
    if (this.phase !== 'alive' && this.phase !== 'starting') return;
    this.phase = 'exited';
    this.running = false;
    this.exitCode = code;
    this.exitSignal = signal;
  }

  private tellExit(): void {
    this.output.end();
    const said = this.output.lastStderr();
    const wasQuiet = this.quiet;
    this.vanish();
    if (wasQuiet) return;
    const by = this.byWatchdog ? ({ byWatchdog: true } as const) : {};
    const lacks = mentionsLack(said) ? ({ notSimulated: true } as const) : {};
    this.events.exit({ code: this.exitCode, signal: this.exitSignal, ...said, ...by, ...lacks });
  }

  private askToEnd(): void {
    const { sandbox } = this;
    if (this.phase === 'alive' && sandbox !== undefined) {
      if (!this.enter(new Turn(causeOf(this.around.life, 'SIGTERM', 0), NO_ORIGIN), 'signal')) return;
      const heard = sandbox.signal('SIGTERM');
      if (heard) sandbox.endStdin();
      this.leave();
      if (heard && !this.isGone()) {
        this.around.clock.schedule(this.around.clock.nowNanos() + GRACE_NANOS, () => this.vanish());
        return;
      }
    }
    this.vanish();
  }

  /** A turn of the process may change the phase, which the compiler's narrowing does not consider. */
  private isGone(): boolean {
    return this.phase === 'gone';
  }

  /** Releases everything, and cancels what the process left scheduled. */
  private vanish(): void {
    this.running = false;
    if (this.phase !== 'gone') {
      this.phase = 'gone';
      this.sandbox?.close();
      this.sandbox = undefined;
      this.nextStep?.cancel();
      this.nextStep = undefined;
      this.timers.clear();
      this.inbox.clear();
      this.output.close();
      this.around.disk.releaseAll();
      this.around.lived(this, this.stopped !== undefined ? 'stopped' : this.quiet ? 'killed' : 'ended');
      this.around.vanished(this);
    }
    this.stopped?.resolve();
  }
}
