/**
 * The weak levels by their axioms, over every commit order of the transactions: Biswas and Enea's read committed, read
 * atomic and causal consistency, each also without session order, which makes them Bailis et al.'s monotonic atomic
 * view and read atomic, and Cerone et al.'s causal consistency.
 *
 * In a valid order, a read of x by T3 from T1 has not seen (by the level's steps) a T2 that writes x and commits after
 * T1. For lists, the elements of a key are its appends in commit order, and a read shows all of them up to some commit.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { CheckResult } from '../../src/checkers/checker.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import { listTransaction, registerTransaction } from './edn-histories.ts';
import { intervalsOf, mayHaveHappened } from './intervals.ts';
import type { Differential, Sample } from './differential-types.ts';
import { identity, oddValues, written } from './odd-values.ts';
import { record } from './recorded.ts';
import { transactionalHistory, type MicroOp } from './transactional-histories.ts';
import { LISTS, registersIn } from './transactions.ts';

type Axiom = 'read-committed' | 'read-atomic' | 'causal';

interface WeakLevel {
  readonly axiom: Axiom;
  readonly sessions: boolean;
  /** Whether it is decided only if asked for. */
  readonly isInferred?: true;
}

export const WEAK_LEVELS = new Map<string, WeakLevel>([
  ['monotonic-atomic-view', { axiom: 'read-committed', sessions: false }],
  ['read-atomic', { axiom: 'read-atomic', sessions: false }],
  ['strong-session-monotonic-atomic-view', { axiom: 'read-committed', sessions: true }],
  ['strong-session-read-atomic', { axiom: 'read-atomic', sessions: true }],
  ['causal-cerone', { axiom: 'causal', sessions: false, isInferred: true }],
  ['strong-session-causal', { axiom: 'causal', sessions: true }],
]);

type Kind = 'lists' | 'registers';

interface Transaction {
  readonly process: number;
  readonly isOk: boolean;
  readonly invoked: number;
  readonly returned: number;
  /** With the identity of what is written, and what a read shows as a version. */
  readonly microOps: readonly (readonly [f: string, key: string, text: string])[];
  readonly writes: ReadonlyMap<string, readonly string[]>;
}

/** A read from another transaction or from the initial state (-1). Reads are in the order of their transaction. */
interface Read {
  readonly key: string;
  readonly from: number;
}

export function isWeaklyPossible(ops: readonly HistoryOp[], kind: Kind, level: WeakLevel): boolean {
  const all = intervalsOf(ops)
    .filter((one) => one.outcome === 'ok' || mayHaveHappened(one))
    .map((one): Transaction => {
      const microOps = (one.answered as readonly MicroOp[]).map(
        ([f, key, value]) =>
          [
            f,
            identity(key),
            f === 'r' && kind === 'lists' ? LISTS.read(value) : identity(value ?? null),
          ] as const,
      );
      const writes = new Map<string, string[]>();
      for (const [f, key, text] of microOps)
        if (f !== 'r') writes.set(key, [...(writes.get(key) ?? []), text]);
      const { process, invoked, returned, outcome } = one;
      return { process, isOk: outcome === 'ok', invoked, returned, microOps, writes };
    });
  const initial = kind === 'registers' ? registersIn(ops).initial : '';
  const doubtful = all.filter(({ isOk }) => !isOk);
  // Any subset of those in doubt may have happened.
  for (let chosen = 0; chosen < 1 << doubtful.length; chosen++) {
    const left = all.filter((one) => one.isOk || (chosen & (1 << doubtful.indexOf(one))) !== 0);
    if (hasOrder(left, { kind, level, initial })) return true;
  }
  return false;
}

interface Question {
  readonly kind: Kind;
  readonly level: WeakLevel;
  readonly initial: string;
}

function hasOrder(transactions: readonly Transaction[], question: Question): boolean {
  const follows = transactions.map((later) =>
    transactions.map(
      (earlier) =>
        question.level.sessions &&
        earlier.isOk &&
        earlier.process === later.process &&
        earlier.returned < later.invoked,
    ),
  );
  // What a transaction can have read follows from those before it, so an order ends at the first that can have read nothing.
  const search = (order: readonly number[], choices: Choices): boolean => {
    if (order.length === transactions.length)
      return isAllowed(transactions, { order, choices, follows }, question);
    return transactions.some((_, next) => {
      if (order.includes(next)) return false;
      if (follows[next]?.some((is, other) => is && !order.includes(other)) === true) return false;
      const readings = readingsOf(transactions, order, next, question);
      return readings.length > 0 && search([...order, next], choices.with(next, readings));
    });
  };
  return search(
    [],
    transactions.map(() => []),
  );
}

/** For each transaction, all ways in which its reads may have come about. */
type Choices = readonly (readonly (readonly Read[])[])[];

interface Candidate {
  readonly order: readonly number[];
  readonly choices: Choices;
  readonly follows: readonly (readonly boolean[])[];
}

function isAllowed(
  transactions: readonly Transaction[],
  { order, choices, follows }: Candidate,
  question: Question,
): boolean {
  const place = transactions.map((_, t) => order.indexOf(t));
  // A value with several writers may be read from any of them.
  const choose = (t: number, reads: readonly (readonly Read[])[]): boolean => {
    if (t === transactions.length) return areAxiomsKept(transactions, place, follows, reads, question.level);
    return (choices[t] ?? []).some((readings) => choose(t + 1, [...reads, readings]));
  };
  return choose(0, []);
}

/** Returns all ways in which a transaction's reads may have come about, given those that commit before it, in order. */
function readingsOf(
  transactions: readonly Transaction[],
  before: readonly number[],
  reader: number,
  { kind, level, initial }: Question,
): readonly (readonly Read[])[] {
  const { microOps, isOk } = transactions[reader] as Transaction;
  if (!isOk) return [[]];
  const isStrict = level.axiom === 'read-atomic' || level.axiom === 'causal';
  let readings: readonly (readonly Read[])[] = [[]];
  const own = new Map<string, string[]>();
  const shown = new Map<string, string>();
  for (const [f, key, wanted] of microOps) {
    if (f !== 'r') {
      own.set(key, [...(own.get(key) ?? []), wanted]);
      continue;
    }
    const mine = own.get(key);
    const writers = before.filter((t) => transactions[t]?.writes.has(key) === true);
    const sources: number[] = [];
    if (kind === 'registers') {
      if (mine !== undefined) {
        if (wanted === mine.at(-1)) continue;
        if (isStrict || level.sessions) return [];
        const isOther =
          mine.includes(wanted) ||
          wanted === initial ||
          writers.some((t) => transactions[t]?.writes.get(key)?.at(-1) === wanted);
        if (!isOther) return [];
        continue;
      }
      if (wanted === initial) sources.push(-1);
      sources.push(...writers.filter((t) => transactions[t]?.writes.get(key)?.at(-1) === wanted));
    } else {
      const suffix = (mine ?? []).map((element) => `,${element}`).join('');
      const versions = [-1, ...writers].map((t, count) => ({
        t,
        text: writers
          .slice(0, count)
          .flatMap((writer) => transactions[writer]?.writes.get(key) ?? [])
          .map((element) => `,${element}`)
          .join(''),
      }));
      const last = versions.at(-1);
      if (mine !== undefined && last !== undefined && wanted === `${last.text}${suffix}`) {
        const base = shown.get(key);
        if (isStrict && base !== undefined && base !== last.text) return [];
        sources.push(last.t);
      } else if (mine !== undefined) {
        if (isStrict || level.sessions) return [];
        const ownVersions = mine.map(
          (_, count) =>
            `${last?.text ?? ''}${mine
              .slice(0, count)
              .map((element) => `,${element}`)
              .join('')}`,
        );
        if (!ownVersions.includes(wanted) && !versions.some(({ text }) => text === wanted)) return [];
        continue;
      } else sources.push(...versions.filter(({ text }) => text === wanted).map(({ t }) => t));
    }
    if (mine === undefined) {
      const base = shown.get(key);
      if (isStrict && base !== undefined && base !== wanted) return [];
      shown.set(key, wanted);
    }
    readings = readings.flatMap((reads) => sources.map((from) => [...reads, { key, from }]));
  }
  return readings;
}

function areAxiomsKept(
  transactions: readonly Transaction[],
  place: readonly number[],
  follows: readonly (readonly boolean[])[],
  reads: readonly (readonly Read[])[],
  { axiom }: WeakLevel,
): boolean {
  const size = transactions.length;
  const causes = follows.map((row, t) =>
    row.map((is, other) => is || (reads[t] ?? []).some(({ from }) => from === other)),
  );
  if (axiom === 'causal') {
    for (let middle = 0; middle < size; middle++)
      for (let t = 0; t < size; t++)
        for (let other = 0; other < size; other++)
          if (causes[t]?.[middle] === true && causes[middle]?.[other] === true)
            (causes[t] as boolean[])[other] = true;
  }
  return reads.every((ofReader, reader) =>
    ofReader.every(({ key, from }, at) =>
      transactions.every((one, other) => {
        const hasSeen =
          axiom === 'read-committed'
            ? ofReader.slice(0, at).some((earlier) => earlier.from === other)
            : causes[reader]?.[other] === true;
        if (!hasSeen || other === from || !one.writes.has(key)) return true;
        return from >= 0 && (place[other] ?? 0) < (place[from] ?? 0);
      }),
    ),
  );
}

/**
 * Returns a history whose reads show any of the written versions, preferably the newest: replicas that lag behind, each
 * in another order. For lists, reads show longer or shorter prefixes of one list.
 */
function replicaHistory(dice: Dice, write: 'append' | 'w'): HistoryOp[] {
  const isList = write === 'append';
  const keys = oddValues(dice, 1 + dice.int(3));
  const unused = new Map(
    keys.map((key) => [identity(key), oddValues(dice, 12).filter((value) => value !== null)]),
  );
  const versions = new Map<string, Json[]>(keys.map((key) => [identity(key), []]));
  const lag = dice.pick([0.1, 0.3, 0.6]);
  return record(dice, {
    operations: 3 + dice.int(3),
    processes: 1 + dice.int(4),
    crashes: dice.pick([0, 0, 0.2]),
    failures: dice.pick([0, 0, 0, 0.15]),
    next: () => {
      const asked = Array.from({ length: 1 + dice.int(4) }, (): MicroOp => {
        const key = dice.pick(keys) ?? null;
        const value = dice.chance(0.5) ? unused.get(identity(key))?.pop() : undefined;
        return value === undefined ? ['r', key, null] : [write, key, value];
      });
      let answer: readonly MicroOp[] = asked;
      return {
        f: 'txn',
        value: asked,
        answer: () => answer,
        stages: [
          () => {
            const mine = new Map<string, Json[]>();
            answer = asked.map(([f, key, value]): MicroOp => {
              const name = identity(key);
              if (f !== 'r') {
                mine.set(name, [...(mine.get(name) ?? []), value]);
                return [f, key, written(value, dice)];
              }
              const all = versions.get(name) ?? [];
              let count = all.length;
              while (count > 0 && dice.chance(lag)) count--;
              const own = mine.get(name) ?? [];
              if (isList) return [f, key, [...all.slice(0, own.length > 0 ? all.length : count), ...own]];
              return [f, key, own.at(-1) ?? all[count - 1] ?? null];
            });
            for (const [name, values] of mine)
              versions.get(name)?.push(...(isList ? values : values.slice(-1)));
          },
        ],
      };
    },
  });
}

/**
 * For histories with unique writes the verdict must match the axioms. If values repeat, only invalid verdicts must be
 * right.
 */
const decided = (kind: Kind): Differential => {
  const write = kind === 'lists' ? 'append' : 'w';
  return {
    inEdn: () => (kind === 'lists' ? listTransaction : registerTransaction),
    leastRight: 0.15,
    leastWrong: 0.15,
    draw(dice) {
      const repeats = kind === 'registers' ? dice.pick([0, 0, 0, 0.2]) : 0;
      const [name, level] = dice.pick([...WEAK_LEVELS]) ?? [];
      return {
        ops:
          repeats === 0 && dice.chance(0.6)
            ? replicaHistory(dice, write)
            : transactionalHistory(dice, { write, repeats }),
        options: {
          'consistency-models': [name ?? ''],
          ...(level?.isInferred === true && { 'decide?': true }),
        },
      };
    },
    judge: (sample, result) => judgeLevel(kind, sample, result),
  };
};

function judgeLevel(kind: Kind, { ops, options }: Sample, result: CheckResult) {
  const name = String((options['consistency-models'] as readonly string[])[0]);
  const isRight = isWeaklyPossible(ops, kind, WEAK_LEVELS.get(name) as WeakLevel);
  const isFalse = result['valid?'] === false;
  const isMissed = !isRight && !isFalse && (kind === 'lists' || areWritesUnique(ops));
  return {
    isRight,
    disagreement:
      (isRight && isFalse) || isMissed
        ? `${name} is ${isRight ? 'possible' : 'impossible'}, but valid? is ${String(result['valid?'])}`
        : undefined,
  };
}

function areWritesUnique(ops: readonly HistoryOp[]): boolean {
  const seen = new Set<string>();
  return intervalsOf(ops).every(({ asked }) =>
    (asked as readonly MicroOp[]).every(([f, key, value]) => {
      if (f === 'r') return true;
      const name = `${identity(key)} ${identity(value)}`;
      const isNew = (value ?? null) !== null && !seen.has(name);
      seen.add(name);
      return isNew;
    }),
  );
}

export const DECIDED_LEVELS = {
  'list-append levels': decided('lists'),
  'rw-register levels': decided('registers'),
} as const;
