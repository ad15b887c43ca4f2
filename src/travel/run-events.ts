/**
 * Turns what a simulated run does into numbered events, and follows what is on its way and what waits for nodes. It only
 * looks on: the run is the same with it and without.
 */
import type { OpenedClient } from '../history/client-book.ts';
import type { Op } from '../history/op.ts';
import type { SimulationWatch } from '../harness/simulations/simulate-once.ts';
import type { Journal } from '../network/journal.ts';
import { messageType } from '../network/message-type.ts';
import { stringifyJson, type Json } from '../protocol/json.ts';
import type { Turn } from '../world/cause.ts';
import type { LifeChange, SimulationObserver, TurnKind } from '../world/simulated/observer.ts';
import type { SimulatedWorld } from '../world/simulated/simulated-world.ts';
import type { Packet } from '../world/world.ts';
import {
  KIND,
  lifeNumber,
  NO_MESSAGE,
  turnKindNumber,
  type EventIndex,
  type RawEvent,
} from './event-index.ts';

/** A message that has not come to its end: it is on its way, or waits for a node. */
export interface LiveMessage {
  readonly id: number;
  readonly sentNanos: number;
  readonly body: string;
  readonly bodyBytes: number;
  /** How many of it are on their way. */
  travelling: number;
  /** How many of it wait for a node. */
  waiting: number;
}

export interface EventListener {
  /** After everything below has been brought up to date. */
  event(number: number, event: RawEvent): void;
  /** The turn of that number was ended because its node, or its inspect after it, did not yield. */
  overran(turn: number): void;
}

const PHASE = 'Phase: ';
const LAST_PHASE = 'done';
/** A node's message says its type in a word; what is no word is cut. */
const LONGEST_TYPE = 100;

export class RunEvents implements Journal, SimulationObserver, SimulationWatch {
  world: SimulatedWorld | undefined;
  /** In the order in which they were sent. */
  readonly live = new Map<number, LiveMessage>();
  /** What waits for each node that runs, in order. */
  readonly inboxes = new Map<string, LiveMessage[]>();
  /** How each node is that was ever started, in that order. */
  readonly lives = new Map<string, { life: number; change: LifeChange }>();
  /** The message of the present event, also where it has come to its end. */
  message: LiveMessage | undefined;
  private count = 0;
  private ended = false;

  constructor(
    private readonly index: EventIndex,
    private readonly listener: EventListener,
  ) {}

  /** How many there were so far. */
  get events(): number {
    return this.count;
  }

  opened(world: SimulatedWorld): void {
    this.world = world;
  }

  clientOpened({ name }: OpenedClient): void {
    this.index.clients.add(name);
  }

  // The calls of a journal

  sent(nanos: number, { id, src, dest, body, cause }: Packet): void {
    if (this.ended) return;
    if (id === this.index.messageCount)
      this.index.addMessage(src, dest, (messageType(body) ?? '').slice(0, LONGEST_TYPE), cause?.id);
    const message: LiveMessage = {
      id,
      sentNanos: nanos,
      body: body.toString('utf8'),
      bodyBytes: body.length,
      travelling: 1,
      waiting: 0,
    };
    this.live.set(id, message);
    const names = (this.index.names.idOf(src) << 16) ^ this.index.names.idOf(dest);
    this.tell(KIND.sent, nanos, id, 0, checkOf(body, names), message);
  }

  received(nanos: number, { id, dest }: Packet): void {
    const message = this.arrive(id);
    if (message === undefined) return;
    const inbox = this.inboxes.get(dest);
    if (inbox !== undefined) {
      inbox.push(message);
      message.waiting++;
    }
    this.tell(KIND.received, nanos, id, 0, 0, message);
    this.forget(message);
  }

  dropped(nanos: number, { id }: Packet, reason: string): void {
    const message = this.arrive(id);
    if (message === undefined) return;
    this.tell(KIND.lost, nanos, id, this.index.texts.idOf(reason), 0, message);
    this.forget(message);
  }

  duplicated(nanos: number, { id }: Packet, copies: number): void {
    const message = this.live.get(id);
    if (this.ended || message === undefined) return;
    message.travelling += copies;
    this.tell(KIND.duplicated, nanos, id, copies, 0, message);
  }

  flush(): void {}

  close(): void {}

  // What the world shows

  turned(node: string, kind: TurnKind, { origin }: Turn): void {
    if (this.ended) return;
    const id = origin.message ?? NO_MESSAGE;
    const message = kind === 'message' ? this.take(node, id) : undefined;
    const ofMessage = kind === 'message' || kind === 'timer' ? id : NO_MESSAGE;
    this.tell(turnKindNumber(kind), this.nowNanos(), this.index.names.idOf(node), ofMessage, 0, message);
    if (message !== undefined) this.forget(message);
  }

  lived(node: string, change: LifeChange): void {
    if (this.ended) return;
    const life = (this.lives.get(node)?.life ?? 0) + (change === 'started' ? 1 : 0);
    this.lives.set(node, { life, change });
    if (change === 'started') this.inboxes.set(node, []);
    if (isOver(change)) this.empty(node);
    this.tell(KIND.life, this.nowNanos(), this.index.names.idOf(node), lifeNumber(change), 0, undefined);
  }

  overran(turn: number): void {
    if (!this.ended) this.listener.overran(turn);
  }

  // What the run says

  op(op: Op): void {
    if (this.ended) return;
    if (op.index === this.index.ops.length) this.index.ops.push(op);
    const check = checkOf(Buffer.from(stringifyJson(op as unknown as Json)), 0); // an operation is plain JSON
    this.tell(KIND.operation, this.nowNanos(), op.index, 0, check, undefined);
  }

  log(line: string): void {
    if (this.ended || !line.startsWith(PHASE)) return;
    const phase = line.slice(PHASE.length);
    // What comes then, the nodes' last end, is no part of the run.
    if (phase === LAST_PHASE) this.ended = true;
    else this.tell(KIND.phase, this.nowNanos(), this.index.texts.idOf(phase), 0, 0, undefined);
  }

  private nowNanos(): number {
    return this.world?.clock.nowNanos() ?? 0;
  }

  private tell(
    kind: number,
    nanos: number,
    subject: number,
    detail: number,
    check: number,
    message: LiveMessage | undefined,
  ): void {
    this.message = message;
    this.listener.event(this.count++, { kind, nanos, subject, detail, check });
  }

  private arrive(id: number): LiveMessage | undefined {
    if (this.ended) return undefined;
    const message = this.live.get(id);
    if (message !== undefined) message.travelling--;
    return message;
  }

  private take(node: string, id: number): LiveMessage | undefined {
    const inbox = this.inboxes.get(node) ?? [];
    const at = inbox.findIndex((message) => message.id === id);
    const [message] = at < 0 ? [] : inbox.splice(at, 1);
    if (message !== undefined) message.waiting--;
    return message;
  }

  private empty(node: string): void {
    for (const message of this.inboxes.get(node) ?? []) {
      message.waiting--;
      this.forget(message);
    }
    this.inboxes.delete(node);
  }

  private forget({ id, travelling, waiting }: LiveMessage): void {
    if (travelling + waiting <= 0) this.live.delete(id);
  }
}

export const isOver = (change: LifeChange): change is 'ended' | 'killed' | 'stopped' =>
  change === 'ended' || change === 'killed' || change === 'stopped';

/** FNV-1a, 32 bits. */
function checkOf(bytes: Uint8Array, start: number): number {
  let hash = 0x811c9dc5 ^ start;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash | 0;
}
