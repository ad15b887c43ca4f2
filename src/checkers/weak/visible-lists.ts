/**
 * The relevant part of a list-append history. A read shows the last element that its transaction did not append itself,
 * and thereby a complete version. The version order is that of the longest list; appends that were never read follow
 * those that were.
 */
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import type { StepEvidence } from '../elle/graph/dependency-graph.ts';
import {
  FIRST_ODD_READ,
  MOP,
  READ_EMPTY,
  READ_NULL,
  type ListAppendColumns,
} from '../elle/list-append/columns.ts';
import { observedCrashes } from '../elle/list-append/crashes.ts';
import { INITIAL_STATE } from '../elle/list-append/dependencies.ts';
import type { Meter } from '../meter.ts';
import { OUTCOME } from '../elle/transactions/transaction-log.ts';
import { Edges, INITIAL, type MissedOwnWrite, type VisibleHistory } from './visible-history.ts';

const NONE = -1;

export function visibleLists(columns: ListAppendColumns, meter: Meter): VisibleHistory {
  const { log, keys, mopKeys, mopArgs, mopFlags, mopVertices, elementKeys, elementMops } = columns;
  const tookEffect = observedCrashes(columns, meter);
  const counts = new Uint8Array(log.count);
  for (let t = 0; t < log.count; t++)
    counts[t] = log.outcomes.values[t] === OUTCOME.ok || tookEffect[t] === 1 ? 1 : 0;
  const writerOf = (element: number): number => {
    const row = present(elementMops.values[element]);
    const writer = row < 0 ? NONE : present(mopVertices.values[row]);
    return writer >= 0 && counts[writer] === 1 ? writer : NONE;
  };
  /** Indexed by element: its predecessor in its key's order. */
  const elementsBefore = new Int32Array(elementKeys.length).fill(NONE);
  for (let element = 0; element < elementKeys.length; element++) {
    const next = present(columns.elementNexts.values[element]);
    if (next >= 0) elementsBefore[next] = element;
  }
  const isOrdered = (element: number): boolean => present(columns.elementPositions.values[element]) >= 0;

  const readStarts = new Int32Array(log.count + 1);
  const writeStarts = new Int32Array(log.count + 1);
  const readKeys = new Int32Column();
  const readFrom = new Int32Column();
  const readRows = new Int32Column();
  /** Indexed by read: the element that it shows, or -1. */
  const readElements = new Int32Column();
  const writeKeys = new Int32Column();
  const writtenBy = new Int32Array(keys.length).fill(NONE);
  /** Indexed by key: the current transaction's last append to it. */
  const lastAppended = new Int32Array(keys.length);
  const missedOwnWrites: MissedOwnWrite[] = [];
  const before = new Edges();
  for (let t = 0; t < log.count; t++) {
    readStarts[t] = readKeys.length;
    writeStarts[t] = writeKeys.length;
    if (counts[t] !== 1) continue;
    const isOk = log.outcomes.values[t] === OUTCOME.ok;
    const start = present(log.mopStarts.values[t]);
    const end = start + present(log.mopCounts.values[t]);
    meter.step(end - start);
    for (let row = start; row < end; row++) {
      const key = present(mopKeys.values[row]);
      if ((present(mopFlags.values[row]) & MOP.append) !== 0) {
        if (writtenBy[key] !== t) writeKeys.push(key);
        writtenBy[key] = t;
        lastAppended[key] = present(mopArgs.values[row]);
        noteOrder(t, present(mopArgs.values[row]));
      } else if (isOk) {
        const own = writtenBy[key] === t ? present(lastAppended[key]) : NONE;
        if (own !== NONE && own !== lastOf(row)) {
          missedOwnWrites.push({ transaction: t, row, expected: ['...', columns.elementValue(own)] });
          continue;
        }
        const element = shownBy(t, row);
        if (element === undefined) continue;
        const writer = element === NONE ? INITIAL : writerOf(element);
        if (element !== NONE && writer === NONE) continue;
        readKeys.push(key);
        readFrom.push(writer);
        readRows.push(row);
        readElements.push(element);
      }
    }
  }
  readStarts[log.count] = readKeys.length;
  writeStarts[log.count] = writeKeys.length;

  function lastOf(row: number): number {
    const arg = present(mopArgs.values[row]);
    return arg <= FIRST_ODD_READ ? present(columns.oddReads[FIRST_ODD_READ - arg]).last : arg;
  }

  /**
   * Returns the last element of a read that its transaction did not append; -1 for none, undefined if the read fits no
   * order.
   */
  function shownBy(t: number, row: number): number | undefined {
    const arg = present(mopArgs.values[row]);
    if (arg === READ_NULL || arg === READ_EMPTY) return NONE;
    if (arg <= FIRST_ODD_READ) return undefined;
    let element = arg;
    while (element >= 0 && isOrdered(element) && writerOf(element) === t)
      element = present(elementsBefore[element]);
    if (element < 0) return NONE;
    return isOrdered(element) ? element : undefined;
  }

  /** Orders an append after the element before it. An append that was never read follows the last that was. */
  function noteOrder(t: number, element: number): void {
    let earlier = isOrdered(element)
      ? present(elementsBefore[element])
      : present(keys[present(elementKeys.values[element])]).lastElement;
    while (earlier >= 0 && (writerOf(earlier) === NONE || writerOf(earlier) === t))
      earlier = present(elementsBefore[earlier]);
    if (earlier >= 0) before.add(writerOf(earlier), t, present(elementKeys.values[element]));
  }

  const indexOf = (row: number): number =>
    row - present(log.mopStarts.values[present(mopVertices.values[row])]);
  const elementName = (element: number) => (element < 0 ? INITIAL_STATE : columns.elementValue(element));
  /** Returns the row of a transaction's first or last append to a key. */
  const appendRow = (key: number, writer: number, which: 'first' | 'last'): number => {
    const start = log.mopStarts.at(writer);
    const rows = Array.from({ length: log.mopCounts.at(writer) }, (_, index) => start + index).filter(
      (row) => mopKeys.at(row) === key && (mopFlags.at(row) & MOP.append) !== 0,
    );
    return present(which === 'first' ? rows[0] : rows.at(-1));
  };
  return {
    log,
    keys: keys.length,
    counts,
    readStarts,
    readKeys,
    readFrom,
    readRows,
    writeStarts,
    writeKeys,
    before: before.byTarget(log.count),
    missedOwnWrites,
    explainRead(read): StepEvidence {
      const element = readElements.at(read);
      return {
        type: 'wr',
        key: columns.keyNames[readKeys.at(read)] ?? null,
        value: columns.elementValue(element),
        'a-mop-index': indexOf(elementMops.at(element)),
        'b-mop-index': indexOf(readRows.at(read)),
      };
    },
    explainMissed(read, writer): StepEvidence {
      const written = appendRow(readKeys.at(read), writer, 'first');
      return {
        type: 'rw',
        key: columns.keyNames[readKeys.at(read)] ?? null,
        value: elementName(readElements.at(read)),
        "value'": columns.elementValue(mopArgs.at(written)),
        'a-mop-index': indexOf(readRows.at(read)),
        'b-mop-index': indexOf(written),
      };
    },
    explainWrites(key, from, to): StepEvidence {
      const [earlier, later] = [appendRow(key, from, 'last'), appendRow(key, to, 'first')];
      return {
        type: 'ww',
        key: columns.keyNames[key] ?? null,
        value: columns.elementValue(mopArgs.at(earlier)),
        "value'": columns.elementValue(mopArgs.at(later)),
        'a-mop-index': indexOf(earlier),
        'b-mop-index': indexOf(later),
      };
    },
  };
}
