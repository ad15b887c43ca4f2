/**
 * How long the nodes of a program need until requests succeed, an election for example. Operations begin after that
 * time: earlier ones would fail, and exploring would prove nothing. After a cut they pause for three times as long.
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

/** When operations begin, and how long they pause. */
export interface Pace {
  /** From the start of the nodes to the first operation. */
  readonly settlingMs: number;
  /** From a cut to the next operation: long enough for nodes to notice it and to elect another leader. */
  readonly cutMs: number;
}

/** Where the first request succeeds, which shows nothing of elections. */
const USUAL_CUT_MS = 1000;
/** What nodes need at their start, they need again to elect another leader, plus the time until they notice the cut. */
const CUT_TIMES = 3;
const LONGEST_CUT_MS = 10_000;

export interface PaceParts {
  readonly base: TestSpec;
  readonly workload: Workload;
  readonly alphabet: Alphabet;
  readonly parts: RunParts;
}

/** Returns the pace for clusters of any of these sizes. */
export async function paceOf(nodeCounts: readonly number[], parts: PaceParts): Promise<Pace> {
  const paces = [];
  for (const count of nodeCounts) paces.push(await paceOfSize(count, parts));
  return {
    settlingMs: Math.max(...paces.map(({ settlingMs }) => settlingMs)),
    cutMs: Math.max(...paces.map(({ cutMs }) => cutMs)),
  };
}

async function paceOfSize(nodeCount: number, parts: PaceParts): Promise<Pace> {
  for (const periodMs of PERIODS_MS) {
    const { readyNanos, hasProblem } = await firstSuccess(nodeCount, periodMs, parts);
    if (readyNanos !== undefined) return afterReady(readyNanos / NANOS_PER_MS);
    if (hasProblem) break;
  }
  return { settlingMs: WITHOUT_SUCCESS_MS, cutMs: USUAL_CUT_MS };
}

const afterReady = (readyMs: number): Pace => ({
  settlingMs: inSteps(readyMs + MARGIN_MS) + BETWEEN_TIMERS_MS,
  cutMs: readyMs < EVERY_MS ? USUAL_CUT_MS : Math.min(LONGEST_CUT_MS, inSteps(CUT_TIMES * readyMs)),
});

const inSteps = (ms: number): number => Math.ceil(ms / STEP_MS) * STEP_MS;

/** Each node gets the first letter, again and again: in the built-in workloads it writes, which needs the most. */
async function firstSuccess(
  nodeCount: number,
  periodMs: number,
  { base, workload, alphabet, parts }: PaceParts,
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
