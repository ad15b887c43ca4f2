/**
 * Ways to deviate from a run: an exception for one of its messages, or a fault at a node after one of its turns or
 * before an operation.
 *
 * Each deviation has a place, up to which the run with it equals the run without it. A run deviates further only at
 * later places, so that each set of deviations is run once. Places are indices of journal events; a fraction is a place
 * between two events.
 */
import { addTo } from '../columns/groups.ts';
import type { Op } from '../history/op.ts';
import type { JournalEvent } from '../network/journal/journal.ts';
import type { MemoryJournal } from '../network/journal/memory-journal.ts';
import {
  MessagePlaces,
  type MessageException,
  type MessagePlace,
} from '../network/rules/message-exceptions.ts';
import { isClientName } from '../network/node-name.ts';
import type { FaultOp, ScriptedOp } from '../run/course.ts';
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../world/clock.ts';
import type { Packet } from '../world/world.ts';
import type { Scope } from './scopes.ts';

export const DEVIATIONS = ['drop', 'duplicate', 'delay', 'cut', 'crash'] as const;
export type DeviationKind = (typeof DEVIATIONS)[number];

/**
 * What a deviation affects. Deviations of small reach are few and find the most, so they are tried first.
 *
 *     0    a node is cut off when an operation begins
 *     1    a node is cut off when an operation has succeeded; a message from before the operations comes after one of
 *          theirs
 *     2    what an operation causes: its messages, those that come after them although sent before, the turns that they
 *          trigger
 *     3    everything else: heartbeats, gossip on a timer
 */
export type Reach = 0 | 1 | 2 | 3;
export const REACHES: readonly Reach[] = [0, 1, 2, 3];

export type Deviation = { readonly place: number; readonly reach: Reach } & (
  | { readonly kind: 'message'; readonly exception: MessageException }
  | { readonly kind: 'crash' | 'cut'; readonly node: string; readonly atNanos: number }
);

/** A run to deviate from. */
export interface MadeRun {
  readonly history: readonly Op[];
  readonly journal: MemoryJournal;
  /** Includes its deviations. */
  readonly scope: Scope;
  readonly deviations: readonly Deviation[];
}

/** A delayed message arrives this much after the message that it is to follow. */
const AFTER_MS = 1;
const RESTARTED_AFTER_MS = 5;

/** Returns the deviations at places after those of the run, sorted by place. */
export function deviationsFrom(run: MadeRun, kinds: ReadonlySet<DeviationKind>): readonly Deviation[] {
  const looked = new LookedAt(run);
  const after = run.deviations.at(-1)?.place ?? -1;
  const found: Deviation[] = [];
  if (kinds.has('drop') || kinds.has('duplicate') || kinds.has('delay'))
    found.push(...messageDeviations(looked, kinds));
  if (kinds.has('crash')) found.push(...crashes(looked));
  if (kinds.has('cut')) found.push(...cuts(looked));
  return found.filter(({ place }) => place > after).toSorted((a, b) => a.place - b.place);
}

/**
 * Returns the scope with exactly these deviations. After a cut, operations resume `cutMs` later. One node at a time
 * is cut off: a further cut joins the node before to the others again.
 */
export function withDeviations(scope: Scope, deviations: readonly Deviation[]): Scope {
  const { cutMs } = scope;
  let { course, seconds, probedNanos } = scope;
  const messages = deviations.flatMap((one) => (one.kind === 'message' ? [one.exception] : []));
  const faults: Omit<FaultOp, 'label'>[] = [];
  for (const one of deviations) {
    if (one.kind === 'message') continue;
    const { kind, node, atNanos } = one;
    if (kind === 'crash') {
      faults.push({ atNanos, f: 'kill', value: [node] });
      faults.push({ atNanos: atNanos + RESTARTED_AFTER_MS * NANOS_PER_MS, f: 'start', value: null });
      continue;
    }
    const others = scope.nodes.filter((other) => other !== node);
    faults.push({ atNanos, f: 'start-partition', value: [[node], others] });
    course = { ...course, ops: laterFrom(course.ops, atNanos, cutMs) };
    seconds += cutMs / 1000;
    probedNanos += cutMs * NANOS_PER_MS;
  }
  const inOrder = faults.toSorted((a, b) => a.atNanos - b.atNanos);
  const isCut = inOrder.some(({ f }) => f === 'start-partition');
  const healing = isCut ? [{ label: inOrder.length, atNanos: 0, f: 'stop-partition', value: null }] : [];
  return {
    ...scope,
    course: { ...course, messages, faults: inOrder.map((fault, label) => ({ label, ...fault })), healing },
    seconds,
    probedNanos,
  };
}

const laterFrom = (ops: readonly ScriptedOp[], fromNanos: number, byMs: number): readonly ScriptedOp[] =>
  ops.map((op) => (op.atNanos < fromNanos ? op : { ...op, atNanos: op.atNanos + byMs * NANOS_PER_MS }));

/** What a deviation requires to know about a run. */
class LookedAt {
  readonly journal: MemoryJournal;
  readonly events: readonly JournalEvent[];
  /** Indexed by endpoint, in the order of arrival. */
  private readonly arrivals = new Map<string, Arrival[]>();
  /** The index of a message's first arrival among those at its destination. */
  private readonly firstArrivals = new Map<number, number>();
  readonly nodes: readonly string[];
  /** The node that is cut off in the end. */
  readonly cutNode: string | undefined;
  /** The zero of the history on the journal's clock. */
  readonly zeroNanos: number;
  private readonly firstNanos: number;
  private readonly endNanos: number;
  /** When requests end and the quiet period begins. */
  readonly overNanos: number;
  /** Distinct start times of client operations, since requests began. */
  readonly beginnings: readonly number[];
  /** Distinct times at which client operations succeeded, until clients only observe. */
  readonly successes: readonly number[];
  private readonly follow: boolean[] = [];

  constructor({ history, journal, scope, deviations }: MadeRun) {
    this.journal = journal;
    this.events = Array.from({ length: journal.eventCount }, (_, number) => journal.event(number));
    this.nodes = scope.nodes;
    this.cutNode = deviations.flatMap((one) => (one.kind === 'cut' ? [one.node] : [])).at(-1);
    const beginnings = history.flatMap(({ process, type, time }) =>
      process === 'nemesis' || type !== 'invoke' ? [] : [time],
    );
    const [first = 0] = beginnings;
    this.beginnings = [...new Set(beginnings.filter((time) => time <= scope.probedNanos))];
    this.successes = [
      ...new Set(
        history.flatMap(({ process, type, time }) =>
          process !== 'nemesis' && type === 'ok' && time < scope.probedNanos ? [time] : [],
        ),
      ),
    ];
    // The first operation's request is sent when the operation begins.
    this.zeroNanos = (this.events.find((event) => this.isRequest(event))?.timeNanos ?? 0) - first;
    this.firstNanos = this.zeroNanos + first;
    this.endNanos = this.zeroNanos + scope.probedNanos;
    this.overNanos = this.zeroNanos + scope.seconds * NANOS_PER_SECOND;
    for (const { kind, messageId, timeNanos } of this.events) {
      if (kind !== 'received') continue;
      const { dest } = journal.message(messageId);
      if (!this.firstArrivals.has(messageId))
        this.firstArrivals.set(messageId, this.arrivals.get(dest)?.length ?? 0);
      addTo(this.arrivals, dest, { messageId, timeNanos });
    }
  }

  isBefore({ timeNanos }: JournalEvent): boolean {
    return timeNanos < this.firstNanos;
  }

  isWithin({ timeNanos }: JournalEvent): boolean {
    return timeNanos >= this.firstNanos && timeNanos < this.endNanos;
  }

  /** Returns when the message arrived and what arrived there next. */
  arrivalOf({ id, dest }: Packet): {
    readonly arrival?: Arrival | undefined;
    readonly following?: Arrival | undefined;
  } {
    const there = this.arrivals.get(dest) ?? [];
    const own = this.firstArrivals.get(id);
    return own === undefined ? {} : { arrival: there[own], following: there[own + 1] };
  }

  reachOf(messageId: number): Reach {
    return this.followsFromOp(messageId) ? 2 : 3;
  }

  /** True when the message is the request of an operation or was caused by one. */
  private followsFromOp(messageId: number): boolean {
    const known = this.follow[messageId];
    if (known !== undefined) return known;
    const packet = this.journal.message(messageId);
    const origin = packet.cause?.origin.message;
    // A message's cause was sent before it.
    const follows =
      origin === undefined || origin >= messageId ? isOpRequest(packet) : this.followsFromOp(origin);
    this.follow[messageId] = follows;
    return follows;
  }

  private isRequest({ kind, messageId }: JournalEvent): boolean {
    return kind === 'sent' && isOpRequest(this.journal.message(messageId));
  }
}

interface Arrival {
  readonly messageId: number;
  readonly timeNanos: number;
}

/** Requests that precede all operations. */
const SETUP = /"type":\s*"(init|topology)"/;

const isOpRequest = ({ src, body }: Packet): boolean => isClientName(src) && !SETUP.test(body.toString());

function* messageDeviations(looked: LookedAt, kinds: ReadonlySet<DeviationKind>): Generator<Deviation> {
  const places = new MessagePlaces();
  for (const [place, event] of looked.events.entries()) {
    if (event.kind !== 'sent') continue;
    const packet = looked.journal.message(event.messageId);
    if (isClientName(packet.src) || isClientName(packet.dest)) continue;
    const sent = places.next(packet);
    const around = { place, sent, timeNanos: event.timeNanos, looked, kinds };
    if (looked.isWithin(event)) yield* fatesOf(packet, around);
    else if (looked.isBefore(event)) yield* delaysBeyondOps(packet, around);
  }
}

interface Surroundings {
  /** Of the event in which it was sent. */
  readonly place: number;
  readonly sent: MessagePlace;
  readonly timeNanos: number;
  readonly looked: LookedAt;
  readonly kinds: ReadonlySet<DeviationKind>;
}

function* fatesOf(packet: Packet, around: Surroundings): Generator<Deviation> {
  const { place, sent, kinds, looked, timeNanos } = around;
  const id = packet.cause?.id;
  const base = { ...(id === undefined ? {} : { id }), ...sent };
  const { arrival, following } = looked.arrivalOf(packet);
  // A message that never arrives cannot be delayed or duplicated, and dropping it makes no difference.
  if (arrival === undefined) return;
  const reach = looked.reachOf(packet.id);
  const fate = (exception: MessageException, its = reach): Deviation => ({
    kind: 'message',
    place,
    reach: its,
    exception,
  });
  if (kinds.has('drop')) yield fate({ ...base, do: 'drop' });
  // Not after the quiet period has begun: there a delay would amount to a loss.
  const next = following !== undefined && following.timeNanos < looked.overNanos ? following : undefined;
  // A heartbeat that comes after the message of an operation affects what the operation causes.
  const reachAfter = next === undefined ? reach : least(reach, looked.reachOf(next.messageId));
  const msUntil = (nanos: number): number => Math.ceil((nanos - timeNanos) / NANOS_PER_MS) + AFTER_MS;
  if (kinds.has('duplicate'))
    yield fate({ ...base, do: 'duplicate', ms: msUntil((next ?? arrival).timeNanos) }, reachAfter);
  if (kinds.has('delay') && next !== undefined)
    yield fate({ ...base, do: 'delay', ms: msUntil(next.timeNanos) }, reachAfter);
}

/** A message from before the operations may still come after one of theirs. */
function* delaysBeyondOps(packet: Packet, around: Surroundings): Generator<Deviation> {
  const { following } = around.looked.arrivalOf(packet);
  if (following === undefined || around.looked.reachOf(following.messageId) > 2) return;
  for (const deviation of fatesOf(packet, around)) {
    if (deviation.kind !== 'message' || deviation.reach > 2) continue;
    yield deviation.exception.do === 'delay' ? { ...deviation, reach: 1 } : deviation;
  }
}

const least = (one: Reach, other: Reach): Reach => (one < other ? one : other);

/** Yields a crash of each node after each of its turns that a message triggered. */
function* crashes(looked: LookedAt): Generator<Deviation> {
  for (const [place, event] of looked.events.entries()) {
    if (event.kind !== 'received' || !looked.isWithin(event)) continue;
    const { dest: node } = looked.journal.message(event.messageId);
    if (!looked.nodes.includes(node)) continue;
    const overNanos = endOfTurn(looked, place);
    yield {
      kind: 'crash',
      place: looked.events.findLastIndex(({ timeNanos }) => timeNanos <= overNanos) + between(looked, node),
      reach: looked.reachOf(event.messageId),
      node,
      atNanos: overNanos - looked.zeroNanos + 1,
    };
  }
}

/**
 * Yields a cut of each node at the start of each operation, and at its success if the node receives or sends something
 * between then and the next start: what is on its way when an operation succeeds is what its success may not depend on.
 * A cut that no later message between nodes meets is left out.
 */
function* cuts(looked: LookedAt): Generator<Deviation> {
  const { nodes, cutNode } = looked;
  // Of two nodes, cutting off either is the same, and so is moving the cut.
  const some = nodes.length > 2 ? nodes : cutNode === undefined ? nodes.slice(1, 2) : [];
  for (const node of some.filter((one) => one !== cutNode)) {
    const metNanos = timesWithNodes(looked, node);
    const isMet = (fromNanos: number, toNanos: number): boolean =>
      metNanos.some((nanos) => nanos >= looked.zeroNanos + fromNanos && nanos < looked.zeroNanos + toNanos);
    const { beginnings } = looked;
    const ends = looked.successes
      .map((nanos) => nanos + 1)
      .filter((nanos) => isMet(nanos, beginnings.find((begin) => begin >= nanos) ?? Infinity));
    for (const atNanos of [...new Set([...beginnings, ...ends])].toSorted((a, b) => a - b)) {
      if (!isMet(atNanos, Infinity)) break;
      const before = looked.events.findLastIndex(({ timeNanos }) => timeNanos < looked.zeroNanos + atNanos);
      const reach = beginnings.includes(atNanos) ? 0 : 1;
      yield { kind: 'cut', place: before + between(looked, node), reach, node, atNanos };
    }
  }
}

/** Returns the times at which messages between the node and other nodes were received. */
function timesWithNodes({ events, journal, nodes }: LookedAt, node: string): readonly number[] {
  return events.flatMap(({ kind, messageId, timeNanos }) => {
    if (kind !== 'received') return [];
    const { src, dest } = journal.message(messageId);
    const isMet = (src === node && nodes.includes(dest)) || (dest === node && nodes.includes(src));
    return isMet ? [timeNanos] : [];
  });
}

/** Returns the fraction that gives each node its own place between two events. */
const between = ({ nodes }: LookedAt, node: string): number => (nodes.indexOf(node) + 1) / (nodes.length + 1);

/** Returns the time at which the turn that this event began has sent its immediate messages. */
function endOfTurn({ events, journal }: LookedAt, begin: number): number {
  const { messageId, timeNanos } = events[begin] ?? { messageId: -1, timeNanos: 0 };
  const { dest } = journal.message(messageId);
  let end = timeNanos;
  for (const event of events.slice(begin + 1)) {
    // A message sent much later waited for something else.
    if (event.timeNanos - timeNanos >= NANOS_PER_MS) break;
    if (event.kind !== 'sent') continue;
    const { src, cause } = journal.message(event.messageId);
    if (src === dest && cause?.origin.message === messageId && !cause.origin.byTimer) end = event.timeNanos;
  }
  return end;
}
