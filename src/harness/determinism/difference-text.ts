/** Formats a difference between two runs side by side for a terminal. */
import { textTable } from '../../protocol/text-table.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import type { Difference, Entry } from './first-difference.ts';

/** Maximum number of characters shown of a value, and how many of them precede the difference. */
const SHOWN = 60;
const BEFORE = 20;

const PLACES: Readonly<Record<Difference['kind'], (at: number) => string>> = {
  event: (at) => `event ${at} of the journal`,
  operation: (at) => `entry ${at} of the history`,
  results: (at) => `line ${at + 1} of results.json`,
};

/** Returns several lines; those of fields that differ begin with a `*`. */
export function differenceText({ kind, at, timeNanos, entries }: Difference): string {
  const when = timeNanos === undefined ? '' : `, at ${seconds(timeNanos)} s`;
  const rows = [
    ['', '', 'first run', 'second run'],
    ...fieldsOf(entries).map((field) => rowOf(field, entries)),
  ];
  return [
    `The first difference is in ${PLACES[kind](at)}${when}:`,
    ...textTable(rows).map((line) => `  ${line}`),
  ].join('\n');
}

const seconds = (nanos: number): string => (nanos / NANOS_PER_SECOND).toFixed(6);

/** Returns the fields of either entry; one that only one run has is shown against an empty value. */
const fieldsOf = (entries: readonly Entry[]): readonly string[] => [
  ...new Set(entries.flatMap((entry) => [...(entry?.keys() ?? [])])),
];

function rowOf(field: string, [one, other]: readonly [Entry, Entry]): readonly string[] {
  const [left, right] = [valueOf(one, field), valueOf(other, field)];
  const from = left === right ? 0 : Math.max(0, firstUnequal(left, right) - BEFORE);
  return [left === right ? ' ' : '*', field, excerpt(left, from), excerpt(right, from)];
}

const valueOf = (entry: Entry, field: string): string =>
  entry === undefined ? '(nothing more)' : (entry.get(field) ?? '(none)');

function firstUnequal(left: string, right: string): number {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  return at;
}

function excerpt(text: string, from: number): string {
  const start = text.length <= SHOWN ? 0 : from;
  const end = start + SHOWN;
  const cut = shownText(text.slice(start, end), SHOWN);
  return `${start > 0 ? '...' : ''}${cut}${end < text.length ? '...' : ''}`;
}
