/** What lanes and the table of states show: one field of all nodes over an interval, and all fields at one moment. */
import { lowerBound, upperBound } from '../../columns/lower-bound.ts';
import type { Float64Column } from '../../columns/column.ts';
import { present } from '../../columns/present.ts';
import { NONE, type NodeStates, type StateColumns } from './state-columns.ts';
import type { StatesAt, StatesOverview, StateWindow } from '../views.ts';

const DESCRIBED_CHANGES = 300;
/** Maximum number of fields that can be selected and that a table shows. */
export const SHOWN_FIELDS = 100;
/** Maximum number of values that a window names. */
const NAMED_VALUES = 200;

export interface StateQuery {
  readonly from: number;
  readonly to: number;
  /** The field that determines the colours of lanes; if there is no such field, the first one reported is used. */
  readonly field: string;
  /** Number of equal parts of the time; in each of them only the last change counts. */
  readonly buckets: number;
}

/** Returns undefined if no node reported a state. */
export function statesOverview(columns: StateColumns): StatesOverview | undefined {
  if (columns.count === 0) return undefined;
  return {
    changes: columns.count,
    fields: columns.fields.slice(0, SHOWN_FIELDS).map(({ name }) => name),
    cut: [...columns.nodes].flatMap(([node, { cut }]) =>
      cut === undefined ? [] : [{ node, time: cut - columns.zeroNanos }],
    ),
  };
}

export function stateWindow(
  columns: StateColumns,
  nodes: readonly string[],
  { from, to, field, buckets }: StateQuery,
): StateWindow {
  const { zeroNanos } = columns;
  const number = columns.fieldNumber(field) ?? 0;
  const chosen = columns.fields[number];
  const stretch = { from: from + zeroNanos, to: to + zeroNanos, buckets };
  const known = nodes.flatMap((node) => {
    const states = columns.nodes.get(node);
    return states === undefined ? [] : [{ node, states, changes: rowsWithin(states.changes, stretch) }];
  });
  const all = known.reduce((sum, { states }) => sum + countWithin(states.changes, stretch), 0);
  const isDescribed = all <= Math.min(DESCRIBED_CHANGES, buckets);
  const used = new Set<number>();
  const lanes = known.map(({ node, states, changes }) => {
    const series = states.fields.get(number);
    const first = Math.max(0, series?.rowAt(stretch.from) ?? 0);
    const rows = series === undefined ? [] : [first, ...rowsWithin(series.times, stretch)];
    const shown = series === undefined || series.times.length === 0 ? [] : [...new Set(rows)];
    const values = shown.map((row) => series?.valueOf(row) ?? NONE);
    for (const value of values) if (value !== NONE) used.add(value);
    const times = changes.map((row) => states.changes.at(row));
    return {
      node,
      time: shown.map((row) => present(series).times.at(row) - zeroNanos),
      value: values,
      changes: times.map((time) => time - zeroNanos),
      ...(isDescribed ? { changeTexts: times.map((time) => changeText(columns, states, time)) } : {}),
    };
  });
  const named = [...used].toSorted((a, b) => a - b).slice(0, NAMED_VALUES);
  return {
    from,
    to,
    field: chosen?.name ?? '',
    values: named.map((value) => ({ number: value, text: chosen?.text(value) ?? '' })),
    lanes,
  };
}

export function statesAt(columns: StateColumns, nodes: readonly string[], nanos: number): StatesAt {
  const { zeroNanos } = columns;
  const time = nanos + zeroNanos;
  const fields = columns.fields.slice(0, SHOWN_FIELDS);
  let previous = -Infinity;
  let next = Infinity;
  const said = nodes.flatMap((node) => {
    const states = columns.nodes.get(node);
    if (states === undefined) return [];
    const { changes, cut } = states;
    const before = lowerBound(changes.values, time, changes.length) - 1;
    const after = upperBound(changes.values, time, changes.length);
    if (before >= 0) previous = Math.max(previous, changes.at(before));
    if (after < changes.length) next = Math.min(next, changes.at(after));
    const values = fields.map((_, number) => states.fields.get(number)?.valueAt(time) ?? NONE);
    const isSilent = values.every((value) => value === NONE);
    return [
      {
        node,
        values: values.map((value, number) => present(fields[number]).text(value)),
        since: values.map((value, number) => {
          const series = states.fields.get(number);
          return value === NONE || series === undefined
            ? null
            : series.times.at(series.rowAt(time)) - zeroNanos;
        }),
        is:
          cut !== undefined && time >= cut
            ? ('cut' as const)
            : !isSilent
              ? ('known' as const)
              : after > 0
                ? ('ended' as const)
                : ('silent' as const),
      },
    ];
  });
  return {
    nanos,
    fields: fields.map(({ name }) => name),
    nodes: said,
    ...(previous === -Infinity ? {} : { previous: previous - zeroNanos }),
    ...(next === Infinity ? {} : { next: next - zeroNanos }),
  };
}

function countWithin({ values, length }: Float64Column, { from, to }: Stretch): number {
  return upperBound(values, to, length) - lowerBound(values, from, length);
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Returns the rows within the interval: all, or the last one of each part. */
function rowsWithin(
  { values, length }: Float64Column,
  { from, to, buckets }: Stretch & { readonly buckets: number },
): number[] {
  const begin = lowerBound(values, from, length);
  const end = upperBound(values, to, length);
  if (end - begin <= buckets) return Array.from({ length: end - begin }, (_, at) => begin + at);
  const rows: number[] = [];
  let bucket = -1;
  for (let row = begin; row < end; row++) {
    const here = Math.floor(((present(values[row]) - from) / (to - from)) * buckets);
    if (here === bucket) rows.pop();
    bucket = here;
    rows.push(row);
  }
  return rows;
}

const LONGEST_TOLD = 60;

/** Returns `role: follower → candidate, term: 3 → 4`. */
function changeText({ fields }: StateColumns, states: NodeStates, time: number): string {
  if (states.cut === time) return 'says too much: nothing is kept from here on';
  const parts = [...states.fields].flatMap(([number, series]) => {
    const row = series.rowAt(time);
    if (row < 0 || series.times.at(row) !== time) return [];
    const field = present(fields[number]);
    const first = lowerBound(series.times.values, time, series.times.length);
    const [before, after] = [field.text(series.valueOf(first - 1)), field.text(series.valueOf(row))];
    if (before === after) return [];
    return [`${field.name}: ${short(before)} → ${short(after)}`];
  });
  return parts.join(', ');
}

const short = (text: string | null): string =>
  text === null ? 'none' : text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD)}…` : text;
