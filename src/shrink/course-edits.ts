/** Edits of a spec with a course, from which the passes make their candidates. */
import { faultOf, operationsOf } from '../nemesis/fault-operations.ts';
import type { Course, FaultOp, ScriptedOp } from '../run/course.ts';
import type { TestSpec } from '../run/test-spec.ts';

/** A spec with a course. */
export interface Coursed extends TestSpec {
  readonly course: Course;
}

export const isCoursed = (spec: TestSpec): spec is Coursed => spec.course !== undefined;

export const withCourse = (spec: Coursed, change: Partial<Course>): Coursed => ({
  ...spec,
  course: { ...spec.course, ...change },
});

export interface ClientOp {
  readonly op: ScriptedOp;
  readonly isFinal: boolean;
}

/** Returns the operations of the main phase, then the final ones. */
export const allOps = ({ course }: Coursed): readonly ClientOp[] => [
  ...course.ops.map((op) => ({ op, isFinal: false })),
  ...course.finalOps.map((op) => ({ op, isFinal: true })),
];

export const withOps = (spec: Coursed, ops: readonly ClientOp[]): Coursed =>
  withCourse(spec, {
    ops: ops.flatMap(({ op, isFinal }) => (isFinal ? [] : [op])),
    finalOps: ops.flatMap(({ op, isFinal }) => (isFinal ? [op] : [])),
  });

/** A fault from its beginning to its end; without an end it lasts until the healing. */
export interface FaultSpan {
  readonly begin: FaultOp;
  readonly end: FaultOp | undefined;
}

/** Returns the spans ordered by their beginnings. A change that is never undone is a span without an end. */
export function faultSpans({ course }: Coursed): readonly FaultSpan[] {
  const spans: { begin: FaultOp; end: FaultOp | undefined }[] = [];
  const open = new Map<string, (typeof spans)[number]>();
  for (const op of course.faults ?? []) {
    const fault = faultOf(op.f);
    const lasting = open.get(fault);
    if (op.f === operationsOf(fault).stop) {
      if (lasting !== undefined) lasting.end = op;
      open.delete(fault);
    } else {
      const span = { begin: op, end: undefined };
      spans.push(span);
      open.set(fault, span);
    }
  }
  return spans;
}

/** Replaces the faults by `spans` and heals only the faults among them. */
export function withFaultSpans(spec: Coursed, spans: readonly FaultSpan[]): Coursed {
  const ops = spans.flatMap(({ begin, end }) => (end === undefined ? [begin] : [begin, end]));
  const left = new Set(ops.map(({ f }) => faultOf(f)));
  return withCourse(spec, {
    faults: ops.toSorted((a, b) => a.atNanos - b.atNanos || a.label - b.label),
    healing: (spec.course.healing ?? []).filter(({ f }) => left.has(faultOf(f))),
  });
}

/** Returns the distinct times of operations and faults in the main phase, sorted ascending. */
export function momentsOf({ course }: Coursed): readonly number[] {
  const all = [...course.ops, ...(course.faults ?? [])].map(({ atNanos }) => atNanos);
  return [...new Set(all)].toSorted((a, b) => a - b);
}

/** Moves everything that happens at time t to `move(t)`. */
export function withMoments(spec: Coursed, move: (nanos: number) => number): Coursed {
  const moved = <Op extends { readonly atNanos: number }>(ops: readonly Op[]): readonly Op[] =>
    ops.map((op) => ({ ...op, atNanos: move(op.atNanos) }));
  const { ops, faults } = spec.course;
  return withCourse(spec, { ops: moved(ops), ...(faults === undefined ? {} : { faults: moved(faults) }) });
}
