/**
 * Protocol errors of nodes in words: one paragraph for each kind, over all nodes and lines.
 *
 *     n1 to n5, 18 lines in all, such as:
 *     Line 3 of n1's stdout is not a message: ...
 */
import { groupedBy } from '../../columns/groups.ts';
import { withoutNote } from '../../checkers/bounded-result.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { inSeries } from '../../protocol/in-series.ts';
import type { ProtocolResult, ShownViolation } from '../records/protocol-record.ts';

/** Maximum number of sentences of one sort; the results have them all. */
const SHOWN = 3;

/** Returns the violations in order of first occurrence; empty if there are none. */
export function violationSentences({ violations = [] }: Partial<ProtocolResult>): readonly string[] {
  return paragraphs(violations, 'kind of protocol violation', 'kinds of protocol violations');
}

/**
 * Returns the warnings as one text: `2 kinds of protocol warnings:` and a paragraph for each kind; undefined if there
 * are none.
 */
export function warningsSentence({ warnings = [] }: Partial<ProtocolResult>): string | undefined {
  const kinds = byKind(warnings);
  if (kinds.length === 0) return undefined;
  const [first = '', ...others] = paragraphs(warnings, 'kind of warning', 'kinds of warnings');
  return [
    `${counted(kinds.length, 'kind of protocol warning', 'kinds of protocol warnings')}:`,
    first,
    ...others,
  ].join('\n');
}

function paragraphs(list: readonly ShownViolation[], one: string, many: string): readonly string[] {
  return firstOf(byKind(list).map(paragraph), one, many);
}

/** Returns the first few, and the number of further ones. */
export function firstOf(sentences: readonly string[], one: string, many: string): readonly string[] {
  const more = sentences.length - SHOWN;
  const first = sentences.slice(0, SHOWN);
  return more > 0 ? [...first, `... and ${more} more ${byCount(more, one, many)}; see the results.`] : first;
}

/** Groups the entries by kind, in order of first occurrence. */
const byKind = (list: readonly ShownViolation[]): readonly (readonly ShownViolation[])[] => [
  ...groupedBy(withoutNote(list), ({ kind }) => kind).values(),
];

function paragraph(entries: readonly ShownViolation[]): string {
  const [first] = entries;
  if (first === undefined) return '';
  const count = entries.reduce((sum, entry) => sum + entry.count, 0);
  const { message, sample, node, log } = first;
  const seen = sample === '' ? '' : `\n  Seen: ${sample}`;
  const where = log === undefined ? '' : `\n  ${node}'s log: ${log}`;
  if (entries.length === 1) {
    const often = count === 1 ? '' : `\n  ${count} times in all.`;
    return `${message}${seen}${often}${where}`;
  }
  const nodes = namesInWords(entries.map((entry) => entry.node));
  const unit = first.line === undefined ? 'times' : 'lines';
  return `${nodes}, ${count} ${unit} in all, such as:\n${message}${seen}${where}`;
}

/** Maximum number of names listed one by one. */
const LISTED = 5;

/** Returns `n1 to n5` if they are numbered without a gap, else `n1, n3 and n7`. */
export function namesInWords(names: readonly string[]): string {
  const sorted = names.toSorted((left, right) => numberOf(left) - numberOf(right));
  const [first = ''] = sorted;
  const stem = first.replace(/\d+$/, '');
  const isRange =
    sorted.length > 2 && sorted.every((name, index) => name === `${stem}${numberOf(first) + index}`);
  if (isRange) return `${first} to ${sorted.at(-1)}`;
  if (sorted.length > LISTED)
    return `${sorted.slice(0, LISTED).join(', ')} and ${sorted.length - LISTED} more`;
  return inSeries(sorted);
}

const numberOf = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
