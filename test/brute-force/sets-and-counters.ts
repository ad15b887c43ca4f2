/** Definitions of growing sets, counters, ids, echoes and statistics, and histories for them. */
import type { HistoryOp } from '../../src/checkers/check.ts';
import { JsonNumber, type Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import { intervalsOf, mayHaveHappened, type Interval } from './intervals.ts';
import { identity, ODD_INTEGERS, ODD_VALUES, oddValues, written } from './odd-values.ts';
import { corrupted, record, type Planned } from './recorded.ts';

export type Expected = boolean | 'unknown';

// Sets: what was once acknowledged or shown is in every later read, and no read has anything that was not being added.

export interface SetOptions {
  readonly add: string;
  readonly strict: boolean;
  readonly 'linearizable?': boolean;
}

export function setHistory(dice: Dice, { add, strict }: Omit<SetOptions, 'linearizable?'>): HistoryOp[] {
  const elements = oddValues(dice, 1 + dice.int(4));
  const there: Json[] = [];
  const lost = dice.chance(0.3) ? dice.pick(elements) : undefined;
  const empty: Json = dice.chance(0.3) ? null : [];
  const ops = record(dice, {
    operations: 2 + dice.int(7),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0, 0.2]),
    failures: dice.pick([0, 0, 0.1]),
    next(): Planned {
      if (dice.chance(0.5)) {
        // Sometimes an element that was added before.
        const element = dice.pick(elements) ?? 0;
        return {
          f: add,
          value: written(element, dice),
          stages: [() => void (element !== lost && there.push(element))],
        };
      }
      let shown: Json = empty;
      const look = (): void => {
        const all = new Map(there.map((element) => [identity(element), element]));
        const list = [...all.values()].map((element) => written(element, dice));
        shown = list.length === 0 ? empty : dice.some(list, list.length);
      };
      return { f: 'read', value: null, answer: () => shown, stages: [look] };
    },
  });
  if (!dice.chance(0.3)) return ops;
  return corrupted(
    ops,
    dice,
    ({ f }) => f === 'read',
    (value) => {
      const list = (value ?? []) as readonly Json[];
      if (strict && list.length > 0 && dice.chance(0.5)) return [...list, list[0] ?? null];
      return dice.chance(0.6) ? list.slice(1) : [...list, dice.pick(ODD_VALUES) ?? 0];
    },
  );
}

export function isGrowingSet(ops: readonly HistoryOp[], { add, strict, ...options }: SetOptions): Expected {
  const intervals = intervalsOf(ops);
  const adds = intervals.filter(({ f }) => f === add);
  const reads = intervals
    .filter(({ f, outcome }) => f === 'read' && outcome === 'ok')
    .map((read) => ({ ...read, shown: ((read.answered ?? []) as readonly Json[]).map(identity) }));
  for (const { shown, returned } of reads) {
    if (
      shown.some((one) => !adds.some(({ asked, invoked }) => invoked < returned && identity(asked) === one))
    )
      return false;
    if (strict && new Set(shown).size < shown.length) return false;
  }
  const isTimed = ops.some(({ process, time = 0 }) => typeof process === 'number' && time !== 0);
  let isAnyStable = false;
  let isAnyStale = false;
  for (const element of new Set(adds.map(({ asked }) => identity(asked)))) {
    const same = adds.filter(({ asked }) => identity(asked) === element);
    const begun = Math.min(...same.map(({ invoked }) => invoked));
    const speaking = reads.filter(({ returned }) => returned > begun);
    const showing = speaking.filter(({ shown }) => shown.includes(element));
    const lacking = speaking.filter((read) => !showing.includes(read));
    const known = Math.min(
      ...same.filter(({ outcome }) => outcome === 'ok').map(({ returned }) => returned),
      ...showing.map(({ returned }) => returned),
    );
    const lastShown = Math.max(-1, ...showing.map(({ invoked }) => invoked));
    const lastLacked = Math.max(-1, ...lacking.map(({ invoked }) => invoked));
    if (lastLacked > lastShown && lastLacked > known) return false;
    if (lastShown <= lastLacked) continue;
    isAnyStable = true;
    // Latencies are in whole milliseconds; without times the order is used.
    const timeOf = (position: number): number => ops[position]?.time ?? 0;
    isAnyStale ||=
      lastLacked >= 0 && (isTimed ? timeOf(lastLacked) + 1 - timeOf(known) >= 1e6 : lastLacked > known);
  }
  if (!isAnyStable) return 'unknown';
  return !(options['linearizable?'] && isAnyStale);
}

/** Whether the last successful read has everything acknowledged, and nothing that no client began to add. */
export function isWholeAtLast(ops: readonly HistoryOp[]): Expected {
  const intervals = intervalsOf(ops);
  const adds = intervals.filter(({ f }) => f === 'add');
  const last = intervals
    .filter(({ f, outcome }) => f === 'read' && outcome === 'ok')
    .reduce<Interval | undefined>(
      (latest, one) => (latest !== undefined && latest.returned > one.returned ? latest : one),
      undefined,
    );
  // Jepsen's rule: a last read of nil does not count.
  if (last === undefined || last.answered === null) return 'unknown';
  const shown = (last.answered as readonly Json[]).map(identity);
  return (
    shown.every((one) => adds.some(({ asked }) => identity(asked) === one)) &&
    adds.every(({ asked, outcome }) => outcome !== 'ok' || shown.includes(identity(asked)))
  );
}

// Counters.

export function counterHistory(dice: Dice, { least }: { readonly least: -1 | 0 }): HistoryOp[] {
  const deltas = dice
    .some(ODD_INTEGERS, 1 + dice.int(3))
    .map((delta) => (least < 0 && dice.chance(0.5) ? -delta : delta));
  const integer = (exact: bigint): number | bigint =>
    BigInt.asIntN(53, exact) === exact ? Number(exact) : exact;
  let sum = 0n;
  const lag = dice.chance(0.3) ? BigInt(dice.pick(deltas) ?? 0) : 0n;
  let finals = 0;
  const operations = 2 + dice.int(7);
  let begun = 0;
  const ops = record(dice, {
    operations,
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0.2, 0.5]),
    failures: dice.pick([0, 0, 0.1]),
    next(): Planned {
      const isFinal = ++begun > operations - 2 && dice.chance(0.8);
      if (!isFinal && dice.chance(0.6)) {
        const delta = dice.pick(deltas) ?? 0;
        return { f: 'add', value: delta, stages: [() => void (sum += BigInt(delta))] };
      }
      if (isFinal) finals++;
      let shown: Json = 0;
      return {
        f: 'read',
        value: null,
        final: isFinal,
        answer: () => shown,
        stages: [() => void (shown = integer(finals > 0 ? sum - lag : sum))],
      };
    },
  });
  return dice.chance(0.2)
    ? corrupted(
        ops,
        dice,
        ({ f }) => f === 'read',
        () => written(dice.pick(ODD_VALUES) ?? 0, dice),
      )
    : ops;
}

const amountOf = (value: Json): bigint => BigInt(value as number | bigint); // counterHistory adds nothing else
/** Returns the integer that was read, even if written as a fraction: 1.0 is 1 when numbers are added up. */
export function integerRead(value: Json): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  if (!(value instanceof JsonNumber)) return undefined;
  const [, whole, power = '0'] = /^(-?\d+)(?:\.0+)?(?:e(\d+))?$/.exec(value.text) ?? [];
  return whole === undefined ? undefined : BigInt(whole) * 10n ** BigInt(power);
}

/** Whether each final read is the sum of all acknowledged amounts and some of those in doubt. */
export function areFinalSums(ops: readonly HistoryOp[]): Expected {
  const intervals = intervalsOf(ops);
  const adds = intervals.filter(({ f }) => f === 'add');
  let sums = [0n];
  for (const { asked } of adds.filter(({ outcome }) => outcome === 'ok'))
    sums = sums.map((sum) => sum + amountOf(asked));
  for (const { asked } of adds.filter(mayHaveHappened))
    sums = sums.flatMap((sum) => [sum, sum + amountOf(asked)]);
  const finals = intervals.filter(({ f, final, outcome }) => f === 'read' && final && outcome === 'ok');
  const isSum = (read: bigint | undefined): boolean => read !== undefined && sums.includes(read);
  if (finals.some(({ answered }) => !isSum(integerRead(answered)))) return false;
  return finals.length > 0 || intervals.length === 0 ? true : 'unknown';
}

/**
 * Whether each read is at least what was acknowledged before it began, and at most what had begun by its end and did
 * not fail.
 */
export function areReadsWithinBounds(ops: readonly HistoryOp[]): Expected {
  const intervals = intervalsOf(ops);
  const total = (some: readonly Interval[]): bigint =>
    some.reduce((sum, { asked }) => sum + amountOf(asked), 0n);
  const adds = intervals.filter(({ f }) => f === 'add');
  return intervals
    .filter(({ f, outcome }) => f === 'read' && outcome === 'ok')
    .every(({ answered, invoked, returned }) => {
      const low = total(adds.filter((one) => one.outcome === 'ok' && one.returned < invoked));
      const high = total(adds.filter((one) => one.outcome !== 'fail' && one.invoked < returned));
      const read = integerRead(answered);
      return read !== undefined && low <= read && read <= high;
    });
}

// Ids, echoes, statistics.

export function idHistory(dice: Dice): HistoryOp[] {
  const ids = oddValues(dice, 12);
  return record(dice, {
    operations: 1 + dice.int(8),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0.2]),
    failures: dice.pick([0, 0.1]),
    next(): Planned {
      const id = dice.chance(0.12) ? ids.at(-1) : ids.pop();
      return { f: 'generate', value: null, answer: () => written(id ?? null, dice), stages: [] };
    },
  });
}

export function areUnique(ops: readonly HistoryOp[]): Expected {
  const ids = intervalsOf(ops)
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ answered }) => identity(answered));
  return new Set(ids).size === ids.length;
}

export function echoHistory(dice: Dice): HistoryOp[] {
  const isBare = dice.chance(0.3);
  const ops = record(dice, {
    operations: 1 + dice.int(6),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0.3]),
    failures: dice.pick([0, 0, 0, 0.1]),
    next(): Planned {
      const sent = dice.pick(ODD_VALUES) ?? null;
      return {
        f: 'echo',
        value: sent,
        answer: () => (isBare ? written(sent, dice) : { type: 'echo_ok', echo: written(sent, dice) }),
        stages: [],
      };
    },
  });
  if (!dice.chance(0.4)) return ops;
  return corrupted(
    ops,
    dice,
    () => true,
    () => (dice.chance(0.2) ? {} : { echo: written(dice.pick(ODD_VALUES) ?? 0, dice) }),
  );
}

export function areEchoed(ops: readonly HistoryOp[]): Expected {
  return intervalsOf(ops).every(({ asked, answered, outcome }) => {
    if (outcome === 'info' || outcome === 'open') return true;
    if (outcome === 'ok' && identity(answered) === identity(asked)) return true;
    const fields =
      answered !== null && typeof answered === 'object' && !Array.isArray(answered)
        ? Object.entries(answered)
        : [];
    return (
      outcome === 'ok' &&
      fields.some(([key, value]) => key === 'echo' && identity(value as Json) === identity(asked))
    );
  });
}

export function mixedHistory(dice: Dice): HistoryOp[] {
  const names = dice.some(
    ['read', 'write', 'crash', 'txn', '__proto__', 'debug-topic-partitions'],
    1 + dice.int(3),
  );
  return record(dice, {
    operations: 1 + dice.int(8),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0.3, 0.9]),
    failures: dice.pick([0, 0.3, 0.6]),
    next: (): Planned => ({
      f: dice.pick(names) ?? 'read',
      value: dice.pick(ODD_VALUES) ?? null,
      stages: [],
    }),
  });
}

/** Whether every kind of operation succeeded at least once, except those that never do. */
export function didEachSucceed(
  ops: readonly HistoryOp[],
  { judgeAll }: { readonly judgeAll: boolean },
): Expected {
  const ended = intervalsOf(ops).filter(({ outcome }) => outcome !== 'open');
  return ended.every(
    ({ f }) =>
      (!judgeAll && (f === 'crash' || f === 'debug-topic-partitions')) ||
      ended.some((other) => other.f === f && other.outcome === 'ok'),
  );
}
