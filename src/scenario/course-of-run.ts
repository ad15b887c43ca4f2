/**
 * The course that a simulated run took, from its history: each operation with its thread, time and causal identity, and
 * each operation of the nemesis. Running along that course gives the same run.
 */
import { addTo } from '../columns/groups.ts';
import type { Op } from '../history/op.ts';
import type { FaultScriptEntry } from '../nemesis/fault-script.ts';
import { faultOf, operationsOf } from '../nemesis/fault-operations.ts';
import { jsonEquals } from '../protocol/json/json-order.ts';
import type { Course, FaultOp, ScriptedOp } from '../run/course.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';

/** Returns the spec with the course that the run with this history took under it. */
export function withCourseOf(spec: TestSpec, history: Iterable<Op>): TestSpec {
  const limitNanos = Math.round(spec.timeLimitSeconds * NANOS_PER_SECOND);
  const { clients, nemesis, after } = begun(history);
  const labelOf = clientLabels(spec);
  const ops = clients.map((op, number) => scriptedOp(op, labelOf(threadOf(op, spec), number), spec));
  const finalNanos = spec.livenessSeconds === undefined ? limitNanos : afterRecovery(ops, spec);
  const isFinal = ({ atNanos }: ScriptedOp): boolean => atNanos >= finalNanos;
  const finalOps = ops.filter(isFinal);
  const firstFinal = finalOps[0]?.atNanos ?? 0;
  const course: Course = {
    ops: ops.filter((op) => !isFinal(op)),
    finalOps: finalOps.map((op) => ({ ...op, atNanos: op.atNanos - firstFinal })),
    chance: spec.course?.chance ?? 'seeded',
    messages: spec.course?.messages ?? [],
    ...(spec.course?.threads === undefined ? {} : { threads: spec.course.threads }),
  };
  if (spec.faultScript !== undefined)
    return { ...spec, course, faultScript: withLabels(spec.faultScript, nemesis) };
  if (nemesis.length === 0 && spec.course?.faults === undefined) return { ...spec, course };
  // The nemesis carries them out in this order, one at a time.
  const labels = [...(spec.course?.faults ?? []), ...(spec.course?.healing ?? [])].map(({ label }) => label);
  const faultOps = nemesis.map(({ f, value, time }, number): FaultOp => ({
    label: labels[number] ?? number,
    atNanos: time,
    f,
    value,
    ...(after[number] === 0 || time >= limitNanos ? {} : { after: after[number] ?? 0 }),
  }));
  return {
    ...spec,
    course: {
      ...course,
      faults: faultOps.filter(({ atNanos }) => atNanos < limitNanos),
      healing: faultOps.filter(({ atNanos }) => atNanos >= limitNanos).map((op) => ({ ...op, atNanos: 0 })),
    },
  };
}

/**
 * Returns the time at which final operations begin when liveness is checked, where requests go on beyond the time
 * limit: that of the first operation marked as final, or of the earliest one before it with no gap as long as the quiet
 * period in between.
 */
function afterRecovery(ops: readonly ScriptedOp[], { recoverySeconds }: TestSpec): number {
  let first = ops.findIndex(({ final }) => final === true);
  const timeOf = (index: number): number => ops[index]?.atNanos ?? Infinity;
  while (first > 0 && timeOf(first) - timeOf(first - 1) < recoverySeconds * NANOS_PER_SECOND) first--;
  return timeOf(first);
}

interface Begun {
  readonly clients: readonly Op[];
  readonly nemesis: readonly Op[];
  /** For each operation of the nemesis, the number of operations of clients that had ended at the same time. */
  readonly after: readonly number[];
}

/** Returns the invocations, in order. The nemesis does one thing at a time, and both its entries have type `info`. */
function begun(history: Iterable<Op>): Begun {
  const clients: Op[] = [];
  const nemesis: Op[] = [];
  const after: number[] = [];
  let isNemesisBusy = false;
  let ended = { time: -1, count: 0 };
  for (const op of history) {
    const { time } = op;
    if (op.process === 'nemesis') {
      if (!isNemesisBusy) {
        nemesis.push(op);
        after.push(ended.time === time ? ended.count : 0);
      }
      isNemesisBusy = !isNemesisBusy;
    } else if (op.type === 'invoke') {
      clients.push(op);
    } else {
      ended = { time, count: ended.time === time ? ended.count + 1 : 1 };
    }
  }
  return { clients, nemesis, after };
}

/**
 * Returns a function that labels operations with their identities as causes: their numbers or, if the run had a course,
 * their labels in it. The identities of messages derive from labels, and exceptions refer to these.
 */
function clientLabels({ course }: TestSpec): (thread: number, number: number) => number {
  const left = new Map<number, number[]>();
  for (const { thread, label } of [...(course?.ops ?? []), ...(course?.finalOps ?? [])]) {
    addTo(left, Number(thread), label);
  }
  return (thread, number) => left.get(thread)?.shift() ?? number;
}

/** A thread's processes differ by multiples of the concurrency. */
const threadOf = ({ process }: Op, { concurrency }: TestSpec): number => Number(process) % concurrency;

function scriptedOp(op: Op, label: number, spec: TestSpec): ScriptedOp {
  const { time: atNanos, f, value, final } = op;
  const scripted = { label, thread: threadOf(op, spec), atNanos, f, value };
  return final === undefined ? scripted : { ...scripted, final };
}

/** Returns each entry with the numbers of the nemesis operations that began and ended it. */
function withLabels(
  script: readonly FaultScriptEntry[],
  nemesis: readonly Op[],
): readonly FaultScriptEntry[] {
  const left = new Map(nemesis.map((op, label) => [label, op]));
  const take = (isMeant: (op: Op) => boolean): number | undefined => {
    const [label] = [...left].find(([, op]) => isMeant(op)) ?? [];
    if (label !== undefined) left.delete(label);
    return label;
  };
  const begins = script.map((entry) => {
    const nanos = Math.round(entry.at * NANOS_PER_SECOND);
    const { stop } = operationsOf(entry.fault);
    return take(
      ({ f, value, time }) =>
        time === nanos && faultOf(f) === entry.fault && f !== stop && jsonEquals(value, entry.target),
    );
  });
  return script.map((entry, index) => {
    const begin = begins[index];
    if (begin === undefined) return entry;
    const { stop } = operationsOf(entry.fault);
    const end = take(({ f, value }) => f === stop && jsonEquals(value, entry.target));
    return { ...entry, labels: end === undefined ? [begin] : [begin, end] };
  });
}
