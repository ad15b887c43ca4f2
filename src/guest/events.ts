/** `node:events`: EventEmitter with Node's names, order and treatment of `error`, and `once` and `on` as promises. */

export type Listener = (...args: unknown[]) => void;
type EventName = string | symbol;

interface Registered {
  readonly listener: Listener;
  readonly once: boolean;
}

export class EventEmitter {
  static defaultMaxListeners = 10;
  private table: Map<EventName, Registered[]> | undefined;

  on(name: EventName, listener: Listener): this {
    return this.add(name, { listener, once: false }, false);
  }
  addListener(name: EventName, listener: Listener): this {
    return this.on(name, listener);
  }
  once(name: EventName, listener: Listener): this {
    return this.add(name, { listener, once: true }, false);
  }
  prependListener(name: EventName, listener: Listener): this {
    return this.add(name, { listener, once: false }, true);
  }
  prependOnceListener(name: EventName, listener: Listener): this {
    return this.add(name, { listener, once: true }, true);
  }

  off(name: EventName, listener: Listener): this {
    const all = this.table?.get(name);
    const at = all?.findLastIndex((entry) => entry.listener === listener) ?? -1;
    if (all !== undefined && at >= 0) {
      // A copy: an emit under way goes on with the list as it was.
      if (all.length === 1) this.table?.delete(name);
      else this.table?.set(name, all.toSpliced(at, 1));
      if (name !== 'removeListener') this.emit('removeListener', name, listener);
    }
    return this;
  }
  removeListener(name: EventName, listener: Listener): this {
    return this.off(name, listener);
  }
  removeAllListeners(name?: EventName): this {
    if (name === undefined) this.table = undefined;
    else this.table?.delete(name);
    return this;
  }

  emit(name: EventName, ...args: unknown[]): boolean {
    const all = this.table?.get(name);
    if (all === undefined) {
      if (name !== 'error') return false;
      throw args[0] instanceof Error ? args[0] : new Error(`Unhandled error. (${String(args[0])})`);
    }
    for (let i = 0; i < all.length; i++) {
      const entry = all[i];
      if (entry === undefined) break;
      if (entry.once) this.off(name, entry.listener);
      entry.listener.apply(this, args);
    }
    return true;
  }

  listenerCount(name: EventName): number {
    return this.table?.get(name)?.length ?? 0;
  }
  listeners(name: EventName): Listener[] {
    return (this.table?.get(name) ?? []).map((entry) => entry.listener);
  }
  rawListeners(name: EventName): Listener[] {
    return this.listeners(name);
  }
  eventNames(): EventName[] {
    return [...(this.table?.keys() ?? [])];
  }
  setMaxListeners(): this {
    return this; // no warning is ever printed
  }
  getMaxListeners(): number {
    return EventEmitter.defaultMaxListeners;
  }

  private add(name: EventName, entry: Registered, first: boolean): this {
    if (typeof entry.listener !== 'function') {
      throw new TypeError(
        `The "listener" argument must be of type function. Received ${typeof entry.listener}`,
      );
    }
    const table = (this.table ??= new Map());
    if (table.has('newListener')) this.emit('newListener', name, entry.listener);
    const all = table.get(name) ?? [];
    table.set(name, first ? [entry, ...all] : [...all, entry]);
    return this;
  }
}

/** Resolves with the arguments of the next such event; rejects when `error` comes first. */
export function once(emitter: EventEmitter, name: EventName): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const onEvent: Listener = (...args) => {
      emitter.off('error', onError);
      resolve(args);
    };
    const onError: Listener = (error) => {
      emitter.off(name, onEvent);
      // The emitter's own error, whatever it is.
      reject(error);
    };
    emitter.once(name, onEvent);
    if (name !== 'error') emitter.once('error', onError);
  });
}

/** All such events from now on, as arrays of their arguments, kept until asked for. */
export function on(emitter: EventEmitter, name: EventName): AsyncIterableIterator<unknown[]> {
  const queue = new AsyncQueue<unknown[]>();
  const onEvent: Listener = (...args) => queue.push(args);
  const onError: Listener = (error) => queue.fail(error);
  emitter.on(name, onEvent);
  emitter.on('error', onError);
  queue.onReturn = () => {
    emitter.off(name, onEvent);
    emitter.off('error', onError);
  };
  return queue;
}

/** Values pushed on one side and awaited, in order, on the other. */
export class AsyncQueue<T> implements AsyncIterableIterator<T> {
  onReturn: () => void = () => {};
  private readonly values: T[] = [];
  private readonly waiting: {
    readonly resolve: (result: IteratorResult<T>) => void;
    readonly reject: (error: unknown) => void;
  }[] = [];
  private ended = false;
  private failure: { readonly error: unknown } | undefined;

  push(value: T): void {
    if (this.ended) return;
    const next = this.waiting.shift();
    if (next === undefined) this.values.push(value);
    else next.resolve({ value, done: false });
  }

  end(): void {
    this.ended = true;
    for (const next of this.waiting.splice(0)) next.resolve({ value: undefined, done: true });
  }

  fail(error: unknown): void {
    const next = this.waiting.shift();
    if (next === undefined) this.failure = { error };
    else next.reject(error);
  }

  next(): Promise<IteratorResult<T>> {
    if (this.values.length > 0) return Promise.resolve({ value: this.values.shift() as T, done: false });
    if (this.failure !== undefined) {
      const { error } = this.failure;
      this.failure = undefined;
      return Promise.reject(error); // whatever the emitter's error is
    }
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<T>> {
    this.onReturn();
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
