/**
 * Candidates that each leave out one thing of a run: a fault, a loss, delay or duplicate of a message, the order in
 * which two messages arrive, or the overlap of two operations.
 */
import type { MessageException } from '../../network/rules/message-exceptions.ts';
import { inSeries } from '../../protocol/in-series.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { faultOf } from '../../nemesis/fault-operations.ts';
import { faultBands } from '../../recording/fault-bands.ts';
import type { DecisiveMoment } from '../../recording/decisive.ts';
import { NANOS_PER_MS } from '../../world/clock.ts';
import { faultSpans, withCourse, withFaultSpans, type Coursed } from '../course-edits.ts';
import type { LookedAtRun, SeenMessage } from './looked-at.ts';

export interface LeftOut {
  /** The thing left out, worded to follow `without`. */
  readonly what: string;
  readonly spec: Coursed;
  readonly at?: DecisiveMoment;
}

/** Maximum number of candidates of each kind. */
const MOST_OF_KIND = 12;

/** Returns the candidates, faults first. */
export function thingsToLeaveOut(spec: Coursed, run: LookedAtRun): readonly LeftOut[] {
  return [faultsOf, exceptionsOf, lossesOf, overlapsOf, ordersOf].flatMap((kind) =>
    kind(spec, run).slice(0, MOST_OF_KIND),
  );
}

function faultsOf(spec: Coursed, run: LookedAtRun): readonly LeftOut[] {
  const { faultScript } = spec;
  const bands = faultBands(
    run.history.filter(({ process }) => process === 'nemesis'),
    spec.nodes,
  );
  const naming = (kind: string, atNanos: number): Pick<LeftOut, 'what' | 'at'> => {
    const band = bands.find((one) => one.kind === kind && one.fromNanos >= atNanos);
    const fromNanos = band?.fromNanos ?? atNanos;
    const step = run.story.steps.find(
      ({ band: mentioned, timeNanos }) => mentioned?.fault === kind && timeNanos === fromNanos,
    );
    return {
      what: `${faultInWords(kind, band?.about ?? '')}${step === undefined ? '' : ` (step ${step.number})`}`,
      at: step === undefined ? run.placeInJournal(fromNanos) : run.placeOf(step),
    };
  };
  if (faultScript !== undefined) {
    return faultScript.map((entry, index) => ({
      ...naming(entry.fault, entry.at * 1000 * NANOS_PER_MS),
      spec: { ...spec, faultScript: faultScript.filter((_, other) => other !== index) },
    }));
  }
  const spans = faultSpans(spec);
  return spans.map((span) => ({
    ...naming(faultOf(span.begin.f), span.begin.atNanos),
    spec: withFaultSpans(
      spec,
      spans.filter((other) => other !== span),
    ),
  }));
}

export function faultInWords(kind: string, nodes: string): string {
  const about = shownText(nodes, 80);
  if (kind === 'partition')
    return (about.includes(' hear') ? `the partition (${about})` : `the partition ${about}`).trim();
  if (kind === 'one-way') return about === '' ? 'the one-way cut' : `the one-way cut (${about})`;
  if (kind === 'kill' || kind === 'pause') return `the ${kind} of ${inSeries(about.split(' '))}`;
  return `the fault ${shownText(kind, 40)}${about === '' ? '' : ` at ${about}`}`;
}

const HAPPENED = { drop: 'loss', delay: 'delay', duplicate: 'second arrival', deliver: 'arrival' } as const;

/** Describes an exception by what happened to the message, which in a calm run takes the mean latency otherwise. */
export function exceptionInWords(
  exception: MessageException,
  message: SeenMessage | undefined,
  { run, spec }: { readonly run: LookedAtRun; readonly spec: Coursed },
): string {
  const isEarly = exception.do === 'delay' && exception.ms < spec.latency.meanMs;
  return `the ${isEarly ? 'early arrival' : HAPPENED[exception.do]} of ${message === undefined ? placeInWords(exception) : inWords(message, run)}`;
}

function exceptionsOf(spec: Coursed, run: LookedAtRun): readonly LeftOut[] {
  const { messages } = spec.course;
  return messages.map((exception) => {
    const message = run.excepted(exception);
    return {
      what: exceptionInWords(exception, message, { run, spec }),
      spec: withCourse(spec, { messages: messages.filter((other) => other !== exception) }),
      ...(message === undefined ? {} : { at: run.placeOfMessage(message) }),
    };
  });
}

/** Candidates in which a message of the story that a fault has lost arrives, whatever faults are active. */
function lossesOf(spec: Coursed, run: LookedAtRun): readonly LeftOut[] {
  const ordered = orderedIn(spec, run);
  return run.messages
    .filter((message) => message.lostBy !== undefined && run.stepOf(message) !== undefined)
    .filter(({ isOfClient, cause }) => !isOfClient && cause !== undefined)
    .filter((message) => !ordered.has(message))
    .map((message) => ({
      what: `the loss of ${inWords(message, run)}`,
      spec: withException(spec, message, { do: 'deliver' }),
      at: run.placeOfMessage(message),
    }));
}

/** Delay of a message after the arrival of the message that it is to follow. */
const AFTER_MS = 0.1;
/**
 * Messages that arrive further apart had no order to get wrong. To hold one back until a read after the quiet period,
 * say, removes what it brought, and explains nothing.
 */
const MOST_APART_MS = 1000;

/**
 * Candidates in which, of two messages of the story that arrive at the same place in sequence, the first arrives after
 * the second.
 */
function ordersOf(spec: Coursed, run: LookedAtRun): readonly LeftOut[] {
  const ordered = orderedIn(spec, run);
  const mentioned = run.messages.filter(
    (message) => run.stepOf(message) !== undefined && message.arrivals.length > 0 && message.sentNanos >= 0,
  );
  const arriving = mentioned.toSorted((a, b) => (a.arrivals[0] ?? 0) - (b.arrivals[0] ?? 0) || a.id - b.id);
  return arriving.flatMap((first, at): readonly LeftOut[] => {
    const { cause, isOfClient, sentNanos, place } = first;
    if (isOfClient || cause === undefined || ordered.has(first)) return [];
    // A message cannot arrive before one that caused it.
    const second = arriving
      .slice(at + 1)
      .find((other) => other.place.to === place.to && !run.follows(other, first));
    const [arrival] = second?.arrivals ?? [];
    if (second === undefined || arrival === undefined) return [];
    const [arrivalOfFirst = sentNanos] = first.arrivals;
    if (arrival - arrivalOfFirst > MOST_APART_MS * NANOS_PER_MS) return [];
    const ms = (arrival - sentNanos) / NANOS_PER_MS + AFTER_MS;
    return [
      {
        what: orderInWords(first, second, run),
        spec: withException(spec, first, { do: 'delay', ms }),
        at: run.placeOfMessage(first),
      },
    ];
  });
}

function orderInWords(first: SeenMessage, second: SeenMessage, run: LookedAtRun): string {
  const [one, other] = [inWords(first, run), inWords(second, run)];
  return one === other
    ? `the order in which two messages come: ${one}`
    : `the order in which ${one} comes before ${other}`;
}

/** Candidates in which, of two concurrent operations of the story, the later one begins after the other has ended. */
function overlapsOf(spec: Coursed, run: LookedAtRun): readonly LeftOut[] {
  const mentioned = mentionedOperations(spec, run);
  return mentioned.flatMap((second) => {
    const first = mentioned.findLast(
      ({ thread, begin, end }) => thread !== second.thread && begin <= second.begin && end > second.begin,
    );
    if (first === undefined || first === second || !Number.isFinite(first.end)) return [];
    // When both begin at once, the one mentioned first counts as the earlier.
    if (first.begin === second.begin && mentioned.indexOf(first) > mentioned.indexOf(second)) return [];
    const fromNanos = Math.ceil(first.end) + 1;
    return [
      {
        what: `the overlap of the operations of steps ${first.step} and ${second.step}`,
        spec: withCourse(spec, {
          ops: spec.course.ops
            .map((op) =>
              op.thread === second.thread && op.atNanos >= second.atNanos
                ? { ...op, atNanos: Math.max(op.atNanos, fromNanos) }
                : op,
            )
            .toSorted((a, b) => a.atNanos - b.atNanos || a.label - b.label),
        }),
        at: second.at,
      },
    ];
  });
}

interface MentionedOperation {
  readonly step: number;
  readonly at: DecisiveMoment;
  readonly thread: number;
  readonly begin: number;
  readonly end: number;
  /** Its time in the course. */
  readonly atNanos: number;
}

type OperationTimes = Omit<MentionedOperation, 'step' | 'at'>;

/** Returns the operations of the main phase that the story mentions, in the order of their steps. */
function mentionedOperations(spec: Coursed, run: LookedAtRun): readonly MentionedOperation[] {
  const { concurrency, course } = spec;
  const counts = new Map<number, number>();
  const found = new Map<number, OperationTimes>();
  const open = new Map<number, { readonly index: number; readonly of: OperationTimes }>();
  for (const { index, process, type, time } of run.history) {
    if (process === 'nemesis') continue;
    const thread = process % concurrency;
    if (type === 'invoke') {
      const count = counts.get(thread) ?? 0;
      counts.set(thread, count + 1);
      const op = course.ops.filter((one) => one.thread === thread)[count];
      if (op === undefined) continue;
      const of = { thread, begin: time, end: Infinity, atNanos: op.atNanos };
      open.set(thread, { index, of });
      found.set(index, of);
    } else {
      const begun = open.get(thread);
      open.delete(thread);
      if (begun === undefined) continue;
      const of = { ...begun.of, end: time };
      // Results refer to an operation by the index of either entry.
      found.set(begun.index, of);
      found.set(index, of);
    }
  }
  return run.story.steps.flatMap((step) => {
    const {
      kind,
      number,
      operations: [operation],
    } = step;
    const of = kind === 'operation' && operation !== undefined ? found.get(operation) : undefined;
    return of === undefined ? [] : [{ step: number, at: run.placeOf(step), ...of }];
  });
}

/** The messages that already have an exception. */
const orderedIn = ({ course }: Coursed, run: LookedAtRun): ReadonlySet<SeenMessage | undefined> =>
  new Set(course.messages.map((exception) => run.excepted(exception)));

function withException(
  spec: Coursed,
  { cause: id, place }: SeenMessage,
  fate: { readonly do: 'deliver' } | { readonly do: 'delay'; readonly ms: number },
): Coursed {
  const exception: MessageException = { id, ...place, ...fate };
  return withCourse(spec, { messages: [...spec.course.messages, exception] });
}

function inWords(message: SeenMessage, run: LookedAtRun): string {
  const step = run.stepOf(message);
  const { type, to } = message.place;
  return step === undefined
    ? placeInWords(message.place)
    : `${shownText(type, 40)} to ${shownText(to, 40)} (step ${step})`;
}

const placeInWords = ({ type, from, to }: Pick<MessageException, 'type' | 'from' | 'to'>): string =>
  `${shownText(type, 40)} from ${shownText(from, 40)} to ${shownText(to, 40)}`;
