/**
 * Transfers between accounts: every read shows all accounts, with the total there was at first. Jepsen's `bank`.
 *
 *     read -> {a: 60, b: 40}    transfer 10 from a to b    read -> {a: 50, b: 40}      wrong-total: 90
 *
 * Operations are `transfer`, which is not looked at, and `read`, whose value is a map of balances by account. Accounts and
 * total are those of the first read where they are not given.
 */
import { byCount } from '../protocol/count-text.ts';
import type { Op } from '../history/op.ts';
import {
  canonicalJson,
  elementsOf,
  entriesOf,
  isJsonInteger,
  stringifyJson,
  wordOf,
  type Json,
} from '../protocol/json.ts';
import { resultKeys } from './result-keys.ts';
import { malformedResult, type Checker, type CheckResult, type ResultValue } from './checker.ts';

export interface BankOptions {
  readonly 'negative-balances?'?: boolean | undefined;
  readonly 'total-amount'?: number | undefined;
  /** Names; an account that is a keyword goes by its name, one that is a number by its digits. */
  readonly accounts?: readonly string[] | undefined;
}

const KINDS = ['unexpected-key', 'nil-balance', 'wrong-total', 'negative-value'] as const;
type Kind = (typeof KINDS)[number];

interface BankError {
  readonly record: { readonly [key: string]: ResultValue };
  readonly index: number;
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

export class BankChecker implements Checker {
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
      this.malformed = `operation ${op.index} reads ${stringifyJson(op.value).slice(0, 120)}; expected a map of integers (or null) by account`;
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
      return this.#add('unexpected-key', op, { unexpected }, unexpected.length, 0n);
    }
    const nils = balances.filter(([, balance]) => balance === null).map(([account]) => account);
    if (nils.length > 0) {
      const map = resultKeys(nils.map((account) => [account, null]));
      return this.#add('nil-balance', op, { nils: map }, nils.length, 0n);
    }
    const total = sumOf(balances);
    if (total !== wanted) {
      const off = total > wanted ? total - wanted : wanted - total;
      return this.#add('wrong-total', op, { total: narrow(total) }, Number(off), total);
    }
    const negative = balances.flatMap(([, balance]) => (balance !== null && balance < 0n ? [balance] : []));
    if (this.#negativeBalances || negative.length === 0) return;
    const sum = negative.reduce((left, right) => left + right, 0n);
    this.#add('negative-value', op, { negative: negative.map(narrow) }, -Number(sum), 0n);
  }

  #add(kind: Kind, op: Op, details: Record<string, ResultValue>, badness: number, total: bigint): void {
    const error = { record: { type: kind, ...details, op }, index: op.index, badness, total };
    const known = this.#errors.get(kind);
    if (known === undefined) {
      this.#errors.set(kind, {
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

  /** `{valid?, read-count, error-count, first-error, errors}`, errors by kind: how many, the first, the worst, the last. */
  result(): CheckResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    if (this.#reads === 0) return { 'valid?': 'unknown', error: 'No read of the accounts succeeded.' };
    const kinds = [...this.#errors];
    const first = kinds.map(([, { first: error }]) => error).toSorted((a, b) => a.index - b.index)[0];
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

/** Undefined where it is no map; a list of pairs is one, too: so JSON writes a map whose keys are no strings. */
function balancesOf(value: Json): Balances | undefined {
  const pairs = entriesOf(value) ?? pairsOf(value);
  if (pairs === undefined) return undefined;
  const balances = pairs.map(([account, balance]): readonly [Json, bigint | null | undefined] => [
    account,
    balance === null ? null : isJsonInteger(balance) ? BigInt(balance) : undefined,
  ]);
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

const nameOf = (account: Json): string => wordOf(account) ?? canonicalJson(account);

const sumOf = (balances: Balances): bigint =>
  balances.reduce((sum, [, balance]) => sum + (balance ?? 0n), 0n);

function narrow(value: bigint): Json {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** What is wrong with the accounts; undefined when nothing is. */
export function explainBank(result: CheckResult): string | undefined {
  if (result['valid?'] === 'unknown') return result['error'] as string; // the only reason there is
  if (result['valid?']) return undefined;
  // As made above.
  const first = result['first-error'] as { readonly type: Kind; readonly op: Op } & Record<string, Json>;
  const what = {
    'unexpected-key': () =>
      `shows the accounts ${stringifyJson(first['unexpected'] ?? [])}, which do not exist`,
    'nil-balance': () => `shows no balance for ${Object.keys(first['nils'] ?? {}).join(', ')}`,
    'wrong-total': () =>
      `adds up to ${stringifyJson(first['total'] ?? null)}, which is not the total there was`,
    'negative-value': () =>
      `shows negative balances (${stringifyJson(first['negative'] ?? [])}); --allow-negative-balances allows them`,
  }[first.type]();
  const more = Number(result['error-count']) - 1;
  const others = more === 0 ? '' : ` ${more} more ${byCount(more, 'read is', 'reads are')} wrong.`;
  return `${first.type}: the read that is operation ${first.op.index} (process ${first.op.process}) ${what}.${others}`;
}
