/**
 * Histories of transactions on lists or registers whose dependencies form a ring, each link through a key of its own:
 *
 *     rw        T1 reads x as empty, T2 appends 1 to x              T1 before T2
 *     ww        T1 appends 1 to x, T2 appends 2 and reads [1 2]     T1 before T2; in registers T2 reads 1 and writes 2
 *     rivals    T1 reads x as empty and appends 1, T2 appends 2     T1 before T2, if one of them sees the other
 *     wr        T1 appends 1 to x, T2 reads [1]                     T1 before T2
 *
 * Random transactions rarely form a ring of which a checker that knows all links but one finds an order. In some
 * histories one link points the other way, so that an order exists.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import { oddValues } from './odd-values.ts';
import { record } from './recorded.ts';

type MicroOp = readonly [f: string, key: Json, value: Json];

export function ringHistory(dice: Dice, write: 'append' | 'w'): HistoryOp[] {
  const isList = write === 'append';
  const size = 2 + dice.int(3);
  const keys = oddValues(dice, size);
  const empty: Json = isList && dice.chance(0.5) ? [] : null;
  const transactions = keys.map((): MicroOp[] => []);
  const turned = dice.chance(0.4) ? dice.int(size) : -1;
  for (const [at, key] of keys.entries()) {
    const next = (at + 1) % size;
    const [before, after] = at === turned ? [next, at] : [at, next];
    const [one = 1, other = 2] = oddValues(dice, 4).filter((value) => value !== null);
    const shown = (...written: readonly Json[]): Json => (isList ? written : (written.at(-1) ?? null));
    const first: MicroOp = [write, key, one];
    const second: MicroOp = [write, key, other];
    const links: Readonly<Record<string, readonly [readonly MicroOp[], readonly MicroOp[]]>> = {
      rw: [[['r', key, empty]], [second]],
      ww: [[first], isList ? [second, ['r', key, shown(one, other)]] : [['r', key, one], second]],
      rivals: [[['r', key, empty], first], [second]],
      wr: [[first], [['r', key, shown(one)]]],
    };
    const [did = [], didNext = []] = links[dice.pick(['rw', 'rw', 'ww', 'rivals', 'wr'])] ?? [];
    transactions[before]?.push(...did);
    transactions[after]?.push(...didNext);
  }
  const left = dice.some(transactions, size);
  return record(dice, {
    operations: size,
    processes: dice.chance(0.7) ? size : 1 + dice.int(size),
    crashes: dice.pick([0, 0, 0.1]),
    failures: 0,
    next: () => {
      const shown = left.pop() ?? [];
      const asked = shown.map(([f, key, value]): MicroOp => [f, key, f === 'r' ? null : value]);
      return { f: 'txn', value: asked, answer: () => shown, stages: [() => undefined, () => undefined] };
    },
  });
}
