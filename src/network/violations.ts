/**
 * Protocol violations by nodes. All are counted, but only the first few of each kind are reported and kept, so that a
 * node which prints a million wrong lines costs no memory.
 */

import type { ViolationKind } from './violation-kinds.ts';

/** The occurrences of one kind of violation by one node. */
export interface Violation {
  readonly node: string;
  readonly kind: ViolationKind;
  /** The line of its stdout on which it happened (from 1, over all its lives); 0 if it is not about a line. */
  readonly line: number;
  /** What was seen and what was expected, in a sentence or a few lines. */
  readonly message: string;
  /** The beginning of the offending text. */
  readonly sample: string;
  /** The number of occurrences so far. */
  readonly count: number;
}

export interface ViolationLogOptions {
  /** Called with the first few of each node and kind, with the count so far. */
  readonly onViolation?: (violation: Violation) => void;
  /** Maximum number per node and kind that are reported and kept. Default: 5. */
  readonly samples?: number;
}

interface Tally {
  count: number;
  readonly samples: Violation[];
}

export class ViolationLog {
  private readonly tallies = new Map<string, Map<ViolationKind, Tally>>();
  private readonly samples: number;

  constructor(private readonly options: ViolationLogOptions = {}) {
    this.samples = options.samples ?? 5;
  }

  /** Counts one; `explain` is called only for the first few of its node and kind. */
  record(
    node: string,
    kind: ViolationKind,
    line: number,
    explain: () => { readonly message: string; readonly sample: string },
  ): void {
    const tally = this.tally(node, kind);
    tally.count++;
    if (tally.samples.length >= this.samples) return;
    const violation: Violation = { node, kind, line, ...explain(), count: tally.count };
    tally.samples.push(violation);
    this.options.onViolation?.(violation);
  }

  get total(): number {
    let total = 0;
    for (const kinds of this.tallies.values()) for (const tally of kinds.values()) total += tally.count;
    return total;
  }

  /** Returns the first of each node and kind, with the count of all, in order of first occurrence. */
  list(): Violation[] {
    return this.all().map(({ count, samples }) => ({ ...(samples[0] as Violation), count }));
  }

  /** Returns the count and the first few of each node and kind, in order of first occurrence. */
  all(): { readonly count: number; readonly samples: readonly Violation[] }[] {
    return [...this.tallies.values()].flatMap((kinds) => [...kinds.values()]);
  }

  private tally(node: string, kind: ViolationKind): Tally {
    let kinds = this.tallies.get(node);
    if (kinds === undefined) {
      kinds = new Map();
      this.tallies.set(node, kinds);
    }
    let tally = kinds.get(kind);
    if (tally === undefined) {
      tally = { count: 0, samples: [] };
      kinds.set(kind, tally);
    }
    return tally;
  }
}
