/** `setTimeout` and the other timer functions, and `node:timers/promises`, on the harness's virtual clock. */
import { withContext } from './async-context.ts';
import { bridge } from '../bridge.ts';
import { abortError, AsyncQueue } from '../streams/events.ts';
import { turn, uncaught } from './event-loop.ts';
import { emitWarning } from '../warnings.ts';
import { wrongArgument } from '../wrong-argument.ts';

const NANOS_PER_MS = 1_000_000;
/** Longer delays become 1 ms, as in Node. */
const MAX_DELAY_MS = 0x7fffffff;

type Callback = (...args: unknown[]) => void;
/** Declared through a function, since the file of the class imports this one. */
type AbortSignal = Parameters<typeof abortError>[0];

const timers = new Map<number, Timeout>();
let nextId = 1;

/** The result of `setTimeout` and `setInterval`. */
export class Timeout {
  private keepsAlive = true;
  private readonly callback: Callback;
  constructor(
    private readonly id: number,
    callback: Callback,
    private readonly args: readonly unknown[],
    /** 0 for `setImmediate`. */
    private readonly delayNanos: number,
    private readonly repeats: boolean,
  ) {
    this.callback = withContext(callback);
  }

  arm(): this {
    timers.set(this.id, this);
    bridge.setTimer(this.id, this.delayNanos);
    if (!this.keepsAlive) bridge.refTimer(this.id, false);
    return this;
  }

  /** Runs the callback; an interval continues even if the callback throws. */
  fire(): void {
    if (!this.repeats) timers.delete(this.id);
    try {
      this.callback(...this.args);
    } finally {
      if (this.repeats && timers.has(this.id)) this.arm();
    }
  }

  cancel(): void {
    if (timers.delete(this.id)) bridge.clearTimer(this.id);
  }

  ref(): this {
    return this.keepAlive(true);
  }
  unref(): this {
    return this.keepAlive(false);
  }
  hasRef(): boolean {
    return this.keepsAlive;
  }
  refresh(): this {
    if (timers.has(this.id)) bridge.clearTimer(this.id);
    return this.arm();
  }
  close(): this {
    this.cancel();
    return this;
  }
  [Symbol.dispose](): void {
    this.cancel();
  }
  [Symbol.toPrimitive](): number {
    return this.id;
  }

  private keepAlive(keepsAlive: boolean): this {
    this.keepsAlive = keepsAlive;
    if (timers.has(this.id)) bridge.refTimer(this.id, keepsAlive);
    return this;
  }
}

/** The result of `setImmediate`. */
export class Immediate extends Timeout {}

/** Called by the harness when a timer is due. */
export function fireTimer(id: number): void {
  const timer = timers.get(id);
  if (timer === undefined) return;
  turn(() => {
    try {
      timer.fire();
    } catch (error) {
      uncaught(error, 'uncaughtException');
    }
  });
}

function start(callback: unknown, delayMs: unknown, args: readonly unknown[], repeats: boolean): Timeout {
  if (typeof callback !== 'function') {
    throw wrongArgument('callback', 'function', callback);
  }
  let ms = Number(delayMs);
  if (ms > MAX_DELAY_MS)
    emitWarning(
      `${ms} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`,
      'TimeoutOverflowWarning',
    );
  if (!(ms >= 1 && ms <= MAX_DELAY_MS)) ms = 1;
  // Its type was checked above.
  return new Timeout(nextId++, callback as Callback, args, Math.trunc(ms) * NANOS_PER_MS, repeats).arm();
}

// Defined as properties, whose names the functions get.
const starts = {
  setTimeout: function (this: void, callback: unknown, delayMs?: unknown, ...args: unknown[]): Timeout {
    return start(callback, delayMs, args, false);
  },
  setInterval: function (this: void, callback: unknown, delayMs?: unknown, ...args: unknown[]): Timeout {
    return start(callback, delayMs, args, true);
  },
  setImmediate: function (this: void, callback: unknown, ...args: unknown[]): Timeout {
    if (typeof callback !== 'function') throw wrongArgument('callback', 'function', callback);
    return new Immediate(nextId++, callback as Callback, args, 0, false).arm();
  },
};
const { setTimeout: startTimeout, setInterval: startInterval, setImmediate: startImmediate } = starts;

const stops = {
  clearTimeout: function (this: void, timer: unknown): void {
    stop(timer);
  },
  clearInterval: function (this: void, timer: unknown): void {
    stop(timer);
  },
  clearImmediate: function (this: void, timer: unknown): void {
    stop(timer);
  },
};

function stop(timer: unknown): void {
  if (timer instanceof Timeout) timer.cancel();
  else if (timer !== undefined && timer !== null) timers.get(Number(timer))?.cancel();
}

interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** Validates the options as Node does. */
function checkOptions(options: WaitOptions): void {
  const { signal, ref } = options;
  if (signal !== undefined && (typeof signal !== 'object' || !('aborted' in Object(signal))))
    throw wrongArgument('options.signal', 'an instance of AbortSignal', signal);
  if (ref !== undefined && typeof ref !== 'boolean') throw wrongArgument('options.ref', 'boolean', ref);
}

function checkDelay(delayMs: unknown): void {
  if (delayMs !== undefined && typeof delayMs !== 'number') throw wrongArgument('delay', 'number', delayMs);
}

function wait<T>(makeTimer: (done: () => void) => Timeout, value: T, options: WaitOptions = {}): Promise<T> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    checkOptions(options);
    if (signal?.aborted === true) {
      reject(abortError(signal));
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      if (signal !== undefined) reject(abortError(signal));
    };
    const timer = makeTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    if (options.ref === false) timer.unref();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

const waitTimeout = <T>(delayMs?: number, value?: T, options?: WaitOptions): Promise<T | undefined> =>
  wait(
    (done) => {
      checkDelay(delayMs);
      return startTimeout(done, delayMs);
    },
    value,
    options,
  );
const waitImmediate = <T>(value?: T, options?: WaitOptions): Promise<T | undefined> =>
  wait((done) => startImmediate(done), value, options);

/** As in Node it starts with the first request for a value. An abort ends it and rejects the pending request. */
async function* ticker<T>(
  delayMs?: number,
  value?: T,
  options: WaitOptions = {},
): AsyncGenerator<T | undefined, void> {
  checkDelay(delayMs);
  checkOptions(options);
  const { signal } = options;
  if (signal?.aborted === true) throw abortError(signal);
  const queue = new AsyncQueue<T | undefined>();
  const timer = startInterval(() => queue.push(value), delayMs);
  if (options.ref === false) timer.unref();
  const onAbort = (): void => {
    timer.cancel();
    if (signal !== undefined) queue.fail(abortError(signal));
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    yield* queue;
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', onAbort);
  }
}

export const timerGlobals = { ...starts, ...stops };

export const timersPromises = {
  setTimeout: waitTimeout,
  setImmediate: waitImmediate,
  setInterval: ticker,
  scheduler: {
    wait: (delayMs?: number, options?: WaitOptions): Promise<undefined> =>
      waitTimeout(delayMs, undefined, options),
    yield: () => waitImmediate(),
  },
};

// `util.promisify(setTimeout)` returns the function of timers/promises.
const PROMISIFIED = Symbol.for('nodejs.util.promisify.custom');
Object.defineProperty(startTimeout, PROMISIFIED, { value: waitTimeout });
Object.defineProperty(startImmediate, PROMISIFIED, { value: waitImmediate });
