/** Histories for the weak levels, as `weak-levels.ts` describes them: a store of replicas in causal order. */
import type { TransactionOp } from '../src/checkers/elle/transactions/transaction-log.ts';
import { Random } from '../src/world/random.ts';

interface Shape {
  readonly sessions: number;
  readonly keys: number;
  /** Number of writes after which a key is replaced by a new one. */
  readonly writesPerKey: number;
  readonly crashes: number;
  readonly planted: boolean;
}

const USUAL: Shape = { sessions: 10, keys: 10, writesPerKey: 16, crashes: 0, planted: false };
export const SHAPES: Readonly<Record<string, Shape>> = {
  usual: USUAL,
  sessions: { ...USUAL, sessions: 100 },
  'few-keys': { ...USUAL, writesPerKey: Infinity },
  'many-keys': { ...USUAL, keys: 1_000_000, writesPerKey: Infinity },
  crashes: { ...USUAL, sessions: 100, crashes: 0.01 },
  planted: { ...USUAL, planted: true },
};
const PIECE = 10_000;
/** Maximum number of commits that a replica may be behind. */
const LAG = 20;

type MicroOp = ['r' | 'w', number, number | null];

/** The values of a key, with the number of the commit that wrote each. */
interface Versions {
  readonly values: number[];
  readonly commits: number[];
}

export function* makeHistory(transactions: number, shape: Shape): Generator<readonly TransactionOp[]> {
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
    // Half of the crashed transactions took effect.
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
