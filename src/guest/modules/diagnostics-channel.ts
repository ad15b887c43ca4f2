/** `node:diagnostics_channel`: diagnostics that libraries publish to subscribers in the same program. */
type Subscriber = (message: unknown, name: string | symbol) => void;
type AnyFunction = (...args: unknown[]) => unknown;

class Channel {
  private subscribers: readonly Subscriber[] = [];
  constructor(readonly name: string | symbol) {}
  get hasSubscribers(): boolean {
    return this.subscribers.length > 0;
  }
  subscribe(subscriber: Subscriber): void {
    this.subscribers = [...this.subscribers, subscriber];
  }
  unsubscribe(subscriber: Subscriber): boolean {
    const before = this.subscribers.length;
    this.subscribers = this.subscribers.filter((item) => item !== subscriber);
    return this.subscribers.length < before;
  }
  publish(message: unknown): void {
    for (const subscriber of this.subscribers) subscriber(message, this.name);
  }
  runStores(message: unknown, callback: AnyFunction, receiver?: unknown, ...args: unknown[]): unknown {
    this.publish(message);
    return Reflect.apply(callback, receiver, args);
  }
}

const channels = new Map<string | symbol, Channel>();

function channel(name: string | symbol): Channel {
  let found = channels.get(name);
  if (found === undefined) channels.set(name, (found = new Channel(name)));
  return found;
}

const PHASES = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;
type Phases = Readonly<Record<(typeof PHASES)[number], Channel>>;
type Context = Record<string, unknown>;

/** Five channels that trace a call. */
class TracingChannel {
  private readonly phases: Phases;
  constructor(names: string | Phases) {
    const of = (phase: (typeof PHASES)[number]): Channel =>
      typeof names === 'string' ? channel(`tracing:${names}:${phase}`) : names[phase];
    this.phases = Object.fromEntries(PHASES.map((phase) => [phase, of(phase)])) as Phases; // one for each
    Object.assign(this, this.phases);
  }
  get hasSubscribers(): boolean {
    return PHASES.some((phase) => this.phases[phase].hasSubscribers);
  }
  subscribe(subscribers: Partial<Record<string, Subscriber>>): void {
    for (const phase of PHASES) {
      const subscriber = subscribers[phase];
      if (subscriber !== undefined) this.phases[phase].subscribe(subscriber);
    }
  }
  unsubscribe(subscribers: Partial<Record<string, Subscriber>>): boolean {
    return PHASES.every((phase) => {
      const subscriber = subscribers[phase];
      return subscriber === undefined || this.phases[phase].unsubscribe(subscriber);
    });
  }
  traceSync(callback: AnyFunction, context: Context = {}, receiver?: unknown, ...args: unknown[]): unknown {
    return this.trace(context, () => (context['result'] = Reflect.apply(callback, receiver, args)));
  }
  private trace(context: Context, call: () => unknown): unknown {
    this.phases.start.publish(context);
    try {
      return call();
    } catch (error) {
      context['error'] = error;
      this.phases.error.publish(context);
      throw error;
    } finally {
      this.phases.end.publish(context);
    }
  }
  tracePromise(
    callback: AnyFunction,
    context: Context = {},
    receiver?: unknown,
    ...args: unknown[]
  ): unknown {
    const settle = (key: string, value: unknown): void => {
      context[key] = value;
      if (key === 'error') this.phases.error.publish(context);
      this.phases.asyncStart.publish(context);
      this.phases.asyncEnd.publish(context);
    };
    return Promise.resolve(this.trace(context, () => Reflect.apply(callback, receiver, args))).then(
      (result) => {
        settle('result', result);
        return result;
      },
      (error: unknown) => {
        settle('error', error);
        throw error;
      },
    );
  }
}

export const diagnosticsChannelModule = {
  Channel,
  channel,
  hasSubscribers: (name: string | symbol): boolean => channels.get(name)?.hasSubscribers ?? false,
  subscribe: (name: string | symbol, subscriber: Subscriber): void => channel(name).subscribe(subscriber),
  tracingChannel: (names: string | Phases): TracingChannel => new TracingChannel(names),
  unsubscribe: (name: string | symbol, subscriber: Subscriber): boolean =>
    channel(name).unsubscribe(subscriber),
};
