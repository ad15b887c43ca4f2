/**
 * Which nodes are hit by faults on the primary. The nemesis is not told the leader; its choice is compared with the messages:
 * the leader of a Raft cluster is the node that sent `append_entries` in the latest term.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeSpec } from '../src/harness/settings/spec-defaults.ts';
import type { Op } from '../src/history/op.ts';
import { NO_JOURNAL } from '../src/network/journal/journal.ts';
import { parseJson, type Json } from '../src/protocol/json.ts';
import { TestRun } from '../src/run/test-run.ts';
import type { TestSpec } from '../src/run/test-spec.ts';
import { WORKLOADS } from '../src/workloads/index.ts';
import { bundleNode } from '../src/world/bundling/bundle.ts';
import { NANOS_PER_MS } from '../src/world/clock.ts';
import { SimulatedWorld } from '../src/world/simulated/simulated-world.ts';
import type { Packet } from '../src/world/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'maelstrom-primary-'));
afterAll(() => rmSync(folder, { recursive: true }));

const programs = new Map<string, string>();
beforeAll(async () => {
  for (const program of ['raft', 'lin-kv.ts']) {
    const path = fileURLToPath(new URL(`../examples/${program}`, import.meta.url));
    programs.set(program, (await bundleNode(path, 'simulated', join(folder, program))).bin);
  }
});

/** A leader sends three times in 300 ms; one that has been silent for longer may have lost an election. */
const SILENCE_NANOS = 250 * NANOS_PER_MS;

/** Tracks which node sends `append_entries`, in which term, and when it last did. */
class LeaderWatch {
  private term = 0;
  private name: string | undefined;
  private lastNanos = 0;

  sent(timeNanos: number, { src, body }: Packet): void {
    if (!body.includes('"append_entries"')) return;
    // The format of examples/raft/raft.ts.
    const { term } = parseJson(body.toString()) as { readonly term: number };
    if (term < this.term) return;
    this.term = term;
    this.name = src;
    this.lastNanos = timeNanos;
  }

  /** Undefined while no node leads. */
  leaderAt(timeNanos: number): string | undefined {
    return timeNanos - this.lastNanos < SILENCE_NANOS ? this.name : undefined;
  }
}

interface Hit {
  /** The leader according to the messages. */
  readonly leader: string | undefined;
  /** The nemesis's recorded value. */
  readonly value: Json;
}

/** Runs a cluster of five nodes, and returns the effect of each operation with that name. */
async function hits(program: string, f: string, settings: Partial<TestSpec>): Promise<readonly Hit[]> {
  const workload = WORKLOADS.get('lin-kv');
  const bin = programs.get(program);
  if (workload === undefined || bin === undefined) throw new Error(`${program} has not been compiled`);
  const spec = completeSpec({
    workload: 'lin-kv',
    bin,
    world: 'simulated',
    seed: '1',
    timeLimitSeconds: 60,
    rate: 10,
    concurrency: 10,
    nemesisTargets: ['primary'],
    nemesisIntervalSeconds: 2,
    latency: { distribution: 'exponential', meanMs: 5 },
    ...settings,
  });
  const world = new SimulatedWorld({ seed: spec.seed });
  const watch = new LeaderWatch();
  const seen: Hit[] = [];
  let isDone = false;
  const append = ({ process, f: name, time, value }: Op): void => {
    if (process !== 'nemesis' || name !== f) return;
    // The history has each operation twice: as requested, and as carried out.
    if (isDone) seen.push({ leader: watch.leaderAt(time), value });
    isDone = !isDone;
  };
  const journal = { ...NO_JOURNAL, sent: (time: number, packet: Packet) => watch.sent(time, packet) };
  const outputs = { history: { append }, journal, log: () => {}, nodeLogFile: () => undefined };
  try {
    const test = new TestRun(spec, workload, world, outputs);
    await test.run();
  } finally {
    await world.close();
  }
  return seen;
}

/** Returns the share of operations that hit only the leader, among those invoked while a node led. */
function shareThatHitTheLeader(seen: readonly Hit[], nodesOf: (value: Json) => readonly string[]): number {
  const chances = seen.filter(({ leader }) => leader !== undefined);
  expect(chances.length).toBeGreaterThan(10);
  const found = chances.filter(({ leader, value }) => nodesOf(value).join(' ') === leader);
  return found.length / chances.length;
}

describe('the primary of a Raft cluster', () => {
  it.each(['kill', 'pause'])('is hit by %s, nearly every time', async (fault) => {
    const seen = await hits('raft', fault, { nemesis: [fault] });
    expect(shareThatHitTheLeader(seen, (value) => Object.keys(value as object))).toBeGreaterThan(0.9);
  });

  it('is cut off by a partition, nearly every time', async () => {
    const seen = await hits('raft', 'start-partition', { nemesis: ['partition'] });
    const alone = (value: Json): readonly string[] => {
      const [, grudge] = value as readonly [string, Record<string, readonly string[]>];
      return Object.keys(grudge).filter((node) => grudge[node]?.length === 4);
    };
    expect(shareThatHitTheLeader(seen, alone)).toBeGreaterThan(0.9);
  });
});

it('of nodes that only call a service is one that runs', async () => {
  const seen = await hits('lin-kv.ts', 'kill', { nemesis: ['kill'] });
  expect(seen.length).toBeGreaterThan(10);
  for (const { value } of seen) expect(Object.values(value as object)).toEqual(['killed']);
});
