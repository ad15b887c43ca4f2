/**
 * Makes the test of a run from its seed. Everything that may vary is drawn from the seed, each setting from a stream of
 * its own, so that a new one shifts no other. There are three sizes:
 *
 *     tiny      6 runs in 10     up to 3 nodes, about 10 operations in a second or two
 *     middle    3 in 10          up to 5 nodes, about 50 operations in some seconds
 *     large     1 in 10          as large as the user asked for
 *
 * Most bugs need two or three nodes and a few operations, and a small run is a hundred times cheaper than a large one.
 * A run has about half, a quarter or none of the allowed faults: a fault that is left out may have masked the bug
 * ("swarm testing", Groce et al. 2012).
 *
 * A correct program must survive every run, whatever is drawn. So the quiet period before the final reads is never
 * shortened: data that needs this time to spread would seem lost.
 */
import type { TestSpec } from '../../run/test-spec.ts';
import { Random } from '../../world/random.ts';
import type { HuntPlan } from './hunt-plan.ts';
import { deposing, isDeposing } from './deposing.ts';
import { losingPrimary } from './failover.ts';
import { RunDraw } from './run-draw.ts';

const FIRST_RUN_SECONDS = 10;

/**
 * Returns the test of the initial run, which measures how long the program takes to get ready: the largest cluster
 * without faults. Its operations come fast enough to measure to a tenth of a second.
 */
export function firstRun({ base, hasPrimary }: HuntPlan, seed: string): TestSpec {
  return {
    ...base,
    ...(hasPrimary ? losingPrimary(base) : {}),
    seed,
    // With one client each, a node may get only reads.
    concurrency: 2 * base.nodes.length,
    rate: hasPrimary ? 40 : 20,
    timeLimitSeconds: FIRST_RUN_SECONDS,
    recoverySeconds: 0,
    nemesis: [],
    latency:
      base.latency.distribution === 'measured' ? base.latency : { distribution: 'constant', meanMs: 5 },
  };
}

/** Returns the test of a seed. The same plan and seed give the same test. */
export function planRun(plan: HuntPlan, seed: string): TestSpec {
  // Settings that are drawn anew, or left out, must not remain from the base.
  const { keyCount: _keys, nemesisTargets: _targets, faultStrengths: _strengths, ...base } = plan.base;
  const random = Random.fromSeed(seed).child('hunt plan');
  const draw = new RunDraw(plan, random);
  const size = draw.size();
  const nodes = draw.nodes(size);
  const seconds = draw.seconds(size);
  const timeLimitSeconds = draw.timeLimit(seconds);
  const latency = draw.latency();
  const nemesis = draw.faults();
  const usual: TestSpec = {
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
        }),
  };
  const ofDeposing = random.child('deposing');
  const spec = isDeposing(plan, ofDeposing) ? deposing(plan, usual, ofDeposing) : usual;
  return { ...spec, ...draw.strengths(spec.nemesis, spec.latency), ...draw.finalReads(spec) };
}
