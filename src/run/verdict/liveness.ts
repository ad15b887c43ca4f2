/**
 * Liveness, after the mode of that name in TigerBeetle's simulator: a majority is healed, the other nodes stay
 * unreachable, and progress must follow within a time limit. Healing everything would hide a cluster that has
 * deadlocked or that needs all nodes.
 *
 *     n1  n3  n4      up, and connected with each other and the services, whatever faults there were
 *     n2              killed or paused, as it was
 *     n5              was up: cut off from all nodes
 *
 * Requests go to the majority, and each kind of operation requested before must succeed once. The nemesis rests. The
 * other nodes do not keep mere link faults: even a correct Raft follows a leader among them that is slow, or that can
 * send but not receive, and then no progress can be demanded.
 */
import { NOT_JUDGED } from '../../checkers/outcomes/stats.ts';
import type { Validity } from '../../checkers/checker.ts';
import type { Op } from '../../history/op.ts';
import { separate } from '../../nemesis/faults/grudge.ts';
import type { Network } from '../../network/network.ts';
import { partitionRule } from '../../network/rules/partition.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import type { World } from '../../world/world.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { hasSucceeded } from '../records/outcome-tally.ts';
import { namesInWords } from '../words/protocol-sentences.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** Progress of one kind of operation. */
export type Progress = {
  readonly tried: number;
  readonly succeeded: number;
};

export type LivenessResult = {
  /** Unknown if nothing was tried, or not late enough, or if too many nodes had crashed for a majority. */
  readonly 'valid?': Validity;
  readonly majority: readonly string[];
  readonly others: Readonly<Record<string, string>>;
  readonly within: number;
  readonly time: number;
  readonly 'first-success': number | null;
  readonly 'by-f': Readonly<Record<string, Progress>>;
  readonly stuck: readonly string[];
};

export const LIVENESS_MEANINGS = {
  majority: 'the nodes that were healed',
  others: 'the condition of each other node: `killed`, `paused`, `crashed` or `cut off`',
  within: { unit: 's', meaning: 'the limit within which progress was required' },
  time: { unit: 'ns', meaning: 'when the majority was up, in run time' },
  'first-success': {
    unit: 'ns',
    meaning: 'when an operation first succeeded after that, in run time; null if none did',
  },
  'by-f': 'number of attempts and successes for each type of operation',
  stuck: 'the types of operations that were tried but never succeeded',
} as const satisfies Meanings<LivenessResult>;

export const PROGRESS_MEANINGS = {
  tried: 'requests that had at least half of the time limit to complete',
  succeeded: 'those that succeeded',
} as const satisfies Meanings<Progress>;

/** Minimum number of tries; fewer prove nothing on their own. */
const FEW = 3;
/**
 * Fraction of the time limit. If all requests were refused before it, that proves nothing: a leader may be elected
 * later.
 */
const LATE = 0.75;

interface Count {
  tried: number;
  succeeded: number;
  /** Requests in flight. */
  open: number;
  /** When the last one ended without success, in nanoseconds since the majority was up. */
  lastRefusedNanos: number;
}

export interface LivenessOptions {
  readonly world: World;
  readonly cluster: Cluster;
  readonly network: Network;
  readonly seconds: number;
  readonly log: (line: string) => void;
}

export class Liveness {
  /** Empty before it begins and after it is over. */
  majority: readonly string[] = [];
  /** True if the full time was available; an interrupted run proves nothing. */
  isJudged = false;
  private readonly counts = new Map<string, Count>();
  private readonly others = new Map<string, string>();
  private chosen: readonly string[] = [];
  /** False if too many nodes have crashed. */
  private isMajority = true;
  private endCut: () => void = () => undefined;
  private beganNanos: number | undefined;
  private firstSuccessNanos: number | undefined;

  constructor(private readonly options: LivenessOptions) {}

  /** Returns in words what is currently broken, other than by faults. */
  words(): readonly string[] {
    return this.majority.length > 0 && this.others.size > 0 ? [`left broken: ${this.othersText()}`] : [];
  }

  /** Called with each operation of the run, including those before the phase begins. */
  observe(op: Op): void {
    if (op.process === 'nemesis' || NOT_JUDGED.has(op.f)) return;
    const count = this.count(op.f);
    const since = this.sinceBegin();
    if (since !== undefined && since > this.limitNanos) return;
    count.open += op.type === 'invoke' ? 1 : -1;
    if (since === undefined) return;
    if (op.type === 'invoke') {
      if (since <= this.limitNanos / 2) count.tried++;
    } else if (hasSucceeded(op)) {
      count.succeeded++;
      this.firstSuccessNanos ??= since;
    } else count.lastRefusedNanos = since;
  }

  /** True when each kind of operation has succeeded since the majority was healed. */
  get isShown(): boolean {
    return this.counts.size > 0 && [...this.counts.values()].every(({ succeeded }) => succeeded > 0);
  }

  /** Cuts off and heals nodes; calls back when the majority is up. */
  begin(done: () => void): void {
    const { world, cluster, network, seconds, log } = this.options;
    const members = cluster.members();
    // A crashed node cannot be started again.
    const able = members.filter((node) => cluster.condition(node) !== 'crashed');
    const size = Math.floor(members.length / 2) + 1;
    const chosen = new Set(world.random.child('liveness').shuffle(able).slice(0, size));
    this.isMajority = chosen.size === size;
    this.chosen = this.majority = members.filter((node) => chosen.has(node));
    const others = members.filter((node) => !chosen.has(node));
    const cut = others.filter((node) => cluster.condition(node) === 'running');
    for (const node of others)
      this.others.set(node, cut.includes(node) ? 'cut off' : cluster.condition(node));
    network.spare(this.majority);
    const rest = members.filter((node) => !cut.includes(node));
    if (cut.length > 0)
      this.endCut = network.addRule(partitionRule(separate([rest, ...cut.map((node) => [node])])));
    log(
      `Liveness: ${namesInWords(this.majority)} healed; ${this.othersText()}; progress is required within ${seconds} s`,
    );
    this.heal(() => {
      this.beganNanos = world.clock.nowNanos();
      done();
    });
  }

  /** Restores the faults as they were; healing ends them afterwards. */
  end(): void {
    this.majority = [];
    this.endCut();
    this.options.network.spare([]);
  }

  /** Returns undefined if the run never reached this phase. */
  result(zeroNanos: number): LivenessResult | undefined {
    const { beganNanos } = this;
    if (beganNanos === undefined || !this.isJudged) return undefined;
    const all = [...this.counts].filter(([, { tried, succeeded }]) => tried + succeeded > 0);
    const hasSome = all.some(([, { succeeded }]) => succeeded > 0);
    const stuck = all.flatMap(([f, count]) =>
      count.succeeded === 0 && (!hasSome || count.tried >= FEW) && this.wasAskedLate(count) ? [f] : [],
    );
    const isKnown = this.isMajority && (hasSome || stuck.length > 0);
    return {
      'valid?': isKnown ? stuck.length === 0 : 'unknown',
      majority: this.chosen,
      others: Object.fromEntries(this.others),
      within: this.options.seconds,
      time: beganNanos - zeroNanos,
      'first-success':
        this.firstSuccessNanos === undefined ? null : beganNanos - zeroNanos + this.firstSuccessNanos,
      'by-f': Object.fromEntries(all.map(([f, { tried, succeeded }]) => [f, { tried, succeeded }])),
      stuck,
    };
  }

  private wasAskedLate({ open, lastRefusedNanos }: Count): boolean {
    return open > 0 || lastRefusedNanos >= LATE * this.limitNanos;
  }

  private get limitNanos(): number {
    return this.options.seconds * NANOS_PER_SECOND;
  }

  private sinceBegin(): number | undefined {
    return this.beganNanos === undefined ? undefined : this.options.world.clock.nowNanos() - this.beganNanos;
  }

  private heal(done: () => void): void {
    const { world, cluster } = this.options;
    let waiting = this.majority.length;
    if (waiting === 0) return done();
    const isUp = (): void => {
      if (--waiting === 0) done();
    };
    for (const node of this.majority) {
      world.skew?.(node, { offsetNanos: 0, drift: 0 });
      if (cluster.condition(node) === 'killed') cluster.start(node, isUp);
      else {
        cluster.resume(node);
        isUp();
      }
    }
  }

  private othersText(): string {
    return othersText(Object.fromEntries(this.others));
  }

  private count(f: string): Count {
    let count = this.counts.get(f);
    if (count === undefined)
      this.counts.set(f, (count = { tried: 0, succeeded: 0, open: 0, lastRefusedNanos: -1 }));
    return count;
  }
}

function othersText(others: LivenessResult['others']): string {
  const texts = Object.entries(others).map(([node, what]) => `${node} ${what}`);
  return texts.length === 0 ? 'no other node' : texts.join(', ');
}

/** Returns sentences on what made no progress; empty if everything did. */
export function livenessSentences(result: LivenessResult | undefined): readonly string[] {
  if (result === undefined || result['valid?'] === true) return [];
  const { majority, others, within, stuck, 'by-f': byF } = result;
  const rest = Object.keys(others).length === 0 ? '' : ` (${othersText(others)})`;
  const up = `${namesInWords(majority)} ${byCount(majority.length, 'is', 'are')} up and connected${rest}`;
  const isMajority = majority.length > Object.keys(others).length;
  if (result['valid?'] === 'unknown' && !isMajority)
    return [`No majority could be healed${rest}, so liveness is unknown.`];
  if (result['valid?'] === 'unknown' && Object.keys(byF).length > 0)
    return [`Requests were refused early in the ${within} s in which ${up}, so liveness is unknown.`];
  if (result['valid?'] === 'unknown')
    return [`No requests were sent to the nodes although ${up}, so liveness is unknown.`];
  const tried = Object.values(byF).reduce((sum, one) => sum + one.tried, 0);
  if (stuck.length === Object.keys(byF).length)
    return [
      `No operation succeeded in ${within} s although ${up}: ${counted(tried, 'request')} had at least half of that time.`,
    ];
  return stuck.map(
    (f) =>
      `No ${f} succeeded in ${within} s although ${up}: ${counted(byF[f]?.tried ?? 0, 'request')} had at least half of that time. Other operations succeeded.`,
  );
}
