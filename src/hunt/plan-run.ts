/**
 * From a seed to a test: what a run of a hunt is like. Everything that may vary is drawn from the seed, each thing from a stream of
 * its own, so that a new one shifts no other. Three sizes:
 *
 *     tiny      of ten runs six     up to 3 nodes, about 10 operations in a second or two
 *     middle    three               up to 5 nodes, about 50 operations in some seconds
 *     large     one                 as large as was asked for
 *
 * Most mistakes need two or three nodes and a few operations, and a small run is a hundred times cheaper than a large one. Of the
 * faults allowed about a half, a quarter or none are in a run: a fault that is left out may be what had hidden the mistake ("swarm
 * testing", Groce et al. 2012).
 *
 * The program must survive a run however it is drawn. So the quiet period before the final reads is never shortened: what needs its
 * time to spread would be taken for lost.
 */
import type { TestSpec } from '../run/test-spec.ts';
import { Random } from '../world/random.ts';
import type { HuntPlan } from './hunt-plan.ts';
import { RunDraw } from './run-draw.ts';

const FIRST_RUN_SECONDS = 10;

/**
 * A first run, which shows how long the program takes to get ready: the largest cluster, and nothing goes wrong. Its operations come fast
 * enough for the answer to be good to a tenth of a second.
 */
export function firstRun({ base }: HuntPlan, seed: string): TestSpec {
  return {
    ...base,
    seed,
    concurrency: base.nodes.length,
    rate: 20,
    timeLimitSeconds: FIRST_RUN_SECONDS,
    recoverySeconds: 0,
    nemesis: [],
    latency:
      base.latency.distribution === 'measured' ? base.latency : { distribution: 'constant', meanMs: 5 },
  };
}

/** The test of that seed. The same plan and the same seed give the same test. */
export function planRun(plan: HuntPlan, seed: string): TestSpec {
  // What is left out of a run is left out of its spec.
  const { keyCount: _keys, nemesisTargets: _targets, faultStrengths: _strengths, ...base } = plan.base;
  const draw = new RunDraw(plan, Random.fromSeed(seed).child('hunt plan'));
  const size = draw.size();
  const nodes = draw.nodes(size);
  const seconds = draw.seconds(size);
  const timeLimitSeconds = draw.timeLimit(seconds);
  const latency = draw.latency();
  const nemesis = draw.faults();
  return {
    ...base,
    seed,
    nodes,
    concurrency: draw.concurrency(nodes.length, size),
    timeLimitSeconds,
    rate: draw.rate(size, seconds),
    latency,
    topology: draw.topology(),
    ...draw.keyCount(),
    nemesis,
    ...(nemesis.length === 0
      ? {}
      : {
          nemesisIntervalSeconds: draw.interval(timeLimitSeconds),
          ...draw.targets(),
          ...draw.strengths(nemesis, latency),
        }),
  };
}
