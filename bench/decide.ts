/**
 * What it costs to decide, and not only to infer, how transactions on registers were isolated:
 * `node bench/run.mjs decide [TRANSACTIONS] [SHAPE...]`.
 *
 * Ten processes run transactions of 1 to 4 micro-operations on a multi-version store; a transaction begins, commits and returns at different
 * times, interleaved with others. A `serial` store reads the versions current at commit; one with `snapshots` reads those from when the
 * transaction began, and aborts the second of two that write the same key. Each value is written once. Shapes:
 *
 *     usual          1,000 keys, half of the micro-operations are reads, serial
 *     few-keys       50 keys
 *     five-keys      5 keys
 *     two-keys       2 keys
 *     five-writes    5 keys, nine of ten micro-operations are writes
 *     five-stale     5 keys; a transaction that only reads sees what was there up to 100 commits before: serializable, against real time
 *     five-snapshots 5 keys, with snapshots: not serializable
 *     five-crashes   5 keys; one transaction in twenty crashes, and half of those took effect
 *     five-crowded   5 keys, a hundred processes
 *     writes         nine of ten micro-operations are writes, 50 keys
 *     snapshots      50 keys, with snapshots: not serializable
 *     write-skew     as usual; near the end two transactions read two keys, and each writes one of them
 *     lost-update    near the end two transactions read a key and both write it
 *     long-fork      near the end two transactions see two writes in different orders
 *
 * CPU time of `observe` and `result` together, median of three, of 30 s at most.
 */
import { present } from '../src/columns/present.ts';
import { RwRegisterChecker } from '../src/checkers/elle/rw-register.ts';
import type { TransactionOp } from '../src/checkers/elle/transaction-log.ts';
import { Random } from '../src/world/random.ts';

type Plan = readonly (readonly ['r' | 'w', string])[];
type MicroOp = readonly ['r' | 'w', string, number | null];

interface Shape {
  readonly keys: number;
  readonly reads: number;
  readonly hasSnapshots: boolean;
  readonly processes: number;
  /** How many commits a transaction that only reads may be behind. */
  readonly lag: number;
  readonly crashes: number;
  readonly planted: keyof typeof PLANTED | undefined;
}

/** Transactions that go on at once; with snapshots of the moment before them, whatever the store is. */
const PLANTED = {
  'write-skew': [
    [
      ['r', 'a'],
      ['r', 'b'],
      ['w', 'a'],
    ],
    [
      ['r', 'a'],
      ['r', 'b'],
      ['w', 'b'],
    ],
  ],
  'lost-update': [
    [
      ['r', 'a'],
      ['w', 'a'],
    ],
    [
      ['r', 'a'],
      ['w', 'a'],
    ],
  ],
  'long-fork': [
    [['w', 'a']],
    [['w', 'b']],
    [
      ['r', 'a'],
      ['r', 'b'],
    ],
    [
      ['r', 'b'],
      ['r', 'a'],
    ],
  ],
} as const satisfies Readonly<Record<string, readonly Plan[]>>;

const USUAL: Shape = {
  keys: 1000,
  reads: 0.5,
  hasSnapshots: false,
  processes: 10,
  lag: 0,
  crashes: 0,
  planted: undefined,
};
const FIVE_KEYS: Shape = { ...USUAL, keys: 5 };
const SHAPES: Readonly<Record<string, Shape>> = {
  usual: USUAL,
  'few-keys': { ...USUAL, keys: 50 },
  'five-keys': FIVE_KEYS,
  'two-keys': { ...USUAL, keys: 2 },
  'five-writes': { ...FIVE_KEYS, reads: 0.1 },
  'five-stale': { ...FIVE_KEYS, lag: 100 },
  'five-snapshots': { ...FIVE_KEYS, hasSnapshots: true },
  'five-crashes': { ...FIVE_KEYS, crashes: 0.05 },
  'five-crowded': { ...FIVE_KEYS, processes: 100 },
  writes: { ...USUAL, keys: 50, reads: 0.1 },
  snapshots: { ...USUAL, keys: 50, hasSnapshots: true },
  'write-skew': { ...USUAL, planted: 'write-skew' },
  'lost-update': { ...USUAL, planted: 'lost-update' },
  'long-fork': { ...USUAL, planted: 'long-fork' },
};
const LEVELS = ['serializable', 'strict-serializable', 'snapshot-isolation'];
/** Of what is planted. */
const PLANTER = 1_000_000;
/** What takes longer is given up: `unknown`. */
const LIMIT_MS = 30_000;

interface Running {
  readonly plan: Plan;
  readonly began: number;
  /** Once it has taken effect. */
  outcome?: { readonly type: 'ok' | 'fail' | 'info'; readonly value: readonly MicroOp[] };
}

/** Versions of each key by the number of the commit that wrote them. */
class Versions {
  commits = 0;
  private nextValue = 1;
  private readonly byKey = new Map<string, { readonly commit: number; readonly value: number }[]>();

  commitOf(key: string): number {
    return this.byKey.get(key)?.at(-1)?.commit ?? 0;
  }

  /** What a transaction shows that reads as of a commit; its writes come after all others. */
  apply(plan: Plan, asOf: number): readonly MicroOp[] {
    const mine = new Map<string, number>();
    const done = plan.map(([f, key]): MicroOp => {
      if (f === 'w') mine.set(key, this.nextValue++);
      return [f, key, mine.get(key) ?? this.valueAt(key, asOf)];
    });
    this.commits++;
    for (const [key, value] of mine) {
      const known = this.byKey.get(key) ?? [];
      this.byKey.set(key, known);
      known.push({ commit: this.commits, value });
    }
    return done;
  }

  /** A transaction with values of its own that does not take effect. */
  name(plan: Plan): readonly MicroOp[] {
    return plan.map(([f, key]) => [f, key, f === 'w' ? this.nextValue++ : null]);
  }

  private valueAt(key: string, asOf: number): number | null {
    return this.byKey.get(key)?.findLast(({ commit }) => commit <= asOf)?.value ?? null;
  }
}

function makeHistory(transactions: number, shape: Shape): TransactionOp[] {
  const random = Random.fromSeed('decide');
  const store = new Versions();
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
  const asked = (plan: Plan): readonly MicroOp[] => plan.map(([f, key]) => [f, key, null]);
  const running: (Running | undefined)[] = Array.from({ length: shape.processes }, () => undefined);
  const drawPlan = (): Plan =>
    Array.from({ length: 1 + random.int(4) }, () => [
      random.boolean(shape.reads) ? 'r' : 'w',
      `k${random.int(shape.keys)}`,
    ]);
  const numbers = running.map((_, process) => process);
  let nextNumber = shape.processes;
  let begun = 0;
  while (begun < transactions || running.some((one) => one !== undefined)) {
    if (begun === transactions - 50 && shape.planted !== undefined)
      plant(PLANTED[shape.planted], store, push);
    const process = random.int(shape.processes);
    const mine = running[process];
    if (mine === undefined) {
      if (begun++ >= transactions) continue;
      const plan = drawPlan();
      running[process] = { plan, began: store.commits };
      push('invoke', numbers[process] ?? process, asked(plan));
    } else if (mine.outcome === undefined) {
      const isLate =
        shape.hasSnapshots && mine.plan.some(([f, key]) => f === 'w' && store.commitOf(key) > mine.began);
      const isBehind = shape.lag > 0 && mine.plan.every(([f]) => f === 'r');
      const asOf = isBehind ? Math.max(0, store.commits - random.int(shape.lag)) : store.commits;
      const crashes = random.boolean(shape.crashes);
      if (isLate) mine.outcome = { type: 'fail', value: asked(mine.plan) };
      else if (crashes && random.boolean()) mine.outcome = { type: 'info', value: store.name(mine.plan) };
      else {
        const value = store.apply(mine.plan, shape.hasSnapshots ? mine.began : asOf);
        mine.outcome = { type: crashes ? 'info' : 'ok', value };
      }
    } else {
      push(mine.outcome.type, numbers[process] ?? process, mine.outcome.value);
      if (mine.outcome.type === 'info') numbers[process] = nextNumber++;
      running[process] = undefined;
    }
  }
  return ops;
}

/** After a transaction that wrote both keys, so that nothing shows by itself which versions came first. */
function plant(
  plans: readonly Plan[],
  store: Versions,
  push: (type: TransactionOp['type'], process: number, value: readonly MicroOp[]) => void,
): void {
  const first = store.apply(
    [
      ['w', 'a'],
      ['w', 'b'],
    ],
    store.commits,
  );
  push('invoke', PLANTER, first);
  push('ok', PLANTER, first);
  const before = store.commits;
  const isFork = plans.length === PLANTED['long-fork'].length;
  const done = plans.map((plan, place) => {
    if (!isFork || place < 2) return store.apply(plan, before);
    // Each reader has seen the one write that the other has not.
    const [seen, missed] = [store.apply(plan, store.commits), store.apply(plan, before)];
    return plan.map(([, key], at): MicroOp =>
      present((key === 'a') === (place === 2) ? seen[at] : missed[at]),
    );
  });
  for (const [place, value] of done.entries())
    push(
      'invoke',
      PLANTER + place,
      value.map(([f, key, written]) => [f, key, f === 'r' ? null : written]),
    );
  for (const [place, value] of done.entries()) push('ok', PLANTER + place, value);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const [count = '10000', ...names] = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(SHAPES)) {
  const shape = SHAPES[name];
  if (shape === undefined)
    throw new Error(`There is no shape ${name}; there are ${Object.keys(SHAPES).join(', ')}.`);
  const ops = makeHistory(Number(count), shape);
  for (const level of LEVELS) {
    const taken: number[] = [];
    let verdict = '';
    for (let round = 0; round < 3; round++) {
      const start = cpuMs();
      const checker = new RwRegisterChecker({ 'consistency-models': [level], 'decide?': true });
      for (const op of ops) checker.observe(op);
      const result = checker.result({ exhausted: () => cpuMs() - start > LIMIT_MS });
      taken.push(cpuMs() - start);
      verdict = `valid ${String(result['valid?'])} ${(result['anomaly-types'] ?? []).join(' ')}`;
    }
    const [least = 0, median = 0, most = 0] = taken.toSorted((a, b) => a - b);
    console.log(
      `${name} ${count}, ${level}: ${(median / 1000).toFixed(2)} s (${(least / 1000).toFixed(2)} to ${(most / 1000).toFixed(2)}); ${verdict}`,
    );
  }
}
