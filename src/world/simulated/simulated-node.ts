/**
 * A node in the simulated world: a process in a sandbox, with an inbox and timers in virtual time.
 *
 * It does one thing at a time, in the order in which messages come and timers become due, and each takes some
 * microseconds drawn from the seed. While it is paused everything waits.
 */
import type { Clock, Scheduled } from '../clock.ts';
import type { Random } from '../random.ts';
import type { Deferred, NodeEvents, NodeHandle, NodeSpec, Packet } from '../world.ts';
import { Fifo } from './fifo.ts';
import type { GuestSettings } from './guest/bridge.ts';
import { Output, TURN_LIMIT_BYTES } from './output.ts';
import { Sandbox, type CompiledProgram, type SandboxHost } from './sandbox.ts';
import type { SimulatedDisk } from './simulated-disk.ts';
import { SourcePositions } from './source-positions.ts';
import type { WallClock } from './wall-clock.ts';

const MICROSECOND = 1_000;
/** What `Date` says at virtual time 0: 1 January 2024. */
export const EPOCH_MS = Date.UTC(2024, 0, 1);
const GRACE_NANOS = 500_000_000;
/** What a slice of a large output takes, and how much of a packet's line is not its body. */
const SLICE_NANOS = 20 * MICROSECOND;
const ENVELOPE_BYTES = 50;
/** Where a node finds its disk. */
export const DATA_DIR = '/simulated/data';
const SYNC_NANOS = 100 * MICROSECOND;

/** What nodes of one world share. */
export interface NodeSurroundings {
  readonly clock: Clock;
  /** What this node takes for the time of day. */
  readonly wallClock: WallClock;
  /** This process's own streams. */
  readonly random: Random;
  readonly pid: number;
  /** The node's own, of which it finds what its former lives have left. */
  readonly disk: SimulatedDisk;
  program(): CompiledProgram;
  deferred<T>(): Deferred<T>;
  /** Says which node has the processor now, for the watchdog. */
  enter(node: SimulatedNode | undefined): void;
}

/** Something that is ready, and its place in the order of all that ever were. */
interface Ready<T> {
  readonly order: number;
  readonly what: T;
}

/** A message as the node will read it. The packet's bytes are the sender's, who writes the next one over them. */
interface Letter {
  readonly line: string;
  readonly bytes: number;
}

interface Timer {
  readonly id: number;
  readonly delayNanos: number;
  keepsAlive: boolean;
  armed: boolean;
  scheduled: Scheduled | undefined;
}

export class SimulatedNode implements NodeHandle {
  readonly name: string;
  running = true;
  private readonly costs: Random;
  private readonly output: Output;
  private positions: SourcePositions | undefined;
  private sandbox: Sandbox | undefined;
  private phase: 'starting' | 'alive' | 'exited' | 'gone' = 'starting';
  /** Nothing is told any more: it was killed or is being stopped. */
  private quiet = false;
  private paused = false;

  private readonly inbox = new Fifo<Ready<Letter>>();
  private inboxBytes = 0;
  private readonly dueTimers = new Fifo<Ready<Timer>>();
  private nextOrder = 0;
  private readonly timers = new Map<number, Timer>();
  private newTimers: Timer[] = [];
  /** How many timers keep it alive. */
  private keeping = 0;
  private listening = false;
  private readonly heads = new Map<string, string>();

  private nextStep: Scheduled | undefined;
  private busyUntilNanos = 0;
  /** How far this turn has come beyond the time at which it began: looking at the clock takes time. */
  private turnNanos = 0;
  private exitCode: number | null = null;
  private exitSignal: string | null = null;
  private stopped: Deferred<void> | undefined;

  constructor(
    private readonly spec: NodeSpec,
    private readonly events: NodeEvents,
    private readonly around: NodeSurroundings,
  ) {
    this.name = spec.name;
    this.costs = around.random.child('costs');
    this.output = new Output(
      spec,
      events,
      () => this.quiet,
      () => around.clock.nowNanos(),
    );
    // A process takes a moment to start.
    this.step(1_000 * MICROSECOND + this.costs.int(1_000 * MICROSECOND));
  }

  get backlogBytes(): number {
    return this.inboxBytes;
  }

  deliver(packet: Packet): void {
    if (!this.running) return;
    const letter = { line: this.lineOf(packet), bytes: packet.body.length + ENVELOPE_BYTES };
    this.inbox.push({ order: this.nextOrder++, what: letter });
    this.inboxBytes += letter.bytes;
    this.wake();
  }

  kill(): void {
    this.quiet = true;
    if (this.phase !== 'gone') this.around.disk.tear(this.around.random.child('disk'));
    this.vanish();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
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

  /** It has had the processor for too long, and was stopped in the middle of whatever it did. */
  overrun(text: string): void {
    if (this.phase === 'gone') return;
    if (this.phase === 'alive') this.output.writeStderr(`\n${text}\n`);
    this.exited(null, 'SIGKILL');
    this.leave();
  }

  // Its turns

  private wake(): void {
    if (this.nextStep !== undefined || this.paused || this.phase !== 'alive') return;
    const next = this.nextKind();
    if (next === 'timer') this.step((2 + this.costs.int(8)) * MICROSECOND);
    else if (next === 'message') this.step((10 + this.costs.int(90)) * MICROSECOND);
  }

  private nextKind(): 'timer' | 'message' | undefined {
    const timer = this.dueTimers.first;
    const message = this.listening ? this.inbox.first : undefined;
    if (timer === undefined) return message === undefined ? undefined : 'message';
    return message === undefined || timer.order < message.order ? 'timer' : 'message';
  }

  private step(costNanos: number): void {
    const { clock } = this.around;
    const beginNanos = Math.max(clock.nowNanos(), this.busyUntilNanos);
    this.nextStep = clock.schedule(beginNanos + costNanos, this.takeStep);
  }

  private readonly takeStep = (): void => {
    this.nextStep = undefined;
    if (this.paused && this.phase !== 'exited') {
      if (this.phase === 'starting') this.step(GRACE_NANOS); // looks again
      return;
    }
    if (this.output.handOn()) {
      // A line may lead to its being killed.
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
    this.positions = new SourcePositions(program);
    const { name, args, env } = this.spec;
    const settings: GuestSettings = {
      name,
      argv: ['/simulated/node', `/simulated/${program.name}`, ...args],
      env: { ...env, MAELSTROM_DATA_DIR: DATA_DIR },
      pid: this.around.pid,
      epochMs: EPOCH_MS,
    };
    this.enter();
    const sandbox = new Sandbox(program, settings, this.host());
    this.sandbox = sandbox;
    sandbox.start();
    this.leave();
  }

  private takeNext(): void {
    const { sandbox } = this;
    if (sandbox === undefined) return;
    const kind = this.nextKind();
    const timer = kind === 'timer' ? this.dueTimers.shift()?.what : undefined;
    if (timer?.armed === true) {
      this.disarm(timer);
      this.enter();
      sandbox.fireTimer(timer.id);
      this.leave();
      return;
    }
    const letter = kind === 'message' ? this.inbox.shift()?.what : undefined;
    if (letter === undefined) {
      this.wake(); // the timer was called off while it waited
      return;
    }
    this.inboxBytes -= letter.bytes;
    this.enter();
    sandbox.stdin(letter.line);
    this.leave();
  }

  private lineOf({ id, src, dest, body }: Packet): string {
    let head = this.heads.get(src);
    if (head === undefined) {
      head = `,"src":${JSON.stringify(src)},"dest":${JSON.stringify(dest)},"body":`;
      this.heads.set(src, head);
    }
    return `{"id":${id}${head}${body.toString()}}\n`;
  }

  private enter(): void {
    this.turnNanos = 0;
    this.around.enter(this);
  }

  /** After a turn: what it asked for is done, and what it printed goes out. */
  private leave(): void {
    this.around.enter(undefined);
    this.busyUntilNanos = this.around.clock.nowNanos() + this.turnNanos;
    if (this.newTimers.length > 0) this.scheduleTimers();
    if (this.phase === 'alive' && this.isDry()) this.endDry();
    if (this.output.handOn() && !this.isGone()) this.step(SLICE_NANOS);
    else if (this.phase === 'exited') this.tellExit();
    else this.wake();
  }

  // Its timers

  private scheduleTimers(): void {
    const timers = this.newTimers;
    this.newTimers = [];
    for (const timer of timers) {
      if (!timer.armed) continue;
      if (timer.delayNanos === 0) {
        this.dueTimers.push({ order: this.nextOrder++, what: timer });
        continue;
      }
      timer.scheduled = this.around.clock.schedule(this.busyUntilNanos + timer.delayNanos, () => {
        timer.scheduled = undefined;
        this.dueTimers.push({ order: this.nextOrder++, what: timer });
        this.wake();
      });
    }
  }

  private disarm(timer: Timer): void {
    if (!timer.armed) return;
    timer.armed = false;
    timer.scheduled?.cancel();
    this.timers.delete(timer.id);
    if (timer.keepsAlive) this.keeping--;
  }

  // What the process may call. Nothing here touches what nodes share: the watchdog may end a process at any point.

  private host(): SandboxHost {
    const { clock, wallClock, random } = this.around;
    const nowNanos = (): number => {
      this.turnNanos += MICROSECOND;
      return clock.nowNanos() + this.turnNanos;
    };
    const floats = random.child('math');
    const entropy = random.child('crypto');
    return {
      startedNanos: clock.nowNanos(),
      nowNanos,
      wallNanos: () => wallClock.shown(nowNanos()),
      write: (fd, data) => this.write(fd, data),
      listen: (listening) => (this.listening = listening),
      setTimer: (id, delayNanos) => {
        const timer: Timer = { id, delayNanos, keepsAlive: true, armed: true, scheduled: undefined };
        this.timers.set(id, timer);
        this.newTimers.push(timer);
        this.keeping++;
      },
      clearTimer: (id) => {
        const timer = this.timers.get(id);
        if (timer !== undefined) this.disarm(timer);
      },
      refTimer: (id, keepsAlive) => {
        const timer = this.timers.get(id);
        if (timer === undefined || timer.keepsAlive === keepsAlive) return;
        timer.keepsAlive = keepsAlive;
        this.keeping += keepsAlive ? 1 : -1;
      },
      exit: (code) => this.exited(code, null),
      float: () => floats.float(),
      entropy: () => entropy.uint32(),
      disk: this.guestDisk(),
    };
  }

  private guestDisk(): SandboxHost['disk'] {
    const { disk } = this.around;
    return {
      find: (path) => disk.find(path),
      create: (path) => disk.create(path),
      makeFolder: (path) => disk.makeFolder(path),
      list: (path) => JSON.stringify(disk.list(path)),
      rename: (from, to) => disk.rename(from, to),
      remove: (path) => disk.remove(path),
      hold: (id) => disk.hold(id),
      release: (id) => disk.release(id),
      size: (id) => disk.size(id),
      read: (id, target, position) => disk.read(id, target, position),
      write: (id, data, position) => disk.write(id, data, position),
      truncate: (id, length) => disk.truncate(id, length),
      sync: (id) => {
        this.turnNanos += SYNC_NANOS;
        disk.sync(id);
      },
    };
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
      // Into the program, to end the loop that prints.
      throw new Error('the output limit of one turn is exceeded');
    }
  }

  // Its end

  private isDry(): boolean {
    return !this.listening && this.keeping === 0;
  }

  private endDry(): void {
    this.around.enter(this);
    this.sandbox?.beforeExit();
    if (this.newTimers.length > 0) this.scheduleTimers();
    if (this.phase === 'alive' && this.isDry()) this.sandbox?.exitDry();
    this.around.enter(undefined);
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
    const lastStderr = this.output.lastStderr();
    const wasQuiet = this.quiet;
    this.vanish();
    if (!wasQuiet) this.events.exit({ code: this.exitCode, signal: this.exitSignal, lastStderr });
  }

  private askToEnd(): void {
    const { sandbox } = this;
    if (this.phase === 'alive' && sandbox !== undefined) {
      this.enter();
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

  /** A turn of the process may change the phase; the compiler believes it does not. */
  private isGone(): boolean {
    return this.phase === 'gone';
  }

  /** Lets go of everything. What the process left scheduled is cancelled. */
  private vanish(): void {
    this.running = false;
    if (this.phase !== 'gone') {
      this.phase = 'gone';
      this.sandbox = undefined;
      this.nextStep?.cancel();
      this.nextStep = undefined;
      for (const timer of this.timers.values()) this.disarm(timer);
      this.newTimers = [];
      this.inbox.clear();
      this.inboxBytes = 0;
      this.dueTimers.clear();
      this.output.close();
      this.around.disk.releaseAll();
    }
    this.stopped?.resolve();
  }
}
