/**
 * Reads of several keys or parts must show one growing state: histories for `long-fork` and `sequential`, and their
 * definitions.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import type { ValueInEdn } from './edn-histories.ts';
import { intervalsOf } from './intervals.ts';
import { identity, ODD_VALUES, oddValues, written } from './odd-values.ts';
import { corrupted, record, type Planned } from './recorded.ts';
import type { Expected } from './sets-and-counters.ts';

type MicroOp = readonly [f: string, key: Json, value: Json];

/** Returns values other than null, which means that nothing was written. */
const somethings = (dice: Dice, count: number): Json[] =>
  oddValues(dice, count).map((value) => value ?? 'something');

// Groups of keys, each written once.

export function groupHistory(dice: Dice, size: number): HistoryOp[] {
  const groups = Array.from({ length: dice.pick([1, 1, 1, 2]) }, () => [] as Json[]);
  for (const key of oddValues(dice, size * groups.length))
    groups.find(({ length }) => length < size)?.push(key);
  const values = somethings(dice, 12);
  const unwritten = groups.flat();
  // Writes reach both replicas one after the other, in any order, or only one of them; a read asks one.
  const replicas = [new Map<Json, Json>(), new Map<Json, Json>()];
  const used = dice.chance(0.5) ? replicas : replicas.slice(1);
  const reached = dice.pick([1, 2]);
  const atOnce = dice.chance(0.7);
  const ops = record(dice, {
    operations: 4 + dice.int(6),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0, 0.2]),
    failures: dice.pick([0, 0, 0.1]),
    next(): Planned {
      const isRepeated = dice.chance(0.01);
      const key = dice.chance(0.4)
        ? isRepeated
          ? dice.pick([...(replicas[0]?.keys() ?? [])])
          : unwritten.pop()
        : undefined;
      if (key !== undefined) {
        const value = values.pop() ?? 1;
        return {
          f: 'write',
          value: [['w', key, value]],
          stages: dice.some(used, reached).map((replica) => () => void replica.set(key, value)),
        };
      }
      const group = dice.pick(groups) ?? [];
      const keys = dice.some(group, dice.chance(0.01) ? size - 1 : size);
      const seen = new Map<Json, Json>();
      const replica = dice.pick(used);
      const look = (one: Json): void => void seen.set(one, replica?.get(one) ?? null);
      const order = dice.some(keys, keys.length);
      return {
        f: 'read',
        value: keys.map((one): Json => ['r', one, null]),
        stages: atOnce ? [() => order.forEach(look)] : order.map((one) => () => look(one)),
        answer: () =>
          keys.map((one): Json => ['r', written(one, dice), written(seen.get(one) ?? null, dice)]),
      };
    },
  });
  if (!dice.chance(0.15)) return ops;
  return corrupted(
    ops,
    dice,
    ({ f }) => f === 'read',
    (value) => spoiltGroup(value as readonly MicroOp[], dice),
  );
}

function spoiltGroup(mops: readonly MicroOp[], dice: Dice): Json {
  const at = dice.int(mops.length);
  const chosen = mops[at];
  if (chosen === undefined) return [['r', 0, 0]];
  const [, key, value] = chosen;
  if (dice.chance(0.03)) return mops.with(at, ['append', key, value]);
  if (dice.chance(0.03)) return mops.with(at, mops[(at + 1) % mops.length] ?? ['r', 0, 0]);
  return mops.with(at, [
    'r',
    key,
    dice.chance(0.8) ? (value === null ? 1 : null) : (dice.pick(ODD_VALUES) ?? 1),
  ]);
}

/** Whether the reads of each group can be ordered so that no key disappears later. */
export function isOneGrowth(ops: readonly HistoryOp[], size: number): Expected {
  const spoken = ops.filter(
    ({ process, type }) => typeof process === 'number' && (type === 'invoke' || type === 'ok'),
  );
  const transactions = spoken.map(({ type, value }) => ({ type, mops: (value ?? []) as readonly MicroOp[] }));
  if (
    transactions.some(
      ({ mops }) => !mops.every(([f]) => f === 'r') && !(mops.length === 1 && mops[0]?.[0] === 'w'),
    )
  )
    return 'unknown';
  const writes = transactions.filter(({ type, mops }) => type === 'invoke' && mops[0]?.[0] === 'w');
  const reads = transactions
    .filter(({ type, mops }) => type === 'ok' && mops[0]?.[0] !== 'w')
    .map(({ mops }) => mops);
  const keysOf = (mops: readonly MicroOp[]): readonly string[] => mops.map(([, key]) => identity(key)).sort();
  if (hasRepeats(writes.flatMap(({ mops }) => keysOf(mops))) || reads.length === 0) return 'unknown';
  if (reads.some((mops) => mops.length !== size || hasRepeats(keysOf(mops)))) return 'unknown';
  const shown = reads.flat().filter(([, , value]) => value !== null);
  if (
    shown.some((one) => shown.some((other) => sameKey(one, other) && identity(one[2]) !== identity(other[2])))
  )
    return 'unknown';
  const groups = new Map<string, (readonly string[])[]>();
  for (const mops of reads) {
    const name = keysOf(mops).join(' ');
    groups.set(name, [...(groups.get(name) ?? []), shownKeys(mops)]);
  }
  return [...groups.values()].every((group) => canGrow([], group));
}

const hasRepeats = (names: readonly string[]): boolean => new Set(names).size < names.length;
const sameKey = (one: MicroOp, other: MicroOp): boolean => identity(one[1]) === identity(other[1]);
const shownKeys = (mops: readonly MicroOp[]): readonly string[] =>
  mops.filter(([, , value]) => value !== null).map(([, key]) => identity(key));

function canGrow(there: readonly string[], reads: readonly (readonly string[])[]): boolean {
  return (
    reads.length === 0 ||
    reads.some(
      (shown, at) => there.every((key) => shown.includes(key)) && canGrow(shown, reads.toSpliced(at, 1)),
    )
  );
}

// Parts of keys, written from first to last and read from last to first.

export function partsHistory(dice: Dice): HistoryOp[] {
  const keys = oddValues(dice, 1 + dice.int(2));
  const count = dice.pick([0, 1, 2, 3, 3, 4]);
  const partsOf = new Map(keys.map((key) => [key, somethings(dice, count)]));
  const store = new Map<Json, Json[]>(keys.map((key) => [key, []]));
  const isOrderly = dice.chance(0.3);
  const places = Array.from({ length: count }, (_, place) => place);
  const ops = record(dice, {
    operations: 3 + dice.int(6),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0, 0.1]),
    failures: dice.pick([0, 0, 0.1]),
    next(): Planned {
      const key = dice.pick(keys) ?? 0;
      const stored = store.get(key) ?? [];
      if (dice.chance(0.4)) {
        const order = isOrderly ? places : dice.some(places, count);
        const write = (place: number) => () => void (stored[place] = partsOf.get(key)?.[place] ?? 0);
        return { f: 'write', value: key, stages: order.map(write) };
      }
      const seen: Json[] = [];
      const look = (place: number) => () => void (seen[count - 1 - place] = stored[place] ?? null);
      return {
        f: 'read',
        value: key,
        stages: (dice.chance(0.7) ? places.toReversed() : places).map(look),
        answer: () => [written(key, dice), seen.map((part) => written(part, dice))],
      };
    },
  });
  if (!dice.chance(0.25)) return ops;
  return corrupted(
    ops,
    dice,
    ({ f }) => f === 'read',
    (value) => {
      if (dice.chance(0.05)) return dice.pick<Json>([null, 7, [], [1], [[1], 2], [1, [1], 2]]);
      const [key = null, parts] = value as readonly Json[];
      const items = parts as readonly Json[];
      const at = dice.int(items.length + 1);
      return [key, at === items.length ? [...items, null] : items.with(at, items[at] === null ? 0 : null)];
    },
  );
}

/**
 * Whether each read is possible: while it goes from part to part, the key has grown to some length and never shrinks,
 * so the read shows exactly the parts within it.
 */
export function areReadsOfGrowingKeys(ops: readonly HistoryOp[]): Expected {
  const reads = intervalsOf(ops)
    .filter(({ f, outcome }) => f === 'read' && outcome === 'ok')
    .map(({ answered }) => (Array.isArray(answered) && answered.length === 2 ? (answered[1] as Json) : null));
  if (reads.length === 0 || !reads.every((parts) => Array.isArray(parts))) return 'unknown';
  return reads.every((parts) => {
    const canShow = (at: number, grown: number): boolean => {
      if (at === parts.length) return true;
      const place = parts.length - 1 - at;
      for (let now = grown; now <= parts.length; now++)
        if ((parts[at] !== null) === now > place && canShow(at + 1, now)) return true;
      return false;
    };
    return canShow(0, 0);
  });
}

export const partsValue: ValueInEdn = ({ f, type, value = null }, name) => {
  if (f !== 'read' || type !== 'ok') return name(value);
  const [key = null, parts] = Array.isArray(value) && value.length === 2 ? (value as readonly Json[]) : [];
  return Array.isArray(parts)
    ? `[${name(key)} [${(parts as readonly Json[]).map(name).join(' ')}]]`
    : ':no-parts';
};
