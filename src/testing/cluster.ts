/**
 * A cluster under test: nodes of the SDK that communicate over a network in memory, in virtual time.
 *
 * Virtual time advances only within `request` and `sleep`, which process events one by one until their condition holds.
 * After each event, all its immediate consequences (promises, `await`) run before the next one. Nodes get time and
 * randomness from `node.every`, `after`, `sleep`, `now` and `random`; the language's own timers run in real time, and
 * are not waited for.
 */
import { parse, stringify } from '../node/json.ts';
import type { Body, Fields, Message, SendableBody } from '../node/message.ts';
import { Node } from '../node/node.ts';
import { RpcError } from '../node/rpc-error.ts';
import { Storage } from '../node/storage.ts';
import type { Timers } from '../node/timers.ts';
import { chanceOf } from './chance.ts';
import { EventQueue } from './event-queue.ts';
import { MemoryFiles } from './memory-files.ts';
import type { Fate, SentMessage } from './sent-message.ts';
import { SERVICES, Services } from './services.ts';

export interface ClusterOptions {
  /** The number of nodes, named n1, n2, ..., or their names. Default: 3. */
  readonly nodes?: number | readonly string[];
  /**
   * How long messages between nodes, and to services, take: a number of milliseconds, or the minimum and the maximum.
   * Default: 1 to 10.
   */
  readonly latencyMs?: number | readonly [least: number, most: number];
  /** Determines latencies and the values of `node.random`. */
  readonly seed?: string;
}

export interface RequestOptions {
  /** The client's name. Default: `c1`. */
  readonly client?: string;
  /** Timeout in milliseconds of virtual time. Default: 5,000, as for clients of Maelstrom. */
  readonly timeoutMs?: number;
}

/** Returns true when a message must be lost. */
type Loses = (message: Pick<SentMessage, 'src' | 'dest' | 'body'>) => boolean;

/** A process of a node, from one start to its end. */
interface Life {
  /** Takes a line; does nothing once the process has ended. */
  readonly receive: (line: string) => void;
  readonly end: () => void;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** As long as clients of Maelstrom wait for a reply. */
const CLIENT_PATIENCE_MS = 5_000;
/** 2020-01-01, so that times look realistic. */
const BEGAN_AT_MS = 1_577_836_800_000;

/**
 * Starts a cluster, and resolves when all nodes have answered `init`. `program` is called for each process of a node.
 */
export async function cluster(program: (node: Node) => void, options: ClusterOptions = {}): Promise<Cluster> {
  const made = new Cluster(program, options);
  await made.startAll();
  return made;
}

export class Cluster {
  readonly nodeIds: readonly string[];
  private readonly queue = new EventQueue();
  private readonly random: () => number;
  private readonly latency: readonly [least: number, most: number];
  private readonly services = new Services();
  private readonly lives = new Map<string, Life>();
  private readonly disks = new Map<string, MemoryFiles>();
  private readonly log: Mutable<SentMessage>[] = [];
  private readonly logged: string[] = [];
  private readonly losses = new Set<Loses>();
  /** Indexed by client and `msg_id`. */
  private readonly waiting = new Map<string, (body: Body) => void>();
  private groups: readonly (readonly string[])[] = [];
  private requests = 0;
  private isTurning = false;

  constructor(
    private readonly program: (node: Node) => void,
    { nodes = 3, latencyMs = [1, 10], seed = 'test' }: ClusterOptions,
  ) {
    this.nodeIds = typeof nodes === 'number' ? Array.from({ length: nodes }, (_, at) => `n${at + 1}`) : nodes;
    this.latency = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs;
    this.random = chanceOf(seed);
  }

  /** For use by `cluster`. */
  async startAll(): Promise<void> {
    await Promise.all(this.nodeIds.map((name) => this.start(name)));
  }

  /** Milliseconds of virtual time since the cluster began. */
  get nowMs(): number {
    return this.queue.nowMs;
  }

  /** All messages so far, including those of clients, each with its fate. */
  get messages(): readonly SentMessage[] {
    return this.log;
  }

  /** Lines that nodes have logged, as `n1: ...`. */
  get logs(): readonly string[] {
    return this.logged;
  }

  /** Advances virtual time by `ms` milliseconds. */
  async sleep(ms: number): Promise<void> {
    let isOver = false;
    this.queue.after(ms, () => (isOver = true));
    await this.until(() => isOver);
  }

  /**
   * Sends a client's request to a node, and resolves with the body of the reply. Rejects with an `RpcError`: the node's
   * error reply, or error 0 when no reply came in time. Clients reach their nodes immediately, even during a partition.
   */
  async request<Own = Fields>(
    node: string,
    body: SendableBody,
    { client = 'c1', timeoutMs = CLIENT_PATIENCE_MS }: RequestOptions = {},
  ): Promise<Body<Own>> {
    this.refuseUnknown(node);
    const msgId = ++this.requests;
    const key = `${client} ${msgId}`;
    let reply: Body | undefined;
    let isOver = false;
    const end = (): void => {
      isOver = true;
      this.waiting.delete(key);
    };
    this.waiting.set(key, (answer) => {
      reply = answer;
      end();
    });
    const cancel = this.queue.after(timeoutMs, end);
    this.send({
      src: client,
      dest: node,
      body: { ...body, msg_id: msgId },
    });
    await this.until(() => isOver);
    cancel();
    if (reply === undefined)
      throw RpcError.timeout(`${node} did not answer "${body.type}" within ${timeoutMs} ms of virtual time`);
    const { code, text } = reply;
    if (reply.type === 'error') throw new RpcError(Number(code), typeof text === 'string' ? text : '');
    return reply as Body<Own>; // the caller chooses its type
  }

  /**
   * Partitions the network: only nodes of one group reach each other, and a node in no group reaches none. Replaces any
   * earlier partition.
   */
  partition(...groups: readonly (readonly string[])[]): void {
    for (const name of groups.flat()) this.refuseUnknown(name);
    this.groups = groups;
  }

  /** Ends the partition. */
  heal(): void {
    this.groups = [];
  }

  /**
   * Loses messages between nodes, and to services, for which `loses` returns true. Returns a function that ends this.
   */
  lose(loses: Loses): () => void {
    this.losses.add(loses);
    return () => this.losses.delete(loses);
  }

  /** Ends a node's process, as `kill -9` does. The contents of `node.storage` stay. */
  kill(node: string): void {
    this.refuseUnknown(node);
    this.lives.get(node)?.end();
    this.lives.delete(node);
  }

  /** Restarts a node, killing it first if it runs. Resolves when it has answered `init`. */
  async restart(node: string): Promise<void> {
    this.kill(node);
    await this.start(node);
  }

  private refuseUnknown(node: string): void {
    if (!this.nodeIds.includes(node))
      throw new Error(`There is no node ${node}; there are ${this.nodeIds.join(', ')}.`);
  }

  private async start(name: string): Promise<void> {
    this.lives.set(name, this.born(name));
    await this.request(
      name,
      { type: 'init', node_id: name, node_ids: this.nodeIds },
      { client: 'c0', timeoutMs: 10_000 },
    );
  }

  private born(name: string): Life {
    const cancels = new Set<() => void>();
    let isOver = false;
    let receive: (line: string) => void = () => {};
    const timers: Timers = {
      after: (delayMs, task) => {
        const cancel = this.queue.after(delayMs, () => {
          cancels.delete(cancel);
          task();
        });
        cancels.add(cancel);
        return cancel;
      },
      every: (periodMs, task) => {
        const beat = (): void => {
          cancel = timers.after(periodMs, beat);
          task();
        };
        let cancel = timers.after(periodMs, beat);
        return () => cancel();
      },
      now: () => BEGAN_AT_MS + this.queue.nowMs,
      random: this.random,
    };
    const files = this.disks.get(name) ?? new MemoryFiles();
    this.disks.set(name, files);
    const node = new Node({
      timers,
      storage: new Storage({ folder: '/', files }),
      transport: {
        start: (onLine) => (receive = onLine),
        send: (line) => {
          if (!isOver) this.send(parse(line) as unknown as Message); // written by the SDK
        },
        log: (line) => this.logged.push(`${name}: ${line}`),
        exit: () => {},
      },
    });
    this.program(node);
    return {
      receive: (line) => {
        if (!isOver) receive(line);
      },
      end: () => {
        isOver = true;
        for (const cancel of cancels) cancel();
      },
    };
  }

  private send({ src, dest, body }: Message): void {
    const message: Mutable<SentMessage> = { src, dest, body, sentMs: this.nowMs, fate: 'in flight' };
    const id = this.log.push(message) - 1;
    const isInside = this.isInside(src) && this.isInside(dest);
    if (isInside && [...this.losses].some((loses) => loses(message))) message.fate = 'lost';
    else if (this.isCut(src, dest)) message.fate = 'cut';
    else this.queue.after(isInside ? this.draw() : 0, () => (message.fate = this.deliver(id, message)));
  }

  private deliver(id: number, { src, dest, body }: SentMessage): Fate {
    // A partition that began meanwhile drops it.
    if (this.isCut(src, dest)) return 'cut';
    if (this.nodeIds.includes(dest)) {
      const life = this.lives.get(dest);
      life?.receive(stringify({ id, src, dest, body }));
      return life === undefined ? 'dead' : 'delivered';
    }
    if (isService(dest)) {
      const reply = this.services.answer(dest, body);
      if (body.msg_id !== undefined)
        this.send({ src: dest, dest: src, body: { ...reply, in_reply_to: body.msg_id } as unknown as Body });
      return 'delivered';
    }
    this.waiting.get(`${dest} ${body.in_reply_to}`)?.(body);
    return 'delivered';
  }

  /** Clients stay connected to their nodes. */
  private isInside(name: string): boolean {
    return this.nodeIds.includes(name) || isService(name);
  }

  /** All nodes can reach services. */
  private isCut(src: string, dest: string): boolean {
    if (this.groups.length === 0 || src === dest) return false;
    if (!this.nodeIds.includes(src) || !this.nodeIds.includes(dest)) return false;
    return !this.groups.some((group) => group.includes(src) && group.includes(dest));
  }

  private draw(): number {
    const [least, most] = this.latency;
    return least + (most - least) * this.random();
  }

  /** When several callers wait, one of them runs the events. */
  private async until(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await settled();
      if (this.isTurning || isOver()) continue;
      this.isTurning = true;
      this.queue.step();
      await settled();
      this.isTurning = false;
    }
  }
}

const isService = (name: string): boolean => SERVICES.some((service) => service === name);

/** Captured before a test can replace it with fake timers. */
const later = globalThis.setImmediate;

/** Resolves when all immediate consequences of past events are done. */
const settled = (): Promise<void> => new Promise((resolve) => void later(resolve));
