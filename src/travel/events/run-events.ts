/**
 * Turns a simulated run into numbered events, and tracks the messages in flight and in inboxes. It only observes: the
 * run is the same with and without it.
 */
import type { OpenedClient } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { SimulationWatch } from '../../harness/simulations/simulate-once.ts';
import type { Journal } from '../../network/journal/journal.ts';
import { messageType } from '../../network/message-type.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';
import type { Turn } from '../../world/cause.ts';
import type { LifeChange, SimulationObserver, TurnKind } from '../../world/simulated/observer.ts';
import type { SimulatedWorld } from '../../world/simulated/simulated-world.ts';
import type { Packet } from '../../world/world.ts';
import {
  KIND,
  lifeNumber,
  NO_MESSAGE,
  turnKindNumber,
  type EventIndex,
  type RawEvent,
} from './event-index.ts';

/** A message that is in flight or waits for a node. */
export interface LiveMessage {
  readonly id: number;
  readonly sentNanos: number;
  readonly body: string;
  readonly bodyBytes: number;
  /** Number of copies in flight. */
  travelling: number;
  /** Number of copies waiting for a node. */
  waiting: number;
}

export interface EventListener {
  /** Called after the state of RunEvents has been updated. */
  event(number: number, event: RawEvent): void;
  /** Called when this turn was ended because its node, or its inspect afterwards, did not yield. */
  overran(turn: number): void;
}

const PHASE = 'Phase: ';
const LAST_PHASE = 'done';
/** Nodes choose the types, so their length is bounded. */
const LONGEST_TYPE = 100;

export class RunEvents implements Journal, SimulationObserver, SimulationWatch {
  world: SimulatedWorld | undefined;
  /** Indexed by message id, in the order of sending. */
  readonly live = new Map<number, LiveMessage>();
  /** Waiting messages of each running node, in order. */
  readonly inboxes = new Map<string, LiveMessage[]>();
  /** The current life of each node that was ever started, in order of their first starts. */
  readonly lives = new Map<string, { life: number; change: LifeChange }>();
  /** The message of the current event, even if it has just arrived or been lost. */
  message: LiveMessage | undefined;
  private count = 0;
  private ended = false;

  constructor(
    private readonly index: EventIndex,
    private readonly listener: EventListener,
  ) {}

  get events(): number {
    return this.count;
  }

  opened(world: SimulatedWorld): void {
    this.world = world;
  }

  clientOpened({ name }: OpenedClient): void {
    this.index.clients.add(name);
  }

  // Journal

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

  // SimulationObserver

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

  // SimulationWatch

  op(op: Op): void {
    if (this.ended) return;
    if (op.index === this.index.ops.length) this.index.ops.push(op);
    const check = checkOf(Buffer.from(stringifyJson(op as unknown as Json)), 0); // an operation is plain JSON
    this.tell(KIND.operation, this.nowNanos(), op.index, 0, check, undefined);
  }

  log(line: string): void {
    if (this.ended || !line.startsWith(PHASE)) return;
    const phase = line.slice(PHASE.length);
    // Afterwards nodes are only shut down, which is not part of the run.
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
