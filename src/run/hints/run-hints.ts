/**
 * Possible causes of an invalid run, from the nodes' behaviour as a whole. Hints change no verdict, and are given only
 * if the workload's checker found something, except for remarks on what it could not see.
 */
import type { Evidence } from '../../checkers/evidence.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import type { NetResults } from '../../network/stats.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';
import { WORKLOAD_NAMES } from '../../workloads/names.ts';
import type { Packet } from '../../world/world.ts';
import { CommittedOffsets } from './committed-offsets.ts';
import { KilledNodes } from './killed-nodes.ts';
import { LastReads } from './last-reads.ts';
import { LogHabits } from './log-habits.ts';
import { MisdirectedAnswers } from './misdirected-answers.ts';
import { addOf, OwnElements } from './own-elements.ts';
import { OwnReads } from './own-reads.ts';
import { ReadThenWritten } from './read-then-written.ts';
import { ReadValues } from './read-values.ts';
import { SdkLog } from './sdk-log.ts';

export type HintsResult = {
  readonly 'valid?': true;
  readonly hints: readonly string[];
};

export const HINTS_MEANINGS = {
  hints: 'possible causes, in sentences',
} as const satisfies Meanings<HintsResult>;

/**
 * Workloads whose nodes need no knowledge of each other; in all others each node must learn what clients sent to the
 * others.
 */
const ALONE: ReadonlySet<string> = new Set(['echo', 'unique-ids']);
/** Workloads whose nodes often keep in a service what all of them add to: a sum, a set, a log. */
const ADDED_UP: ReadonlySet<string> = new Set([
  'broadcast',
  'g-set',
  'g-counter',
  'pn-counter',
  'unique-ids',
  'kafka',
]);
/** Workloads in which whatever was acknowledged must be in the final reads. */
const GROWN: ReadonlySet<string> = new Set(['broadcast', 'g-set', 'g-counter', 'pn-counter']);
const isShared = (workload: string): boolean =>
  WORKLOAD_NAMES.some((name) => name === workload) && !ALONE.has(workload);
/** Threshold of messages per operation. Periodic gossip costs up to a few hundred where operations are rare. */
const STORM_PER_OPERATION = 1000;
const TIME_TO_SPREAD_SECONDS = 5;

export interface Seen {
  readonly net: NetResults;
  readonly nodeCount: number;
  /** True if a node crashed or did not start; then the nodes' behaviour as a whole means little. */
  readonly hasProblems: boolean;
  /** Returns what the workload's checker found. */
  readonly evidence?: () => Evidence | undefined;
}

export interface RunHintsOptions {
  readonly kindOf: (name: string) => EndpointKind | undefined;
  /** Called when an operation completes. */
  readonly nodeOf: NodeOf;
  /** The quiet period before the final reads, in seconds; in a very short one nothing need have spread. */
  readonly recoverySeconds: number;
}

export class RunHints {
  private readonly logs: LogHabits | undefined;
  private readonly reads: ReadValues | undefined;
  private readonly keys: ReadThenWritten | undefined;
  private readonly last: LastReads | undefined;
  private readonly own: OwnReads | undefined;
  private readonly added: OwnElements | undefined;
  private readonly commits: CommittedOffsets | undefined;
  private readonly killed: KilledNodes | undefined;
  private readonly sdk: SdkLog;
  private readonly misdirected: MisdirectedAnswers;
  /** What clients asked for. */
  private readonly asked = new Set<string>();

  constructor(
    private readonly workload: string,
    { kindOf, nodeOf, recoverySeconds }: RunHintsOptions,
  ) {
    this.logs = workload === 'kafka' ? new LogHabits(nodeOf) : undefined;
    this.reads = workload.startsWith('txn-') ? new ReadValues() : undefined;
    this.commits = workload === 'kafka' ? new CommittedOffsets(kindOf) : undefined;
    this.sdk = new SdkLog(kindOf);
    this.misdirected = new MisdirectedAnswers(kindOf);
    const hadTime = recoverySeconds >= TIME_TO_SPREAD_SECONDS;
    this.last = workload === 'txn-rw-register' && hadTime ? new LastReads(nodeOf) : undefined;
    this.own = workload === 'txn-rw-register' ? new OwnReads() : undefined;
    const add = addOf(workload);
    this.added = add === undefined ? undefined : new OwnElements(add, nodeOf);
    this.killed = GROWN.has(workload) ? new KilledNodes(nodeOf) : undefined;
    this.keys = ADDED_UP.has(workload) ? new ReadThenWritten(kindOf) : undefined;
  }

  observe(op: Op): void {
    this.asked.add(op.f);
    this.misdirected.observe(op);
    this.logs?.observe(op);
    this.reads?.observe(op);
    this.last?.observe(op);
    this.own?.observe(op);
    this.added?.observe(op);
    this.killed?.observe(op);
  }

  sent(packet: Packet): void {
    this.misdirected.sent(packet);
    this.keys?.sent(packet);
    this.commits?.sent(packet);
  }

  /** Takes a line of that node's stderr in which the SDK says what went wrong. */
  logged(node: string, line: string): void {
    this.sdk.read(node, line);
  }

  /** Returns the hints for a run in which the workload's checker found something. */
  sentences(seen: Seen): readonly string[] {
    const alone = this.nothingShared(seen);
    return [
      alone,
      // Nodes that share nothing lose it anyway.
      alone === undefined ? this.killed?.sentence(seen.evidence) : undefined,
      this.keys?.sentence(),
      ...(this.logs?.sentences() ?? []),
      ...this.always(seen),
    ].filter((sentence) => sentence !== undefined);
  }

  /** Returns the hints for a run in which it found nothing. */
  remarks(seen: Seen): readonly string[] {
    // Reads that never show a value have been reported.
    const own = this.reads?.sentence() === undefined ? this.own?.sentence() : undefined;
    // Why nodes did not agree, if they never talked.
    const alone = this.last?.sentence() === undefined ? undefined : this.nothingShared(seen);
    return [alone, ...this.always(seen), own, this.added?.sentence()].filter(
      (sentence) => sentence !== undefined,
    );
  }

  /** Returns the hints that are given whatever the verdict. */
  private always(seen: Seen): readonly string[] {
    const blank = this.reads?.sentence();
    return [
      this.misdirected.sentence(),
      stormOf(seen),
      ...this.sdk.sentences(this.asked),
      blank,
      this.commits?.sentence(),
      blank === undefined ? this.last?.sentence() : undefined,
    ].filter((sentence) => sentence !== undefined);
  }

  private nothingShared({ net, nodeCount, hasProblems }: Seen): string | undefined {
    if (nodeCount < 2 || hasProblems || net.servers['send-count'] > 0 || !isShared(this.workload))
      return undefined;
    return `The ${nodeCount} nodes sent nothing to each other, nor to a service: what a client told one of them, no other can know.`;
  }
}

function stormOf({ net: { servers } }: Seen): string | undefined {
  const { 'msgs-per-op': perOperation = 0, 'send-count': count } = servers;
  if (perOperation < STORM_PER_OPERATION) return undefined;
  return (
    `${count.toLocaleString('en')} messages were sent between nodes, or between nodes and services: ${Math.round(perOperation).toLocaleString('en')} for each operation. ` +
    'Does a node pass on what it had before, or send again without waiting?'
  );
}
