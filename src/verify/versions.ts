/**
 * What a history shows about the versions of its keys. A version is what one transaction left behind, so its writer
 * identifies it.
 *
 *     T1 writes x 1, T2 reads x -> 1 and writes x 2      T1's version precedes T2's; nothing comes between them if no
 *                                                        update may be lost
 */
import { canonicalJson, elementsOf, jsonEquals, type Json } from '../protocol/json.ts';
import { wasOver, type Operation, type Operations } from './operations.ts';
import { isWrite, microOpsOf, type Stores } from './key-state.ts';

/** The assumptions about registers that `check` was given. */
export interface Assumptions {
  readonly wfr: boolean;
  readonly sequential: boolean;
  readonly linearizable: boolean;
  /** Whether reads may show values that their writer overwrote. */
  readonly isDirty: boolean;
}

export type Writer = Operation | 'initial';

/**
 * A read of another transaction's write: the index of the micro-operation, the writer, and for a list its last element.
 */
export interface Read {
  readonly place: number;
  readonly from: Writer;
  readonly element: Json;
}

/** The known or assumed order of versions. */
export interface VersionOrder {
  /** Whether each version directly follows the one that its writer had read. */
  readonly isAdjacent: boolean;
  /** The assumed order of two rows of adjacent versions, each given by its first version. */
  readonly assumed: readonly (readonly [key: string, before: Writer, after: Writer])[];
}

interface Key {
  /** By value: its non-failed writers. Also all values that were asked to be written. */
  readonly writers: Map<string, Set<Operation>>;
  readonly asked: Set<string>;
  readonly lists: (readonly string[])[];
  readonly touchedBy: Set<Operation>;
  /** By version: the number of transactions that read it and then wrote the key. */
  children?: Map<Writer, number>;
}

export class Versions {
  readonly #keys = new Map<string, Key>();
  readonly #observed = new Set<Operation>();

  constructor(
    operations: Operations,
    readonly stores: Stores,
    private readonly assumptions: Assumptions,
  ) {
    for (const operation of operations.values()) this.#note(operation);
    for (const operation of operations.values()) {
      if (operation.outcome !== 'ok') continue;
      for (const key of keysOf(operation))
        for (const { from } of this.reads(operation, key)) if (from !== 'initial') this.#observed.add(from);
      if (!stores.isOfLists) continue;
      for (const [, key, value] of microOpsOf(operation).filter((mop) => !isWrite(mop)))
        for (const element of elementsOf(value) ?? []) {
          const [writer, ...others] = this.writersOf(key, element);
          if (writer !== undefined && others.length === 0) this.#observed.add(writer);
        }
    }
  }

  #note(operation: Operation): void {
    const { outcome, invoked } = operation;
    for (const mop of microOpsOf(operation)) {
      const [, name, shown] = mop;
      const key = this.#key(name);
      const text = canonicalJson(shown);
      key.touchedBy.add(operation);
      if (!isWrite(mop)) {
        if (outcome === 'ok' && this.stores.isOfLists)
          key.lists.push((elementsOf(shown) ?? []).map(canonicalJson));
      } else if (outcome !== 'fail')
        key.writers.set(text, (key.writers.get(text) ?? new Set()).add(operation));
    }
    for (const mop of [...microOpsOf({ ...operation, value: invoked }), ...microOpsOf(operation)])
      if (isWrite(mop)) this.#key(mop[1]).asked.add(canonicalJson(mop[2]));
  }

  #key(name: Json): Key {
    const text = canonicalJson(name);
    const key = this.#keys.get(text) ?? {
      writers: new Map(),
      asked: new Set(),
      lists: [],
      touchedBy: new Set(),
    };
    this.#keys.set(text, key);
    return key;
  }

  tookEffect(operation: Operation): boolean {
    return operation.outcome === 'info' ? this.#observed.has(operation) : operation.outcome === 'ok';
  }

  wasAsked(key: Json, value: Json): boolean {
    return this.#key(key).asked.has(canonicalJson(value));
  }

  /** Returns the non-failed writers of a value. */
  writersOf(key: Json, value: Json): ReadonlySet<Operation> {
    return this.#key(key).writers.get(canonicalJson(value)) ?? new Set();
  }

  /** Whether a value is the initial one of registers. */
  isInitial(value: Json): boolean {
    return !this.stores.isOfLists && (value === null || jsonEquals(value, this.stores.initial));
  }

  /** Returns the reads of a key for which only one other transaction can have written what they show. */
  reads(operation: Operation, key: Json): readonly Read[] {
    return this.#reads(operation, key, { alsoAfterWriting: this.stores.isOfLists });
  }

  /** Whether a transaction read what another one wrote: also after its own write of the key. */
  hasRead(operation: Operation, key: Json, writer: Operation): boolean {
    return this.#reads(operation, key, { alsoAfterWriting: true }).some(({ from }) => from === writer);
  }

  #reads(
    operation: Operation,
    key: Json,
    { alsoAfterWriting }: { readonly alsoAfterWriting: boolean },
  ): readonly Read[] {
    if (operation.outcome !== 'ok') return [];
    const { isOfLists } = this.stores;
    const found: Read[] = [];
    let hasWritten = false;
    for (const [place, mop] of microOpsOf(operation).entries()) {
      if (!jsonEquals(mop[1], key)) continue;
      if (isWrite(mop)) hasWritten = true;
      if (isWrite(mop) || (hasWritten && !alsoAfterWriting)) continue;
      if (hasWritten && !isOfLists && writes(operation, key, mop[2])) continue;
      const element = isOfLists
        ? (elementsOf(mop[2]) ?? []).findLast((item) => !writes(operation, key, item))
        : mop[2];
      const sources = this.#sources(operation, key, element);
      const [from] = sources;
      if (from !== undefined && sources.length === 1) found.push({ place, from, element: element ?? null });
    }
    return found;
  }

  /**
   * Returns the writers whose version a read with that element may show. An undefined element stands for an empty list.
   */
  #sources(reader: Operation, key: Json, element: Json | undefined): readonly Writer[] {
    if (element === undefined) return ['initial'];
    const others = [...this.writersOf(key, element)].filter((one) => one !== reader);
    const initial = this.isInitial(element) ? (['initial'] as const) : [];
    if (this.stores.isOfLists || this.assumptions.isDirty) return [...initial, ...others];
    const last = others.filter((one) => jsonEquals(writesOf(one, key).at(-1) ?? null, element));
    return [...initial, ...(last.length + initial.length > 0 ? last : others)];
  }

  /**
   * Returns the writer of the version that a transaction read before it wrote the key; undefined if it did not do both.
   */
  parent(operation: Operation, key: Json): Writer | undefined {
    const first = microOpsOf(operation).findIndex((mop) => isWrite(mop) && jsonEquals(mop[1], key));
    const read = this.reads(operation, key)[0];
    return read !== undefined && read.place < first ? read.from : undefined;
  }

  /**
   * Returns the first of the adjacent versions that end with that one, where each was written by the only reader of the
   * previous one.
   */
  head(writer: Operation, key: Json): Writer {
    const children = this.#children(key);
    const seen = new Set<Writer>([writer]);
    let head: Writer = writer;
    while (head !== 'initial') {
      const parent: Writer | undefined = this.parent(head, key);
      if (parent === undefined || children.get(parent) !== 1 || seen.has(parent)) break;
      seen.add((head = parent));
    }
    return head;
  }

  #children(name: Json): ReadonlyMap<Writer, number> {
    const key = this.#key(name);
    if (key.children !== undefined) return key.children;
    const children = new Map<Writer, number>();
    for (const operation of key.touchedBy) {
      const parent = this.parent(operation, name);
      if (parent !== undefined) children.set(parent, (children.get(parent) ?? 0) + 1);
    }
    return (key.children = children);
  }

  /** Whether a version of a key (for a list, the one up to that element) precedes that of another writer. */
  precedes(key: Json, version: Omit<Read, 'place'>, later: Operation, order: VersionOrder): boolean {
    const { from, element } = version;
    if (from === later) return false;
    if (from === 'initial') return true;
    if (this.stores.isOfLists && this.#isShown(key, element, later)) return true;
    if (this.leadsTo(key, from, later, order.isAdjacent)) return true;
    if (!order.isAdjacent && order.assumed.length === 0) return false;
    const [before, after] = order.isAdjacent ? [this.head(from, key), this.head(later, key)] : [from, later];
    if (order.isAdjacent && before === 'initial' && after !== 'initial') return true;
    // Nothing comes between adjacent versions: what follows the first of them follows them all.
    const isApart = order.isAdjacent && this.stores.isOfLists && before !== 'initial' && before !== after;
    if (isApart && writesOf(before, key).some((first) => this.#isShown(key, first, later))) return true;
    const text = canonicalJson(key);
    return order.assumed.some(([of, first, second]) => of === text && first === before && second === after);
  }

  /**
   * Whether lists show that an element precedes another writer's. Elements in no list follow all that some list shows.
   */
  #isShown(name: Json, element: Json, later: Operation): boolean {
    const { lists } = this.#key(name);
    const text = canonicalJson(element);
    if (this.writersOf(name, element).size !== 1 || !lists.some((list) => list.includes(text))) return false;
    return microOpsOf(later).some((mop) => {
      if (!isWrite(mop) || !jsonEquals(mop[1], name) || this.writersOf(name, mop[2]).size !== 1) return false;
      const other = canonicalJson(mop[2]);
      return lists.every((list) => {
        const [at, place] = [list.indexOf(text), list.indexOf(other)];
        return place < 0 || (at >= 0 && at < place);
      });
    });
  }

  /**
   * Whether a version precedes another, or itself, by steps of two kinds: a transaction read one and wrote the next, or
   * the key was used in that order and this counts by assumption.
   */
  leadsTo(key: Json, from: Operation, to: Operation, isAdjacent: boolean): boolean {
    const { wfr, sequential, linearizable } = this.assumptions;
    const seen = new Set<Writer>([to]);
    const byUse = sequential || linearizable ? this.#uses(key) : [];
    for (const later of seen) {
      const before: (Writer | undefined)[] = [];
      if (later !== 'initial' && (wfr || isAdjacent)) before.push(this.parent(later, key));
      for (const { operation: other, versions } of byUse)
        if (versions[0] === later)
          for (const { operation: one, versions: earlier } of byUse)
            if (wasOver(one, other) && (linearizable || one.process === other.process))
              before.push(...earlier.filter((version) => version !== later));
      if (before.includes(from)) return true;
      for (const one of before) if (one !== undefined) seen.add(one);
    }
    return false;
  }

  #uses(key: Json): readonly { readonly operation: Operation; readonly versions: readonly Writer[] }[] {
    return [...this.#key(key).touchedBy]
      .filter((operation) => this.tookEffect(operation))
      .map((operation) => ({
        operation,
        versions: [
          ...this.reads(operation, key).map(({ from }) => from),
          ...(keysOf(operation, isWrite).some((name) => jsonEquals(name, key)) ? [operation] : []),
        ],
      }));
  }
}

/** Returns the keys that a transaction names or, with `isWrite`, writes. */
export const keysOf = (operation: Operation, test: typeof isWrite = () => true): readonly Json[] => [
  ...new Map(
    microOpsOf(operation)
      .filter(test)
      .map(([, key]) => [canonicalJson(key), key]),
  ).values(),
];

export const writesOf = (operation: Operation, key: Json): readonly Json[] =>
  microOpsOf(operation)
    .filter((mop) => isWrite(mop) && jsonEquals(mop[1], key))
    .map(([, , value]) => value);

export const writes = (operation: Operation, key: Json, value: Json): boolean =>
  writesOf(operation, key).some((own) => jsonEquals(own, value));
