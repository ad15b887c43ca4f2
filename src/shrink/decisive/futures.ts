/**
 * Finds the step at which the failure became likely, and the one from which it was certain. From some of the steps it
 * starts a number of futures: runs that are the same up to the step and random from then on.
 *
 *     the run        step 1 ── step 2 ── step 3 ── step 4 ── fails
 *                                 ├──────── other latencies, losses, turns ──── fails?
 *                                 ├──────── ...
 *                                 └──────── 20 of them
 *
 * In a future, clients do what they did and faults that have begun last as long as they did; later faults are left out.
 * Exceptions for messages (lost, late, duplicated) give way to randomness as it was in the run before shrinking.
 */
import { completeStrengths } from '../../nemesis/fault-strengths.ts';
import { faultOf } from '../../nemesis/fault-operations.ts';
import type { FateChance, Future } from '../../run/course.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { THE_START, turnOf, type DecisiveMoment, type Futures } from '../../recording/decisive.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import type { Moment } from '../../world/turning-point.ts';
import { faultSpans, withCourse, withFaultSpans, type Coursed } from '../course-edits.ts';
import { DRAWING_FAULTS } from '../passes/calm.ts';
import { exceptionInWords } from './left-out.ts';
import type { LookedAtRun } from './looked-at.ts';

/** What is random in the futures of a run. */
export type FutureChance = Pick<Future, 'latency' | 'fates'>;

export interface CertaintyOptions {
  readonly spec: Coursed;
  readonly run: LookedAtRun;
  readonly chance: FutureChance;
  /** Number of futures for each moment. */
  readonly futures: number;
  /** Number of moments in the first pass. */
  readonly moments: number;
  /** Returns, for each spec, whether its run fails as the original did. */
  readonly fail: (specs: readonly Coursed[]) => Promise<readonly boolean[]>;
}

/** Returns the moments tried and the outcomes of their futures, in the order of the run. */
export async function certaintyOf(options: CertaintyOptions): Promise<readonly Futures[]> {
  const { spec, run, moments } = options;
  const events = eventsOf(spec, run);
  const tried = new Map<number, Futures>();
  const tryAt = async (at: number): Promise<boolean> => {
    const event = events[at];
    if (event === undefined) return false;
    const found = tried.get(at) ?? (await futuresFrom(event, options));
    tried.set(at, found);
    return found.fails === found.of;
  };
  for (const at of spread(events.length, moments)) await tryAt(at);
  // Binary search between the last moment that is not certain and the next one, which is.
  const places = [...tried.keys()].toSorted((a, b) => a - b);
  const isCertain = (at: number): boolean => {
    const found = tried.get(at);
    return found !== undefined && found.fails === found.of;
  };
  let open = places.findLast((at) => !isCertain(at)) ?? -1;
  let certain = places.find((at) => at > open) ?? events.length;
  while (open >= 0 && certain < events.length && certain - open > 1) {
    const middle = Math.floor((open + certain) / 2);
    if (await tryAt(middle)) certain = middle;
    else open = middle;
  }
  // Likewise between the two moments between which the failure became most likely.
  for (;;) {
    const inOrder = [...tried].toSorted(([a], [b]) => a - b);
    const turn = turnOf(inOrder.map(([, found]) => found));
    const [before = 0, after = 0] = turn === undefined ? [] : inOrder.slice(turn - 1).map(([at]) => at);
    if (after - before <= 1) return inOrder.map(([, found]) => found);
    await tryAt(Math.floor((before + after) / 2));
  }
}

interface EventOfRun {
  readonly name: string;
  readonly after: Moment;
  readonly at: DecisiveMoment | undefined;
}

/**
 * Returns the start, the moment after each step, and the moment after each message with an exception that is not a
 * step's own message: a step may cover repeated sends, and the exception may apply to a later one.
 */
function eventsOf(spec: Coursed, run: LookedAtRun): readonly EventOfRun[] {
  const steps = run.story.steps
    .filter(({ kind, timeNanos }) => kind !== 'verdict' && timeNanos >= 0)
    .map((step) => ({ name: `step ${step.number}`, after: run.momentOf(step), at: run.placeOf(step) }));
  const ordered = spec.course.messages.flatMap((exception) => {
    const message = run.excepted(exception);
    if (message === undefined) return [];
    const { id, sentNanos } = message;
    if (sentNanos < 0 || steps.some(({ at }) => at.message === id)) return [];
    const name = exceptionInWords(exception, message, { run, spec });
    return [{ name, after: { nanos: sentNanos, messages: id + 1 }, at: run.placeOfMessage(message) }];
  });
  const inOrder = [...steps, ...ordered].toSorted(
    ({ after: one }, { after: other }) => one.nanos - other.nanos || one.messages - other.messages,
  );
  return [{ name: THE_START, after: { nanos: -1 }, at: undefined }, ...inOrder];
}

/** Returns at most `most` of the indices below `count`, evenly spaced, with the first and the last. */
function spread(count: number, most: number): readonly number[] {
  if (count <= most) return Array.from({ length: count }, (_, at) => at);
  return Array.from({ length: most }, (_, at) => Math.round((at * (count - 1)) / (most - 1)));
}

async function futuresFrom(
  { name, after, at }: EventOfRun,
  { spec, chance, futures, fail }: CertaintyOptions,
): Promise<Futures> {
  const specs = Array.from({ length: futures }, (_, number) =>
    futureOf(spec, { ...chance, after, number: number + 1 }),
  );
  const failed = await fail(specs);
  return {
    event: name,
    fails: failed.filter(Boolean).length,
    of: futures,
    ...(at === undefined ? {} : { at }),
  };
}

/** Returns the run that follows the course up to `future.after` and is random from then on. */
export function futureOf(spec: Coursed, future: Future): Coursed {
  const { nanos } = future.after;
  const { faultScript } = spec;
  const begun = faultScript?.filter(({ at }) => at * NANOS_PER_SECOND <= nanos);
  const kept = begun === undefined ? spec : { ...spec, faultScript: begun };
  const withFaults =
    kept.course.faults === undefined
      ? kept
      : withFaultSpans(
          kept,
          faultSpans(kept).filter(({ begin }) => begin.atNanos <= nanos),
        );
  return withCourse(withFaults, { future });
}

/** Faults whose default probabilities are used when the original run is unknown. */
const KINDS = { drop: 'loss', duplicate: 'duplicate', delay: 'reorder' } as const;

/**
 * Returns the randomness of the run before it was made calm. If that run is unknown or calm itself, latencies are
 * exponential, and the kinds of exceptions in the course happen at random.
 */
export function futureChance(spec: Coursed, original: TestSpec | undefined, run: LookedAtRun): FutureChance {
  const { course } = spec;
  if (course.chance === 'seeded') return { latency: spec.latency, fates: [] };
  const untilNanos = lastTrouble(spec, run);
  if (original === undefined || original.course?.chance === 'calm') {
    const kinds = new Set(
      course.messages.flatMap(({ do: fate }) => (fate === 'deliver' ? [] : [KINDS[fate]])),
    );
    const strengths = completeStrengths({}, spec.latency);
    return {
      latency: { ...spec.latency, distribution: 'exponential' },
      fates: [...kinds].map((fault) => ({ fault, probability: strengths[fault], untilNanos })),
    };
  }
  const { steady = {}, latency } = original;
  const had = faultsOf(original);
  const strengths = completeStrengths(original.faultStrengths ?? {}, latency);
  const drawn = DRAWING_FAULTS.filter((fault) => had.has(fault)).map((fault): FateChance => ({
    fault,
    probability: strengths[fault],
    untilNanos,
  }));
  const lasting = (['loss', 'duplicate'] as const).flatMap((fault): readonly FateChance[] => {
    const probability = steady[fault] ?? 0;
    return probability === 0 ? [] : [{ fault, probability, untilNanos: undefined }];
  });
  return { latency, fates: [...drawn, ...lasting] };
}

function faultsOf({ nemesis, course, faultScript = [] }: TestSpec): ReadonlySet<string> {
  if (faultScript.length > 0) return new Set(faultScript.map(({ fault }) => fault));
  return new Set(course?.faults === undefined ? nemesis : course.faults.map(({ f }) => faultOf(f)));
}

/** Returns the time at which requests and faults are over and the last message with an exception has been sent. */
function lastTrouble({ timeLimitSeconds, course }: Coursed, run: LookedAtRun): number {
  const sent = course.messages.map((exception) => run.excepted(exception)?.sentNanos ?? 0);
  return Math.max(timeLimitSeconds * NANOS_PER_SECOND, ...sent);
}
