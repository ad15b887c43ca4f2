/**
 * What a kafka run has seen of its logs so far: the sent and polled offsets. Generators ask it which logs have messages
 * that no client has polled, and at the end whether a client has caught up.
 */
import type { Thread } from '../../generator/generator.ts';
import type { Op } from '../../history/op.ts';
import { isJsonInteger, type Json } from '../../protocol/json.ts';

/** Any integer; a `bigint` beyond 2^53. */
type Offset = number | bigint;

/** The relevant parts of a completed operation. */
type Completed = Pick<Op, 'f' | 'type' | 'value'>;

export class KafkaProgress {
  private readonly sent = new Map<string, Offset>();
  private readonly polled = new Map<string, Offset>();
  private readonly committed = new Map<string, Offset>();

  /** Notes the offsets in an operation that ended ok. */
  note(event: Completed): void {
    if (event.type !== 'ok') return;
    for (const { kind, key, offset } of sightings(event))
      raise(kind === 'send' ? this.sent : this.polled, key, offset);
  }

  /** Notes that a client requests this commit, whatever its outcome. */
  commits(offsets: { readonly [key: string]: Json }): void {
    for (const [key, offset] of Object.entries(offsets))
      if (isJsonInteger(offset)) raise(this.committed, key, offset);
  }

  /** Returns the highest offset of the log that any client has requested to commit. */
  highestCommit(key: string): Offset | undefined {
    return this.committed.get(key);
  }

  /** Returns the logs with a sent offset beyond all that was polled. */
  unpolledKeys(): readonly string[] {
    return [...this.sent]
      .filter(([key, offset]) => {
        const polled = this.polled.get(key);
        return polled === undefined || offset > polled;
      })
      .map(([key]) => key);
  }

  /** Returns every known log with its highest known offset. */
  horizon(): ReadonlyMap<string, Offset> {
    const highest = new Map(this.sent);
    for (const [key, offset] of this.polled) raise(highest, key, offset);
    return highest;
  }
}

/** What each client has seen of the logs at the end. */
export class FinalLook {
  private readonly seen = new Map<Thread, Map<string, Offset>>();
  /** Threads whose last poll returned something beyond all that they had seen. */
  private readonly gettingOn = new Set<Thread>();

  constructor(private readonly progress: KafkaProgress) {}

  note(thread: Thread, event: Completed): void {
    if (event.type === 'invoke' || event.f !== 'poll') return;
    const seen = this.seen.get(thread) ?? new Map<string, Offset>();
    this.seen.set(thread, seen);
    const further =
      event.type !== 'ok' ? [] : sightings(event).filter(({ key, offset }) => offset > (seen.get(key) ?? -1));
    for (const { key, offset } of further) raise(seen, key, offset);
    if (further.length > 0) this.gettingOn.add(thread);
    else this.gettingOn.delete(thread);
  }

  /** Whether it has seen everything that is known to exist. */
  isCaughtUp(thread: Thread): boolean {
    const seen = this.seen.get(thread);
    // Polls never ask for offsets below 0.
    return [...this.progress.horizon()].every(
      ([key, offset]) => offset < 0 || (seen?.get(key) ?? -1) >= offset,
    );
  }

  /** Whether another poll is likely to return more. */
  isGettingOn(thread: Thread): boolean {
    return this.gettingOn.has(thread) && !this.isCaughtUp(thread);
  }
}

type CompletedMop =
  | readonly ['send', key: string, sent: readonly [offset: Json, message: Json]]
  | readonly ['poll', logs?: { readonly [key: string]: readonly (readonly [offset: Json, message: Json])[] }];

interface Sighting {
  readonly kind: 'send' | 'poll';
  readonly key: string;
  readonly offset: Offset;
}

/** Returns the offsets in a completed operation's micro-operations. */
export function sightings(event: Completed): readonly Sighting[] {
  if ((event.f !== 'send' && event.f !== 'poll') || !Array.isArray(event.value)) return [];
  const found: Sighting[] = [];
  // The client makes every completed value of this shape.
  for (const mop of event.value as readonly CompletedMop[]) {
    if (mop[0] === 'send') {
      const [offset] = mop[2];
      if (isJsonInteger(offset)) found.push({ kind: 'send', key: mop[1], offset });
      continue;
    }
    for (const [key, messages] of Object.entries(mop[1] ?? {})) {
      const offset = messages.at(-1)?.[0];
      if (isJsonInteger(offset)) found.push({ kind: 'poll', key, offset });
    }
  }
  return found;
}

function raise(table: Map<string, Offset>, key: string, offset: Offset): void {
  const before = table.get(key);
  if (before === undefined || offset > before) table.set(key, offset);
}
