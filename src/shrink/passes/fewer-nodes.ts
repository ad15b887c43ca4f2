/**
 * Removes nodes. The operations of a removed node are left out or move to another node; faults keep the remaining
 * nodes.
 */
import { isJsonObject, type Json } from '../../protocol/json.ts';
import type { FaultOp } from '../../run/course.ts';
import { faultSpans, withCourse, withFaultSpans, type Coursed } from '../course-edits.ts';
import { firstOr, type Pass } from './pass.ts';

export const fewerNodes: Pass = {
  name: 'leaving out nodes',
  async reduce(best, trials) {
    let current = named(best);
    for (let at = current.nodes.length - 1; at >= 0 && current.nodes.length > 1; at--) {
      const node = current.nodes[at];
      if (node === undefined) continue;
      const others = current.nodes.filter((other) => other !== node);
      const candidates = [undefined, ...others].map((heir) => without(current, node, heir));
      // Operations on another node cause messages with other identities, so exceptions are also tried by place.
      const placed = current.course.messages.length === 0 ? [] : candidates.map(byPlace);
      current = await firstOr(current, [...candidates, ...placed], trials);
    }
    return current.nodes.length === best.nodes.length ? best : current;
  },
};

/** Returns the same spec with the node of each thread made explicit. */
export function named(spec: Coursed): Coursed {
  const { nodes, concurrency, course } = spec;
  if (course.threads !== undefined) return spec;
  const threads = Array.from({ length: concurrency }, (_, thread) => nodes[thread % nodes.length] ?? '');
  return withCourse(spec, { threads });
}

const byPlace = (spec: Coursed): Coursed =>
  withCourse(spec, { messages: spec.course.messages.map(({ id: _, ...message }) => message) });

/** Removes `node`; its operations go to `heir`, or are left out if there is none. */
function without(spec: Coursed, node: string, heir: string | undefined): Coursed {
  const nodes = spec.nodes.filter((other) => other !== node);
  const { threads = [], ops, finalOps } = spec.course;
  const [first = ''] = nodes;
  const stays = ({ thread }: { readonly thread: unknown }): boolean =>
    heir !== undefined || threads[Number(thread)] !== node;
  const smaller = withCourse(
    { ...spec, nodes },
    {
      threads: threads.map((name) => (name === node ? (heir ?? first) : name)),
      ops: ops.filter(stays),
      finalOps: finalOps.filter(stays),
      messages: spec.course.messages.filter(({ from, to }) => from !== node && to !== node),
    },
  );
  if (smaller.course.faults === undefined) return smaller;
  const spans = faultSpans(smaller).flatMap(({ begin, end }) => {
    const value = withoutName(begin.value, node);
    return value === undefined ? [] : [{ begin: { ...begin, value } satisfies FaultOp, end }];
  });
  return withFaultSpans(smaller, spans);
}

/** Returns a fault's target without `node`; undefined when nothing is left. */
function withoutName(target: Json, node: string): Json | undefined {
  if (Array.isArray(target)) {
    const left = target.flatMap((part) => {
      if (part === node) return [];
      const inner = Array.isArray(part) ? withoutName(part, node) : part;
      return inner === undefined ? [] : [inner];
    });
    // A single part is not a partition.
    const isNothing = left.length === 0 || (left.length === 1 && Array.isArray(left[0]) && target.length > 1);
    return isNothing ? undefined : left;
  }
  if (!isJsonObject(target)) return target;
  const left = Object.entries(target).flatMap(([name, part]): [string, Json][] => {
    if (name === node) return [];
    const inner = withoutName(part, node);
    return inner === undefined ? [] : [[name, inner]];
  });
  const isWay = 'from' in target && 'to' in target;
  return left.length === 0 || (isWay && left.length < 2) ? undefined : Object.fromEntries(left);
}
