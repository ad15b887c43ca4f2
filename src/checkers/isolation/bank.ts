/**
 * Transfers between accounts: every read shows all accounts, with the initial total. Jepsen's `bank`.
 *
 *     read -> {a: 60, b: 40}    transfer 10 from a to b    read -> {a: 50, b: 40}      wrong-total: 90
 *
 * Operations are `transfer`, which is ignored, and `read`, whose value is a map of balances by account. Accounts and
 * total default to those of the first read.
 */
import { byCount } from '../../protocol/count-text.ts';
import type { Op } from '../../history/op.ts';
import {
  canonicalJson,
  elementsOf,
  entriesOf,
  jsonInteger,
  valueText,
  wholeNumberOf,
  wordOf,
  type Json,
} from '../../protocol/json.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { resultKeys, valueOfKey } from '../result-keys.ts';
import { malformedResult, type Checker, type OrNoVerdict } from '../checker.ts';

export interface BankOptions {
  readonly 'negative-balances?'?: boolean | undefined;
  readonly 'total-amount'?: number | undefined;
  /** Names; a keyword account is given by its name, a numeric one by its digits. */
  readonly accounts?: readonly string[] | undefined;
}

/** What is wrong with one read. */
export type BankProblem = { readonly op: Op } & (
  | { readonly type: 'unexpected-key'; readonly unexpected: readonly Json[] }
  /** By account. */
  | { readonly type: 'nil-balance'; readonly nils: Readonly<Record<string, null>> }
  | { readonly type: 'wrong-total'; readonly total: Json }
  | { readonly type: 'negative-value'; readonly negative: readonly Json[] }
);

type Kind = BankProblem['type'];

export type BankResult = OrNoVerdict<{
  readonly 'valid?': boolean;
  readonly 'read-count': number;
  readonly 'error-count': number;
  readonly 'first-error': BankProblem | null;
  readonly errors: { readonly [Type in Kind]?: ProblemsOfKind };
}>;

type ProblemsOfKind = {
  readonly count: number;
  readonly first: BankProblem;
  readonly worst: BankProblem;
  readonly last: BankProblem;
  /** Only for wrong totals. */
  readonly lowest?: BankProblem;
  readonly highest?: BankProblem;
};

export const BANK_MEANINGS = {
  'read-count': 'number of reads',
  'error-count': 'number of wrong reads',
  'first-error': 'the first wrong read; null if there is none',
  errors: 'the wrong reads by kind, with the first, the worst and the last of each',
} as const satisfies Meanings<BankResult>;

export const BANK_KIND_MEANINGS = {
  count: 'number of such reads',
  first: 'the first of them',
  worst: 'the one that is most wrong',
  last: 'the last of them',
  lowest: 'the one with the lowest total',
  highest: 'the one with the highest total',
} as const satisfies Meanings<ProblemsOfKind>;

export const BANK_PROBLEM_MEANINGS = {
  type: 'what is wrong with the read',
  op: 'the read',
  unexpected: 'accounts that do not exist',
  nils: 'accounts without a balance',
  total: 'the sum of all balances',
  negative: 'balances below 0',
} as const satisfies Meanings<BankProblem>;

interface BankError {
  readonly record: BankProblem;
  readonly badness: number;
  readonly total: bigint;
}

interface ErrorSummary {
  count: number;
  readonly first: BankError;
  last: BankError;
  worst: BankError;
  lowest: BankError;
  highest: BankError;
}

export class BankChecker implements Checker<BankResult> {
  readonly #negativeBalances: boolean;
  #total: bigint | undefined;
  #isAccount: ((account: Json) => boolean) | undefined;
  #reads = 0;
  readonly #errors = new Map<Kind, ErrorSummary>();
  malformed: string | undefined;

  constructor(options: BankOptions = {}) {
    this.#negativeBalances = options['negative-balances?'] === true;
    const total = options['total-amount'];
    this.#total = total === undefined ? undefined : BigInt(total);
    const names = options.accounts === undefined ? undefined : new Set(options.accounts);
    if (names !== undefined) this.#isAccount = (account) => names.has(nameOf(account));
  }

  observe(op: Op): void {
    if (op.process === 'nemesis' || op.f !== 'read' || op.type !== 'ok' || this.malformed !== undefined)
      return;
    const balances = balancesOf(op.value);
    if (balances === undefined) {
      this.malformed = `operation ${op.index} reads ${valueText(op.value).slice(0, 120)}; expected a map of integers (or null) by account, or a list of them`;
      return;
    }
    this.#reads++;
    this.#isAccount ??= amongThoseOf(balances);
    this.#total ??= sumOf(balances);
    this.#judge(op, balances, this.#isAccount, this.#total);
  }

  #judge(op: Op, balances: Balances, isAccount: (account: Json) => boolean, wanted: bigint): void {
    const unexpected = balances.map(([account]) => account).filter((account) => !isAccount(account));
    if (unexpected.length > 0) {
      return this.#add({ type: 'unexpected-key', unexpected, op }, unexpected.length, 0n);
    }
    const nils = balances.filter(([, balance]) => balance === null).map(([account]) => account);
    if (nils.length > 0) {
      const map = resultKeys(nils.map((account) => [account, null]));
      return this.#add({ type: 'nil-balance', nils: map, op }, nils.length, 0n);
    }
    const total = sumOf(balances);
    if (total !== wanted) {
      const off = total > wanted ? total - wanted : wanted - total;
      return this.#add({ type: 'wrong-total', total: jsonInteger(total), op }, Number(off), total);
    }
    const negative = balances.flatMap(([, balance]) => (balance !== null && balance < 0n ? [balance] : []));
    if (this.#negativeBalances || negative.length === 0) return;
    const sum = negative.reduce((left, right) => left + right, 0n);
    this.#add({ type: 'negative-value', negative: negative.map(jsonInteger), op }, -Number(sum), 0n);
  }

  #add(record: BankProblem, badness: number, total: bigint): void {
    const error = { record, badness, total };
    const known = this.#errors.get(record.type);
    if (known === undefined) {
      this.#errors.set(record.type, {
        count: 1,
        first: error,
        last: error,
        worst: error,
        lowest: error,
        highest: error,
      });
      return;
    }
    known.count++;
    known.last = error;
    if (badness >= known.worst.badness) known.worst = error;
    if (total < known.lowest.total) known.lowest = error;
    if (total >= known.highest.total) known.highest = error;
  }

  result(): BankResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    if (this.#reads === 0) return { 'valid?': 'unknown', error: 'No read of the accounts succeeded.' };
    const kinds = [...this.#errors];
    const first = kinds
      .map(([, { first: error }]) => error)
      .toSorted((a, b) => a.record.op.index - b.record.op.index)[0];
    return {
      'valid?': kinds.length === 0,
      'read-count': this.#reads,
      'error-count': kinds.reduce((sum, [, { count }]) => sum + count, 0),
      'first-error': first?.record ?? null,
      errors: Object.fromEntries(
        kinds.map(([kind, { count, first: earliest, worst, last, lowest, highest }]) => [
          kind,
          {
            count,
            first: earliest.record,
            worst: worst.record,
            last: last.record,
            ...(kind === 'wrong-total' ? { lowest: lowest.record, highest: highest.record } : {}),
          },
        ]),
      ),
    };
  }
}

type Balances = readonly (readonly [account: Json, balance: bigint | null])[];

function amongThoseOf(balances: Balances): (account: Json) => boolean {
  const known = new Set(balances.map(([account]) => canonicalJson(account)));
  return (account) => known.has(canonicalJson(account));
}

/**
 * Returns undefined if the value is not a map. A list of pairs counts as one, since JSON writes maps with non-string
 * keys that way, and a list of balances as one by the numbers of the accounts, as older tests of Jepsen write it.
 */
function balancesOf(value: Json): Balances | undefined {
  const pairs = entriesOf(value) ?? pairsOf(value) ?? numbered(value);
  if (pairs === undefined) return undefined;
  const balances = pairs.map(([account, balance]): readonly [Json, bigint | null | undefined] => {
    const amount = wholeNumberOf(balance);
    return [account, balance === null ? null : amount === undefined ? undefined : BigInt(amount)];
  });
  return balances.every((pair): pair is readonly [Json, bigint | null] => pair[1] !== undefined)
    ? balances
    : undefined;
}

function pairsOf(value: Json): readonly (readonly [Json, Json])[] | undefined {
  const items = elementsOf(value);
  const pairs = (items ?? []).flatMap((item): (readonly [Json, Json])[] => {
    const [account, balance, ...more] = elementsOf(item) ?? [];
    return account !== undefined && balance !== undefined && more.length === 0 ? [[account, balance]] : [];
  });
  return pairs.length === items?.length ? pairs : undefined;
}

const numbered = (value: Json): readonly (readonly [Json, Json])[] | undefined =>
  elementsOf(value)?.map((balance, account) => [account, balance]);

const nameOf = (account: Json): string => wordOf(account) ?? canonicalJson(account);

const sumOf = (balances: Balances): bigint =>
  balances.reduce((sum, [, balance]) => sum + (balance ?? 0n), 0n);

/** Explains what is wrong with the accounts; undefined if nothing is. */
export function explainBank(result: BankResult): string | undefined {
  if (result.error !== undefined) return result.error;
  const { 'first-error': first } = result;
  if (first === null) return undefined;
  const more = result['error-count'] - 1;
  const others = more === 0 ? '' : ` ${more} more ${byCount(more, 'read is', 'reads are')} wrong.`;
  return `${first.type}: the read that is operation ${first.op.index} (process ${first.op.process}) ${inWords(first)}.${others}`;
}

/** Accounts as in the other sentences, so that a name without letters can be seen: `"a"`. */
const accountsOf = (nils: object): string =>
  Object.keys(nils)
    .map((name) => valueText(valueOfKey(nils, name)))
    .join(', ');

function inWords(problem: BankProblem): string {
  switch (problem.type) {
    case 'unexpected-key':
      return `shows ${accounts(problem.unexpected)} not exist`;
    case 'nil-balance':
      return `shows no balance for ${shownText(accountsOf(problem.nils), 300)}`;
    case 'wrong-total':
      return `adds up to ${valueText(problem.total)}, which is not the total of all accounts`;
    case 'negative-value':
      return (
        `shows ${byCount(problem.negative.length, 'a negative balance', 'negative balances')} ` +
        `(${listed(problem.negative)}); --allow-negative-balances allows them`
      );
  }
}

const listed = (values: readonly Json[]): string =>
  shownText(values.map((value) => shownText(valueText(value), 60)).join(', '), 300);

const accounts = (names: readonly Json[]): string =>
  `${byCount(names.length, 'the account', 'the accounts')} ${listed(names)}, which ${byCount(names.length, 'does', 'do')}`;
