/**
 * Ways to deviate from a run that was made: what may be ordered for one of its messages, or done to a node after one of its turns.
 *
 * Each has a place: the event of the journal up to which the run with the deviation is the run without it. A run deviates further
 * only at later places, so that each set of deviations is run once.
 */
import type { Op } from '../history/op.ts';
import type { JournalEvent } from '../network/journal.ts';
import type { MemoryJournal } from '../network/memory-journal.ts';
import { MessagePlaces, type MessageException, type MessagePlace } from '../network/message-exceptions.ts';
import { isClientName } from '../network/node-name.ts';
import type { Course, FaultOp } from '../run/course.ts';
import { NANOS_PER_MS } from '../world/clock.ts';
import type { Packet } from '../world/world.ts';

export const DEVIATIONS = ['drop', 'duplicate', 'delay', 'crash'] as const;
export type DeviationKind = (typeof DEVIATIONS)[number];

export type Deviation =
  | { readonly kind: 'message'; readonly place: number; readonly exception: MessageException }
  | { readonly kind: 'crash'; readonly place: number; readonly node: string; readonly atNanos: number };

/** A run that may be deviated from. */
export interface MadeRun {
  readonly history: readonly Op[];
  readonly journal: MemoryJournal;
  readonly nodes: readonly string[];
  /** When requests and faults are over. */
  readonly endNanos: number;
}

/** A message that comes after another comes so much later. */
const AFTER_MS = 1;
const RESTARTED_AFTER_MS = 5;

/** Those at places after `after`, in the order of their places. */
export function deviationsFrom(
  run: MadeRun,
  { after, kinds }: { readonly after: number; readonly kinds: ReadonlySet<DeviationKind> },
): readonly Deviation[] {
  const events = eventsOf(run.journal);
  const arrivals = arrivalsOf(events, run.journal);
  const startNanos = startOfRequests(run, events);
  const firstNanos = firstInvocation(run.history);
  const places = new MessagePlaces();
  const found: Deviation[] = [];
  for (const [place, { kind, timeNanos, messageId }] of events.entries()) {
    const packet = run.journal.message(messageId);
    const sent = kind === 'sent' ? places.next(packet) : undefined;
    const sinceStart = timeNanos - startNanos;
    if (place <= after || sinceStart < firstNanos || sinceStart >= run.endNanos) continue;
    if (sent !== undefined && !isClientName(packet.src) && !isClientName(packet.dest)) {
      for (const fate of fatesOf(packet, sent, { timeNanos, arrivals, kinds }))
        found.push({ kind: 'message', place, exception: fate });
    }
    if (kind === 'received' && kinds.has('crash') && run.nodes.includes(packet.dest)) {
      const overNanos = endOfTurn(events, place, run.journal);
      found.push({
        kind: 'crash',
        place: lastAt(events, overNanos),
        node: packet.dest,
        atNanos: overNanos - startNanos + 1,
      });
    }
  }
  return found.filter(({ place }) => place > after).toSorted((a, b) => a.place - b.place);
}

/** The course with these deviations and no others. */
export function withDeviations(course: Course, deviations: readonly Deviation[]): Course {
  const messages = deviations.flatMap((one) => (one.kind === 'message' ? [one.exception] : []));
  const faults = deviations.flatMap((one, index): FaultOp[] => {
    if (one.kind === 'message') return [];
    const { node, atNanos } = one;
    const label = 2 * index;
    return [
      { label, atNanos, f: 'kill', value: [node] },
      { label: label + 1, atNanos: atNanos + RESTARTED_AFTER_MS * NANOS_PER_MS, f: 'start', value: null },
    ];
  });
  return { ...course, messages, faults };
}

interface Arrival {
  readonly messageId: number;
  readonly timeNanos: number;
}

interface Surroundings {
  readonly timeNanos: number;
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>;
  readonly kinds: ReadonlySet<DeviationKind>;
}

function* fatesOf(packet: Packet, place: MessagePlace, around: Surroundings): Generator<MessageException> {
  const { kinds, arrivals, timeNanos } = around;
  const id = packet.cause?.id;
  const base = { ...(id === undefined ? {} : { id }), ...place };
  if (kinds.has('drop')) yield { ...base, do: 'drop' };
  const there = arrivals.get(packet.dest) ?? [];
  const own = there.findIndex(({ messageId }) => messageId === packet.id);
  const arrival = there[own];
  // What never arrived can be neither late nor doubled.
  if (arrival === undefined) return;
  const next = there[own + 1];
  const msUntil = (nanos: number): number => Math.ceil((nanos - timeNanos) / NANOS_PER_MS) + AFTER_MS;
  if (kinds.has('duplicate')) yield { ...base, do: 'duplicate', ms: msUntil((next ?? arrival).timeNanos) };
  if (kinds.has('delay') && next !== undefined) yield { ...base, do: 'delay', ms: msUntil(next.timeNanos) };
}

const eventsOf = (journal: MemoryJournal): readonly JournalEvent[] =>
  Array.from({ length: journal.eventCount }, (_, number) => journal.event(number));

/** By the endpoint, in the order in which they came. */
function arrivalsOf(
  events: readonly JournalEvent[],
  journal: MemoryJournal,
): ReadonlyMap<string, readonly Arrival[]> {
  const arrivals = new Map<string, Arrival[]>();
  for (const { kind, messageId, timeNanos } of events) {
    if (kind !== 'received') continue;
    const { dest } = journal.message(messageId);
    const there = arrivals.get(dest);
    if (there === undefined) arrivals.set(dest, [{ messageId, timeNanos }]);
    else there.push({ messageId, timeNanos });
  }
  return arrivals;
}

/** When the turn that began with this event had sent what it sends at once. */
function endOfTurn(events: readonly JournalEvent[], begin: number, journal: MemoryJournal): number {
  const { messageId, timeNanos } = events[begin] ?? { messageId: -1, timeNanos: 0 };
  const { dest } = journal.message(messageId);
  let end = timeNanos;
  for (const event of events.slice(begin + 1)) {
    if (event.kind !== 'sent') continue;
    const { src, cause } = journal.message(event.messageId);
    const isOfTurn = src === dest && cause?.origin.message === messageId && !cause.origin.byTimer;
    // What is sent much later waited for something else.
    if (isOfTurn && event.timeNanos - timeNanos < NANOS_PER_MS) end = event.timeNanos;
  }
  return end;
}

/** The last event that is not after that time. */
function lastAt(events: readonly JournalEvent[], nanos: number): number {
  return events.findLastIndex(({ timeNanos }) => timeNanos <= nanos);
}

const firstInvocation = (history: readonly Op[]): number =>
  history.find(({ process, type }) => process !== 'nemesis' && type === 'invoke')?.time ?? 0;

/** Requests before all operations. */
const SETUP = /"type":\s*"(init|topology)"/;

/** On the world's clock. The first operation's request is sent when the operation begins. */
function startOfRequests({ history, journal }: MadeRun, events: readonly JournalEvent[]): number {
  const first = events.find(({ kind, messageId }) => {
    const { src, body } = journal.message(messageId);
    return kind === 'sent' && isClientName(src) && !SETUP.test(body.toString());
  });
  return (first?.timeNanos ?? 0) - firstInvocation(history);
}
