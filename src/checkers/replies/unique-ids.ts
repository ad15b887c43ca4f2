/**
 * No id is given out twice. Ids may be any JSON; digits of large integers and types are significant.
 *
 * Ids that are safe integers are kept in an open-addressing table of doubles (a Set would box each beyond 2^31:
 * bench/checkers-simple.ts), all others in a Set.
 */
import { byCount, counted } from '../../protocol/count-text.ts';
import type { Op } from '../../history/op.ts';
import { compareJson, stringifyJson, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { resultOver, type Checker } from '../checker.ts';
import type { Evidence } from '../evidence.ts';
import { IntegerSet } from '../sets/integer-set.ts';
import { resultKeys } from '../result-keys.ts';
import { valueKey, type ValueKey } from '../../columns/value-key.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** Maximum number of duplicates shown, as in upstream. */
const DUPLICATES_SHOWN = 48;

export type UniqueIdsResult = {
  readonly 'valid?': boolean;
  readonly 'attempted-count': number;
  readonly 'acknowledged-count': number;
  readonly 'duplicated-count': number;
  /** How many times each was given out, for the most frequent ones. */
  readonly duplicated: Readonly<Record<string, number>>;
  readonly range: readonly [least: Json, greatest: Json];
};

export const UNIQUE_IDS_MEANINGS = {
  'attempted-count': 'number of ids that clients requested',
  'acknowledged-count': 'number of ids that they received',
  'duplicated-count': 'number of ids that were returned more than once',
  duplicated: 'how often each of these was returned; only the most frequent ones',
  range: 'the smallest and the largest id',
} as const satisfies Meanings<UniqueIdsResult>;

export class UniqueIdsChecker implements Checker<UniqueIdsResult> {
  private attempted = 0;
  private acknowledged = 0;
  private readonly integers = new IntegerSet();
  private readonly others = new Set<ValueKey>();
  /** Only ids seen at least twice. */
  private readonly duplicates = new Map<ValueKey, { readonly id: Json; times: number }>();
  private range: { least: Json; greatest: Json } | undefined;

  observe(op: Op): void {
    if (op.f !== 'generate' || op.process === 'nemesis') return;
    if (op.type === 'invoke') this.attempted += 1;
    else if (op.type === 'ok') this.take(op.value);
  }

  private take(id: Json): void {
    this.acknowledged += 1;
    this.widenRange(id);
    const key = valueKey(id);
    if (this.isNew(key)) return;
    const duplicate = this.duplicates.get(key);
    if (duplicate === undefined) this.duplicates.set(key, { id, times: 2 });
    else duplicate.times += 1;
  }

  private isNew(key: ValueKey): boolean {
    // A numeric key is a safe integer.
    if (typeof key === 'number') return this.integers.add(key);
    const before = this.others.size;
    return this.others.add(key).size > before;
  }

  private widenRange(id: Json): void {
    const { range } = this;
    if (range === undefined) this.range = { least: id, greatest: id };
    else if (isLess(id, range.least)) range.least = id;
    else if (isLess(range.greatest, id)) range.greatest = id;
  }

  result(): UniqueIdsResult {
    const shown = [...this.duplicates.values()]
      .toSorted((a, b) => b.times - a.times)
      .slice(0, DUPLICATES_SHOWN)
      .toSorted((a, b) => compareJson(a.id, b.id));
    return {
      'valid?': this.duplicates.size === 0,
      'attempted-count': this.attempted,
      'acknowledged-count': this.acknowledged,
      'duplicated-count': this.duplicates.size,
      duplicated: resultKeys(shown.map(({ id, times }) => [id, times])),
      range: [this.range?.least ?? null, this.range?.greatest ?? null],
    };
  }
}

const isLess = (left: Json, right: Json): boolean =>
  typeof left === 'number' && typeof right === 'number' ? left < right : compareJson(left, right) < 0;

/** Checks a whole history. */
export function checkUniqueIds(ops: Iterable<Op>): UniqueIdsResult {
  return resultOver(new UniqueIdsChecker(), ops);
}

/** Maximum number of ids shown with their operations. */
const IDS_SHOWN = 4;

export const uniqueIdsEvidence = ({ duplicated, ...result }: UniqueIdsResult): Evidence => ({
  kind: 'ids',
  ids: Object.keys(duplicated).slice(0, IDS_SHOWN),
  total: result['duplicated-count'],
});

/** Returns the names that a result may have for an id. */
export const namesOfId = (id: Json): readonly string[] =>
  typeof id === 'string' ? [stringifyJson(id), id] : [stringifyJson(id)];

/** Explains a failed result; undefined if it is valid. */
export function explainUniqueIds(result: UniqueIdsResult): string | undefined {
  if (result['valid?']) return undefined;
  const count = result['duplicated-count'];
  const examples = Object.entries(result.duplicated)
    .slice(0, 3)
    .map(([id, times]) => `${shownText(id, 60)} (${times} times)`);
  const which = count > examples.length ? `, such as ${examples.join(', ')}` : `: ${examples.join(', ')}`;
  const given = byCount(count, 'One id was', `${count} ids were`);
  const ids = Object.keys(result.duplicated);
  const why = ids.every(isRounded) ? ` ${ROUNDED}` : ids.every(isShortened) ? ` ${SHORTENED}` : '';
  return `${given} given out more than once${which}, among ${result['acknowledged-count']} in all.${why}`;
}

const ROUNDED =
  'They are numbers beyond 2^53, which JavaScript and many JSON libraries round: two numbers become one before they are sent. Send such ids as text.';

const SHORTENED =
  'They are large numbers printed as floats, with the first digits only (14 in Lua, 6 in awk, 15 in R): different numbers become one. Print all digits, as %d does, or join smaller parts to a text.';

/** Whether it is a float whose exponent is larger than its digits after the point: some digits were not printed. */
function isShortened(id: string): boolean {
  const [, digits = '', exponent = ''] = /^-?\d(?:\.(\d+))?[eE]\+?(\d+)$/.exec(id) ?? [];
  return exponent !== '' && Number(exponent) > digits.length;
}

/** Whether it is the form that JavaScript gives to a number it cannot hold exactly. */
const isRounded = (id: string): boolean =>
  /^-?\d+$/.test(id) && !Number.isSafeInteger(Number(id)) && String(Number(id)) === id;

export const uniqueIdsFigure = (result: UniqueIdsResult): string => {
  const { 'acknowledged-count': all, 'duplicated-count': repeated } = result;
  return repeated === 0 ? counted(all, 'id') : `${repeated} of ${counted(all, 'id')} given out again`;
};
