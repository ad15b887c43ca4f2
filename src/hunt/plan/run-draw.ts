/** Draws the settings of one run of a hunt, each from a stream of its own: see plan-run.ts. */
import { present } from '../../columns/present.ts';
import type { FaultStrengths } from '../../nemesis/fault-strengths.ts';
import type { TargetSpec } from '../../nemesis/targets.ts';
import { LATENCY_SHAPES, largestMeanMs, type LatencySpec } from '../../network/rules/latency.ts';
import type { Slowness } from '../../network/rules/link-rules.ts';
import { isUsedBy } from '../../protocol/settings/setting-shape.ts';
import { SETTINGS, type TestSpec } from '../../run/test-spec.ts';
import type { Chance, Random } from '../../world/random.ts';
import { TOPOLOGIES } from '../../workloads/topology.ts';
import { logUniform, rounded, wholeLogUniform } from './draws.ts';
import type { HuntPlan, VariedSetting } from './hunt-plan.ts';
import { USUAL_FAULTS } from './usual-faults.ts';

interface SizeClass {
  readonly name: 'tiny' | 'middle' | 'large';
  readonly weight: number;
  readonly mostNodes: number;
  readonly seconds: Span;
  readonly operations: Span;
}

type Span = readonly [from: number, to: number];

const CLASSES: readonly SizeClass[] = [
  { name: 'tiny', weight: 6, mostNodes: 3, seconds: [0.5, 4], operations: [4, 30] },
  { name: 'middle', weight: 3, mostNodes: 5, seconds: [2, 10], operations: [20, 120] },
  { name: 'large', weight: 1, mostNodes: Infinity, seconds: [5, 20], operations: [60, 600] },
];

/**
 * In lin-kv one request in six is a write, and all before the first write fail. In unique-ids only ids of the same moment, or of many
 * moments, can be equal, and a request costs little.
 */
const MORE_OPERATIONS: ReadonlyMap<string, number> = new Map([
  ['lin-kv', 3],
  ['unique-ids', 5],
]);
/** Probability of each fault to be in a run; one of these is picked for the run. */
const FAULT_SHARES = [0, 1 / 4, 1 / 4, 1 / 2];
/** Of a fault that is allowed only by name, in a run with faults: what it demands of a program is what is often forgotten. */
const SHARE_OF_NAMED = 1 / 2;
const ALONE = 1 / 8;
const WITHOUT_LATENCY = 1 / 4;
const MEAN_LATENCY_MS: Span = [1, 100];
const MOST_CLIENTS_PER_NODE = 4;
/** One of these is picked for a run. */
const CLIENTS_PER_NODE = [1, 2, 2, MOST_CLIENTS_PER_NODE];
/** In lin-kv half of the clients of a key only read: with three per node, a node is asked for two writes of a key at once. */
const CLIENTS_PER_NODE_OF_KEYS = [1, 2, 3, MOST_CLIENTS_PER_NODE];
const PROBABILITIES: Span = [0.05, 0.5];
const FLAP_PERIOD_MS: Span = [100, 2000];
const SLOW_FACTOR: Span = [2, 20];
const SLOWEST_MS: Span = [50, 1000];
const TARGETS: readonly TargetSpec[] = ['one', 'minority', 'majority', 'all'];
/** The workloads whose number of keys is a setting. */
const KEYED: ReadonlySet<string> = new Set(['kafka', 'txn-list-append', 'txn-rw-register']);
const MOST_KEYS = 4;
const LEAST_QUIET_SECONDS = 0.1;

export class RunDraw {
  constructor(
    private readonly plan: HuntPlan,
    private readonly random: Random,
  ) {}

  size(): SizeClass {
    const total = CLASSES.reduce((sum, { weight }) => sum + weight, 0);
    let left = this.random.child('size').int(total);
    return present(CLASSES.find(({ weight }) => (left -= weight) < 0));
  }

  nodes({ mostNodes }: SizeClass): readonly string[] {
    const { base, leastNodes } = this.plan;
    const all = base.nodes.length;
    if (this.isKept('nodes')) return base.nodes;
    const least = Math.min(leastNodes, all);
    const most = Math.max(least, Math.min(mostNodes, all));
    const random = this.random.child('nodes');
    // A single node has little to get wrong.
    const few = Math.min(most, Math.max(least, 2));
    const count = random.boolean(ALONE) ? least : few + random.int(most - few + 1);
    return base.nodes.slice(0, count);
  }

  /** Usually gives each node a client, because state that no client reads is not checked. */
  concurrency(nodes: number, { name }: SizeClass): number {
    const { base } = this.plan;
    if (this.isKept('concurrency')) return base.concurrency;
    const most = this.isAsked('concurrency') ? base.concurrency : MOST_CLIENTS_PER_NODE * nodes;
    const random = this.random.child('concurrency');
    const any = wholeLogUniform(random, [1, most]);
    const isOfKeys = base.workload === 'lin-kv';
    const perNode = random.pick(isOfKeys ? CLIENTS_PER_NODE_OF_KEYS : CLIENTS_PER_NODE);
    const clients = random.boolean(1 / 5) ? any : perNode * nodes;
    return Math.min(clients, most, name === 'tiny' ? (isOfKeys ? 3 : 2) * Math.max(nodes, 2) : most);
  }

  seconds({ name, seconds: [from, to] }: SizeClass): number {
    const { base } = this.plan;
    if (this.isKept('timeLimitSeconds')) return base.timeLimitSeconds;
    const isAsked = this.isAsked('timeLimitSeconds');
    if (isAsked && (name === 'large' || base.timeLimitSeconds <= from)) return base.timeLimitSeconds;
    const most = isAsked ? Math.min(to, base.timeLimitSeconds) : to;
    return rounded(logUniform(this.random.child('seconds'), [from, most]));
  }

  timeLimit(seconds: number): number {
    const { base, readySeconds } = this.plan;
    if (this.isKept('timeLimitSeconds')) return seconds;
    const whole = rounded(seconds + readySeconds);
    return this.isAsked('timeLimitSeconds') ? Math.min(whole, base.timeLimitSeconds) : whole;
  }

  /** Chooses the rate so that the run has about as many operations as its size class. */
  rate({ name, operations }: SizeClass, seconds: number): number {
    const { base } = this.plan;
    if (this.isKept('rate') || (this.isAsked('rate') && name === 'large')) return base.rate;
    const count = logUniform(this.random.child('operations'), operations);
    const rate = rounded(((MORE_OPERATIONS.get(base.workload) ?? 1) * count) / seconds);
    return this.isAsked('rate') ? Math.min(rate, base.rate) : rate;
  }

  latency(): LatencySpec {
    const { base } = this.plan;
    if (
      this.isKept('latency') ||
      base.latency.distribution === 'measured' ||
      base.latency.regions !== undefined
    ) {
      return base.latency;
    }
    const random = this.random.child('latency');
    const isAsked = this.isAsked('latency');
    const drawn = random.pick(LATENCY_SHAPES);
    const distribution = this.isAsked('distribution') ? base.latency.distribution : drawn;
    if (random.boolean(WITHOUT_LATENCY)) return { distribution: 'constant', meanMs: 0 };
    const [from, to] = MEAN_LATENCY_MS;
    const most = isAsked ? base.latency.meanMs : to;
    if (most <= from) return { distribution, meanMs: most };
    return { distribution, meanMs: rounded(logUniform(random, [from, most])) };
  }

  topology(): string {
    const { base } = this.plan;
    const isUsed = base.workload === 'broadcast';
    return this.isAsked('topology') || !isUsed
      ? base.topology
      : this.random.child('topology').pick(TOPOLOGIES);
  }

  /** Few keys, so that operations conflict. */
  keyCount(): Pick<TestSpec, 'keyCount'> {
    const { base } = this.plan;
    if (this.isAsked('keyCount')) return base.keyCount === undefined ? {} : { keyCount: base.keyCount };
    const random = this.random.child('keys');
    return KEYED.has(base.workload) && random.boolean() ? { keyCount: 1 + random.int(MOST_KEYS) } : {};
  }

  faults(): readonly string[] {
    const random = this.random.child('faults');
    const share = random.pick(FAULT_SHARES);
    const { nemesis } = this.plan.base;
    const shareOf = (fault: string): number =>
      share > 0 && !USUAL_FAULTS.includes(fault) ? Math.max(share, SHARE_OF_NAMED) : share;
    const drawn = nemesis.filter((fault) => random.child(fault).boolean(shareOf(fault)));
    // With few allowed faults, usually none would be drawn.
    const isIdle = share > 0 && drawn.length === 0 && nemesis.length > 0;
    return isIdle ? [random.child('one of them').pick(nemesis)] : drawn;
  }

  /** Short enough for some faults to begin and end within the run. */
  interval(seconds: number): number {
    const { base } = this.plan;
    if (this.isKept('nemesisIntervalSeconds')) return base.nemesisIntervalSeconds;
    const drawn = rounded(logUniform(this.random.child('interval'), [seconds / 20, seconds / 1.5]));
    return this.isAsked('nemesisIntervalSeconds') ? Math.min(drawn, base.nemesisIntervalSeconds) : drawn;
  }

  /** Usually leaves the targets to each kind of fault. */
  targets(): Pick<TestSpec, 'nemesisTargets'> {
    const { base, hasPrimary } = this.plan;
    if (this.isAsked('nemesisTargets')) {
      return base.nemesisTargets === undefined ? {} : { nemesisTargets: base.nemesisTargets };
    }
    const random = this.random.child('targets');
    if (!random.boolean(hasPrimary ? 1 / 2 : 1 / 3)) return {};
    return {
      nemesisTargets: [random.pick(hasPrimary ? [...TARGETS, 'primary', 'primary', 'primary'] : TARGETS)],
    };
  }

  strengths(nemesis: readonly string[], latency: LatencySpec): Pick<TestSpec, 'faultStrengths'> {
    const { faultStrengths: given = {} } = this.plan.base;
    const random = this.random.child('strengths');
    const probability = (fault: string): number => rounded(logUniform(random.child(fault), PROBABILITIES));
    const drawn: Partial<FaultStrengths> = {
      loss: probability('loss'),
      duplicate: probability('duplicate'),
      reorder: probability('reorder'),
      flapPeriodMs: Math.round(logUniform(random.child('flap'), FLAP_PERIOD_MS)),
    };
    const strengths = Object.entries({
      ...drawn,
      ...given,
      slow: slowness(random.child('slow'), latency, given.slow),
    }).filter(([name]) =>
      // Without its fault a strength would mean something else, or nothing.
      nemesis.includes(name === 'flapPeriodMs' ? 'flap' : name),
    );
    return strengths.length === 0 ? {} : { faultStrengths: Object.fromEntries(strengths) };
  }

  /**
   * In lin-kv what was lost shows only if it is asked for. Whatever has happened, all answers must be right, so these
   * reads need no quiet period but the time in which a new leader is elected.
   */
  finalReads({
    nemesis,
    nemesisAfter,
  }: TestSpec): Pick<TestSpec, 'finalReads' | 'recoverySeconds'> | undefined {
    const { base, failoverSeconds = 0, readySeconds } = this.plan;
    if (!isUsedBy(base.workload, SETTINGS.finalReads)) return undefined;
    if (nemesis.length === 0 && base.faultScript === undefined) return undefined;
    // What was agreed on just before the last fault shows nowhere else.
    if (nemesisAfter === undefined && !this.random.child('final reads').boolean()) return undefined;
    const quiet = rounded(2 * Math.max(failoverSeconds, readySeconds, LEAST_QUIET_SECONDS));
    return { finalReads: true, recoverySeconds: Math.min(quiet, base.recoverySeconds) };
  }

  private isKept(setting: VariedSetting): boolean {
    return this.plan.kept.includes(setting);
  }

  private isAsked(setting: VariedSetting): boolean {
    return this.plan.asked.includes(setting) || this.isKept(setting);
  }
}

/** Returns the given slowness, unless messages have no latency and it is a multiple of that. */
function slowness(random: Chance, latency: LatencySpec, given: Slowness | undefined): Slowness {
  if (given?.kind === 'range' || (given !== undefined && largestMeanMs(latency) > 0)) return given;
  if (largestMeanMs(latency) > 0 && random.boolean()) {
    return { kind: 'factor', factor: rounded(logUniform(random, SLOW_FACTOR)) };
  }
  const toMs = Math.round(logUniform(random, SLOWEST_MS));
  return { kind: 'range', fromMs: Math.round(toMs / 10), toMs };
}
