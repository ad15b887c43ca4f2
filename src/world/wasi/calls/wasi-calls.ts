/**
 * The calls of WASI preview 1 for one process, except those for files (file-calls.ts). Start reading at `own`.
 *
 * Two of them wait: `fd_read` of stdin, and `poll_oneoff`. While one waits the process is suspended, and in virtual
 * time its turn ends.
 */
import type { WasmMemory } from './web-assembly.ts';
import {
  CLOCK_LAST,
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  ERRNO,
  EVENT_BYTES,
  EVENT_CLOCK,
  EVENT_READ,
  EVENT_WRITE,
  FD_NONBLOCK,
  SUBSCRIPTION_BYTES,
  type Errno,
} from './abi.ts';
import { Descriptors } from './descriptors.ts';
import { FileCalls } from './file-calls.ts';
import { LinearMemory, MemoryFault } from './linear-memory.ts';
import {
  after,
  CHUNK_BYTES,
  MOST_MOVED,
  piecesOf,
  type Call,
  type Calls,
  type Eventually,
  type WasiSystem,
  type Woken,
} from './wasi-system.ts';

/** Thrown by `proc_exit` to unwind the program. */
export class ProcessExit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** Maximum number of subscriptions in one call; the system's `poll` has a similar limit. */
const MOST_SUBSCRIPTIONS = 4096;
/** Longer than any run, in nanoseconds. */
const LONGEST_NANOS = 2 ** 52;

/** The calls that may wait. */
export const WAITING: ReadonlySet<string> = new Set(['fd_read', 'poll_oneoff']);

/** Calls that are not supported: links, sockets and signals. */
const NOT_THERE = [
  'path_link',
  'path_symlink',
  'proc_raise',
  'sock_accept',
  'sock_recv',
  'sock_send',
  'sock_shutdown',
] as const;

/** One event that `poll_oneoff` waits for. */
interface Subscription {
  readonly userData: bigint;
  readonly type: number;
  /** The delay of a clock subscription. */
  readonly delayNanos: number;
  readonly fd: number;
}

interface Event {
  readonly of: Subscription;
  readonly errno: Errno;
  readonly bytes: number;
  readonly isEnd: boolean;
}

export class WasiProcess {
  readonly calls: Calls;
  /** Unsupported calls that the program has made. */
  readonly missed = new Set<string>();
  private readonly descriptors: Descriptors;
  private readonly files: FileCalls;
  private readonly args: readonly Buffer[];
  private readonly environment: readonly Buffer[];
  private memoryNow: LinearMemory | undefined;
  /** The unread rest of the current line of stdin. */
  private input: Uint8Array = new Uint8Array(0);
  private inputHasEnded = false;
  /** True when its last read of stdin returned EAGAIN. */
  private wasRefusedInput = false;

  constructor(
    private readonly system: WasiSystem,
    /** Whether reading stdin returns EAGAIN while it is empty, as Go's scheduler needs. */
    readsWithoutWaiting: boolean,
  ) {
    this.descriptors = new Descriptors(system.preopens, readsWithoutWaiting ? FD_NONBLOCK : 0, (fd) => {
      if (fd !== 2) system.closed(fd);
    });
    this.args = system.args.map(ended);
    this.environment = Object.entries(system.env).map(([name, value]) => ended(`${name}=${value}`));
    this.files = new FileCalls(
      this.descriptors,
      () => this.memory,
      () => system.wallNanos(),
    );
    this.calls = this.guarded({ ...this.own(), ...this.files.calls(), ...this.notThere() });
  }

  /** Called before the program begins. */
  attach(memory: WasmMemory): void {
    this.memoryNow = new LinearMemory(memory);
  }

  /** Called when the process has ended. */
  close(): void {
    this.descriptors.closeAll();
  }

  private get memory(): LinearMemory {
    // A start section runs before `attach`.
    if (this.memoryNow === undefined) throw new MemoryFault();
    return this.memoryNow;
  }

  private own(): Calls {
    return {
      args_sizes_get: (count: number, size: number) => this.listSizes(this.args, count, size),
      args_get: (list: number, texts: number) => this.putList(this.args, list, texts),
      environ_sizes_get: (count: number, size: number) => this.listSizes(this.environment, count, size),
      environ_get: (list: number, texts: number) => this.putList(this.environment, list, texts),
      clock_res_get: (clock: number, target: number) => {
        if (clock >>> 0 > CLOCK_LAST) return ERRNO.inval;
        this.memory.setU64(target, 1000n);
        return ERRNO.success;
      },
      clock_time_get: (clock: number, _precision: bigint, target: number) => {
        if (clock >>> 0 > CLOCK_LAST) return ERRNO.inval;
        this.memory.setU64(target, this.clockNanos(clock));
        return ERRNO.success;
      },
      random_get: (target: number, length: number) => {
        this.system.fillRandom(this.memory.bytes(target, length));
        return ERRNO.success;
      },
      fd_read: (fd: number, vectors: number, count: number, target: number) =>
        this.read(fd, vectors, count, target),
      fd_write: (fd: number, vectors: number, count: number, target: number) =>
        this.write(fd, vectors, count, target),
      poll_oneoff: (subscriptions: number, events: number, count: number, target: number) =>
        this.poll(subscriptions, events, count, target),
      sched_yield: () => ERRNO.success,
      proc_exit: (code: number) => {
        throw new ProcessExit(code >>> 0);
      },
    };
  }

  private notThere(): Calls {
    const call = (name: string): Call => {
      return () => {
        this.missed.add(name);
        return ERRNO.nosys;
      };
    };
    return Object.fromEntries(NOT_THERE.map((name) => [name, call(name)]));
  }

  /** Wraps the calls so that a pointer outside the memory returns EFAULT to the program. */
  private guarded(calls: Calls): Calls {
    const guard = (call: Call): Call => {
      return (...args) => {
        try {
          return call(...args);
        } catch (error) {
          if (error instanceof MemoryFault) return ERRNO.fault;
          throw error;
        }
      };
    };
    return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, guard(call)]));
  }

  // Arguments and environment

  private listSizes(list: readonly Buffer[], count: number, size: number): Errno {
    this.memory.setU32(count, list.length);
    this.memory.setU32(
      size,
      list.reduce((sum, { length }) => sum + length, 0),
    );
    return ERRNO.success;
  }

  private putList(list: readonly Buffer[], pointers: number, texts: number): Errno {
    let at = texts >>> 0;
    for (const [i, text] of list.entries()) {
      this.memory.setU32((pointers >>> 0) + 4 * i, at);
      this.memory.bytes(at, text.length).set(text);
      at += text.length;
    }
    return ERRNO.success;
  }

  // Time

  private clockNanos(clock: number): bigint {
    if (clock === CLOCK_REALTIME) return this.system.wallNanos();
    return clock === CLOCK_MONOTONIC ? this.system.monotonicNanos() : this.system.usedNanos();
  }

  // Standard streams, and files through FileCalls

  private read(fd: number, vectors: number, count: number, target: number): Eventually<number> {
    const descriptor = this.descriptors.get(fd);
    if (descriptor?.kind === 'file') return this.files.read(descriptor, vectors, count, target);
    if (descriptor?.kind === 'folder') return ERRNO.isdir;
    if (descriptor?.fd !== 0) return ERRNO.badf;
    const parts = this.memory.vectors(vectors, count, CHUNK_BYTES);
    this.memory.setU32(target, 0);
    if (parts.length === 0 || this.hasInput) return this.takeInput(parts, target);
    const waits = (descriptor.flags & FD_NONBLOCK) === 0;
    // A scheduler polls after the first refusal. A program that just retries, perhaps with sleeps in between, gets what
    // has arrived by its second try.
    if (!waits && !this.wasRefusedInput) {
      this.wasRefusedInput = true;
      return ERRNO.again;
    }
    return after(this.system.wait({ input: true, delayNanos: waits ? Infinity : 0 }), (woken) => {
      if (woken.by === 'time') return ERRNO.again;
      this.receive(woken);
      // The memory may have been reallocated meanwhile.
      return this.takeInput(this.memory.vectors(vectors, count, CHUNK_BYTES), target);
    });
  }

  private write(fd: number, vectors: number, count: number, target: number): Errno {
    const descriptor = this.descriptors.get(fd);
    if (descriptor?.kind === 'file') return this.files.write(descriptor, vectors, count, target);
    if (descriptor?.kind !== 'pipe' || descriptor.fd === 0) return ERRNO.badf;
    // Everything at once, as a pipe that blocks takes it: programs that call write(2) once rely on that.
    const parts = this.memory.vectors(vectors, count, MOST_MOVED);
    let written = 0;
    this.memory.setU32(target, 0);
    for (const piece of parts.flatMap(piecesOf)) {
      this.system.write(descriptor.fd, piece);
      written += piece.length;
    }
    this.memory.setU32(target, written);
    return ERRNO.success;
  }

  private get hasInput(): boolean {
    return this.input.length > 0 || this.inputHasEnded;
  }

  private receive(woken: Woken): void {
    if (woken.by !== 'input') return;
    this.wasRefusedInput = false;
    if (woken.input === undefined) this.inputHasEnded = true;
    else this.input = woken.input;
  }

  private takeInput(parts: readonly Uint8Array[], target: number): Errno {
    let taken = 0;
    for (const part of parts) {
      const piece = this.input.subarray(taken, taken + part.length);
      part.set(piece);
      taken += piece.length;
    }
    this.input = this.input.subarray(taken);
    this.memory.setU32(target, taken);
    return ERRNO.success;
  }

  // Waiting

  private poll(subscriptions: number, events: number, count: number, target: number): Eventually<number> {
    const { memory } = this;
    const wanted = count >>> 0;
    if (wanted === 0 || wanted > MOST_SUBSCRIPTIONS) return ERRNO.inval;
    // Both lists must lie within the memory; otherwise nothing is done.
    memory.bytes(subscriptions, wanted * SUBSCRIPTION_BYTES);
    memory.bytes(events, wanted * EVENT_BYTES);
    memory.setU32(target, 0);
    const all: Subscription[] = [];
    for (let i = 0; i < wanted; i++) {
      all.push(this.subscription((subscriptions >>> 0) + i * SUBSCRIPTION_BYTES));
    }
    const ready = all.flatMap((each) => this.readyNow(each) ?? []);
    if (ready.length > 0) return this.putEvents(ready, events, target);
    const clocks = all.filter(({ type }) => type === EVENT_CLOCK);
    const delayNanos = Math.min(LONGEST_NANOS, shortest(clocks));
    const input = all.some(({ type }) => type === EVENT_READ);
    if (input) this.wasRefusedInput = false;
    const want = { input, delayNanos: clocks.length === 0 ? Infinity : delayNanos };
    return after(this.system.wait(want), (woken) => {
      this.receive(woken);
      const came =
        woken.by === 'time'
          ? clocks
              .filter((each) => each.delayNanos <= delayNanos)
              .map((of): Event => ({ of, errno: ERRNO.success, bytes: 0, isEnd: false }))
          : all.flatMap((each) => this.readyNow(each) ?? []);
      return this.putEvents(came, events, target);
    });
  }

  private subscription(at: number): Subscription {
    const { memory } = this;
    const userData = memory.u64(at);
    const type = memory.u8(at + 8);
    if (type !== EVENT_CLOCK) return { userData, type, delayNanos: Infinity, fd: memory.u32(at + 16) | 0 };
    const clock = memory.u32(at + 16);
    const timeout = memory.u64(at + 24);
    const isAbsolute = (memory.u16(at + 40) & 1) !== 0;
    if (clock > CLOCK_LAST) return { userData, type, delayNanos: NaN, fd: -1 };
    const nanos = isAbsolute ? timeout - this.clockNanos(clock) : timeout;
    return { userData, type, delayNanos: Math.min(LONGEST_NANOS, Math.max(0, Number(nanos))), fd: -1 };
  }

  private readyNow(of: Subscription): Event | undefined {
    const event = (errno: Errno, bytes = 0, isEnd = false): Event => ({ of, errno, bytes, isEnd });
    // Even a time that has passed is waited for, so that earlier events are seen first.
    if (of.type === EVENT_CLOCK) return Number.isNaN(of.delayNanos) ? event(ERRNO.inval) : undefined;
    if (of.type !== EVENT_READ && of.type !== EVENT_WRITE) return event(ERRNO.inval);
    const descriptor = this.descriptors.get(of.fd);
    if (descriptor === undefined) return event(ERRNO.badf);
    if (descriptor.kind === 'folder') return event(ERRNO.badf);
    if (descriptor.kind === 'file') return event(ERRNO.success, CHUNK_BYTES);
    if ((descriptor.fd === 0) !== (of.type === EVENT_READ)) return event(ERRNO.badf);
    if (of.type === EVENT_WRITE) return event(ERRNO.success, CHUNK_BYTES);
    return this.hasInput ? event(ERRNO.success, this.input.length, this.inputHasEnded) : undefined;
  }

  private putEvents(list: readonly Event[], events: number, target: number): Errno {
    const { memory } = this;
    let at = events >>> 0;
    for (const { of, errno, bytes, isEnd } of list) {
      memory.bytes(at, EVENT_BYTES).fill(0);
      memory.setU64(at, of.userData);
      memory.setU16(at + 8, errno);
      memory.setU8(at + 10, of.type);
      memory.setU64(at + 16, BigInt(bytes));
      memory.setU16(at + 24, isEnd ? 1 : 0);
      at += EVENT_BYTES;
    }
    memory.setU32(target, list.length);
    return ERRNO.success;
  }
}

function shortest(clocks: readonly Subscription[]): number {
  return Math.min(...clocks.map(({ delayNanos }) => delayNanos));
}

/** Returns a zero-terminated string. */
const ended = (text: string): Buffer => Buffer.from(`${text}\0`);
