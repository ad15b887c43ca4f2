/**
 * How long the nodes of a program need until requests succeed: after their start, and after one of them has been cut off, when
 * they may have to elect another leader. Operations begin after the first time, and pause for the second after a cut: earlier
 * ones would fail, and exploring would prove nothing.
 */
import { GivenUp, simulateOnce, type SimulatedRun } from '../harness/simulations/simulate-once.ts';
import { eventBudgetOf } from '../hunt/plan/event-budget.ts';
import type { Course, ScriptedOp } from '../run/course.ts';
import type { RunParts } from '../run/run-parts.ts';
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

/** How long requests are made at each node after a cut, in even distances, each by another client: some may wait for the cut node. */
const PERIODS_AFTER_CUT_MS = [1_000, 10_000];
const REQUESTS_AFTER_CUT = 20;
/** The next election may take twice as long, as its times are random. */
const CUT_TIMES = 2;
/** Used when a cut holds up no request, or when none succeeds without the cut node. */
const USUAL_CUT_MS = 1000;
const LONGEST_CUT_MS = 10_000;

/** As gossip of three nodes every millisecond has in a minute. */
const MOST_EVENTS = 1_000_000;

/** When operations begin, and how long they pause. */
export interface Pace {
  /** From the start of the nodes to the first operation. */
  readonly settlingMs: number;
  /** From a cut to the next operation: long enough for nodes to notice it and to elect another leader. */
  readonly cutMs: number;
}

export interface PaceParts {
  readonly base: TestSpec;
  readonly workload: Workload;
  readonly alphabet: Alphabet;
  readonly parts: RunParts;
}

/** Returns the pace for clusters of any of these sizes. */
export async function paceOf(nodeCounts: readonly number[], parts: PaceParts): Promise<Pace> {
  const times = [];
  for (const count of nodeCounts) times.push(await settlingOf(count, parts));
  const settlingMs = Math.max(...times);
  return { settlingMs, cutMs: await cutOf(Math.max(...nodeCounts), settlingMs, parts) };
}

async function settlingOf(nodeCount: number, parts: PaceParts): Promise<number> {
  const threads = upTo(nodeCount);
  for (const periodMs of PERIODS_MS) {
    const turns = upTo(periodMs / EVERY_MS).map((turn) => ({ atMs: turn * EVERY_MS, threads }));
    const made = await run({ nodeCount, concurrency: nodeCount, periodMs, turns }, parts);
    const ready = firstSuccess(made.history);
    if (ready !== undefined) return inSteps(ready / NANOS_PER_MS + MARGIN_MS) + BETWEEN_TIMERS_MS;
    if (made instanceof GivenUp || made.results.nodes?.['valid?'] === false) break;
  }
  return WITHOUT_SUCCESS_MS;
}

async function cutOf(nodeCount: number, settlingMs: number, parts: PaceParts): Promise<number> {
  let longestMs = 0;
  // Of two nodes none is a majority.
  for (const node of nodeCount > 2 ? upTo(nodeCount) : [])
    longestMs = Math.max(longestMs, (await withoutNode(node, nodeCount, settlingMs, parts)) ?? 0);
  return longestMs < EVERY_MS ? USUAL_CUT_MS : Math.min(LONGEST_CUT_MS, inSteps(CUT_TIMES * longestMs));
}

/** Returns the time from a cut of the node to the first success at another one; undefined if there is none. */
async function withoutNode(
  node: number,
  nodeCount: number,
  settlingMs: number,
  parts: PaceParts,
): Promise<number | undefined> {
  const nodes = namesOf(nodeCount);
  const isCut = (name: string): boolean => name === nodes[node];
  const halves = [nodes.filter(isCut), nodes.filter((name) => !isCut(name))];
  const faults = [{ label: 0, atNanos: settlingMs * NANOS_PER_MS, f: 'start-partition', value: halves }];
  const others = upTo(nodeCount).filter((thread) => thread !== node);
  for (const periodMs of PERIODS_AFTER_CUT_MS) {
    const turns = upTo(REQUESTS_AFTER_CUT).map((turn) => ({
      atMs: settlingMs + (turn * periodMs) / REQUESTS_AFTER_CUT,
      threads: others.map((thread) => thread + turn * nodeCount),
    }));
    const concurrency = nodeCount * REQUESTS_AFTER_CUT;
    const { history } = await run(
      { nodeCount, concurrency, periodMs: settlingMs + periodMs, turns, faults },
      parts,
    );
    const success = firstSuccess(history);
    if (success !== undefined) return success / NANOS_PER_MS - settlingMs;
  }
  return undefined;
}

const inSteps = (ms: number): number => Math.ceil(ms / STEP_MS) * STEP_MS;
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, number) => number);
const namesOf = (nodeCount: number): readonly string[] => upTo(nodeCount).map((thread) => `n${thread + 1}`);
const firstSuccess = (history: SimulatedRun['history']): number | undefined =>
  history.find(({ type, process }) => type === 'ok' && process !== 'nemesis')?.time;

/** When these clients make a request. */
interface RequestTurn {
  readonly atMs: number;
  readonly threads: readonly number[];
}

interface Requests extends Partial<Pick<Course, 'faults'>> {
  readonly nodeCount: number;
  readonly concurrency: number;
  readonly periodMs: number;
  readonly turns: readonly RequestTurn[];
}

/** Each client gets the first letter: in the built-in workloads it writes, which needs the most. */
function opsOf(turns: readonly RequestTurn[], { letters: [first] }: Alphabet): readonly ScriptedOp[] {
  const ops = turns.flatMap(({ atMs, threads }, turn) => {
    const some = first?.ops(turn + 1) ?? [];
    return threads.flatMap((thread) => some.map((op) => ({ thread, atNanos: atMs * NANOS_PER_MS, ...op })));
  });
  return ops.map((op, label) => ({ label, ...op }));
}

/** A run of nodes that answer each other without end is given up: its history ends there. */
async function run(
  { nodeCount, concurrency, periodMs, turns, faults = [] }: Requests,
  { base, workload, alphabet, parts }: PaceParts,
): Promise<SimulatedRun | GivenUp> {
  const spec: TestSpec = {
    ...base,
    nodes: namesOf(nodeCount),
    concurrency,
    timeLimitSeconds: periodMs / 1000,
    course: { ops: opsOf(turns, alphabet), finalOps: [], chance: 'calm', faults, healing: [], messages: [] },
  };
  try {
    return await simulateOnce(spec, workload, spec.seed, {
      parts,
      eventBudget: eventBudgetOf(spec, MOST_EVENTS),
    });
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error;
    return error;
  }
}
