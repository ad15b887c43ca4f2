/**
 * Replaces the target words of faults by the nodes that were hit (`["n2"]` for `one`), so that faults stay the same
 * when nodes are left out. Also turns a fault script into nemesis operations.
 */
import type { Op } from '../../history/op.ts';
import { faultOf, operationsOf } from '../../nemesis/fault-operations.ts';
import { isJsonObject, type Json } from '../../protocol/json.ts';
import type { FaultOp } from '../../run/course.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { withCourse, type Coursed } from '../course-edits.ts';
import { firstOr, type Pass } from './pass.ts';

export const explicitFaults: Pass = {
  name: 'naming the nodes that faults hit',
  async reduce(best, trials) {
    if (best.course.faults === undefined && best.faultScript === undefined) return best;
    const looked = await trials.look(best);
    return looked === undefined ? best : firstOr(best, [withNames(best, looked.history)], trials);
  },
};

function withNames(spec: Coursed, history: readonly Op[]): Coursed {
  const limitNanos = spec.timeLimitSeconds * NANOS_PER_SECOND;
  // The nemesis carries them out in this order, one at a time.
  const labels = [...(spec.course.faults ?? []), ...(spec.course.healing ?? [])].map(({ label }) => label);
  const nemesis = history.filter(({ process }) => process === 'nemesis');
  const faults: FaultOp[] = [];
  const healing: FaultOp[] = [];
  for (let at = 0; at < nemesis.length; at += 2) {
    const [begun, done] = [nemesis[at], nemesis[at + 1]];
    if (begun === undefined) continue;
    const { f, time } = begun;
    const value = isStop(f) ? begun.value : explicitTarget(f, begun.value, done?.value ?? null);
    const op = { label: labels[at / 2] ?? at / 2, f, value };
    if (time < limitNanos) faults.push({ ...op, atNanos: time });
    else if (!healing.some((other) => other.f === f)) healing.push({ ...op, atNanos: 0 });
  }
  const { faultScript: _, nemesisTargets: __, ...others } = spec;
  return withCourse(others, { faults, healing });
}

const isStop = (f: string): boolean => f === operationsOf(faultOf(f)).stop;

/** Returns the target as given by the completion, or `asked` where the completion names no nodes. */
function explicitTarget(f: string, asked: Json, answer: Json): Json {
  switch (faultOf(f)) {
    case 'membership':
      return asked;
    case 'partition':
      return Array.isArray(answer) ? grudge(answer[1]) : asked;
    case 'one-way':
      return Array.isArray(answer) ? (way(answer[1]) ?? asked) : asked;
    case 'kill':
    case 'pause':
    case 'skew':
      return isJsonObject(answer) ? Object.keys(answer) : asked;
    default:
      return Array.isArray(answer) && Array.isArray(answer[1]) ? answer[1] : asked;
  }
}

/**
 * Turns a map from each node to the nodes that it cannot hear into lists of the parts of the partition, if it is a
 * clean division; otherwise returns the map.
 */
function grudge(strangers: Json | undefined): Json {
  if (!isJsonObject(strangers)) return null;
  const nodes = [...new Set([...Object.keys(strangers), ...Object.values(strangers).flat()])].map(String);
  const heard = (node: string): readonly string[] => {
    const unheard = strangers[node];
    return nodes.filter((other) => !(Array.isArray(unheard) && unheard.includes(other)));
  };
  const parts = [...new Set(nodes.map((node) => JSON.stringify(heard(node).toSorted())))];
  const lists = parts.map((part): Json => JSON.parse(part) as Json); // serialized on the line above
  const isDivision = lists.flat().length === nodes.length && lists.length > 1;
  return isDivision ? lists : strangers;
}

/** Returns the cut as `{from, to}`; undefined if it cuts no link. */
function way(strangers: Json | undefined): Json | undefined {
  if (!isJsonObject(strangers)) return undefined;
  const to = Object.keys(strangers).filter((node) => (strangers[node] as readonly Json[]).length > 0);
  if (to.length === 0) return undefined;
  return { from: [...new Set(to.flatMap((node) => strangers[node] as readonly Json[]))], to };
}
