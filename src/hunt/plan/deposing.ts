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
 *
 * Most of these runs are hasty: a leader is deposed as soon as one to three requests have succeeded. Then the leader
 * before it, which comes back, has more in its log that was never agreed on than the others have agreed on since.
 * Elections that go wrong only then were hardly ever seen at random intervals.
 */
import type { TargetSpec } from '../../nemesis/targets.ts';
import type { LatencySpec } from '../../network/rules/latency.ts';
import { isUsedBy } from '../../protocol/settings/setting-shape.ts';
import { SETTINGS, type TestSpec } from '../../run/test-spec.ts';
import type { Random } from '../../world/random.ts';
import { logUniform, rounded, wholeLogUniform } from './draws.ts';
import { DEPOSING, LEAST_NODES } from './failover.ts';
import type { HuntPlan, VariedSetting } from './hunt-plan.ts';

type Span = readonly [from: number, to: number];

interface Haste {
  /** Its probability. */
  readonly share: number;
  /** One of those that are allowed is drawn. */
  readonly faults: readonly (typeof DEPOSING)[number][];
  /** The number of successes after which a leader is deposed; undefined for after a time. */
  readonly successes?: Span;
  /** Mean time between two operations of the nemesis if nothing succeeds, in failovers. */
  readonly intervals: Span;
  /** Time that a change of leader takes, in failovers, unless it is the interval. */
  readonly change?: number;
  readonly changes: Span;
  readonly operationsPerChange: Span;
  readonly clientsPerNode: readonly number[];
  /** Probability of the smallest cluster that has elections. */
  readonly shareOfLeast: number;
  /** The number of latencies that a failover takes at least. */
  readonly latenciesPerFailover: readonly number[];
}

const HASTY: Haste = {
  share: 3 / 4,
  faults: ['partition', 'partition', 'partition', 'partition', 'one-way', 'pause', 'kill', 'kill'],
  successes: [1, 3],
  intervals: [2, 4],
  change: 1.3,
  changes: [5, 20],
  operationsPerChange: [4, 20],
  clientsPerNode: [3, 6, 10],
  shareOfLeast: 3 / 4,
  latenciesPerFailover: [10, 30, 100],
};
const PATIENT: Haste = {
  share: 1 / 4,
  faults: ['partition', 'partition', 'partition', 'one-way', 'pause', 'kill', 'kill'],
  intervals: [0.5, 3],
  changes: [3, 12],
  operationsPerChange: [3, 30],
  clientsPerNode: [2, 3, 6],
  shareOfLeast: 1 / 2,
  latenciesPerFailover: [10],
};

/** One of these lists is drawn; a node that was away while others agreed lacks what the next leader must have. */
const TARGETS: readonly (readonly TargetSpec[])[] = [['primary'], ['one', 'primary']];
/** What a node has acknowledged and not yet stored is lost only if most nodes are killed at once. */
const TARGETS_OF_KILL: typeof TARGETS = [...TARGETS, ['majority'], ['all']];
const SHARE = 2 / 3;
const MOST_OPERATIONS = 300;

/** Probability of distinct writes: no old value can be taken for a new one, but then nothing compares and sets. */
const SHARE_OF_DISTINCT = 1 / 3;
/** Probability of each other allowed fault to be in the run, unless it deposes as well: two at once leave no majority. */
const SHARE_OF_OTHERS = 1 / 6;

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

  const haste = random.child('haste').boolean(HASTY.share) ? HASTY : PATIENT;
  const most = base.nodes.length;
  const least = Math.min(most, Math.max(LEAST_NODES, plan.leastNodes));
  const count = random.child('nodes').boolean(haste.shareOfLeast)
    ? least
    : least + random.child('more nodes').int(most - least + 1);
  const nodes = isKept('nodes') ? base.nodes : base.nodes.slice(0, count);

  const nemesisIntervalSeconds = rounded(
    failoverSeconds * logUniform(random.child('interval'), haste.intervals),
  );
  const changeSeconds = haste.change === undefined ? nemesisIntervalSeconds : haste.change * failoverSeconds;
  const changes = wholeLogUniform(random.child('changes'), haste.changes);
  const seconds = rounded(readySeconds + changes * changeSeconds);
  const timeLimitSeconds = isKept('timeLimitSeconds')
    ? base.timeLimitSeconds
    : atMost('timeLimitSeconds', seconds, base.timeLimitSeconds);

  const perChange = logUniform(random.child('operations'), haste.operationsPerChange);
  const rate = rounded(Math.min(perChange / changeSeconds, MOST_OPERATIONS / timeLimitSeconds));
  const clients = nodes.length * random.child('clients').pick(haste.clientsPerNode);

  const depose = random.child('fault').pick(haste.faults.filter((fault) => base.nemesis.includes(fault)));
  const others = random.child('other faults');
  const nemesis = base.nemesis.filter(
    (fault) =>
      fault === depose || (!DEPOSING.includes(fault) && others.child(fault).boolean(SHARE_OF_OTHERS)),
  );
  const latenciesPerFailover = random.child('latencies').pick(haste.latenciesPerFailover);
  return {
    ...usual,
    nodes,
    nemesis,
    nemesisIntervalSeconds,
    nemesisTargets: random.child('targets').pick(depose === 'kill' ? TARGETS_OF_KILL : TARGETS),
    nemesisMoves: true,
    ...(haste.successes === undefined
      ? {}
      : { nemesisAfter: wholeLogUniform(random.child('successes'), haste.successes) }),
    ...(isUsedBy(base.workload, SETTINGS.distinctWrites) && random.child('writes').boolean(SHARE_OF_DISTINCT)
      ? { distinctWrites: true }
      : {}),
    timeLimitSeconds,
    ...(isKept('rate') ? {} : { rate: atMost('rate', rate, base.rate) }),
    ...(isKept('concurrency') ? {} : { concurrency: atMost('concurrency', clients, base.concurrency) }),
    latency: isKept('latency')
      ? base.latency
      : calm(usual.latency, (1000 * failoverSeconds) / latenciesPerFailover),
  };
}

/** Returns a drawn latency, at most this long on average. */
const calm = (latency: LatencySpec, mostMs: number): LatencySpec =>
  latency.distribution === 'measured' || latency.regions !== undefined || latency.meanMs <= mostMs
    ? latency
    : { ...latency, meanMs: rounded(mostMs) };
