/**
 * Histories of transactions on lists or registers, from small stores with various guarantees: serial ones, ones with
 * snapshots (with or without conflict checks), ones that read whatever is committed, and then, perhaps, one altered
 * result.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import { identity, ODD_VALUES, oddValues, written } from './odd-values.ts';
import { corrupted, record, type Planned } from './recorded.ts';
import { ringHistory } from './rings.ts';

export type MicroOp = readonly [f: string, key: Json, value: Json];
type Style = 'serial' | 'snapshot' | 'unchecked-snapshot' | 'committed' | 'dirty';
type Store = Map<string, Json>;

export interface TransactionalKind {
  readonly write: 'append' | 'w';
  /** Probability that a register gets a value it has had before, null being one such value. Lists never do. */
  readonly repeats: number;
}

export function transactionalHistory(dice: Dice, { write, repeats }: TransactionalKind): HistoryOp[] {
  const isList = write === 'append';
  if (dice.chance(0.1)) return ringHistory(dice, write);
  const style = dice.pick<Style>([
    'serial',
    'serial',
    'snapshot',
    'unchecked-snapshot',
    'committed',
    'dirty',
  ]);
  const keys = oddValues(dice, 1 + dice.int(3));
  const unused = new Map(
    keys.map((key) => [key, oddValues(dice, 12).filter((value) => isList || repeats > 0 || value !== null)]),
  );
  const empty: Json = isList && dice.chance(0.5) ? [] : null;
  const alwaysReadsFirst = !isList && dice.chance(0.5);
  // Such a read shows what came before the transaction's own append.
  const readsAfter = isList && dice.chance(0.3);
  const store: Store = new Map();
  const writers = new Map<string, number>();
  let clock = 0;

  const newValue = (key: Json): Json => {
    const left = unused.get(key) ?? [];
    const value = repeats > 0 && dice.chance(repeats) ? left.at(-1) : left.pop();
    return value ?? null;
  };
  const applied = (to: Store, [f, key, value]: MicroOp): MicroOp => {
    const name = identity(key);
    if (f !== 'r') {
      to.set(name, isList ? [...((to.get(name) ?? []) as readonly Json[]), value] : value);
      return [f, key, written(value, dice)];
    }
    return [f, key, written(to.get(name) ?? empty, dice)];
  };

  const next = (): Planned => {
    const readFirst = alwaysReadsFirst || (!isList && dice.chance(0.4));
    const asked = Array.from({ length: 1 + dice.int(3) }, (): readonly MicroOp[] => {
      const key = written(dice.pick(keys) ?? null, dice);
      const original = keys.find((one) => identity(one) === identity(key)) ?? null;
      const read: MicroOp = ['r', key, null];
      if (dice.chance(0.5) || (unused.get(original) ?? []).length === 0) return [read];
      const writes: MicroOp = [write, key, newValue(original)];
      if (readsAfter && dice.chance(0.5)) return [writes, read];
      return readFirst ? [read, writes] : [writes];
    }).flat();
    let answer: readonly MicroOp[] = asked;
    return {
      f: 'txn',
      value: asked,
      answer: () => answer,
      stages: stagesOf(asked, (done) => (answer = done)),
    };
  };

  const stagesOf = (
    asked: readonly MicroOp[],
    answered: (done: readonly MicroOp[]) => void,
  ): Planned['stages'] => {
    const commit = (): void => {
      clock++;
      for (const microOp of asked) {
        if (microOp[0] === 'r') continue;
        applied(store, microOp);
        writers.set(identity(microOp[1]), clock);
      }
    };
    switch (style) {
      case 'serial':
        return [() => answered(asked.map((microOp) => applied(store, microOp)))];
      case 'snapshot':
      case 'unchecked-snapshot': {
        let begun = 0;
        return [
          () => {
            begun = clock;
            const snapshot = new Map(store);
            answered(asked.map((microOp) => applied(snapshot, microOp)));
          },
          () => {
            const conflicts = asked.some(
              ([f, key]) => f !== 'r' && (writers.get(identity(key)) ?? 0) > begun,
            );
            if (style === 'snapshot' && conflicts) return 'fail';
            return commit();
          },
        ];
      }
      case 'committed': {
        const done: MicroOp[] = [];
        const own: Store = new Map();
        const reads = asked.map((microOp) => () => {
          const name = identity(microOp[1]);
          done.push(microOp[0] === 'r' && !own.has(name) ? applied(store, microOp) : microOp);
          if (microOp[0] !== 'r') own.set(name, null);
        });
        return [
          ...reads,
          () => {
            // It reads its own writes as its commit will produce them.
            const scratch = new Map(store);
            const seen = new Set<string>();
            answered(
              done.map((microOp) => {
                const name = identity(microOp[1]);
                if (microOp[0] === 'r' && !seen.has(name)) return microOp;
                if (microOp[0] !== 'r') seen.add(name);
                return applied(scratch, microOp);
              }),
            );
            commit();
          },
        ];
      }
      case 'dirty': {
        const done: MicroOp[] = [];
        return [
          ...asked.map((microOp) => () => void done.push(applied(store, microOp))),
          () => answered(done),
        ];
      }
    }
  };

  const ops = record(dice, {
    operations: dice.chance(0.1) ? 6 + dice.int(3) : 2 + dice.int(4),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0, 0.2]),
    failures: dice.pick([0, 0, 0.15]),
    next,
  });
  if (!dice.chance(0.3)) return ops;
  return corrupted(
    ops,
    dice,
    ({ value }) => hasRead(value ?? null),
    (value) => otherRead(value, dice, isList, empty),
  );
}

const hasRead = (value: Json): boolean =>
  Array.isArray(value) && (value as readonly MicroOp[]).some(([f]) => f === 'r');

/** Changes what one of the reads shows. */
function otherRead(value: Json, dice: Dice, isList: boolean, empty: Json): Json {
  const microOps = value as readonly MicroOp[]; // from transactionalHistory
  const at = dice.pick(microOps.flatMap(([f], place) => (f === 'r' ? [place] : [])));
  return microOps.map((microOp, place): MicroOp => {
    if (place !== at) return microOp;
    const [f, key, shown] = microOp;
    if (!isList) return [f, key, dice.chance(0.5) ? null : (dice.pick(ODD_VALUES) ?? null)];
    const list = (shown ?? []) as readonly Json[];
    const others: readonly (readonly Json[])[] = [
      list.slice(0, -1),
      list.slice(1),
      list.toReversed(),
      [...list, dice.pick(ODD_VALUES) ?? null],
    ];
    const other = others[dice.int(others.length)] ?? [];
    // Elle distinguishes nil from the empty list within one transaction.
    return [f, key, other.length === 0 ? empty : other];
  });
}
