/**
 * Liveness, after the mode of that name of TigerBeetle's simulator: a majority is healed, the others stay out of reach, and there
 * must be progress within a time. Healing everything would hide a cluster that has locked itself up, or that needs all.
 *
 *     n1  n3  n4      up, and connected with each other and the services, whatever faults there were
 *     n2              killed or paused, as it was
 *     n5              was up: cut off from all nodes
 *
 * Requests go to the majority, and each kind of operation that was asked for before must succeed once. The nemesis rests. The
 * others do not keep mere faults of links: a leader among them that is slow, or that is heard and does not hear, is followed by a
 * right Raft as well, and then nothing can be demanded.
 */
import { NOT_JUDGED } from '../checkers/stats.ts';
import type { Validity } from '../checkers/checker.ts';
import type { Op } from '../history/op.ts';
import { separate } from '../nemesis/grudge.ts';
import type { Network } from '../network/network.ts';
import { partitionRule } from '../network/partition.ts';
import { byCount, counted } from '../protocol/count-text.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import type { World } from '../world/world.ts';
import type { Cluster } from './cluster/cluster.ts';
import { hasSucceeded } from './records/outcome-tally.ts';
import { namesInWords } from './words/protocol-sentences.ts';
import type { Meanings } from '../protocol/key-meaning.ts';

/** Of one kind of operation. */
export type Progress = {
  /** Requests that had at least half of the time. */
  readonly tried: number;
  readonly succeeded: number;
};

export type LivenessResult = {
  /** Unknown when nothing was tried, or nothing late enough, or too many had crashed for a majority. */
  readonly 'valid?': Validity;
  readonly majority: readonly string[];
  /** What is wrong with each of the others: `killed`, `paused`, `crashed`, or `cut off`. */
  readonly others: Readonly<Record<string, string>>;
  /** In seconds. */
  readonly within: number;
  /** When the majority was up, in nanoseconds of the run's time; and when an operation first succeeded after that. */
  readonly time: number;
  readonly 'first-success': number | null;
  readonly 'by-f': Readonly<Record<string, Progress>>;
  /** The kinds of operations that did not succeed once, although they were tried. */
  readonly stuck: readonly string[];
};

export const LIVENESS_MEANINGS = {
  majority: 'the nodes that were healed',
  others: 'what is wrong with each of the others: `killed`, `paused`, `crashed` or `cut off`',
  within: { unit: 's', meaning: 'how soon there had to be progress' },
  time: { unit: 'ns', meaning: 'when the majority was up, in time of the run' },
  'first-success': {
    unit: 'ns',
    meaning: 'when an operation first succeeded after that, in time of the run; null when none did',
  },
  'by-f': 'for each type of operation how often it was tried, and how often it succeeded',
  stuck: 'the types of operations that did not succeed once, although they were tried',
} as const satisfies Meanings<LivenessResult>;

export const PROGRESS_MEANINGS = {
  tried: 'requests that had at least half of the time',
  succeeded: 'those of them that succeeded',
} as const satisfies Meanings<Progress>;

/** A kind that was tried less often proves nothing by itself. */
const FEW = 3;
/** Requests that were all refused before this share of the time prove nothing: a leader may be elected after that. */
const LATE = 0.75;

interface Count {
  tried: number;
  succeeded: number;
  /** Requests without an answer. */
  open: number;
  /** When the last one ended without success; since the majority is up. */
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
  /** Empty until it begins, and when it is over. */
  majority: readonly string[] = [];
  /** The time was given; a run that was interrupted before proves nothing. */
  isJudged = false;
  private readonly counts = new Map<string, Count>();
  private readonly others = new Map<string, string>();
  private chosen: readonly string[] = [];
  /** Not where too many have crashed. */
  private isMajority = true;
  private endCut: () => void = () => undefined;
  private beganNanos: number | undefined;
  private firstSuccessNanos: number | undefined;

  constructor(private readonly options: LivenessOptions) {}

  /** What is wrong at present beside faults. */
  words(): readonly string[] {
    return this.majority.length > 0 && this.others.size > 0 ? [`left broken: ${this.othersText()}`] : [];
  }

  /** Called with each operation of the run, also before it begins. */
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

  /** Whether each kind of operation has succeeded since. */
  get isShown(): boolean {
    return this.counts.size > 0 && [...this.counts.values()].every(({ succeeded }) => succeeded > 0);
  }

  /** Breaks and heals; calls back when the majority is up. */
  begin(done: () => void): void {
    const { world, cluster, network, seconds, log } = this.options;
    const members = cluster.members();
    // One that has crashed cannot be started again.
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
      `Liveness: ${namesInWords(this.majority)} healed; ${this.othersText()}; progress is demanded within ${seconds} s`,
    );
    this.heal(() => {
      this.beganNanos = world.clock.nowNanos();
      done();
    });
  }

  /** Faults are as they were; the ends of all of them follow. */
  end(): void {
    this.majority = [];
    this.endCut();
    this.options.network.spare([]);
  }

  /** Undefined when the run did not come to it. */
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

/** What made no progress; nothing when all did. */
export function livenessSentences(result: LivenessResult | undefined): readonly string[] {
  if (result === undefined || result['valid?'] === true) return [];
  const { majority, others, within, stuck, 'by-f': byF } = result;
  const rest = Object.keys(others).length === 0 ? '' : ` (${othersText(others)})`;
  const up = `${namesInWords(majority)} ${byCount(majority.length, 'is', 'are')} up and connected${rest}`;
  const isMajority = majority.length > Object.keys(others).length;
  if (result['valid?'] === 'unknown' && !isMajority)
    return [`No majority could be healed${rest}, so liveness is not known.`];
  if (result['valid?'] === 'unknown' && Object.keys(byF).length > 0)
    return [
      `What was asked of the nodes was refused early in the ${within} s in which ${up}, so liveness is not known.`,
    ];
  if (result['valid?'] === 'unknown')
    return [`Nothing was asked of the nodes although ${up}, so liveness is not known.`];
  const tried = Object.values(byF).reduce((sum, one) => sum + one.tried, 0);
  if (stuck.length === Object.keys(byF).length)
    return [
      `No operation succeeded in ${within} s although ${up}: ${counted(tried, 'request')} had half of that time or more.`,
    ];
  return stuck.map(
    (f) =>
      `No ${f} succeeded in ${within} s although ${up}: ${counted(byF[f]?.tried ?? 0, 'request')} had half of that time or more. Other operations did succeed.`,
  );
}
