/**
 * Histories to decide: transactions of 1 to 4 micro-operations on a multi-version store, each value written once. A
 * transaction begins, commits and returns at different times, interleaved with others.
 *
 *     shape    how keys are drawn, the share of reads, the number of processes, and the shares that crash or abort
 *     store    what the store guarantees: `strict` reads the versions current at commit; `stale` lets read-only transactions be up to
 *              100 commits behind; `snapshots` reads the versions from when the transaction began, and aborts the second of two
 *              that write one key
 *     planted  one violation in the middle, on keys that all other transactions use as well
 */
import { present } from '../src/columns/present.ts';
import type { TransactionOp } from '../src/checkers/elle/transactions/transaction-log.ts';
import { Random } from '../src/world/random.ts';

type Plan = readonly (readonly ['r' | 'w', string])[];
type MicroOp = readonly ['r' | 'w' | 'append', string, Shown];
type Shown = number | null | readonly number[];

export interface Shape {
  readonly keys: number;
  /** `zipf`: the n-th key is drawn 1/n as often as the first. `hot`: every second draw is the first key. */
  readonly keysDrawn: 'uniform' | 'zipf' | 'hot';
  /** Share of micro-operations that are reads. */
  readonly reads: number;
  readonly processes: number;
  /** Share of transactions that crash, half of which take effect. */
  readonly crashes: number;
  readonly aborts: number;
}

const USUAL: Shape = {
  keys: 1000,
  keysDrawn: 'uniform',
  reads: 0.5,
  processes: 10,
  crashes: 0,
  aborts: 0,
};
export const SHAPES = {
  uniform: USUAL,
  zipf: { ...USUAL, keysDrawn: 'zipf' },
  'hot-key': { ...USUAL, keysDrawn: 'hot' },
  'fifty-keys': { ...USUAL, keys: 50 },
  'five-keys': { ...USUAL, keys: 5 },
  'two-keys': { ...USUAL, keys: 2 },
  'three-processes': { ...USUAL, keys: 50, processes: 3 },
  'hundred-processes': { ...USUAL, keys: 50, processes: 100 },
  'five-keys-hundred-processes': { ...USUAL, keys: 5, processes: 100 },
  'read-mostly': { ...USUAL, keys: 50, reads: 0.95 },
  'write-mostly': { ...USUAL, keys: 50, reads: 0.1 },
  'write-only': { ...USUAL, keys: 50, reads: 0 },
  'crashes-and-aborts': { ...USUAL, keys: 50, crashes: 0.05, aborts: 0.1 },
} as const satisfies Readonly<Record<string, Shape>>;

export type Store = 'strict' | 'stale' | 'snapshots';
const MOST_BEHIND = 100;

export const PLANTED = [
  'write-skew',
  'lost-update',
  'long-fork',
  'fractured-read',
  'stale-read',
  'inversion',
] as const;
export type Planted = (typeof PLANTED)[number];

interface Running {
  readonly plan: Plan;
  readonly began: number;
  /** Set once it has taken effect. */
  outcome?: { readonly type: 'ok' | 'fail' | 'info'; readonly value: readonly MicroOp[] };
}

/** The versions of each key, with the number of the commit that wrote each. */
class Versions {
  commits = 0;
  #nextValue = 1;
  readonly #byKey = new Map<string, { readonly commit: number; readonly value: number }[]>();

  /** Of lists a write is one more element. */
  constructor(private readonly areLists: boolean) {}

  commitOf(key: string): number {
    return this.#byKey.get(key)?.at(-1)?.commit ?? 0;
  }

  /**
   * Commits a transaction that reads as of a commit; its writes come after all others. Returns its micro-operations
   * with values.
   */
  apply(plan: Plan, asOf: number): readonly MicroOp[] {
    const mine = new Map<string, number[]>();
    const done = plan.map(([f, key]): MicroOp => {
      const own = mine.get(key) ?? [];
      if (f === 'r')
        return [
          f,
          key,
          this.areLists ? [...this.#listAt(key, asOf), ...own] : (own.at(-1) ?? this.#valueAt(key, asOf)),
        ];
      const value = this.#nextValue++;
      mine.set(key, this.areLists ? [...own, value] : [value]);
      return [this.#name, key, value];
    });
    this.commits++;
    for (const [key, values] of mine) {
      const known = this.#byKey.get(key) ?? [];
      this.#byKey.set(key, known);
      for (const value of values) known.push({ commit: this.commits, value });
    }
    return done;
  }

  /** Returns a transaction with fresh values that does not take effect. */
  name(plan: Plan): readonly MicroOp[] {
    return plan.map(([f, key]) => (f === 'w' ? [this.#name, key, this.#nextValue++] : [f, key, null]));
  }

  /** What was asked for, where no values have been given out. */
  asked(plan: Plan): readonly MicroOp[] {
    return plan.map(([f, key]) => [f === 'w' ? this.#name : f, key, null]);
  }

  get #name(): 'w' | 'append' {
    return this.areLists ? 'append' : 'w';
  }

  #listAt(key: string, asOf: number): readonly number[] {
    const versions = this.#byKey.get(key) ?? [];
    let end = versions.length;
    while (end > 0 && present(versions[end - 1]).commit > asOf) end--;
    return versions.slice(0, end).map(({ value }) => value);
  }

  #valueAt(key: string, asOf: number): number | null {
    return this.#byKey.get(key)?.findLast(({ commit }) => commit <= asOf)?.value ?? null;
  }
}

export interface HistoryToDecide {
  readonly transactions: number;
  readonly shape: Shape;
  readonly store: Store;
  readonly planted?: Planted | undefined;
  readonly seed?: string;
  /** Lists that are appended to, in place of registers. */
  readonly areLists?: boolean;
}

export function makeHistory({
  transactions,
  shape,
  store: kind,
  planted,
  seed = 'decide',
  areLists = false,
}: HistoryToDecide): TransactionOp[] {
  const random = Random.fromSeed(seed);
  const store = new Versions(areLists);
  const ops: TransactionOp[] = [];
  const push = (type: TransactionOp['type'], process: number, value: readonly MicroOp[]): void => {
    ops.push({
      index: ops.length,
      time: ops.length * 1000,
      type,
      process,
      f: 'txn',
      value: value.map((mop) => [...mop]),
    });
  };
  const running: (Running | undefined)[] = Array.from({ length: shape.processes }, () => undefined);
  const drawKey = keyDrawer(shape, random);
  const drawPlan = (): Plan =>
    Array.from({ length: 1 + random.int(4) }, () => [random.boolean(shape.reads) ? 'r' : 'w', drawKey()]);
  const numbers = running.map((_, process) => process);
  let nextNumber = shape.processes;
  let begun = 0;
  let isPlanted = planted === undefined;
  while (begun < transactions || running.some((one) => one !== undefined)) {
    if (!isPlanted && begun >= transactions / 2) {
      if (planted !== undefined) plant(planted, store, push);
      isPlanted = true;
    }
    const process = random.int(shape.processes);
    const mine = running[process];
    if (mine === undefined) {
      if (begun++ >= transactions) continue;
      const plan = drawPlan();
      running[process] = { plan, began: store.commits };
      push('invoke', present(numbers[process]), store.asked(plan));
    } else if (mine.outcome === undefined) {
      const isLate =
        kind === 'snapshots' && mine.plan.some(([f, key]) => f === 'w' && store.commitOf(key) > mine.began);
      const isBehind = kind === 'stale' && mine.plan.every(([f]) => f === 'r');
      const asOf = isBehind ? Math.max(0, store.commits - random.int(MOST_BEHIND)) : store.commits;
      const crashes = random.boolean(shape.crashes);
      if (isLate || random.boolean(shape.aborts))
        mine.outcome = { type: 'fail', value: store.name(mine.plan) };
      else if (crashes && random.boolean()) mine.outcome = { type: 'info', value: store.name(mine.plan) };
      else {
        const value = store.apply(mine.plan, kind === 'snapshots' ? mine.began : asOf);
        mine.outcome = { type: crashes ? 'info' : 'ok', value };
      }
    } else {
      push(mine.outcome.type, present(numbers[process]), mine.outcome.value);
      if (mine.outcome.type === 'info') numbers[process] = nextNumber++;
      running[process] = undefined;
    }
  }
  return ops;
}

function keyDrawer({ keys, keysDrawn }: Shape, random: Random): () => string {
  if (keysDrawn === 'uniform') return () => `k${random.int(keys)}`;
  if (keysDrawn === 'hot') return () => (random.boolean(0.5) ? 'k0' : `k${random.int(keys)}`);
  const sums = [0];
  for (let key = 0; key < keys; key++) sums.push(present(sums.at(-1)) + 1 / (key + 1));
  const all = Math.floor(present(sums.at(-1)) * 1e6);
  return () => {
    const drawn = random.int(all) / 1e6;
    return `k${sums.findIndex((sum) => sum > drawn) - 1}`;
  };
}

const PLANTER = 1_000_000;
const [A, B] = ['k0', 'k1'];
const READ_BOTH: Plan = [
  ['r', A],
  ['r', B],
];
const WRITE_BOTH: Plan = [
  ['w', A],
  ['w', B],
];

/** Plants the violation after a transaction that wrote both keys, so that no level can attribute it to an older version. */
function plant(
  planted: Planted,
  store: Versions,
  push: (type: TransactionOp['type'], process: number, value: readonly MicroOp[]) => void,
): void {
  const invoke = (place: number, value: readonly MicroOp[]): void =>
    push(
      'invoke',
      PLANTER + place,
      value.map(([f, key, written]) => [f, key, f === 'r' ? null : written]),
    );
  const oneByOne = (...values: readonly (readonly MicroOp[])[]): void => {
    for (const value of values) {
      invoke(0, value);
      push('ok', PLANTER, value);
    }
  };
  const atOnce = (...values: readonly (readonly MicroOp[])[]): void => {
    for (const [place, value] of values.entries()) invoke(place, value);
    for (const [place, value] of values.entries()) push('ok', PLANTER + place, value);
  };
  const now = (plan: Plan): readonly MicroOp[] => store.apply(plan, store.commits);
  oneByOne(now(WRITE_BOTH));
  const before = store.commits;
  const old = (plan: Plan): readonly MicroOp[] => store.apply(plan, before);
  switch (planted) {
    case 'write-skew':
      return atOnce(old([...READ_BOTH, ['w', A]]), old([...READ_BOTH, ['w', B]]));
    case 'lost-update':
      return atOnce(old([['r', A], ['w', A]]), old([['r', A], ['w', A]])); // prettier-ignore
    case 'long-fork': {
      const writes = [now([['w', A]]), now([['w', B]])];
      const [seen, missed] = [now(READ_BOTH), old(READ_BOTH)];
      return atOnce(
        ...writes,
        [present(seen[0]), present(missed[1])],
        [present(seen[1]), present(missed[0])],
      );
    }
    case 'fractured-read': {
      const write = now(WRITE_BOTH);
      return atOnce(write, [present(now(READ_BOTH)[0]), present(old(READ_BOTH)[1])]);
    }
    case 'stale-read':
      return oneByOne(now([['w', A]]), old([['r', A]]));
    case 'inversion': {
      const write = now([['w', A]]);
      const seen = now([['r', A]]);
      // The later of two writes is invisible, and all reads see the earlier one.
      const hidden = store.name([['w', A]]);
      return oneByOne(write, hidden, seen);
    }
  }
}
