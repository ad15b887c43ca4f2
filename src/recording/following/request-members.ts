/**
 * The messages that belong to a request: where it begins and what follows from it, each with the message that it
 * follows from.
 *
 * Known origins take precedence. A message without one is a member if its sender had received a member before, and it
 * led to the reply, or was lost, or the last message that its sender received is a member. This limits happened-before
 * to a number of messages that a person can look at. A message lost after another client's request counts for that
 * request, unless it repeats a member:
 *
 *     write c1 -> n1                     never answered
 *       forward n1 -> n2   lost
 *     write c2 -> n1                     another request
 *       forward n1 -> n2   lost          is for c2's, not for c1's
 *       forward n1 -> n2   lost          with the body of c1's forward: a repetition of it
 */
import { present } from '../../columns/present.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import { Heap } from '../../columns/heap.ts';
import { pastOf } from './causality.ts';
import { withBodies, type BodyText } from '../messages/message-bodies.ts';
import { LOST, RECEIVED } from '../messages/message-flags.ts';
import type { MessageColumns } from '../messages/message-columns.ts';
import { FOLLOWS_NONE, FOLLOWS_UNKNOWN, type MessageOrigins } from '../messages/message-origins.ts';

export interface Member {
  readonly id: number;
  /** The message that it follows from; -1 for the first one. */
  readonly origin: number;
  readonly byTimer: boolean;
  /** True if the origin was inferred from the order of messages. */
  readonly isGuessed: boolean;
}

export interface Members {
  /** In the order of sending. */
  readonly all: readonly Member[];
  /** True if there are more members than were taken. */
  readonly isCut: boolean;
}

export interface MembersAsked {
  readonly columns: MessageColumns;
  readonly origins: MessageOrigins;
  readonly kindOf: (name: string) => EndpointKind;
  /**
   * True for clients that start nodes and change the membership: what follows from their requests goes on for the whole
   * run.
   */
  readonly isOfTheRun: (client: string) => boolean;
  readonly most: number;
}

/**
 * Time after a request without a reply, when clients have given up, beyond which inferred consequences no longer count.
 */
const UNANSWERED_NANOS = 5e9;
/** Number of bytes of a body that are compared to detect repetitions. */
const REPEATED_BYTES = 4096;
const NUMBER = /"msg_id"\s*:\s*-?\d+/;
/** How many messages back an inference looks. */
const LOOK_BACK = 10_000;
const MOST_STEPS = 10_000;

/**
 * Returns the message that began the request that this one belongs to, usually a client's. A message that was not sent
 * on behalf of a client leads back to one sent by a timer.
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

type ReadBody = (id: number, bytes: number) => BodyText;

export function membersOf(asked: MembersAsked, root: number, reply: number | undefined): Members {
  return withBodies(asked.columns, (read) => findMembers(asked, new Guesses(asked, root, reply, read), root));
}

function findMembers({ columns, origins, most }: MembersAsked, guesses: Guesses, root: number): Members {
  const { messageCount } = columns;
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
    if (isGuessed) guesses.takeMember(next);
    all.push({ id: next, origin, byTimer: origins.isByTimer(next), isGuessed });
  }
  return { all, isCut: false };
}

/** Infers from which member a message without a known origin follows. Must be called in the order of sending. */
class Guesses {
  private readonly endNanos: number;
  private readonly arrivals: Heap;
  /** Indexed by endpoint: the last message and the last member it received. */
  private readonly last: Int32Array;
  private readonly lastMember: Int32Array;
  /** Indexed by endpoint: the last message it had received when it last sent one. */
  private readonly lastWhenSent: Int32Array;
  private readonly sent = new Set<string>();
  private readonly past: Uint8Array | undefined;
  private next: number;

  constructor(
    private readonly asked: MembersAsked,
    root: number,
    reply: number | undefined,
    private readonly read: ReadBody,
  ) {
    const { columns, origins } = asked;
    this.endNanos = present(columns.sent[reply ?? root]) + (reply === undefined ? UNANSWERED_NANOS : 0);
    this.arrivals = new Heap(columns.end);
    this.last = new Int32Array(columns.names.length).fill(-1);
    this.lastMember = new Int32Array(columns.names.length).fill(-1);
    this.lastWhenSent = new Int32Array(columns.names.length).fill(-1);
    this.past = reply === undefined ? undefined : pastOf(columns, origins, reply);
    this.next = root;
  }

  /** Returns the member that the message follows from, or -1. */
  originOf(id: number, isMember: Uint8Array): number {
    const { columns } = this.asked;
    const nanos = present(columns.sent[id]);
    if (nanos > this.endNanos || kindOfSender(this.asked, id) === 'client') return -1;
    this.receiveUntil(id, nanos, isMember);
    const from = present(columns.src[id]);
    const last = this.last[from] ?? -1;
    const isFirstSince = this.lastWhenSent[from] !== last;
    this.lastWhenSent[from] = last;
    if (last >= 0 && isMember[last] === 1) return last;
    const member = this.lastMember[from] ?? -1;
    if (member < 0 || this.past?.[id] === 1) return member;
    if ((present(columns.flags[id]) & (LOST | RECEIVED)) !== LOST) return -1;
    const isAfterOther = last >= 0 && kindOfSender(this.asked, last) === 'client';
    return isAfterOther && (isFirstSince || !this.sent.has(this.withoutNumber(id))) ? -1 : member;
  }

  /** Records a message sent as part of the request, so that repetitions of it are recognised. */
  takeMember(id: number): void {
    this.sent.add(this.withoutNumber(id));
  }

  /** Returns a key that is the same when a message is repeated under a new number. */
  private withoutNumber(id: number): string {
    const { src, dest } = this.asked.columns;
    return `${src[id]} ${dest[id]} ${this.read(id, REPEATED_BYTES).text.replace(NUMBER, '')}`;
  }

  private receiveUntil(id: number, nanos: number, isMember: Uint8Array): void {
    const { columns } = this.asked;
    const { end, dest, flags } = columns;
    for (; this.next < id; this.next++) {
      if ((present(flags[this.next]) & RECEIVED) !== 0) this.arrivals.push(this.next);
    }
    const { arrivals } = this;
    for (
      let { first } = arrivals;
      first !== undefined && present(end[first]) <= nanos;
      first = arrivals.first
    ) {
      arrivals.pop();
      const at = present(dest[first]);
      this.last[at] = first;
      if (isMember[first] === 1) this.lastMember[at] = first;
    }
  }
}

const kindOfSender = ({ columns, kindOf }: MembersAsked, id: number): EndpointKind =>
  kindOf(columns.names[present(columns.src[id])] ?? '');

/** Returns the last message that its sender received before it, or -1 if there is none nearby. */
function lastReceived({ src, dest, sent, end, flags }: MessageColumns, id: number): number {
  let last = -1;
  for (let earlier = id - 1; earlier >= Math.max(0, id - LOOK_BACK); earlier--) {
    const isReceived = dest[earlier] === src[id] && (present(flags[earlier]) & RECEIVED) !== 0;
    if (!isReceived || present(end[earlier]) > present(sent[id])) continue;
    if (last === -1 || present(end[earlier]) > present(end[last])) last = earlier;
  }
  return last;
}
