/** Simplifies transactions to fewer micro-operations, elements to small numbers, and client numbers to count from 0. */
import type { Json } from '../../protocol/json.ts';
import { faultOf } from '../../nemesis/fault-operations.ts';
import type { ScriptedOp } from '../../run/course.ts';
import { allOps, withCourse, withOps, type ClientOp, type Coursed } from '../course-edits.ts';
import { reduceList } from '../reduce-list.ts';
import type { Trials } from '../trials.ts';
import { firstOr, type Pass } from './pass.ts';

export const simplerValues: Pass = {
  name: 'simplifying values',
  async reduce(best, trials) {
    let current = best;
    for (let at = allOps(current).length - 1; at >= 0; at--)
      current = await fewerMicroOps(current, at, trials);
    return firstOr(current, [countedElements(current)], trials);
  },
};

async function fewerMicroOps(best: Coursed, at: number, trials: Trials): Promise<Coursed> {
  const all = allOps(best);
  const value = all[at]?.op.value;
  if (!isTransaction(value) || value.length < 2) return best;
  const of = (list: readonly Json[]): Coursed =>
    withOps(
      best,
      all.map((one, index): ClientOp =>
        index === at ? { ...one, op: { ...one.op, value: [...list] } } : one,
      ),
    );
  const kept = await reduceList(value, async (lists) => {
    // An empty transaction is no simplification: leaving out operations has been tried already.
    const some = lists.filter((list) => list.length > 0);
    const found = await trials.firstOf(some.map(of));
    return found === undefined ? undefined : lists.indexOf(some[found] ?? []);
  });
  return kept.length === value.length ? best : of(kept);
}

const isTransaction = (value: Json | undefined): value is readonly Json[] =>
  Array.isArray(value) && value.length > 0 && value.every((mop) => Array.isArray(mop));

/** Renumbers numeric elements 1, 2, 3 in the order of their first use. */
function countedElements(spec: Coursed): Coursed {
  const numbers = new Map<Json, number>();
  for (const { op } of allOps(spec))
    if (typeof op.value === 'number' && !numbers.has(op.value)) numbers.set(op.value, numbers.size + 1);
  return withOps(
    spec,
    allOps(spec).map((one) => {
      const value = numbers.get(one.op.value);
      return value === undefined ? one : { ...one, op: { ...one.op, value } };
    }),
  );
}

/** Cosmetic changes, taken if the run still fails in the same way. */
export const tidied: Pass = {
  name: 'tidying',
  reduce: async (best, trials) => firstOr(best, [tidy(renumbered(best)), tidy(best)], trials),
};

function renumbered(spec: Coursed): Coursed {
  const used = [...new Set(allOps(spec).map(({ op }) => Number(op.thread)))].toSorted((a, b) => a - b);
  const { threads = [] } = spec.course;
  const moved = withOps(
    spec,
    allOps(spec).map((one) => ({ ...one, op: { ...one.op, thread: used.indexOf(Number(one.op.thread)) } })),
  );
  const names = used.map((thread) => threads[thread] ?? spec.nodes[thread % spec.nodes.length] ?? '');
  return { ...withCourse(moved, { threads: names }), concurrency: Math.max(1, used.length) };
}

function tidy(untidy: Coursed): Coursed {
  const spec = withCourse(untidy, { finalOps: fromTheFirst(untidy.course.finalOps) });
  const { faults, healing = [], chance } = spec.course;
  const { meanMs } = spec.latency;
  const { faultFiles, ...others } = spec;
  const named = [...(faults ?? []), ...healing].map(({ f }) => faultOf(f));
  const needed = faults === undefined ? faultFiles : faultFiles?.filter(({ name }) => named.includes(name));
  return {
    ...others,
    // A fault file that no fault uses need not exist to reproduce the run.
    ...(needed === undefined || needed.length === 0 ? {} : { faultFiles: needed }),
    ...(faults === undefined ? {} : { nemesis: [...new Set(faults.map(({ f }) => faultOf(f)))] }),
    ...(chance === 'calm' && spec.latency.regions === undefined
      ? { latency: { distribution: 'constant', meanMs } }
      : {}),
  };
}

/** Makes their times begin with the first one, as in the scenario of a run; it may have come after others that are left out. */
function fromTheFirst(ops: readonly ScriptedOp[]): readonly ScriptedOp[] {
  const first = Math.min(...ops.map(({ atNanos }) => atNanos));
  return ops.map((op) => ({ ...op, atNanos: op.atNanos - first }));
}
