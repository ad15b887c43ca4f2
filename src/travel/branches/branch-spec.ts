/** The spec of a branch: the course of a run with one more exception or fault. */
import { withCourseOf } from '../../scenario/course-of-run.ts';
import type { FaultScriptEntry } from '../../nemesis/fault-script.ts';
import type { MessageException, MessageFate } from '../../network/rules/message-exceptions.ts';
import type { BranchChange } from '../../recording/travel-view.ts';
import type { Course, FaultOp } from '../../run/course.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../../world/clock.ts';
import { KIND, type EventIndex } from '../events/event-index.ts';
import { Refusal } from '../refusal.ts';

/** A day, which is longer than any run. */
const MOST_MS = 86_400_000;

export type CoursedSpec = TestSpec & { readonly course: Course };

/**
 * Returns the spec of the branch; `at` is an event of the run that `index` describes. Throws a Refusal for a change
 * that cannot be made there.
 */
export function branchSpec(spec: TestSpec, index: EventIndex, at: number, change: BranchChange): CoursedSpec {
  const { course, ...rest } = withCourseOf(spec, index.ops);
  if (course === undefined) throw new Error('withCourseOf gives a course');
  const coursed: CoursedSpec = { ...rest, course };
  // Only the change needs to be checked; the rest ran before.
  return change.kind === 'crash'
    ? withCrash(coursed, index, at, change)
    : withException(coursed, exceptionOf(index, at, change));
}

const withException = (spec: CoursedSpec, exception: MessageException): CoursedSpec => ({
  ...spec,
  course: { ...spec.course, messages: [...spec.course.messages, exception] },
});

function exceptionOf(
  index: EventIndex,
  at: number,
  change: Exclude<BranchChange, { readonly kind: 'crash' }>,
): MessageException {
  const { message: id } = change;
  if (!Number.isSafeInteger(id) || id < 0 || id >= index.messageCount)
    throw new Refusal(400, `There is no message ${id} in this run: it has ${index.messageCount}, from 0 on.`);
  const { from, to, type } = index.message(id);
  if (!index.isBetweenServers(id))
    throw new Refusal(
      400,
      `Message ${id} is between ${from} and ${to}, and a client takes part: such messages take no time and are never lost.`,
      'Choose one between two servers.',
    );
  if (index.sentAt(id) <= at && index.endAfter(id, at) === undefined && hasEnded(index, id, at))
    throw new Refusal(
      400,
      `Message ${id} has come to its end before event ${at}, so nothing can become of it any more.`,
      `Go back to before it: it was sent at event ${index.sentAt(id)}.`,
    );
  return { id: index.causeOf(id), from, to, type, nth: index.nth(id), ...fateOf(change) };
}

/**
 * True when the message has arrived or been lost by event `at`. A message still in flight at the end of the run has
 * not.
 */
const hasEnded = (index: EventIndex, id: number, at: number): boolean => {
  const end = index.endAfter(id, -1);
  return end !== undefined && end <= at;
};

function fateOf(change: Exclude<BranchChange, { readonly kind: 'crash' }>): MessageFate {
  if (change.kind === 'drop') return { do: 'drop' };
  return { do: change.kind, ms: checkedMs(change.ms, 'ms') };
}

function checkedMs(ms: number, name: string): number {
  if (typeof ms === 'number' && ms >= 0 && ms <= MOST_MS) return ms;
  throw new Refusal(400, `${name} is ${String(ms)}; expected milliseconds, from 0 to ${MOST_MS}.`);
}

function withCrash(
  spec: CoursedSpec,
  index: EventIndex,
  at: number,
  { node, restartAfterMs }: Extract<BranchChange, { readonly kind: 'crash' }>,
): CoursedSpec {
  // Just after the event, because at the same instant the nemesis would come first.
  const atNanos = Math.floor(index.nanosAt(at)) + 1;
  const limitNanos = Math.round(spec.timeLimitSeconds * NANOS_PER_SECOND);
  if (!spec.nodes.includes(node))
    throw new Refusal(
      400,
      `${JSON.stringify(node)} is no node of this run; they are ${spec.nodes.join(', ')}.`,
    );
  if (!isUp(index, at, node))
    throw new Refusal(400, `${node} does not run at event ${at}, so it cannot be crashed there.`);
  if (atNanos <= 0 || atNanos >= limitNanos)
    throw new Refusal(
      400,
      `Nodes can be crashed while requests are made, from 0 to ${spec.timeLimitSeconds} s; event ${at} is at ${(atNanos / NANOS_PER_SECOND).toFixed(3)} s.`,
    );
  const restartNanos =
    restartAfterMs === undefined
      ? Infinity
      : atNanos + Math.round(checkedMs(restartAfterMs, 'restartAfterMs') * NANOS_PER_MS);
  return spec.faultScript === undefined
    ? crashInCourse(spec, node, { atNanos, restartNanos, limitNanos })
    : crashInScript(spec, spec.faultScript, node, { atNanos, restartNanos });
}

interface CrashTimes {
  readonly atNanos: number;
  /** Infinity if the node is not restarted before the end. */
  readonly restartNanos: number;
}

function crashInCourse(
  spec: CoursedSpec,
  node: string,
  { atNanos, restartNanos, limitNanos }: CrashTimes & { readonly limitNanos: number },
): CoursedSpec {
  const { course } = spec;
  const { faults = [], healing = [] } = course;
  const label = Math.max(-1, ...[...faults, ...healing].map((op) => op.label)) + 1;
  const kill: FaultOp = { label, atNanos, f: 'kill', value: [node] };
  const start: FaultOp = { label: label + 1, atNanos: restartNanos, f: 'start', value: 'all' };
  const isInTime = restartNanos < limitNanos;
  const more = isInTime ? [kill, start] : [kill];
  return {
    ...spec,
    course: {
      ...course,
      faults: [...faults, ...more].toSorted((one, other) => one.atNanos - other.atNanos),
      healing:
        isInTime || healing.some(({ f }) => f === 'start') ? healing : [...healing, { ...start, atNanos: 0 }],
    },
  };
}

function crashInScript(
  spec: CoursedSpec,
  script: readonly FaultScriptEntry[],
  node: string,
  { atNanos, restartNanos }: CrashTimes,
): CoursedSpec {
  const label =
    Math.max(-1, ...script.flatMap(({ labels: [begin = -1, end = -1] = [] }) => [begin, end])) + 1;
  const entry: FaultScriptEntry = {
    at: atNanos / NANOS_PER_SECOND,
    fault: 'kill',
    target: [node],
    ...(restartNanos === Infinity ? {} : { for: (restartNanos - atNanos) / NANOS_PER_SECOND }),
    labels: [label, label + 1],
  };
  return { ...spec, faultScript: [...script, entry].toSorted((one, other) => one.at - other.at) };
}

function isUp(index: EventIndex, at: number, node: string): boolean {
  for (let event = at; event >= 0; event--) {
    if (index.kindAt(event) !== KIND.life || !index.concerns(event, node)) continue;
    const { happening } = index.row(event);
    return happening.kind === 'life' && !['ended', 'killed', 'stopped'].includes(happening.what);
  }
  return false;
}
