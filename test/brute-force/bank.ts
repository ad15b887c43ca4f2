/**
 * Transfers between accounts: histories of banks that read all accounts at once or one by one, and the definition of
 * `bank`.
 */
import type { HistoryOp } from '../../src/checkers/check.ts';
import type { Json } from '../../src/protocol/json.ts';
import type { Dice } from './dice.ts';
import type { ValueInEdn } from './edn-histories.ts';
import { intervalsOf } from './intervals.ts';
import { identity, ODD_INTEGERS, ODD_VALUES, oddValues } from './odd-values.ts';
import { corrupted, record, type Planned } from './recorded.ts';
import { integerRead, type Expected } from './sets-and-counters.ts';

export interface BankRules {
  readonly 'negative-balances?'?: boolean;
  readonly 'total-amount'?: number;
  readonly accounts?: readonly string[];
}

type Balances = readonly (readonly [account: Json, balance: Json])[];

const NAMES = ['a', 'b', '0', '1', '', '500', '-1', '[1]', 'null', '__proto__', 'constructor', ':a', '"a"'];
const AMOUNTS = ODD_INTEGERS.map(BigInt);
const integer = (exact: bigint): number | bigint =>
  Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;

export function bankSample(dice: Dice): { ops: readonly HistoryOp[]; options: BankRules } {
  // Accounts of an object have names; those in a list of pairs are any values.
  const isObject = dice.chance(0.6);
  const count = 1 + dice.int(3);
  const accounts: readonly Json[] = isObject
    ? dice.some<Json>(NAMES, count)
    : dice.chance(0.3)
      ? [0, 1, 2].slice(0, count)
      : oddValues(dice, count);
  const balances = new Map(accounts.map((account) => [account, dice.pick(AMOUNTS) ?? 0n]));
  const total = [...balances.values()].reduce((sum, balance) => sum + balance, 0n);
  const ops = record(dice, {
    operations: 2 + dice.int(6),
    processes: 1 + dice.int(3),
    crashes: dice.pick([0, 0, 0.2]),
    failures: dice.pick([0, 0, 0.1]),
    next: () =>
      dice.chance(0.5)
        ? transfer(dice, balances)
        : readOf(dice, balances, { isObject, atOnce: dice.chance(0.8) }),
  });
  const options: BankRules = {
    ...(dice.chance(0.3) && { 'negative-balances?': dice.chance(0.7) }),
    ...(dice.chance(0.2) && Number.isSafeInteger(Number(total)) && { 'total-amount': Number(total) }),
    ...(isObject && dice.chance(0.2) && { accounts: accounts as readonly string[] }), // chosen from NAMES
  };
  const isRead = ({ f }: HistoryOp): boolean => f === 'read';
  return {
    ops: dice.chance(0.3) ? corrupted(ops, dice, isRead, (value) => spoilt(value, dice)) : ops,
    options,
  };
}

function transfer(dice: Dice, balances: Map<Json, bigint>): Planned {
  const [from = null, to = from] = dice.some([...balances.keys()], 2);
  const amount = dice.pick([1n, 3n, 500n, 2n ** 60n]);
  const add = (account: Json, more: bigint): void =>
    void balances.set(account, (balances.get(account) ?? 0n) + more);
  const isAllowed = dice.chance(0.2);
  return {
    f: 'transfer',
    value: { from, to, amount: integer(amount) },
    stages: [
      () => {
        if (!isAllowed && (balances.get(from) ?? 0n) < amount) return 'fail';
        add(from, -amount);
        return add(to, amount);
      },
    ],
  };
}

function readOf(
  dice: Dice,
  balances: ReadonlyMap<Json, bigint>,
  { isObject, atOnce }: { readonly isObject: boolean; readonly atOnce: boolean },
): Planned {
  const shown: (readonly [Json, Json])[] = [];
  const look = (account: Json): void => void shown.push([account, integer(balances.get(account) ?? 0n)]);
  const order = dice.some([...balances.keys()], balances.size);
  return {
    f: 'read',
    value: null,
    stages: atOnce ? [() => order.forEach(look)] : order.map((account) => () => look(account)),
    answer: () => asMap(shown, isObject),
  };
}

/** Returns balances as an object, whose accounts must be strings, or as a list of pairs. */
const asMap = (balances: Balances, isObject: boolean): Json =>
  isObject
    ? Object.fromEntries(balances.map(([account, balance]) => [account as string, balance]))
    : balances.every(([account], at) => account === at)
      ? balances.map(([, balance]) => balance)
      : balances;

function spoilt(value: Json, dice: Dice): Json {
  if (dice.chance(0.05)) return dice.pick([null, 5, 'a', [1], [[1, 2, 3]]]) ?? null;
  const isObject = !Array.isArray(value);
  const balances = balancesOf(value) ?? [];
  const at = dice.int(balances.length);
  const [account = '', balance = 0] = balances[at] ?? [];
  const other = dice.pick<Json>([
    null,
    0,
    integer(BigInt(balance as number | bigint) + 1n),
    integer(-BigInt(balance as number | bigint)), // `record` shows integers
    dice.chance(0.1) ? (dice.pick(ODD_VALUES) ?? 0) : 7,
  ]);
  if (dice.chance(0.7)) return asMap(balances.with(at, [account, other]), isObject);
  if (dice.chance(0.5)) return asMap(balances.toSpliced(at, 1), isObject);
  const added = isObject ? (dice.pick(NAMES) ?? 'b') : (dice.pick(ODD_VALUES) ?? 0);
  const isThere = balances.some(([known]) => identity(known) === identity(added));
  return isThere ? value : asMap([...balances, [added, dice.pick<Json>([0, 0, 1, null])]], isObject);
}

/** Returns undefined for a value that is not a map. A list of pairs counts as one, and one of balances of numbered accounts. */
function balancesOf(value: Json): Balances | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return Object.entries(value as { readonly [key: string]: Json });
  const isPaired = value.every((pair) => Array.isArray(pair) && pair.length === 2);
  return isPaired ? (value as Balances) : value.map((balance: Json, account) => [account, balance]);
}

const isAmount = (value: Json): boolean => integerRead(value) !== undefined;

/** Whether every read shows only existing accounts, each with a balance, with the right total, and none below 0. */
export function isMoneyKept(ops: readonly HistoryOp[], rules: BankRules): Expected {
  const reads = intervalsOf(ops)
    .filter(({ f, outcome }) => f === 'read' && outcome === 'ok')
    .toSorted((one, other) => one.returned - other.returned)
    .map(({ answered }) => balancesOf(answered));
  if (reads.some((read) => read?.every(([, balance]) => balance === null || isAmount(balance)) !== true))
    return 'unknown';
  const [first] = reads;
  if (first === undefined) return 'unknown';
  const sum = (read: Balances): bigint =>
    read.reduce((total, [, balance]) => total + (integerRead(balance) ?? 0n), 0n);
  const wanted = rules['total-amount'] === undefined ? sum(first) : BigInt(rules['total-amount']);
  const accounts = (rules.accounts ?? first.map(([account]) => account)).map(identity);
  return reads.every(
    (read = []) =>
      sum(read) === wanted &&
      read.every(
        ([account, balance]) =>
          // The options name numbered accounts as well.
          (accounts.includes(identity(account)) ||
            (typeof account === 'number' &&
              rules.accounts !== undefined &&
              accounts.includes(identity(String(account))))) &&
          isAmount(balance) &&
          (rules['negative-balances?'] === true || (integerRead(balance) ?? 0n) >= 0n),
      ),
  );
}

/** Writes balances as integers. Accounts named in the options keep their names. */
export const bankValue =
  (keepsNames: boolean): ValueInEdn =>
  ({ f, value = null }, name) => {
    if (f !== 'read') return 'nil';
    const balances = balancesOf(value);
    if (balances === undefined) return value === null ? 'nil' : ':no-map';
    const shown = (balance: Json): string =>
      balance === null ? 'nil' : String(integerRead(balance) ?? ':no-balance');
    const named = (account: Json): string =>
      account === null ? 'nil' : keepsNames ? JSON.stringify(account) : name(account);
    return `{${balances.map(([account, balance]) => `${named(account)} ${shown(balance)}`).join(', ')}}`;
  };
