/**
 * Isolation by trying every order of the transactions. The levels are defined by what a database would have done:
 *
 *     serializable         one after the other
 *     snapshot isolation   each reads from a snapshot as of its start, and commits only if no other has since written
 *                          what it writes
 *     prefix               each reads from a snapshot as of its start, whatever others have written since
 *     update serializable  those that write one after the other; each that only reads fits into such an order, in which
 *                          the versions of each key are the same for all
 *     read committed       one commits after the other; a read shows any committed version from before its own commit
 *
 * `strong-session` also requires process order, `strict` and `strong` realtime order. A transaction in doubt may or may
 * not have happened, a failed one did not. Both models are stores of versions: a list's version is the list, a
 * register's its value.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import { JsonNumber, type Json } from '../../src/protocol/json.ts';
import { intervalsOf, mayHaveHappened, type Interval } from './intervals.ts';
import { identity } from './odd-values.ts';

export type Level =
  'serializable' | 'update-serializable' | 'snapshot-isolation' | 'prefix' | 'read-committed';
export type Order = 'none' | 'session' | 'realtime';

export const LEVELS = new Map<string, { readonly level: Level; readonly order: Order }>([
  ['read-committed', { level: 'read-committed', order: 'none' }],
  ['prefix', { level: 'prefix', order: 'none' }],
  ['strong-session-prefix', { level: 'prefix', order: 'session' }],
  ['strong-prefix', { level: 'prefix', order: 'realtime' }],
  ['snapshot-isolation', { level: 'snapshot-isolation', order: 'none' }],
  ['strong-session-snapshot-isolation', { level: 'snapshot-isolation', order: 'session' }],
  ['strong-snapshot-isolation', { level: 'snapshot-isolation', order: 'realtime' }],
  ['update-serializable', { level: 'update-serializable', order: 'none' }],
  ['serializable', { level: 'serializable', order: 'none' }],
  ['strong-session-serializable', { level: 'serializable', order: 'session' }],
  ['strict-serializable', { level: 'serializable', order: 'realtime' }],
]);

/** The versions of keys as texts: equal texts are equal versions. */
interface Versions {
  readonly initial: string;
  write(version: string, value: Json): string;
  /** Returns the version that a read shows. */
  read(value: Json): string;
}

export const LISTS: Versions = {
  initial: '',
  write: (version, value) => `${version},${identity(value)}`,
  read: (value) =>
    Array.isArray(value) ? (value as readonly Json[]).map((item) => `,${identity(item)}`).join('') : '',
};

const REGISTERS: Versions = {
  initial: identity(null),
  write: (_, value) => identity(value),
  read: identity,
};

/**
 * Returns the register semantics for a history. An unwritten key holds null; or 0, 0.0, false or "", if reads show
 * exactly one of them that is never written, and never null.
 */
export function registersIn(ops: readonly HistoryOp[]): Versions {
  const steps = (types: readonly string[], kind: 'reads' | 'writes'): readonly string[] =>
    ops
      .filter(({ type }) => types.includes(type))
      .flatMap(({ value }) =>
        Array.isArray(value) ? (value as readonly (readonly [string, Json, Json])[]) : [],
      )
      .filter(([f]) => (f === 'r') === (kind === 'reads'))
      .map(([, , value]) => identity(value ?? null));
  const shown = new Set(steps(['ok'], 'reads'));
  const written = new Set(steps(['invoke', 'ok', 'fail', 'info'], 'writes'));
  if (shown.has(identity(null)) || written.has(identity(null))) return REGISTERS;
  const beginnings = [0, new JsonNumber('0.0'), false, '']
    .map(identity)
    .filter((value) => shown.has(value) && !written.has(value));
  const [initial] = beginnings;
  return initial === undefined || beginnings.length > 1 ? REGISTERS : { ...REGISTERS, initial };
}

type MicroOp =
  | { readonly kind: 'write'; readonly key: string; readonly value: Json }
  | { readonly kind: 'read'; readonly key: string; readonly version: string };

interface Transaction {
  readonly microOps: readonly MicroOp[];
  readonly isRequired: boolean;
  /** The transactions that must precede it, as bits. */
  readonly after: number;
  readonly written: ReadonlySet<string>;
  readonly readsOnly: boolean;
}

type Store = ReadonlyMap<string, string>;

/** Whether some execution at that level shows what the history shows. */
export function isPossible(
  ops: readonly HistoryOp[],
  versions: Versions,
  { level, order }: { readonly level: Level; readonly order: Order },
): boolean {
  const transactions = transactionsOf(ops, versions, order);
  const required = transactions.reduce(
    (bits, { isRequired }, at) => (isRequired ? bits | (1 << at) : bits),
    0,
  );
  switch (level) {
    case 'serializable':
      return isSerializable(transactions, required, versions);
    case 'update-serializable':
      return isUpdateSerializable(transactions, required, versions);
    case 'snapshot-isolation':
      return hasSnapshots(transactions, required, versions, { allowsConflicts: false });
    case 'prefix':
      return hasSnapshots(transactions, required, versions, { allowsConflicts: true });
    case 'read-committed':
      return isReadCommitted(transactions, required, versions);
  }
}

function transactionsOf(ops: readonly HistoryOp[], versions: Versions, order: Order): readonly Transaction[] {
  const intervals = intervalsOf(ops).filter((one) => one.outcome === 'ok' || mayHaveHappened(one));
  return intervals.map((one) => {
    const isRequired = one.outcome === 'ok';
    const microOps = (one.answered as readonly (readonly [string, Json, Json])[]).flatMap(
      ([f, key, value]): MicroOp[] => {
        if (f !== 'r') return [{ kind: 'write', key: identity(key), value }];
        // The reads of a transaction in doubt are unknown.
        return isRequired ? [{ kind: 'read', key: identity(key), version: versions.read(value) }] : [];
      },
    );
    return {
      microOps,
      isRequired,
      after: intervals.reduce(
        (bits, other, at) => (precedes(other, one, order) ? bits | (1 << at) : bits),
        0,
      ),
      written: new Set(microOps.flatMap((microOp) => (microOp.kind === 'write' ? [microOp.key] : []))),
      readsOnly: microOps.every(({ kind }) => kind === 'read'),
    };
  });
}

function precedes(earlier: Interval, later: Interval, order: Order): boolean {
  if (order === 'none' || earlier.outcome !== 'ok' || earlier.returned > later.invoked) return false;
  if (order === 'realtime') return true;
  return earlier.process === later.process;
}

/** Returns the store after the transaction runs alone on it; undefined if its reads do not match. */
function run({ microOps }: Transaction, store: Store, versions: Versions): Store | undefined {
  const after = new Map(store);
  for (const microOp of microOps) {
    const version = after.get(microOp.key) ?? versions.initial;
    if (microOp.kind === 'write') after.set(microOp.key, versions.write(version, microOp.value));
    else if (microOp.version !== version) return undefined;
  }
  return after;
}

/** Tries each transaction that can come next. */
function anyNext(
  transactions: readonly Transaction[],
  done: number,
  attempt: (transaction: Transaction, bit: number) => boolean,
): boolean {
  return transactions.some((transaction, at) => {
    const bit = 1 << at;
    return (done & bit) === 0 && (transaction.after & ~done) === 0 && attempt(transaction, bit);
  });
}

function isSerializable(transactions: readonly Transaction[], required: number, versions: Versions): boolean {
  const search = (done: number, store: Store): boolean =>
    (done & required) === required ||
    anyNext(transactions, done, (transaction, bit) => {
      const after = run(transaction, store, versions);
      return after !== undefined && search(done | bit, after);
    });
  return search(0, new Map());
}

function isUpdateSerializable(
  transactions: readonly Transaction[],
  required: number,
  versions: Versions,
): boolean {
  const readers = transactions
    .map(({ readsOnly }, at) => (readsOnly ? 1 << at : 0))
    .filter((bit) => bit !== 0);
  const mustRead = required & readers.reduce((bits, bit) => bits | bit, 0);
  const mustWrite = required & ~mustRead;
  /** By the versions of all keys: the readers that fit into some order with these versions. */
  const fitting = new Map<string, number>();
  const search = (done: number, stores: readonly Store[], writes: ReadonlyMap<string, string>): boolean => {
    if ((done & mustWrite) === mustWrite) {
      const fits = transactions.reduce(
        (bits, one, at) =>
          one.readsOnly && stores.some((store) => run(one, store, versions) !== undefined)
            ? bits | (1 << at)
            : bits,
        0,
      );
      const name = [...writes]
        .map((entry) => entry.join(' '))
        .sort()
        .join(';');
      const all = (fitting.get(name) ?? 0) | fits;
      fitting.set(name, all);
      if ((all & mustRead) === mustRead) return true;
    }
    return anyNext(transactions, done, (transaction, bit) => {
      if (transaction.readsOnly) return false;
      const after = run(transaction, stores.at(-1) ?? new Map(), versions);
      if (after === undefined) return false;
      const now = new Map(writes);
      for (const key of transaction.written) now.set(key, `${now.get(key) ?? ''}/${after.get(key) ?? ''}`);
      return search(done | bit, [...stores, after], now);
    });
  };
  return search(0, [new Map()], new Map());
}

interface Started {
  readonly transaction: Transaction;
  readonly bit: number;
  /** Its snapshot of the keys that it reads after writing them: a list then shows all that came before its appends. */
  readonly shownAfterWriting: Store;
  /** Whether another transaction has committed a write of one of its keys since it started. */
  readonly conflicts: boolean;
}

/** Returns the part of a snapshot that a transaction reads again after writing the key. */
function readAfterWriting({ microOps }: Transaction, store: Store, versions: Versions): Store {
  const written = new Set<string>();
  const shown = new Map<string, string>();
  for (const { kind, key } of microOps) {
    if (kind === 'write') written.add(key);
    else if (written.has(key)) shown.set(key, store.get(key) ?? versions.initial);
  }
  return shown;
}

function hasSnapshots(
  transactions: readonly Transaction[],
  required: number,
  versions: Versions,
  { allowsConflicts }: { readonly allowsConflicts: boolean },
): boolean {
  const search = (begun: number, done: number, store: Store, running: readonly Started[]): boolean => {
    if ((done & required) === required) return true;
    const commit = (transaction: Transaction, bit: number, others: readonly Started[]): boolean => {
      const after = new Map(store);
      for (const microOp of transaction.microOps) {
        if (microOp.kind !== 'write') continue;
        after.set(microOp.key, versions.write(after.get(microOp.key) ?? versions.initial, microOp.value));
      }
      const waiting = others.map((other) => ({
        ...other,
        conflicts:
          other.conflicts || [...transaction.written].some((key) => other.transaction.written.has(key)),
      }));
      return search(begun | bit, done | bit, after, waiting);
    };
    for (const { transaction, bit, conflicts, shownAfterWriting } of running) {
      const isStillShown = [...shownAfterWriting].every(
        ([key, version]) => (store.get(key) ?? versions.initial) === version,
      );
      if (
        (allowsConflicts ? isStillShown : !conflicts) &&
        commit(
          transaction,
          bit,
          running.filter((other) => other.bit !== bit),
        )
      )
        return true;
    }
    return transactions.some((transaction, at) => {
      const bit = 1 << at;
      if ((begun & bit) !== 0 || (transaction.after & ~done) !== 0) return false;
      if (run(transaction, store, versions) === undefined) return false;
      // A read-only transaction may commit at once, and a write-only one may start when it commits.
      if (transaction.readsOnly || transaction.microOps.every(({ kind }) => kind === 'write'))
        return commit(transaction, bit, running);
      const shownAfterWriting =
        versions === LISTS ? readAfterWriting(transaction, store, versions) : new Map();
      return search(begun | bit, done, store, [
        ...running,
        { transaction, bit, conflicts: false, shownAfterWriting },
      ]);
    });
  };
  return search(0, 0, new Map(), []);
}

function isReadCommitted(
  transactions: readonly Transaction[],
  required: number,
  versions: Versions,
): boolean {
  /** By key: all versions committed so far, newest last. */
  const search = (done: number, committed: ReadonlyMap<string, readonly string[]>): boolean =>
    (done & required) === required ||
    anyNext(transactions, done, ({ microOps }, bit) => {
      const own = new Map<string, string>();
      const readable = new Map<string, readonly string[]>();
      for (const microOp of microOps) {
        const before = committed.get(microOp.key) ?? [versions.initial];
        const shown = readable.get(microOp.key) ?? before;
        if (microOp.kind === 'read') {
          if (!shown.includes(microOp.version)) return false;
          continue;
        }
        const version = versions.write(
          own.get(microOp.key) ?? before.at(-1) ?? versions.initial,
          microOp.value,
        );
        own.set(microOp.key, version);
        readable.set(microOp.key, [...shown, version]);
      }
      const after = new Map(committed);
      for (const [key, version] of own)
        after.set(key, [...(committed.get(key) ?? [versions.initial]), version]);
      return search(done | bit, after);
    });
  return search(0, new Map());
}
