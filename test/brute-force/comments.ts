/**
 * Blind writes and reads of everything written: histories of stores with two shards, and the definition of `comments`.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import { intervalsOf } from './intervals.ts';
import { identity, ODD_VALUES, oddValues, written } from './odd-values.ts';
import { corrupted, record, type Planned } from './recorded.ts';
import type { Expected } from './sets-and-counters.ts';

export function commentsHistory(dice: Dice): HistoryOp[] {
  const elements = oddValues(dice, 12);
  const shards: readonly Json[][] = [[], []];
  const atOnce = dice.chance(0.3);
  const ops = record(dice, {
    operations: 5 + dice.int(6),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0, 0.2]),
    failures: dice.pick([0, 0, 0.2]),
    next(): Planned {
      if (dice.chance(0.6)) {
        // A client whose write failed may try again, and sometimes one repeats a write needlessly.
        const element = (dice.chance(0.15) ? elements.at(-1) : elements.pop()) ?? 0;
        const shard = dice.pick(shards) ?? [];
        return { f: 'write', value: element, stages: [() => void shard.push(element)] };
      }
      const shown = new Map<string, Json>();
      const look = (shard: readonly Json[]): void => {
        const end = dice.chance(0.4) ? shard.length - 1 : shard.length;
        for (const element of shard.slice(0, Math.max(0, end)))
          shown.set(identity(element), written(element, dice));
      };
      const order = dice.some(shards, 2);
      return {
        f: 'read',
        value: null,
        stages: atOnce ? [() => order.forEach(look)] : order.map((shard) => () => look(shard)),
        answer: () => dice.some([...shown.values()], shown.size),
      };
    },
  });
  if (!dice.chance(0.2)) return ops;
  return corrupted(
    ops,
    dice,
    ({ f }) => f === 'read',
    (value) => {
      if (dice.chance(0.1)) return dice.pick<Json>([null, 5, 'a', true]);
      const list = value as readonly Json[];
      return dice.chance(0.7) ? list.slice(1) : [...list, dice.pick(ODD_VALUES) ?? 0];
    },
  );
}

/**
 * Whatever a read shows was written by one of its writes, if any: by one that did not fail, if there is one. What
 * completed before all of these began must show too.
 */
export function areReadsInOrder(ops: readonly HistoryOp[]): Expected {
  const intervals = intervalsOf(ops);
  const reads = intervals.filter(({ f, outcome }) => f === 'read' && outcome === 'ok');
  if (reads.some(({ answered }) => !Array.isArray(answered))) return 'unknown';
  const writes = intervals.filter(({ f }) => f === 'write');
  return reads.every(({ answered }) => {
    const shown = (answered as readonly Json[]).map(identity);
    return shown.every((element) => {
      const same = writes.filter(({ asked }) => identity(asked) === element);
      const some = same.some(({ outcome }) => outcome !== 'fail')
        ? same.filter(({ outcome }) => outcome !== 'fail')
        : same;
      return (
        some.length === 0 ||
        writes
          .filter(
            ({ outcome, returned }) => outcome === 'ok' && some.every(({ invoked }) => returned < invoked),
          )
          .every(({ asked }) => shown.includes(identity(asked)))
      );
    });
  });
}
