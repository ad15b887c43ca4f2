/**
 * What may be the cause of a wrong run, from how the nodes behaved as a whole. Hints change no verdict, and are given only
 * where the workload's checker found something, but for those that say what it could not see.
 */
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import type { NetResults } from '../../network/stats.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';
import { WORKLOAD_NAMES } from '../../workloads/names.ts';
import type { Packet } from '../../world/world.ts';
import { LastReads } from './last-reads.ts';
import { LogHabits } from './log-habits.ts';
import { ReadThenWritten } from './read-then-written.ts';
import { ReadValues } from './read-values.ts';

export type HintsResult = {
  readonly 'valid?': true;
  /** In sentences. */
  readonly hints: readonly string[];
};

export const HINTS_MEANINGS = {
  hints: 'what may be the cause, in sentences',
} as const satisfies Meanings<HintsResult>;

/** Workloads whose nodes need to know nothing of each other; of all others each must know what clients told the others. */
const ALONE: ReadonlySet<string> = new Set(['echo', 'unique-ids']);
/** Workloads whose nodes often keep in a service what they have to add to. */
const ADDED_UP: ReadonlySet<string> = new Set(['g-counter', 'pn-counter', 'kafka']);
const isShared = (workload: string): boolean =>
  WORKLOAD_NAMES.some((name) => name === workload) && !ALONE.has(workload);
/** Gossip at intervals costs up to a few hundred messages for each operation, where operations are rare. */
const STORM_PER_OPERATION = 1000;
const TIME_TO_SPREAD_SECONDS = 5;

export interface Seen {
  readonly net: NetResults;
  readonly nodeCount: number;
  /** Whether a node crashed or did not start: then what nodes did as a whole says little. */
  readonly hasProblems: boolean;
}

export interface RunHintsOptions {
  readonly kindOf: (name: string) => EndpointKind | undefined;
  /** Asked when an operation completes. */
  readonly nodeOf: NodeOf;
  /** The quiet period before the final reads, in seconds: in less than a few nothing need have spread. */
  readonly recoverySeconds: number;
}

export class RunHints {
  private readonly logs: LogHabits | undefined;
  private readonly reads: ReadValues | undefined;
  private readonly keys: ReadThenWritten | undefined;
  private readonly last: LastReads | undefined;

  constructor(
    private readonly workload: string,
    { kindOf, nodeOf, recoverySeconds }: RunHintsOptions,
  ) {
    this.logs = workload === 'kafka' ? new LogHabits(nodeOf) : undefined;
    this.reads = workload.startsWith('txn-') ? new ReadValues() : undefined;
    const hadTime = recoverySeconds >= TIME_TO_SPREAD_SECONDS;
    this.last = workload === 'txn-rw-register' && hadTime ? new LastReads(nodeOf) : undefined;
    this.keys = ADDED_UP.has(workload) ? new ReadThenWritten(kindOf) : undefined;
  }

  /** Whether `sent` is to be called. */
  get watchesMessages(): boolean {
    return this.keys !== undefined;
  }

  observe(op: Op): void {
    this.logs?.observe(op);
    this.reads?.observe(op);
    this.last?.observe(op);
  }

  sent(packet: Packet): void {
    this.keys?.sent(packet);
  }

  /** For a run in which the workload's checker found something. */
  sentences(seen: Seen): readonly string[] {
    return [
      this.nothingShared(seen),
      stormOf(seen),
      this.keys?.sentence(),
      ...(this.logs?.sentences() ?? []),
      this.reads?.sentence(),
      ...this.remarks(),
    ].filter((sentence) => sentence !== undefined);
  }

  /** For a run that is accepted, as well. */
  remarks(): readonly string[] {
    const sentence = this.last?.sentence();
    return sentence === undefined ? [] : [sentence];
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
    `The nodes sent each other ${count.toLocaleString('en')} messages, ${Math.round(perOperation).toLocaleString('en')} for each operation. ` +
    'Does a node pass on what it had before, or send again without waiting?'
  );
}
