/**
 * A node: handlers for incoming messages, and methods to send, ask, wait and log.
 *
 * A node starts reading when it is created. Nothing arrives before the program's first turn is over, so handlers
 * registered at the top of a program are in time. Start reading at `receive`.
 */
import { backOffMs, isPassing } from './attempts.ts';
import { hostCauses, type Work } from './causes.ts';
import { crashText, show } from './crash-text.ts';
import { parse, stringify } from './json.ts';
import type { Checked, CheckedReply, Kept, KeptReply, Reply } from './kept-by-json.ts';
import type { Body, Fields, Json, Message, SendableBody, SendableFields } from './message.ts';
import type { Requests } from './requests.ts';
import { ErrorCode, RpcError } from './rpc-error.ts';
import { SaidState, type StateFields } from './state.ts';
import { Storage } from './storage.ts';
import { hostTimers, type Timers } from './timers.ts';
import { StdioTransport, type Transport } from './transport.ts';
import { withFields } from './with-fields.ts';

/**
 * Handles one message. Its result is the reply: fields, with `type` defaulting to the request's type with `_ok`
 * appended; no result means no reply. A thrown `RpcError` becomes the error reply; any other exception is logged and
 * answered with error 13, crash.
 */
export type Handler<Own = Fields> = (body: Body<Own>, message: Message<Own>) => Reply | Promise<Reply>;

export interface NodeOptions {
  /** Where lines come from and go to. Default: stdin and stdout. */
  readonly transport?: Transport;
  /** What the node keeps across restarts. Default: files in `MAELSTROM_DATA_DIR`. */
  readonly storage?: Storage;
  /**
   * The `msg_id` of the first request, incremented by one for each further request. Random by default: otherwise a
   * restarted node would take late replies to requests of its earlier life for replies to its own.
   */
  readonly firstMsgId?: number;
  /** Time and randomness. Default: those of the host. */
  readonly timers?: Timers;
}

/** An `AbortSignal`, as far as it is needed here, so that these types need neither those of Node nor those of the DOM. */
export interface AbortSignalLike {
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export interface RpcOptions {
  /** How long to wait for the reply, in milliseconds. Default: 2,000. */
  readonly timeoutMs?: number;
  /**
   * How often to retry when no reply has come in time, or error 11 (temporarily unavailable). Default: 0; Infinity
   * retries until there is a reply. Each retry is a new request, after a pause that grows to two seconds, so the other
   * side may serve several of them.
   */
  readonly retries?: number;
  /** When aborted, `rpc` rejects with the signal's reason. The request may still be served. */
  readonly signal?: AbortSignalLike;
}

const RETRIES = { firstMs: 50, mostMs: 2_000 };

/**
 * Less than the five seconds that clients wait, so that a node can still report to them that its own request timed out.
 */
const RPC_TIMEOUT_MS = 2_000;

/** Lives begin at multiples of a round number, so that people can still tell requests apart. */
const LIFE_SPAN = 10_000;
const LIVES = 1_000_000;

type TableReply = Fields | undefined | void | Promise<Fields | undefined | void>;

/** The fields of a request of clients, by its type, or any. */
type RequestFields<Type extends string> = Type extends keyof Requests ? Requests[Type] : Fields;

interface Waiting {
  readonly dest: string;
  /** Stops waiting. */
  readonly end: () => void;
  readonly resolve: (body: Body) => void;
  readonly reject: (error: RpcError) => void;
  /** The work that continues once it is settled. */
  readonly work: Work | undefined;
}

export class Node {
  private readonly transport: Transport;
  private readonly timers: Timers;
  private readonly handlers = new Map<string, Handler>();
  private readonly hooks: (() => void | Promise<void>)[] = [];
  /** Tasks that wait until the node knows its name; undefined once it does. */
  private pending: (() => void)[] | undefined = [];
  private readonly waiting = new Map<number, Waiting>();
  private readonly unhandled = new Set<string>();
  private readonly causes = hostCauses();
  private readonly said = new SaidState();
  private nextMsgId: number;
  private ownStorage: Storage | undefined;
  private name: string | undefined;
  /** Undefined while the top level of the program runs; then empty until `init` arrives. */
  private names: readonly string[] | undefined;

  constructor(options: NodeOptions = {}) {
    this.transport = options.transport ?? new StdioTransport();
    this.timers = options.timers ?? hostTimers;
    this.ownStorage = options.storage;
    this.nextMsgId = options.firstMsgId ?? 1 + LIFE_SPAN * Math.floor(LIVES * this.random());
    this.transport.start(
      (line) => this.receive(line),
      () => this.transport.exit(),
    );
    // Whatever runs later, such as a timer of the program, may run before init by chance, and finds no peers yet.
    void Promise.resolve().then(() => (this.names ??= []));
  }

  /** This node's name, such as `n1`. Throws before `init` has arrived. */
  get id(): string {
    return learnt(this.name);
  }

  /**
   * The names of all nodes of the cluster, including this one; empty before `init` has arrived. Throws at the top level
   * of a program, where it could only ever be empty.
   */
  get nodeIds(): readonly string[] {
    return learnt(this.names);
  }

  /** The names of all other nodes. Throws at the top level of a program, as `nodeIds` does. */
  get peers(): readonly string[] {
    return this.nodeIds.filter((name) => name !== this.name);
  }

  /** What this node keeps when it is killed and restarted. Throws where there is no folder for it. */
  get storage(): Storage {
    this.ownStorage ??= new Storage();
    return this.ownStorage;
  }

  /**
   * Registers the handler for one type of message. Replies never reach handlers: they settle the `rpc`. The fields of
   * clients' requests are known by type (`Requests`); for other messages the handler declares its fields, `(body: {
   * values: number[] }) => ...`. The network does not check types, so validate messages from other programs.
   */
  on<
    Type extends keyof Requests,
    Own = Requests[Type],
    Result extends ReturnType<Handler> = ReturnType<Handler>,
  >(
    type: Type,
    handler: (
      body: Body<Own>,
      message: Message<Own>,
    ) => (Result & KeptReply<Result>) | Fields | Promise<Fields>,
  ): this;
  on<Own = Fields, Result extends ReturnType<Handler> = ReturnType<Handler>>(
    type: string,
    handler: (
      body: Body<Own>,
      message: Message<Own>,
    ) => (Result & KeptReply<Result>) | Fields | Promise<Fields>,
  ): this;
  /** For handlers in one table that return results of different types, promises among them. */
  on<Own = Fields>(type: string, handler: (body: Body<Own>, message: Message<Own>) => TableReply): this;
  /** Matches no call that the others refuse: it explains what is wrong. */
  on<Type extends string, Own = RequestFields<Type>, Result = ReturnType<Handler>>(
    type: Type,
    handler: (body: Body<Own>, message: Message<Own>) => Result & CheckedReply<Result>,
  ): this;
  on(type: string, handler: unknown): this {
    if (type === 'init')
      throw new Error('The node answers init by itself; use node.onInit(...) for what you do then.');
    if (this.handlers.has(type)) throw new Error(`There is a handler for "${type}" already.`);
    this.handlers.set(type, handler as Handler); // it accepts a body with the fields that it declares
    return this;
  }

  /** Runs `hook` when the node has learnt its name; `init_ok` is sent when all hooks are done. */
  onInit(hook: () => void | Promise<void>): this {
    this.hooks.push(hook);
    return this;
  }

  /** Sends a message without waiting for a reply. It may never arrive. */
  send<Sent extends SendableBody>(dest: string, body: Sent & Kept<Sent>): void;
  send<Sent extends SendableBody>(dest: string, body: Sent & Checked<Sent>): void;
  send(dest: string, body: SendableBody): void {
    this.write(this.id, dest, body);
  }

  /**
   * Sends a request and resolves with the body of its reply. Rejects with an `RpcError`: the one in the reply, or error
   * 0 (timeout, indefinite: the request may still be served) when no reply came in time.
   */
  rpc<Own = Fields, Sent extends SendableBody = SendableBody>(
    dest: string,
    body: Sent & Kept<Sent>,
    options?: RpcOptions,
  ): Promise<Body<Own>>;
  rpc<Own = Fields, Sent extends SendableBody = SendableBody>(
    dest: string,
    body: Sent & Checked<Sent>,
    options?: RpcOptions,
  ): Promise<Body<Own>>;
  rpc<Own>(dest: string, body: SendableBody, options: RpcOptions = {}): Promise<Body<Own>> {
    return options.retries === undefined
      ? this.ask(dest, body, options)
      : this.askAgain(dest, body, options, options.retries);
  }

  /** Replies to a message, for handlers that return nothing because the reply comes later. */
  reply<Sent extends SendableFields>(request: Message<unknown>, fields: Sent & Kept<Sent>): void;
  reply<Sent extends SendableFields>(request: Message<unknown>, fields: Sent & Checked<Sent>): void;
  reply(request: Message<unknown>, fields: SendableFields): void {
    const { type, msg_id: msgId } = request.body;
    if (msgId === undefined) return; // not a request: no reply is expected
    // The request's addressee is this node, even before init has given its name.
    const body = withFields(fields, { type: replyType(fields, type), in_reply_to: msgId });
    this.write(request.dest, request.src, body);
  }

  /**
   * Runs `beat` every `periodMs` milliseconds, first after one period, and never before the node knows its name. A beat
   * is skipped while the previous one is still pending; an exception is logged. Returns a function that stops it.
   */
  every(periodMs: number, beat: () => void | Promise<void>): () => void {
    let busy = false;
    let stopped = false;
    let end: (() => void) | undefined;
    const onBeat = (): void => {
      if (busy) return;
      busy = true;
      this.attempt(beat, () => (busy = false));
    };
    this.whenNamed(() => {
      if (!stopped) end = this.timers.every(periodMs, this.causes?.onTimer(onBeat) ?? onBeat);
    });
    return () => {
      stopped = true;
      end?.();
    };
  }

  /**
   * Runs `task` once, after `delayMs` milliseconds (counted from init if that is yet to come). Returns a function that
   * cancels it.
   */
  after(delayMs: number, task: () => void | Promise<void>): () => void {
    let stopped = false;
    let cancel: (() => void) | undefined;
    const onTime = (): void => this.attempt(task);
    this.whenNamed(() => {
      if (!stopped) cancel = this.timers.after(delayMs, this.causes?.onTimer(onTime) ?? onTime);
    });
    return () => {
      stopped = true;
      cancel?.();
    };
  }

  /** Resolves after `delayMs` milliseconds. Rejects with the signal's reason as soon as it is aborted. */
  sleep(delayMs: number, signal?: AbortSignalLike): Promise<void> {
    const work = this.causes?.work;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = (): void => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.timers.after(delayMs, () => {
        signal?.removeEventListener('abort', onAbort);
        this.causes?.wake(work);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /**
   * Gives the node's state to observers in the simulation, such as an invariant over all nodes (`--invariant`). `state`
   * is called between turns, and must change nothing. It returns a value that JSON can represent (also maps, sets and
   * bigints), of up to a million characters.
   */
  inspect(state: () => unknown): this {
    const shown = globalThis as { maelstromInspect?: () => unknown };
    if (shown.maelstromInspect !== undefined) throw new Error('The state of this program is shown already.');
    shown.maelstromInspect = state;
    return this;
  }

  /**
   * Reports the node's current state: its role, its term, or anything else that describes it. The given fields replace
   * earlier ones, and others stay; `null` removes a field. The state is recorded with its time, and the viewer draws it
   * on the node's lane (docs/writing-nodes.md, "Its state"). Writes nothing if nothing has changed, so it may be called
   * often.
   */
  state(fields: StateFields): void {
    const line = this.said.line(fields);
    if (line !== undefined) this.transport.log(line);
  }

  /** The wall clock, in milliseconds since 1970; virtual in the simulator. */
  now(): number {
    return this.timers.now();
  }

  /** A random number in [0, 1); derived from the seed in the simulator. */
  random(): number {
    return this.timers.random();
  }

  /** Writes a line to stderr, which goes into the node's log. (stdout belongs to the protocol.) */
  log(...parts: readonly unknown[]): void {
    this.transport.log(parts.map(show).join(' '));
  }

  private ask<Own>(dest: string, body: SendableBody, options: RpcOptions): Promise<Body<Own>> {
    const { timeoutMs = RPC_TIMEOUT_MS, signal } = options;
    const msgId = this.nextMsgId++;
    const work = this.causes?.work;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      this.send(dest, withFields(body, { msg_id: msgId }));
      const cancel = this.timers.after(timeoutMs, () => {
        end();
        this.causes?.wake(work);
        reject(RpcError.timeout(`${dest} did not answer "${body.type}" within ${timeoutMs} ms`));
      });
      const onAbort = (): void => {
        end();
        reject(signal?.reason);
      };
      const end = (): void => {
        this.waiting.delete(msgId);
        cancel();
        signal?.removeEventListener('abort', onAbort);
      };
      signal?.addEventListener('abort', onAbort);
      // The caller chooses the type of the reply.
      this.waiting.set(msgId, { dest, end, resolve: (reply) => resolve(reply as Body<Own>), reject, work });
    });
  }

  private async askAgain<Own>(
    dest: string,
    body: SendableBody,
    options: RpcOptions,
    retries: number,
  ): Promise<Body<Own>> {
    for (let failures = 0; ; failures++) {
      try {
        return await this.ask<Own>(dest, body, options);
      } catch (error) {
        if (failures >= retries || !isPassing(error)) throw error;
      }
      await this.sleep(backOffMs(failures, RETRIES, this.random()), options.signal);
    }
  }

  private write(src: string, dest: string, body: SendableBody): void {
    // An undefined cause is left out of the line.
    this.transport.send(stringify({ src, dest, body, cause: this.causes?.said() }));
  }

  private receive(line: string): void {
    this.names ??= [];
    const message = readMessage(line);
    if (message === undefined) {
      if (line.trim() !== '') this.log('Not a message, ignored:', line.slice(0, 200));
      return;
    }
    const { body } = message;
    if (body.in_reply_to !== undefined) this.settle(message, body.in_reply_to);
    else if (this.causes === undefined) this.handle(message);
    else this.causes.handling(message.id, () => this.handle(message));
  }

  private handle(message: Message): void {
    if (message.body.type === 'init') this.initialise(message);
    else this.dispatch(message);
  }

  private settle(message: Message, requestId: number): void {
    const waiting = this.waiting.get(requestId);
    // Late, duplicated or stray replies are normal.
    if (waiting === undefined || waiting.dest !== message.src) return;
    waiting.end();
    this.causes?.wake(waiting.work, message.id);
    const { body } = message;
    const { code, text } = body;
    if (body.type !== 'error') waiting.resolve(body);
    else
      waiting.reject(
        new RpcError(
          // An error without a code promises nothing.
          Number.isInteger(code) ? Number(code) : ErrorCode.crash,
          typeof text === 'string' ? text : '',
        ),
      );
  }

  private initialise(message: Message): void {
    const { node_id: name, node_ids: names } = message.body as Body<{ node_id: string; node_ids: string[] }>;
    this.name = name;
    this.names = names;
    const runHooks = async (): Promise<SendableFields> => {
      for (const hook of this.hooks) await hook();
      return {};
    };
    // Without hooks the reply needs no promise.
    this.answer(message, this.hooks.length === 0 ? () => ({}) : runHooks);
    const tasks = this.pending ?? [];
    this.pending = undefined;
    for (const task of tasks) task();
  }

  private dispatch(message: Message): void {
    const { type } = message.body;
    const handler = this.handlers.get(type);
    if (handler !== undefined) {
      this.answer(message, handler);
      return;
    }
    const known = [...this.handlers.keys()].map((name) => `"${name}"`).join(', ');
    const text = `${this.name ?? 'The node'} has no handler for "${type}"; it handles ${known || 'nothing yet'}`;
    if (!this.unhandled.has(type) && this.unhandled.size < 100) {
      this.unhandled.add(type);
      this.log(`${text}. ${message.src} sent one.`);
    }
    this.answerError(message, RpcError.notSupported(text));
  }

  private answer(message: Message, handler: Handler): void {
    const fail = (error: unknown): void => this.answerError(message, error);
    const reply = (fields: Reply): void => {
      if (isObject(fields)) this.reply(message, fields);
      // From JavaScript, or past an `any`.
      else if (fields !== undefined)
        fail(
          `The handler returned ${stringify(fields) ?? String(fields)}; expected an object, such as { value: 1 }`,
        );
    };
    try {
      const result = handler(message.body, message);
      // Most handlers reply immediately; a promise for each would cost more than everything else here.
      if (isPromise(result)) result.then(reply).catch(fail);
      else reply(result);
    } catch (error) {
      fail(error);
    }
  }

  private answerError(message: Message, error: unknown): void {
    if (error instanceof RpcError) {
      this.reply(message, { type: 'error', code: error.code, text: error.text });
      return;
    }
    this.log(`The handler of "${message.body.type}" failed:`, error);
    this.reply(message, { type: 'error', code: ErrorCode.crash, text: crashText(error) });
  }

  private whenNamed(task: () => void): void {
    if (this.pending === undefined) task();
    else this.pending.push(task);
  }

  /** Runs a task of the node itself, whose failure no caller awaits. */
  private attempt(task: () => void | Promise<void>, done: () => void = () => {}): void {
    const fail = (error: unknown): void => this.log('A timer failed:', error);
    try {
      const result = task();
      if (isPromise(result)) result.catch(fail).finally(done);
      else done();
    } catch (error) {
      fail(error);
      done();
    }
  }
}

function readMessage(line: string): Message | undefined {
  let value: Json;
  try {
    value = parse(line);
  } catch {
    return undefined;
  }
  if (!isObject(value) || typeof value.src !== 'string' || typeof value.dest !== 'string') return undefined;
  if (!isObject(value.body) || typeof value.body.type !== 'string') return undefined;
  return value as unknown as Message; // all that Message promises has just been checked
}

function replyType(fields: SendableFields, requestType: string): string {
  const { type } = fields as Fields;
  return typeof type === 'string' ? type : `${requestType}_ok`;
}

function learnt<T>(value: T | undefined): T {
  if (value !== undefined) return value;
  throw new Error(
    'A node learns its name and its peers from the init message. Ask for them in a handler or in onInit.',
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | null | undefined)?.then === 'function';
}
