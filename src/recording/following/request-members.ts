/**
 * Which messages belong to a request: where it begins, and what follows from it, each with the message that it follows from.
 *
 * Known origins decide where there are any. Of other messages one is a member when its sender had received a member before, and
 * it led to the reply, or was lost, or the last message that its sender had received is a member: what happened before, no
 * more than can be looked at.
 */
import { present } from '../../columns/present.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import { ArrivalHeap } from './arrival-heap.ts';
import { pastOf } from './causality.ts';
import { LOST, RECEIVED } from '../messages/message-flags.ts';
import type { MessageColumns } from '../messages/message-columns.ts';
import { FOLLOWS_NONE, FOLLOWS_UNKNOWN, type MessageOrigins } from '../messages/message-origins.ts';

export interface Member {
  readonly id: number;
  /** The message that it follows from; -1 for the first one. */
  readonly origin: number;
  readonly byTimer: boolean;
  /** The origin is taken from the order of messages. */
  readonly isGuessed: boolean;
}

export interface Members {
  /** In the order of sending. */
  readonly all: readonly Member[];
  /** There are more of them than are taken. */
  readonly isCut: boolean;
}

export interface MembersAsked {
  readonly columns: MessageColumns;
  readonly origins: MessageOrigins;
  readonly kindOf: (name: string) => EndpointKind;
  /** Clients that start nodes and change the membership: what follows from their requests goes on for the whole run. */
  readonly isOfTheRun: (client: string) => boolean;
  readonly most: number;
}

/** So long after a request without a reply, what is only guessed to follow from it is taken for something else: clients give up. */
const UNANSWERED_NANOS = 5e9;
/** How far back a guess looks. */
const LOOK_BACK = 10_000;
const MOST_STEPS = 10_000;

/**
 * The message with which the request began that this one belongs to: a client's, mostly. What is not sent for a client begins
 * with what a timer sent.
 */
export function rootOf(asked: MembersAsked, id: number): number {
  const { columns, origins } = asked;
  let at = id;
  let afterTimer: number | undefined;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const known = origins.of(at);
    const isClients = kindOfSender(asked, at) === 'client';
    const before = known === FOLLOWS_UNKNOWN && !isClients ? lastReceived(columns, at) : known;
    if (before < 0) break;
    if (origins.isByTimer(at)) afterTimer ??= at;
    at = before;
  }
  const first = columns.names[present(columns.src[at])] ?? '';
  const isAClients = asked.kindOf(first) === 'client' && !asked.isOfTheRun(first);
  return isAClients ? at : (afterTimer ?? at);
}

export function membersOf(asked: MembersAsked, root: number, reply: number | undefined): Members {
  const { columns, origins, most } = asked;
  const { messageCount } = columns;
  const guesses = new Guesses(asked, root, reply);
  const all: Member[] = [{ id: root, origin: -1, byTimer: origins.isByTimer(root), isGuessed: false }];
  const isMember = new Uint8Array(messageCount);
  isMember[root] = 1;
  for (let next = root + 1; next < messageCount; next++) {
    const known = origins.of(next);
    if (known === FOLLOWS_NONE) continue;
    const isGuessed = known === FOLLOWS_UNKNOWN;
    const origin = isGuessed ? guesses.originOf(next, isMember) : known;
    if (origin < 0 || isMember[origin] !== 1) continue;
    if (all.length === most) return { all, isCut: true };
    isMember[next] = 1;
    all.push({ id: next, origin, byTimer: origins.isByTimer(next), isGuessed });
  }
  return { all, isCut: false };
}

/** Finds which member a message follows from that does not say it. Messages are asked about in the order of sending. */
class Guesses {
  private readonly endNanos: number;
  private readonly arrivals: ArrivalHeap;
  /** Of each endpoint: what it received last, and which member. */
  private readonly last: Int32Array;
  private readonly lastMember: Int32Array;
  private readonly past: Uint8Array | undefined;
  private next: number;

  constructor(
    private readonly asked: MembersAsked,
    root: number,
    reply: number | undefined,
  ) {
    const { columns, origins } = asked;
    this.endNanos = present(columns.sent[reply ?? root]) + (reply === undefined ? UNANSWERED_NANOS : 0);
    this.arrivals = new ArrivalHeap(columns.end);
    this.last = new Int32Array(columns.names.length).fill(-1);
    this.lastMember = new Int32Array(columns.names.length).fill(-1);
    this.past = reply === undefined ? undefined : pastOf(columns, origins, reply);
    this.next = root;
  }

  /** -1 when it follows from none. */
  originOf(id: number, isMember: Uint8Array): number {
    const { columns } = this.asked;
    const nanos = present(columns.sent[id]);
    if (nanos > this.endNanos || kindOfSender(this.asked, id) === 'client') return -1;
    this.receiveUntil(id, nanos, isMember);
    const from = present(columns.src[id]);
    const last = this.last[from] ?? -1;
    if (last >= 0 && isMember[last] === 1) return last;
    const isPast = this.past?.[id] === 1;
    const isLost = (present(columns.flags[id]) & (LOST | RECEIVED)) === LOST;
    return isPast || isLost ? (this.lastMember[from] ?? -1) : -1;
  }

  private receiveUntil(id: number, nanos: number, isMember: Uint8Array): void {
    const { columns } = this.asked;
    const { end, dest, flags } = columns;
    for (; this.next < id; this.next++) {
      if ((present(flags[this.next]) & RECEIVED) !== 0) this.arrivals.push(this.next);
    }
    for (
      let first = this.arrivals.first;
      first !== -1 && present(end[first]) <= nanos;
      first = this.arrivals.first
    ) {
      this.arrivals.pop();
      const at = present(dest[first]);
      this.last[at] = first;
      if (isMember[first] === 1) this.lastMember[at] = first;
    }
  }
}

const kindOfSender = ({ columns, kindOf }: MembersAsked, id: number): EndpointKind =>
  kindOf(columns.names[present(columns.src[id])] ?? '');

/** By its sender, before it; -1 when there is none near. */
function lastReceived({ src, dest, sent, end, flags }: MessageColumns, id: number): number {
  let last = -1;
  for (let earlier = id - 1; earlier >= Math.max(0, id - LOOK_BACK); earlier--) {
    const isReceived = dest[earlier] === src[id] && (present(flags[earlier]) & RECEIVED) !== 0;
    if (!isReceived || present(end[earlier]) > present(sent[id])) continue;
    if (last === -1 || present(end[earlier]) > present(end[last])) last = earlier;
  }
  return last;
}
