/**
 * From which step on the failure was certain: of each of some steps a number of futures, in which all is as it was up to the step,
 * and chance is another from then on.
 *
 *     the run        step 1 ── step 2 ── step 3 ── step 4 ── fails
 *                                 ├──────── other latencies, losses, turns ──── fails?
 *                                 ├──────── ...
 *                                 └──────── 20 of them
 *
 * In a future clients do what they did, and faults that have begun last as long as they did; faults that have not begun do not come.
 * What was lost, late or doubled by order is left to chance, which is as it was in the run before that was made small.
 */
import { completeStrengths } from '../../nemesis/fault-strengths.ts';
import { faultOf } from '../../nemesis/fault-operations.ts';
import type { FateChance, Future } from '../../run/course.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { THE_START, type DecisiveMoment, type Futures } from '../../recording/decisive.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import type { Moment } from '../../world/turning-point.ts';
import { faultSpans, withCourse, withFaultSpans, type Coursed } from '../course-edits.ts';
import { DRAWING_FAULTS } from '../passes/calm.ts';
import { exceptionInWords } from './left-out.ts';
import type { LookedAtRun } from './looked-at.ts';

/** What is chance in the futures of a run. */
export type FutureChance = Pick<Future, 'latency' | 'fates'>;

export interface CertaintyOptions {
  readonly spec: Coursed;
  readonly run: LookedAtRun;
  readonly chance: FutureChance;
  /** Futures of each moment. */
  readonly futures: number;
  /** Moments that are tried at first. */
  readonly moments: number;
  /** For each spec, whether its run fails as that one does. */
  readonly fail: (specs: readonly Coursed[]) => Promise<readonly boolean[]>;
}

/** In the order of the run. */
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
  // Between the last that is not certain and the first from which on all are, the step itself is looked for.
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
  return [...tried].toSorted(([a], [b]) => a - b).map(([, found]) => found);
}

interface EventOfRun {
  readonly name: string;
  readonly after: Moment;
  readonly at: DecisiveMoment | undefined;
}

/**
 * Before everything, after each step, and after each message that something was ordered for: of a step that tells of messages sent again
 * and again it may be a later one.
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
    const name = exceptionInWords(exception, message, run);
    return [{ name, after: { nanos: sentNanos, messages: id + 1 }, at: run.placeOfMessage(message) }];
  });
  const inOrder = [...steps, ...ordered].toSorted(
    ({ after: one }, { after: other }) => one.nanos - other.nanos || one.messages - other.messages,
  );
  return [{ name: THE_START, after: { nanos: -1 }, at: undefined }, ...inOrder];
}

/** The first and the last of them, and others evenly between. */
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

/** The run along the course up to some moment, and another from then on. */
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

/** Where it is not known what chance was: as often as the faults do it when nothing else is asked for. */
const KINDS = { drop: 'loss', duplicate: 'duplicate', delay: 'reorder' } as const;

/**
 * Chance as it was in the run from which a calm one was made. Where that is not known (or is this very run), latencies are exponential,
 * and the kinds of things happen that the run has exceptions of.
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

/** Requests and faults are over by then, and the last message that something was ordered for has been sent. */
function lastTrouble({ timeLimitSeconds, course }: Coursed, run: LookedAtRun): number {
  const sent = course.messages.map((exception) => run.excepted(exception)?.sentNanos ?? 0);
  return Math.max(timeLimitSeconds * NANOS_PER_SECOND, ...sent);
}
