/**
 * Runs in which one leader after the other is deposed. What a cluster has agreed on can only be lost when its leader
 * changes, and mistakes of elections often show only after two changes in a row:
 *
 *     n1 leads, cut off    n2 leads, cut off    n1 or n3 leads, with what n2 had agreed on, or without
 *     |----- about one failover -----|----- about one failover -----| ...  reads of all keys at the end
 *
 * Faults at random times seldom do that: too fast, and no leader is elected in between; too slow, and a small run is
 * over after the first change. So the first run of a hunt measures how long the cluster takes to get over the loss of
 * its primary, and these runs scale with it. They have few keys and many clients, since the requests to a node that is
 * cut off stay without a reply for long.
 */
import type { TargetSpec } from '../../nemesis/targets.ts';
import type { LatencySpec } from '../../network/rules/latency.ts';
import { isUsedBy } from '../../protocol/settings/setting-shape.ts';
import { SETTINGS, type TestSpec } from '../../run/test-spec.ts';
import type { Random } from '../../world/random.ts';
import { logUniform, rounded, wholeLogUniform } from './draws.ts';
import { DEPOSING, LEAST_NODES } from './failover.ts';
import type { HuntPlan, VariedSetting } from './hunt-plan.ts';

/** One of those that are allowed is drawn. */
const FAULTS = [
  'partition',
  'partition',
  'partition',
  'one-way',
  'pause',
  'kill',
  'kill',
] as const satisfies typeof DEPOSING;
/** One of these lists is drawn; a node that was away while others agreed lacks what the next leader must have. */
const TARGETS: readonly (readonly TargetSpec[])[] = [['primary'], ['one', 'primary']];
const SHARE = 2 / 3;
/** Mean time between two operations of the nemesis, in failovers. */
const INTERVALS = [0.5, 3] as const;
/** Number of these intervals in a run. */
const CHANGES = [3, 12] as const;
const OPERATIONS_PER_INTERVAL = [3, 30] as const;
const MOST_OPERATIONS = 300;
const CLIENTS_PER_NODE = [2, 3, 6] as const;
/** A failover takes many latencies, or else no leader would last. */
const LATENCIES_PER_FAILOVER = 10;

/** Probability of distinct writes: no old value can be taken for a new one, but then nothing compares and sets. */
const SHARE_OF_DISTINCT = 1 / 3;
/** Probability of each other allowed fault to be in the run. */
const SHARE_OF_OTHERS = 1 / 8;

/** Whether a run of the plan is to depose primaries. */
export function isDeposing(
  { base, asked, kept, hasPrimary, failoverSeconds }: HuntPlan,
  random: Random,
): boolean {
  const isAimed = [...asked, ...kept].some(
    (setting) => setting === 'nemesisTargets' || setting === 'nemesisIntervalSeconds',
  );
  return (
    hasPrimary &&
    !isAimed &&
    failoverSeconds !== undefined &&
    base.nodes.length >= LEAST_NODES &&
    base.nemesis.some((fault) => DEPOSING.includes(fault)) &&
    random.child('whether').boolean(SHARE)
  );
}

/** Returns the run that deposes primaries, in place of the `usual` one of its seed. */
export function deposing(plan: HuntPlan, usual: TestSpec, random: Random): TestSpec {
  const { base, readySeconds, failoverSeconds = 0 } = plan;
  const isKept = (setting: VariedSetting): boolean => plan.kept.includes(setting);
  const atMost = (setting: VariedSetting, value: number, given: number): number =>
    plan.asked.includes(setting) ? Math.min(value, given) : value;

  const most = base.nodes.length;
  const least = Math.min(most, Math.max(LEAST_NODES, plan.leastNodes));
  const count = random.child('nodes').boolean()
    ? least
    : least + random.child('more nodes').int(most - least + 1);
  const nodes = isKept('nodes') ? base.nodes : base.nodes.slice(0, count);

  const nemesisIntervalSeconds = rounded(failoverSeconds * logUniform(random.child('interval'), INTERVALS));
  const changes = wholeLogUniform(random.child('changes'), CHANGES);
  const seconds = rounded(readySeconds + changes * nemesisIntervalSeconds);
  const timeLimitSeconds = isKept('timeLimitSeconds')
    ? base.timeLimitSeconds
    : atMost('timeLimitSeconds', seconds, base.timeLimitSeconds);

  const perInterval = logUniform(random.child('operations'), OPERATIONS_PER_INTERVAL);
  const rate = rounded(Math.min(perInterval / nemesisIntervalSeconds, MOST_OPERATIONS / timeLimitSeconds));
  const clients = nodes.length * random.child('clients').pick(CLIENTS_PER_NODE);

  const depose = random.child('fault').pick(FAULTS.filter((fault) => base.nemesis.includes(fault)));
  const others = random.child('other faults');
  const nemesis = base.nemesis.filter(
    (fault) => fault === depose || others.child(fault).boolean(SHARE_OF_OTHERS),
  );
  return {
    ...usual,
    nodes,
    nemesis,
    nemesisIntervalSeconds,
    nemesisTargets: random.child('targets').pick(TARGETS),
    nemesisMoves: true,
    ...(isUsedBy(base.workload, SETTINGS.distinctWrites) && random.child('writes').boolean(SHARE_OF_DISTINCT)
      ? { distinctWrites: true }
      : {}),
    timeLimitSeconds,
    ...(isKept('rate') ? {} : { rate: atMost('rate', rate, base.rate) }),
    ...(isKept('concurrency') ? {} : { concurrency: atMost('concurrency', clients, base.concurrency) }),
    latency: isKept('latency')
      ? base.latency
      : calm(usual.latency, (1000 * failoverSeconds) / LATENCIES_PER_FAILOVER),
  };
}

/** Returns a drawn latency, at most this long on average. */
const calm = (latency: LatencySpec, mostMs: number): LatencySpec =>
  latency.distribution === 'measured' || latency.regions !== undefined || latency.meanMs <= mostMs
    ? latency
    : { ...latency, meanMs: rounded(mostMs) };
