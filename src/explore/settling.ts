/**
 * How long the nodes of a program need until requests succeed, an election for example. Operations begin after that
 * time: earlier ones would fail, and exploring would prove nothing.
 */
import { simulateOnce } from '../harness/simulations/simulate-once.ts';
import type { RunParts } from '../run/run-parts.ts';
import type { ScriptedOp } from '../run/course.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Alphabet } from '../workloads/alphabet.ts';
import type { Workload } from '../workloads/workload.ts';
import { NANOS_PER_MS } from '../world/clock.ts';

/** Between the requests at one node. */
const EVERY_MS = 50;
/** How long requests are made. Most programs need only the first, and a later one may make a wrong program hang. */
const PERIODS_MS = [EVERY_MS, 1_000, 5_000, 30_000];
/** After the first success: other nodes may need a little longer. */
const MARGIN_MS = 200;
const STEP_MS = 100;
/**
 * Added to a multiple of 100 ms: timers of nodes fire shortly after the multiples of 5, 10 or 50 ms, and an operation that
 * begins together with them never has a heartbeat well before it and another well after it.
 */
const BETWEEN_TIMERS_MS = 3;
/** Used when no request succeeds. */
const WITHOUT_SUCCESS_MS = 1000 + BETWEEN_TIMERS_MS;

export interface SettlingParts {
  readonly base: TestSpec;
  readonly workload: Workload;
  readonly alphabet: Alphabet;
  readonly parts: RunParts;
}

/** Returns the time before the first operation in clusters of any of these sizes. */
export async function settlingMs(nodeCounts: readonly number[], parts: SettlingParts): Promise<number> {
  const times = [];
  for (const count of nodeCounts) times.push(await settlingOf(count, parts));
  return Math.max(...times);
}

async function settlingOf(nodeCount: number, parts: SettlingParts): Promise<number> {
  for (const periodMs of PERIODS_MS) {
    const { readyNanos, hasProblem } = await firstSuccess(nodeCount, periodMs, parts);
    if (readyNanos !== undefined)
      return Math.ceil((readyNanos / NANOS_PER_MS + MARGIN_MS) / STEP_MS) * STEP_MS + BETWEEN_TIMERS_MS;
    if (hasProblem) break;
  }
  return WITHOUT_SUCCESS_MS;
}

/** Each node gets the first letter, again and again: in the built-in workloads it writes, which needs the most. */
async function firstSuccess(
  nodeCount: number,
  periodMs: number,
  { base, workload, alphabet, parts }: SettlingParts,
): Promise<{ readonly readyNanos: number | undefined; readonly hasProblem: boolean }> {
  const threads = Array.from({ length: nodeCount }, (_, thread) => thread);
  const ops: ScriptedOp[] = [];
  for (let turn = 0; turn * EVERY_MS < periodMs; turn++) {
    const atNanos = turn * EVERY_MS * NANOS_PER_MS;
    const some = alphabet.letters[0]?.ops(turn + 1) ?? [];
    for (const thread of threads)
      for (const op of some) ops.push({ label: ops.length, thread, atNanos, ...op });
  }
  const spec: TestSpec = {
    ...base,
    nodes: threads.map((thread) => `n${thread + 1}`),
    concurrency: nodeCount,
    timeLimitSeconds: periodMs / 1000,
    course: { ops, finalOps: [], chance: 'calm', faults: [], healing: [], messages: [] },
  };
  const { history, results } = await simulateOnce(spec, workload, spec.seed, { parts });
  return {
    readyNanos: history.find(({ type, process }) => type === 'ok' && process !== 'nemesis')?.time,
    hasProblem: results.nodes?.['valid?'] === false,
  };
}
