/**
 * Cost of deciding, not only inferring, how transactions on registers were isolated: `node bench/run.mjs decide
 * [TRANSACTIONS] [SHAPE|STORY|SHAPE/STORY...]`.
 *
 * A story is a store, or a violation planted in a history of a strict one (decide-histories.ts has both, and the
 * shapes). CPU time of `observe` and `result` together, at most 60 s (`unknown` then); median of `ROUNDS` (1). A
 * verdict that contradicts the story is printed as WRONG, and makes the exit code 1.
 */
import { ListAppendChecker } from '../src/checkers/elle/list-append/list-append.ts';
import { RwRegisterChecker } from '../src/checkers/elle/rw-register/rw-register.ts';
import type { TransactionOp } from '../src/checkers/elle/transactions/transaction-log.ts';
import { makeHistory, PLANTED, SHAPES, type Planted, type Store } from './decide-histories.ts';

/** LISTS=1: list-append in place of rw-register. */
const areLists = process.env['LISTS'] === '1';

const LEVELS = ['serializable', 'strict-serializable', 'snapshot-isolation', 'prefix'] as const;
type Level = (typeof LEVELS)[number];
/** Maximum time of a decision; beyond it the verdict is `unknown`. */
const LIMIT_MS = 60_000;

/** The levels that each store guarantees, and those that each violation breaks. */
const KEPT: Readonly<Record<Store, readonly Level[]>> = {
  strict: LEVELS,
  stale: ['serializable', 'snapshot-isolation', 'prefix'],
  snapshots: ['snapshot-isolation', 'prefix'],
};
const BROKEN: Readonly<Record<Planted, readonly Level[]>> = {
  'write-skew': ['serializable', 'strict-serializable'],
  'lost-update': ['serializable', 'strict-serializable', 'snapshot-isolation'],
  'long-fork': LEVELS,
  'fractured-read': LEVELS,
  'stale-read': ['strict-serializable'],
  inversion: ['strict-serializable'],
};

interface Story {
  readonly store: Store;
  readonly planted?: Planted;
}
const STORIES: Readonly<Record<string, Story>> = {
  ...Object.fromEntries(Object.keys(KEPT).map((store) => [store, { store: store as Store }])),
  ...Object.fromEntries(PLANTED.map((planted) => [planted, { store: 'strict', planted }])),
};

/** Returns the expected verdict; undefined if the history may be either. */
function expected({ store, planted }: Story, level: Level): boolean | undefined {
  if (planted !== undefined && BROKEN[planted].includes(level)) return false;
  return KEPT[store].includes(level) ? true : undefined;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function decided(
  ops: readonly TransactionOp[],
  level: Level,
): { readonly seconds: number; readonly verdict: unknown } {
  const start = cpuMs();
  const options = { 'consistency-models': [level], 'decide?': true };
  const checker = areLists ? new ListAppendChecker(options) : new RwRegisterChecker(options);
  for (const op of ops) checker.observe(op);
  const result = checker.result({ exhausted: () => cpuMs() - start > LIMIT_MS });
  return { seconds: (cpuMs() - start) / 1000, verdict: result['valid?'] };
}

const [count = '10000', ...names] = process.argv.slice(2);
const isAsked = (shape: string, story: string): boolean =>
  names.length === 0 || names.some((name) => [shape, story, `${shape}/${story}`].includes(name));
const rounds = Number(process.env['ROUNDS'] ?? 1);
for (const [name, shape] of Object.entries(SHAPES)) {
  for (const [title, story] of Object.entries(STORIES)) {
    if (!isAsked(name, title)) continue;
    const ops = makeHistory({ transactions: Number(count), shape, ...story, areLists });
    const cells = LEVELS.map((level) => {
      const taken = Array.from({ length: rounds }, () => decided(ops, level)).toSorted(
        (left, right) => left.seconds - right.seconds,
      );
      const { seconds = 0, verdict } = taken[rounds >> 1] ?? {};
      const wanted = expected(story, level);
      const isWrong = verdict !== 'unknown' && wanted !== undefined && verdict !== wanted;
      if (isWrong) process.exitCode = 1;
      return `${level} ${seconds.toFixed(2)} s ${String(verdict)}${isWrong ? ' WRONG' : ''}`;
    });
    console.log(`${name}/${title} ${count}: ${cells.join('; ')}`);
  }
}
