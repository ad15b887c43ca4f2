/**
 * The crashed operations that have taken effect, as one number: interned multisets of kinds, stored as sorted lists
 * that share their tails. Configurations compare equal sets by number, and unequal ones by walking both lists.
 */
import { present } from '../../../columns/present.ts';
import { Int32Column } from '../../../columns/column.ts';

const EMPTY = 0;

export class CrashUses {
  /** Indexed by set: its largest kind, and the set of the others. */
  private readonly kind = new Int32Column();
  private readonly rest = new Int32Column();
  private readonly known = new Map<number, number>();

  constructor() {
    this.kind.push(-1);
    this.rest.push(EMPTY);
  }

  get bytes(): number {
    return this.kind.length * 64;
  }

  /** Returns the set with one more of a kind. */
  add(set: number, kind: number): number {
    const largest = present(this.kind.values[set]);
    if (kind >= largest) return this.node(kind, set);
    return this.node(largest, this.add(present(this.rest.values[set]), kind));
  }

  /** Forgets all other sets. Returns the new numbers of those kept. */
  keep(sets: Iterable<number>): ReadonlyMap<number, number> {
    const kinds = new Map([...sets].map((set) => [set, this.kindsOf(set)]));
    this.kind.length = 1;
    this.rest.length = 1;
    this.known.clear();
    return new Map(
      [...kinds].map(([set, of]) => [set, of.reduce((made, kind) => this.add(made, kind), EMPTY)]),
    );
  }

  private kindsOf(set: number): readonly number[] {
    const kinds: number[] = [];
    for (let left = set; left !== EMPTY; left = present(this.rest.values[left]))
      kinds.push(present(this.kind.values[left]));
    return kinds.toReversed();
  }

  /** Whether the first multiset is contained in the second. */
  within(some: number, more: number): boolean {
    const { kind, rest } = this;
    let a = some;
    let b = more;
    while (a !== EMPTY && a !== b) {
      const wanted = present(kind.values[a]);
      while (b !== EMPTY && present(kind.values[b]) > wanted) b = present(rest.values[b]);
      if (kind.values[b] !== wanted) return false;
      a = present(rest.values[a]);
      b = present(rest.values[b]);
    }
    return true;
  }

  private node(kind: number, rest: number): number {
    // Both are far below 2^26 in any history that fits in memory, so the product is exact.
    const name = rest * 0x4000000 + kind;
    const known = this.known.get(name);
    if (known !== undefined) return known;
    this.kind.push(kind);
    const set = this.rest.push(rest);
    this.known.set(name, set);
    return set;
  }
}
