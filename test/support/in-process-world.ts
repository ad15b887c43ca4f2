/**
 * A world for tests: virtual time, and nodes that are functions in this process. Small, without the isolation and the
 * compatibility of the simulated world.
 */
import type { Clock, Scheduled } from '../../src/world/clock.ts';
import { EventQueue } from '../../src/world/event-queue.ts';
import { Random } from '../../src/world/random.ts';
import type {
  Deferred,
  NodeEvents,
  NodeHandle,
  NodeSpec,
  Packet,
  UnfinishedLine,
  World,
} from '../../src/world/world.ts';
import { parseJson, stringifyJson, type Json, type JsonObject } from '../../src/protocol/json.ts';

/** What a node can do. */
export interface NodeOutside {
  readonly name: string;
  /** Prints a message. */
  send(dest: string, body: Json): void;
  /** Replies to a message with these fields and `in_reply_to`. */
  reply(to: NodeMessage, fields: JsonObject): void;
  /** Prints a line as it is. */
  print(line: string): void;
  /** Prints the beginning of a line without a newline. */
  printUnfinished(beginning: string): void;
  after(nanos: number, run: () => void): void;
  exit(code: number, lastStderr?: readonly string[]): void;
}

export interface NodeMessage {
  readonly src: string;
  readonly body: JsonObject;
}

/** Called once for each node that starts; the returned function receives the messages. */
export type NodeProgram = (outside: NodeOutside) => (message: NodeMessage) => void;

/** Time a node takes to handle a message. */
const HANDLING_NANOS = 20_000;

export class InProcessWorld implements World {
  readonly kind = 'simulated';
  readonly random: Random;
  readonly clock: Clock;
  private readonly queue = new EventQueue();
  private timeNanos = 0;
  /** Promise reactions are waiting to run. */
  private settled = false;

  constructor(private readonly options: { readonly seed: string; readonly program: NodeProgram }) {
    this.random = Random.fromSeed(options.seed);
    this.clock = {
      nowNanos: () => this.timeNanos,
      schedule: (atNanos, run): Scheduled => this.queue.push(Math.max(atNanos, this.timeNanos), run),
    };
  }

  startNode(spec: NodeSpec, events: NodeEvents): NodeHandle {
    return new FunctionNode(this.clock, spec.name, events, this.options.program);
  }

  deferred<T>(): Deferred<T> {
    let resolve: (value: T) => void = () => undefined;
    let reject: (error: Error) => void = () => undefined;
    const promise = new Promise<T>((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    });
    return {
      promise,
      resolve: (value) => {
        this.settled = true;
        resolve(value);
      },
      reject: (error) => {
        this.settled = true;
        reject(error);
      },
    };
  }

  async run<T>(main: () => Promise<T>): Promise<T> {
    let over = false;
    this.settled = true;
    const result = main().finally(() => {
      over = true;
    });
    // The caller that awaits `run` gets its failure.
    result.catch(() => undefined);
    for (;;) {
      while (this.settled) {
        this.settled = false;
        await new Promise((resume) => setImmediate(resume));
      }
      if (over) return await result;
      const event = this.queue.pop();
      if (event === undefined) throw new Error('everything waits, and no event is left');
      this.timeNanos = event.atNanos;
      event.run();
    }
  }

  async close(): Promise<void> {}
}

class FunctionNode implements NodeHandle {
  running = true;
  readonly backlogBytes = 0;
  unfinishedLine: UnfinishedLine | undefined;
  private readonly inbox: NodeMessage[] = [];
  private handling = false;
  private paused = false;
  private readonly handle: (message: NodeMessage) => void;

  constructor(
    private readonly clock: Clock,
    readonly name: string,
    private readonly events: NodeEvents,
    program: NodeProgram,
  ) {
    this.handle = program({
      name,
      send: (dest, body) => this.print(stringifyJson({ src: name, dest, body })),
      reply: (to, fields) =>
        this.print(
          stringifyJson({
            src: name,
            dest: to.src,
            body: { ...fields, in_reply_to: to.body['msg_id'] ?? null },
          }),
        ),
      print: (line) => this.print(line),
      printUnfinished: (beginning) => {
        const sinceNanos = clock.nowNanos();
        this.unfinishedLine = { bytes: Buffer.byteLength(beginning), beginning, sinceNanos };
      },
      after: (nanos, run) => {
        clock.schedule(clock.nowNanos() + nanos, () => {
          if (this.running) run();
        });
      },
      exit: (code, lastStderr = []) => this.exit(code, lastStderr),
    });
  }

  deliver(packet: Packet): void {
    if (!this.running) return;
    // Written by our own code, or checked by a node's port to be an object.
    const body = parseJson(packet.body.toString('utf8')) as JsonObject;
    this.inbox.push({ src: packet.src, body });
    this.work();
  }

  kill(): void {
    this.running = false;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.work();
  }

  async stop(): Promise<void> {
    this.running = false;
  }

  private work(): void {
    if (this.handling || this.paused) return;
    const message = this.inbox.shift();
    if (message === undefined) return;
    this.handling = true;
    this.clock.schedule(this.clock.nowNanos() + HANDLING_NANOS, () => {
      this.handling = false;
      if (!this.running) return;
      this.handle(message);
      this.work();
    });
  }

  /** Must not be called within `startNode`. */
  private print(line: string): void {
    const bytes = Buffer.from(line);
    this.events.line(bytes, 0, bytes.length);
  }

  private exit(code: number, lastStderr: readonly string[]): void {
    this.clock.schedule(this.clock.nowNanos(), () => {
      if (!this.running) return;
      this.running = false;
      this.events.exit({ code, signal: null, lastStderr });
    });
  }
}

/** A node that answers `init` by itself, and everything else by `answer`. */
export const answering =
  (answer: (type: string, body: JsonObject) => JsonObject | undefined): NodeProgram =>
  (outside) =>
  (message) => {
    const { type } = message.body;
    const fields =
      type === 'init' ? { type: 'init_ok' } : answer(typeof type === 'string' ? type : '', message.body);
    if (fields !== undefined) outside.reply(message, fields);
  };
