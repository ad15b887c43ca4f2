/**
 * One process writes the parts of a key in order, and reads look at them in reverse order: a read that finds a later
 * part finds all earlier ones. Jepsen's `sequential` (CockroachDB, TiDB, Dgraph).
 *
 *     read -> [7, [7_2, 7_1, 7_0]]   all      [7, [null, 7_1, 7_0]]   some      [7, [7_2, null, 7_0]]   bad
 */
import { byCount } from '../../protocol/count-text.ts';
import type { Op } from '../../history/op.ts';
import { elementsOf, valueText, type Json } from '../../protocol/json.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';
import { malformedResult, type Checker, type OrNoVerdict } from '../checker.ts';

/** Maximum number of wrong reads kept. */
const KEPT = 256;

/** `some` counts every read that misses a part; `bad` has the values of wrong reads. */
export type SequentialResult = OrNoVerdict<{
  readonly 'valid?': boolean;
  readonly 'all-count': number;
  readonly 'some-count': number;
  readonly 'none-count': number;
  readonly 'bad-count': number;
  readonly bad: readonly Json[];
  readonly 'first-bad'?: Op;
}>;

export const SEQUENTIAL_MEANINGS = {
  'all-count': 'number of reads that show all parts',
  'some-count': 'number of reads that miss a part',
  'none-count': 'number of reads that show no part',
  'bad-count': 'number of wrong reads: one that shows a part, but not an earlier one',
  bad: 'the values of the wrong reads',
  'first-bad': 'the first wrong read',
} as const satisfies Meanings<SequentialResult>;

export class SequentialChecker implements Checker<SequentialResult> {
  readonly #bad: Op[] = [];
  readonly #counts = { all: 0, some: 0, none: 0, bad: 0 };
  malformed: string | undefined;

  observe(op: Op): void {
    if (op.process === 'nemesis' || op.f !== 'read' || op.type !== 'ok' || this.malformed !== undefined)
      return;
    const pair = elementsOf(op.value);
    const parts = pair?.length === 2 ? elementsOf(pair[1]) : undefined;
    if (parts === undefined) {
      this.malformed = `operation ${op.index} reads ${valueText(op.value).slice(0, 120)}; expected a key and a list of its parts, the latest first`;
      return;
    }
    const counts = this.#counts;
    const first = parts.findIndex((part) => part !== null);
    const isBad = first >= 0 && parts.includes(null, first);
    if (first < 0) counts.none++;
    if (parts.includes(null)) counts.some++;
    else if (parts.length > 0) counts.all++;
    if (isBad && counts.bad++ < KEPT) this.#bad.push(op);
  }

  result(): SequentialResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    const { all, some, none, bad } = this.#counts;
    if (all + some + none === 0) return { 'valid?': 'unknown', error: 'No read succeeded.' };
    const [first] = this.#bad;
    return {
      'valid?': bad === 0,
      'all-count': all,
      'some-count': some,
      'none-count': none,
      'bad-count': bad,
      bad: this.#bad.map(({ value }) => value),
      ...(first === undefined ? {} : { 'first-bad': first }),
    };
  }
}

/** Explains the first read that finds a later part but not an earlier one. */
export function explainSequential({ 'first-bad': op, ...result }: SequentialResult): string | undefined {
  if (op === undefined) return undefined;
  const [key = null, parts = null] = elementsOf(op.value) ?? [];
  const more = (result['bad-count'] ?? 1) - 1;
  return (
    `The read that is operation ${op.index} (process ${op.process}) of key ${valueText(key)} shows ${valueText(parts).slice(0, 200)}: ` +
    `a part that was written later, and not one that was written earlier by the same process.` +
    (more === 0 ? '' : ` ${more} more ${byCount(more, 'read does', 'reads do')} so.`)
  );
}
