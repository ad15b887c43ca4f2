/** The order of a table's rows, chosen by its headings. */
import { useState } from 'preact/hooks';

export interface Order {
  readonly column: string;
  readonly isDescending: boolean;
}

/** What each sortable column sorts by; undefined for a row without a value, which comes last. */
export type SortValues<T> = Readonly<Record<string, (row: T) => string | number | undefined>>;

export interface Sorting<T> {
  readonly order: Order | undefined;
  readonly values: SortValues<T>;
  /** Called with the name of a column whose heading was activated. */
  readonly sort: (column: string) => void;
  readonly choose: (order: Order | undefined) => void;
}

/** The order starts as the rows come. */
export function useSorting<T>(values: SortValues<T>): Sorting<T> {
  const [order, setOrder] = useState<Order | undefined>(undefined);
  return { order, values, sort: (column) => setOrder(nextOrder(order, column)), choose: setOrder };
}

/** A heading sorts up, then down, then not at all. */
export function nextOrder(order: Order | undefined, column: string): Order | undefined {
  if (order?.column !== column) return { column, isDescending: false };
  return order.isDescending ? undefined : { column, isDescending: true };
}

/** Rows of equal value stay as they come. */
export function inOrder<T>(
  rows: readonly T[],
  { order, values }: Pick<Sorting<T>, 'order' | 'values'>,
): readonly T[] {
  if (order === undefined) return rows;
  const valueOf = values[order.column];
  if (valueOf === undefined) return rows;
  const sign = order.isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueOf(row) }))
    .toSorted((a, b) => {
      if (a.value === undefined || b.value === undefined)
        return Number(a.value === undefined) - Number(b.value === undefined);
      return sign * compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

const COLLATOR = new Intl.Collator('en', { numeric: true });

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : COLLATOR.compare(String(a), String(b));
