/**
 * What it costs to decide the weak levels: `node bench/run.mjs weak-levels [TRANSACTIONS] [SHAPE...]`.
 *
 * A store of replicas in causal order: sessions take turns, a transaction reads from a replica that may be behind, but never behind what its
 * session has seen, and writes go to the end of one order. Transactions have 1 to 4 micro-operations, half of them reads. Shapes:
 *
 *     usual      10 sessions, 10 keys at a time, 16 writes a key
 *     sessions   100 sessions
 *     few-keys   10 keys in all
 *     many-keys  a million keys, drawn alike
 *     crashes    100 sessions; one transaction in a hundred crashes, and its client comes back under a new number
 *     planted    as usual; near the end one transaction misses what it has seen by two steps
 *
 * The history is made, and then observed, in pieces. `observe` and `judge` are CPU time, `judge` without any level is what Elle's part takes.
 */
import { RwRegisterChecker } from '../src/checkers/elle/rw-register.ts';
import type { TransactionOp } from '../src/checkers/elle/transaction-log.ts';
import { Random } from '../src/world/random.ts';

interface Shape {
  readonly sessions: number;
  readonly keys: number;
  /** A key is replaced by a new one after this number of writes. */
  readonly writesPerKey: number;
  readonly crashes: number;
  readonly planted: boolean;
}

const USUAL: Shape = { sessions: 10, keys: 10, writesPerKey: 16, crashes: 0, planted: false };
const SHAPES: Readonly<Record<string, Shape>> = {
  usual: USUAL,
  sessions: { ...USUAL, sessions: 100 },
  'few-keys': { ...USUAL, writesPerKey: Infinity },
  'many-keys': { ...USUAL, keys: 1_000_000, writesPerKey: Infinity },
  crashes: { ...USUAL, sessions: 100, crashes: 0.01 },
  planted: { ...USUAL, planted: true },
};
const LEVELS = [
  'read-committed',
  'monotonic-atomic-view',
  'strong-session-monotonic-atomic-view',
  'read-atomic',
  'strong-session-read-atomic',
  'strong-session-causal',
];
const PIECE = 10_000;
/** How many commits a replica may be behind. */
const LAG = 20;

type MicroOp = ['r' | 'w', number, number | null];

/** Values of a key with the number of the commit that wrote each. */
interface Versions {
  readonly values: number[];
  readonly commits: number[];
}

function* makeHistory(transactions: number, shape: Shape): Generator<readonly TransactionOp[]> {
  const random = Random.fromSeed('weak-levels');
  const versions = new Map<number, Versions>();
  const active = Array.from({ length: Math.min(shape.keys, 10) }, (_, key) => key);
  let nextKey = shape.keys;
  let nextValue = 1;
  let commit = 0;
  const processes = Array.from({ length: shape.sessions }, (_, process) => process);
  let nextProcess = shape.sessions;
  const seen = processes.map(() => 0);
  let ops: TransactionOp[] = [];
  let index = 0;
  const push = (type: TransactionOp['type'], process: number, value: MicroOp[]): void => {
    ops.push({ index, time: index++ * 1000, type, process, f: 'txn', value });
  };
  const valueAt = (key: number, at: number): number | null => {
    const known = versions.get(key);
    for (let place = (known?.values.length ?? 0) - 1; place >= 0; place--)
      if ((known?.commits[place] ?? 0) <= at) return known?.values[place] ?? null;
    return null;
  };
  const keyFor = (): number => {
    if (shape.keys > active.length) return random.int(shape.keys);
    return active[random.int(active.length)] ?? 0;
  };
  for (let count = 0; count < transactions; count++) {
    if (ops.length >= PIECE) {
      yield ops;
      ops = [];
    }
    const session = random.int(shape.sessions);
    const process = processes[session] ?? 0;
    if (shape.planted && count === transactions - 100) {
      for (const [planter, value] of [
        [0, [['w', -1, 1]]],
        [
          1,
          [
            ['r', -1, 1],
            ['w', -2, 1],
          ],
        ],
        [
          2,
          [
            ['r', -2, 1],
            ['r', -1, null],
          ],
        ],
      ] as readonly (readonly [number, MicroOp[]])[]) {
        push('invoke', processes[planter] ?? 0, value);
        push('ok', processes[planter] ?? 0, value);
      }
    }
    const at = Math.max(seen[session] ?? 0, commit - random.int(LAG));
    const mine = new Map<number, number>();
    const done = Array.from({ length: 1 + random.int(4) }, (): MicroOp => {
      const key = keyFor();
      if (random.boolean()) return ['r', key, mine.get(key) ?? valueAt(key, at)];
      const value = nextValue++;
      mine.set(key, value);
      return ['w', key, value];
    });
    push(
      'invoke',
      process,
      done.map(([f, key, value]): MicroOp => [f, key, f === 'r' ? null : value]),
    );
    const crashes = random.boolean(shape.crashes);
    push(crashes ? 'info' : 'ok', process, done);
    // Half of those that crash took effect.
    if (!crashes || random.boolean()) {
      commit++;
      for (const [key, value] of mine) {
        let known = versions.get(key);
        if (known === undefined) versions.set(key, (known = { values: [], commits: [] }));
        known.values.push(value);
        known.commits.push(commit);
        if (known.values.length === shape.writesPerKey) active[active.indexOf(key)] = nextKey++;
      }
      seen[session] = mine.size > 0 ? commit : at;
    }
    if (crashes) {
      processes[session] = nextProcess++;
      seen[session] = 0;
    }
  }
  yield ops;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const [count = '1000000', ...names] = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(SHAPES)) {
  const shape = SHAPES[name];
  if (shape === undefined)
    throw new Error(`There is no shape ${name}; there are ${Object.keys(SHAPES).join(', ')}.`);
  for (const level of LEVELS) {
    globalThis.gc?.();
    const checker = new RwRegisterChecker({ 'consistency-models': [level] });
    let observing = 0;
    for (const ops of makeHistory(Number(count), shape)) {
      const start = cpuMs();
      for (const op of ops) checker.observe(op);
      observing += cpuMs() - start;
    }
    globalThis.gc?.();
    const start = cpuMs();
    const result = checker.result();
    const judging = cpuMs() - start;
    const { rss, arrayBuffers } = process.memoryUsage();
    console.log(
      `${name} ${count}, ${level}: observe ${(observing / 1000).toFixed(2)} s, judge ${(judging / 1000).toFixed(2)} s, ` +
        `arrays ${Math.round(arrayBuffers / 2 ** 20)} MiB, rss ${Math.round(rss / 2 ** 20)} MiB; valid ${String(result['valid?'])} ${(result['anomaly-types'] ?? []).join(' ')}`,
    );
  }
}
