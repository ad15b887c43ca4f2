/** Event, EventTarget, AbortController, AbortSignal and DOMException, for programs without a network. */
import { nextTick } from './event-loop.ts';
import { timerGlobals } from './timers.ts';
import { wrongArgument } from '../wrong-argument.ts';

export class DOMException extends Error {
  static readonly ABORT_ERR = 20;
  static readonly TIMEOUT_ERR = 23;
  static readonly DATA_CLONE_ERR = 25;
  readonly code: number;
  constructor(message = '', name = 'Error') {
    super(message);
    Object.defineProperty(this, 'name', { value: name, configurable: true });
    this.code =
      {
        AbortError: 20,
        DataCloneError: 25,
        InvalidAccessError: 15,
        InvalidCharacterError: 5,
        NotSupportedError: 9,
        SyntaxError: 12,
        TimeoutError: 23,
        QuotaExceededError: 22,
        TypeMismatchError: 17,
      }[name] ?? 0;
  }
  get [Symbol.toStringTag](): string {
    return 'DOMException';
  }
}

interface EventOptions {
  readonly bubbles?: boolean;
  readonly cancelable?: boolean;
  readonly composed?: boolean;
}

export class Event {
  readonly timeStamp = 0;
  target: EventTarget | null = null;
  defaultPrevented = false;
  /** True if the remaining listeners must not be called. */
  isStopped = false;
  constructor(
    readonly type: string,
    private readonly options: EventOptions = {},
  ) {}
  readonly isTrusted = false;
  get bubbles(): boolean {
    return this.options.bubbles === true;
  }
  get composed(): boolean {
    return this.options.composed === true;
  }
  /** As in Node, whose targets have no parents: 2 while listeners are called, else 0. */
  eventPhase = 0;
  get srcElement(): EventTarget | null {
    return this.target;
  }
  composedPath(): EventTarget[] {
    return this.eventPhase === 0 || this.target === null ? [] : [this.target];
  }
  get [Symbol.toStringTag](): string {
    return 'Event';
  }
  get currentTarget(): EventTarget | null {
    return this.target;
  }
  get cancelable(): boolean {
    return this.options.cancelable === true;
  }
  preventDefault(): void {
    if (this.cancelable) this.defaultPrevented = true;
  }
  stopPropagation(): void {
    // No effect, since targets have no parents.
  }
  stopImmediatePropagation(): void {
    this.isStopped = true;
  }
}

export class CustomEvent extends Event {
  readonly detail: unknown;
  constructor(type: string, options: EventOptions & { readonly detail?: unknown } = {}) {
    super(type, options);
    this.detail = options.detail ?? null;
  }
}

type EventListener = ((event: Event) => void) | { handleEvent(event: Event): void };

export class EventTarget {
  private readonly table = new Map<string, Map<EventListener, boolean>>();

  addEventListener(
    type: string,
    listener: EventListener | null,
    options?: { once?: boolean } | boolean,
  ): void {
    if (listener === null) return;
    const all = this.table.get(type) ?? new Map<EventListener, boolean>();
    if (!all.has(listener)) all.set(listener, typeof options === 'object' && options.once === true);
    this.table.set(type, all);
  }

  removeEventListener(type: string, listener: EventListener | null): void {
    if (listener !== null) this.table.get(type)?.delete(listener);
  }

  /** For `events.getEventListeners`. */
  listenersOf(type: string): EventListener[] {
    return [...(this.table.get(type)?.keys() ?? [])];
  }

  dispatchEvent(event: Event): boolean {
    if (!(event instanceof Event)) throw wrongArgument('event', 'an instance of Event', event);
    event.target = this;
    event.eventPhase = 2;
    for (const [listener, once] of Array.from(this.table.get(event.type) ?? [])) {
      if (event.isStopped) break;
      if (once) this.removeEventListener(event.type, listener);
      try {
        if (typeof listener === 'function') Reflect.apply(listener, this, [event]);
        else listener.handleEvent(event);
      } catch (error) {
        // As in Node, after the current dispatch.
        nextTick(() => {
          throw error;
        });
      }
    }
    event.eventPhase = 0;
    return !event.defaultPrevented;
  }
}

export class AbortSignal extends EventTarget {
  aborted = false;
  reason: unknown;
  onabort: ((event: Event) => void) | null = null;

  static abort(reason?: unknown): AbortSignal {
    const signal = new AbortSignal();
    abortSignal(signal, reason);
    return signal;
  }

  static timeout(delayMs: number): AbortSignal {
    const signal = new AbortSignal();
    const onTimeout = (): void =>
      abortSignal(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    timerGlobals.setTimeout(onTimeout, delayMs).unref();
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const combined = new AbortSignal();
    for (const signal of signals) {
      if (signal.aborted) {
        abortSignal(combined, signal.reason);
        break;
      }
      signal.addEventListener('abort', () => abortSignal(combined, signal.reason), { once: true });
    }
    return combined;
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }
}

function abortSignal(signal: AbortSignal, reason: unknown): void {
  if (signal.aborted) return;
  signal.aborted = true;
  signal.reason = reason ?? new DOMException('This operation was aborted', 'AbortError');
  const event = new Event('abort');
  signal.dispatchEvent(event);
  signal.onabort?.(event);
}

export class AbortController {
  readonly signal = new AbortSignal();
  abort(reason?: unknown): void {
    abortSignal(this.signal, reason);
  }
}
