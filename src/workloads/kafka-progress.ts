/**
 * What a kafka run has seen so far of its logs: which offsets were sent and polled. Generators ask it which logs have
 * messages that no client polled, and in the end whether a client has caught up.
 */
import type { Thread } from '../generator/generator.ts';
import type { Op } from '../history/op.ts';
import { isJsonInteger, type Json } from '../protocol/json.ts';

/** Any integer; a `bigint` beyond 2^53. */
type Offset = number | bigint;

/** What counts of an operation's end. */
type Completed = Pick<Op, 'f' | 'type' | 'value'>;

export class KafkaProgress {
  private readonly sent = new Map<string, Offset>();
  private readonly polled = new Map<string, Offset>();
  private readonly committed = new Map<string, Offset>();

  /** Takes note of what an operation that ended ok showed. */
  note(event: Completed): void {
    if (event.type !== 'ok') return;
    for (const { kind, key, offset } of sightings(event))
      raise(kind === 'send' ? this.sent : this.polled, key, offset);
  }

  /** Takes note that a client asks for this commit, whatever becomes of it. */
  commits(offsets: { readonly [key: string]: Json }): void {
    for (const [key, offset] of Object.entries(offsets))
      if (isJsonInteger(offset)) raise(this.committed, key, offset);
  }

  /** The highest offset of the log that any client has asked to commit. */
  highestCommit(key: string): Offset | undefined {
    return this.committed.get(key);
  }

  /** Logs in which an offset was sent that lies beyond all that was polled. */
  unpolledKeys(): readonly string[] {
    return [...this.sent]
      .filter(([key, offset]) => {
        const polled = this.polled.get(key);
        return polled === undefined || offset > polled;
      })
      .map(([key]) => key);
  }

  /** Every log there is any news of, with the highest offset known. */
  horizon(): ReadonlyMap<string, Offset> {
    const highest = new Map(this.sent);
    for (const [key, offset] of this.polled) raise(highest, key, offset);
    return highest;
  }
}

/** What each client has seen of the logs in the end. */
export class FinalLook {
  private readonly seen = new Map<Thread, Map<string, Offset>>();
  /** Those whose last poll showed something beyond all that they had seen. */
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
    // What lies below 0 no poll asks for.
    return [...this.progress.horizon()].every(
      ([key, offset]) => offset < 0 || (seen?.get(key) ?? -1) >= offset,
    );
  }

  /** Whether another poll is likely to show more. */
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

/** The offsets in a completed operation's micro-operations. */
export function sightings(event: Completed): readonly Sighting[] {
  if ((event.f !== 'send' && event.f !== 'poll') || !Array.isArray(event.value)) return [];
  const found: Sighting[] = [];
  // The client below makes every completed value of this shape.
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
