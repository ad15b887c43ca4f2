/**
 * The log: what all nodes will do, in which order. Each entry has the term in which a leader wrote it, and two logs
 * that agree in index and term of one entry agree in everything before it (figure 3 of the paper: log matching).
 *
 *     snapshot ....... 3 4 | 5 6 7 8        `start` is entry 4: of the entries in the snapshot only the position of
 *                        ^ start            the last is kept, to check whether logs agree up to there
 */
import type { Json } from 'maelstrom/node';
import type { Configuration, Configured } from './configuration.ts';

/** Contains a command, or a configuration, or neither (a no-op that only marks its term). Indexes begin at 1. */
export type Entry<Command extends Json = Json> = {
  readonly index: number;
  readonly term: number;
  readonly command?: Command;
  readonly configuration?: Configuration;
};

/** The index of an entry, and its term. */
export type Position = { readonly index: number; readonly term: number };

export class Log<Command extends Json> {
  private position: Position;
  protected entries: Entry<Command>[];

  constructor(start: Position, entries: readonly Entry<Command>[]) {
    this.position = start;
    this.entries = [...entries];
  }

  /** The last entry that is not in the log but in the snapshot; index 0 if there is none. */
  get start(): Position {
    return this.position;
  }

  get lastIndex(): number {
    return this.position.index + this.entries.length;
  }

  get lastTerm(): number {
    return this.termAt(this.lastIndex);
  }

  at(index: number): Entry<Command> | undefined {
    return this.entries[index - this.position.index - 1];
  }

  /** Returns 0 after the last entry, and before `start`. */
  termAt(index: number): number {
    return index === this.position.index ? this.position.term : (this.at(index)?.term ?? 0);
  }

  /** Returns the entries after that index, at most `count` of them. */
  after(index: number, count = Infinity): readonly Entry<Command>[] {
    const from = Math.max(0, index - this.position.index);
    return this.entries.slice(from, from + count);
  }

  append(entry: Entry<Command>): void {
    this.entries.push(entry);
  }

  /**
   * Whether there is an entry of that term at that index. Entries in a snapshot are committed, so every leader has
   * them.
   */
  matches(index: number, term: number): boolean {
    if (index < this.position.index) return true;
    return index <= this.lastIndex && this.termAt(index) === term;
  }

  /**
   * Takes over a leader's entries after `prevLogIndex`. Cuts off only an entry that contradicts them, with all that
   * follow: an old message, arriving late, must not shorten the log. Returns the first index that changed, or undefined
   * if none did.
   */
  takeOver(prevLogIndex: number, entries: readonly Entry<Command>[]): number | undefined {
    const known = entries.findIndex(({ index, term }) => !this.matches(index, term));
    if (known < 0) return undefined;
    const index = prevLogIndex + known + 1;
    this.entries.splice(index - this.position.index - 1, Infinity, ...entries.slice(known));
    return index;
  }

  /** Removes the entries that a snapshot contains. */
  startAfter(position: Position): void {
    this.entries = entriesAfter(position, this.entries);
    this.position = position;
  }
}

/**
 * Returns the entries after the end of a snapshot: none if they contradict it, or end before it (section 7 of the
 * paper).
 */
export function entriesAfter<Command extends Json>(
  { index, term }: Position,
  entries: readonly Entry<Command>[],
): Entry<Command>[] {
  if (entries[0]?.index === index + 1) return [...entries];
  const last = entries.findIndex((entry) => entry.index === index && entry.term === term);
  return last < 0 ? [] : entries.slice(last + 1);
}

/** Returns the last configuration in a log, up to an index. */
export function latestConfiguration(entries: readonly Entry[], upTo = Infinity): Configured | undefined {
  const entry = entries.findLast(({ index, configuration }) => configuration !== undefined && index <= upTo);
  return entry?.configuration && { index: entry.index, configuration: entry.configuration };
}
