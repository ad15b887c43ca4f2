/**
 * The relevant part of a list-append history. A read shows the last element that its transaction did not append itself,
 * and thereby a complete version. The version order is that of the longest list; appends that were never read follow
 * those that were.
 */
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import {
  FIRST_ODD_READ,
  MOP,
  READ_EMPTY,
  READ_NULL,
  type ListAppendColumns,
} from '../elle/list-append/columns.ts';
import { observedCrashes } from '../elle/list-append/crashes.ts';
import { INITIAL_STATE } from '../elle/list-append/dependencies.ts';
import type { Meter } from '../budget/meter.ts';
import { Edges, INITIAL, type VisibleHistory } from './visible-history.ts';
import { VisibleRows } from './visible-rows.ts';

const NONE = -1;

export function visibleLists(columns: ListAppendColumns, meter: Meter): VisibleHistory {
  const { log, keys, mopKeys, mopArgs, mopFlags, elementMops } = columns;
  const visible = new VisibleRows(columns, observedCrashes(columns, meter));
  const order = new ElementOrder(columns, visible.counts);
  /** Indexed by read: the element that it shows, or -1. */
  const readElements = new Int32Column();
  const writtenBy = new Int32Array(keys.length).fill(NONE);
  /** Indexed by key: the current transaction's last append to it. */
  const lastAppended = new Int32Array(keys.length);
  const before = new Edges();
  visible.collect(meter, (transaction, row, isOk) => {
    const key = present(mopKeys.values[row]);
    const element = present(mopArgs.values[row]);
    if ((present(mopFlags.values[row]) & MOP.append) !== 0) {
      if (writtenBy[key] !== transaction) visible.writeKeys.push(key);
      writtenBy[key] = transaction;
      lastAppended[key] = element;
      const earlier = order.writerBefore(element, key, transaction);
      if (earlier !== NONE) before.add(earlier, transaction, key);
    } else if (isOk) {
      const own = writtenBy[key] === transaction ? present(lastAppended[key]) : NONE;
      if (own !== NONE && own !== lastElement(columns, row)) {
        const expected = ['...', columns.elementValue(own)];
        visible.missedOwnWrites.push({ row, expected });
        return;
      }
      const shown = order.elementShown(row, transaction);
      if (shown === undefined) return;
      const writer = shown === NONE ? INITIAL : order.writerOf(shown);
      if (shown !== NONE && writer === NONE) return;
      visible.addRead(key, writer, row);
      readElements.push(shown);
    }
  });

  return visible.history(before.byTarget(log.count), {
    keyAt: (row) => mopKeys.at(row),
    writeRow(key, writer, which) {
      const start = log.mopStarts.at(writer);
      const rows = Array.from({ length: log.mopCounts.at(writer) }, (_, index) => start + index).filter(
        (row) => mopKeys.at(row) === key && (mopFlags.at(row) & MOP.append) !== 0,
      );
      return present(which === 'first' ? rows[0] : rows.at(-1));
    },
    sourceRow: (read) => elementMops.at(readElements.at(read)),
    writtenValue: (row) => columns.elementValue(mopArgs.at(row)),
    readValue(read) {
      const element = readElements.at(read);
      return element < 0 ? INITIAL_STATE : columns.elementValue(element);
    },
  });
}

/** Returns the last element that a read shows, its own transaction's included; a negative number if it shows none. */
function lastElement({ mopArgs, oddReads }: ListAppendColumns, row: number): number {
  const arg = present(mopArgs.values[row]);
  return arg <= FIRST_ODD_READ ? present(oddReads[FIRST_ODD_READ - arg]).last : arg;
}

/** The elements of each key in the order of its longest list, and the transactions that took effect and appended them. */
class ElementOrder {
  /** Indexed by element: its predecessor in its key's order. */
  readonly #previous: Int32Array;

  constructor(
    private readonly columns: ListAppendColumns,
    private readonly counts: Uint8Array,
  ) {
    const { elementKeys, elementNexts } = columns;
    this.#previous = new Int32Array(elementKeys.length).fill(NONE);
    for (let element = 0; element < elementKeys.length; element++) {
      const next = present(elementNexts.values[element]);
      if (next >= 0) this.#previous[next] = element;
    }
  }

  writerOf(element: number): number {
    const row = present(this.columns.elementMops.values[element]);
    const writer = row < 0 ? NONE : present(this.columns.mopVertices.values[row]);
    return writer >= 0 && this.counts[writer] === 1 ? writer : NONE;
  }

  /**
   * Returns the last element of a read that its transaction did not append; -1 for none, undefined if the read fits no
   * order.
   */
  elementShown(row: number, reader: number): number | undefined {
    const arg = present(this.columns.mopArgs.values[row]);
    if (arg === READ_NULL || arg === READ_EMPTY) return NONE;
    if (arg <= FIRST_ODD_READ) return undefined;
    let element = arg;
    while (element >= 0 && this.#isOrdered(element) && this.writerOf(element) === reader)
      element = present(this.#previous[element]);
    if (element < 0) return NONE;
    return this.#isOrdered(element) ? element : undefined;
  }

  /** Returns the last other writer before an append, or -1. An append that was never read follows the last that was. */
  writerBefore(element: number, key: number, writer: number): number {
    let earlier = this.#isOrdered(element)
      ? present(this.#previous[element])
      : present(this.columns.keys[key]).lastElement;
    while (earlier >= 0) {
      const other = this.writerOf(earlier);
      if (other !== NONE && other !== writer) return other;
      earlier = present(this.#previous[earlier]);
    }
    return NONE;
  }

  #isOrdered(element: number): boolean {
    return present(this.columns.elementPositions.values[element]) >= 0;
  }
}
