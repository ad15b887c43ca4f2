/** The size of a run, by which shrinking compares two of them. */
import { allOps, faultSpans, type Coursed } from './course-edits.ts';

export interface Weight {
  readonly operations: number;
  readonly faults: number;
  readonly exceptions: number;
  readonly nodes: number;
  readonly serverMessages: number;
}

export const weightOf = (spec: Coursed, serverMessages = 0): Weight => ({
  operations: allOps(spec).length,
  faults: spec.faultScript?.length ?? faultSpans(spec).length,
  exceptions: spec.course.messages.length,
  nodes: spec.nodes.length,
  serverMessages,
});

export function isLighter(one: Weight, other: Weight): boolean {
  const by = [
    one.operations + one.faults + one.exceptions - (other.operations + other.faults + other.exceptions),
    one.operations - other.operations,
    one.nodes - other.nodes,
    one.serverMessages - other.serverMessages,
  ];
  return (by.find((difference) => difference !== 0) ?? 0) < 0;
}
