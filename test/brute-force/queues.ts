/** Queues that are drained: what goes in comes out. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import { intervalsOf } from './intervals.ts';
import { identity, oddValues, written } from './odd-values.ts';
import { record, type Planned } from './recorded.ts';
import type { Expected } from './sets-and-counters.ts';

export function drainedHistory(dice: Dice): HistoryOp[] {
  const elements = oddValues(dice, 1 + dice.int(4)).filter((value) => value !== null);
  const there: Json[] = [];
  const bug = dice.pick(['none', 'none', 'loses', 'repeats', 'invents']);
  const take = (): Json => {
    if (bug === 'repeats' && dice.chance(0.2)) return there[0] ?? null;
    return bug === 'invents' && dice.chance(0.1) ? 'made up' : (there.shift() ?? null);
  };
  return record(dice, {
    operations: 2 + dice.int(8),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0, 0.2]),
    failures: dice.pick([0, 0, 0.1]),
    next(): Planned {
      const f = dice.pick(['enqueue', 'enqueue', 'dequeue', 'drain']) ?? 'drain';
      if (f === 'enqueue') {
        const element = dice.pick(elements) ?? 0;
        const isKept = bug !== 'loses' || dice.chance(0.7);
        return { f, value: written(element, dice), stages: [() => void (isKept && there.push(element))] };
      }
      let out: Json = null;
      return {
        f,
        value: null,
        answer: () => out,
        stages: [
          () => {
            out = f === 'dequeue' ? take() : there.splice(0).map((one) => written(one, dice));
          },
        ],
      };
    },
  });
}

export function isEverythingOut(ops: readonly HistoryOp[]): Expected {
  const intervals = intervalsOf(ops);
  const ok = (name: string): readonly Json[] =>
    intervals.filter(({ f, outcome }) => f === name && outcome === 'ok').map(({ answered }) => answered);
  const out = [
    ...ok('dequeue').filter((value) => value !== null),
    ...ok('drain').flatMap((all) => all as readonly Json[]),
  ].map(identity);
  const tried = intervals.filter(({ f }) => f === 'enqueue');
  if (out.some((one) => !tried.some(({ asked }) => identity(asked) === one))) return false;
  // Each element that came out stands for one that went in.
  const left = [...out];
  const missing = tried.filter(({ asked, outcome }) => {
    if (outcome !== 'ok') return false;
    const at = left.indexOf(identity(asked));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).length;
  if (missing === 0) return true;
  const crashed = intervals.filter(
    ({ f, outcome }) => f !== 'enqueue' && (outcome === 'info' || outcome === 'open'),
  );
  return crashed.some(({ f }) => f === 'drain') || missing <= crashed.length ? 'unknown' : false;
}
