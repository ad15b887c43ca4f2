/**
 * The log: what all nodes are going to do, in which order. Indices begin at 1; each entry knows in which term a leader
 * wrote it, and two logs that agree in index and term of one entry agree in everything before it.
 */
import type { Json } from 'maelstrom/node';

export type Entry<Command extends Json = Json> = { readonly term: number; readonly command: Command };

export class Log<Command extends Json> {
  constructor(private readonly entries: Entry<Command>[] = []) {}

  get lastIndex(): number {
    return this.entries.length;
  }

  get lastTerm(): number {
    return this.termAt(this.lastIndex);
  }

  at(index: number): Entry<Command> | undefined {
    return this.entries[index - 1];
  }

  /** 0 before the first entry, and after the last. */
  termAt(index: number): number {
    return this.at(index)?.term ?? 0;
  }

  /** The entries behind that index, or as many of them. */
  after(index: number, count = Infinity): readonly Entry<Command>[] {
    return this.entries.slice(index, index + count);
  }

  /** Adds an entry and returns its index. */
  append(entry: Entry<Command>): number {
    return this.entries.push(entry);
  }

  /** Whether there is an entry of that term at that index, or the index is 0. */
  matches(index: number, term: number): boolean {
    return index <= this.lastIndex && this.termAt(index) === term;
  }

  /**
   * Takes over a leader's entries behind `index`. Only an entry that contradicts them is cut off, with all that follow:
   * an old message, arriving late, must not shorten the log. Returns the first index that changed; undefined when none did.
   */
  takeOver(index: number, entries: readonly Entry<Command>[]): number | undefined {
    const known = entries.findIndex((entry, i) => this.termAt(index + 1 + i) !== entry.term);
    if (known < 0) return undefined;
    this.entries.splice(index + known, Infinity, ...entries.slice(known));
    return index + known + 1;
  }
}
