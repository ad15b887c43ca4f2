/**
 * The anomalies of a list-append history that need no cycle: impossible lists, reads of aborted or intermediate
 * appends, and lost updates. Those inside one transaction were found while streaming (columns.ts).
 */
import { addTo } from '../../../columns/groups.ts';
import { present } from '../../../columns/present.ts';
import { resultKeys } from '../../result-keys.ts';
import type { PlainRecords } from '../anomaly-records.ts';
import { MOP, FIRST_ODD_READ, READ_EMPTY, READ_NULL, type ListAppendColumns } from './columns.ts';
import { lastElementOf, type IncompatibleOrder } from './orders.ts';
import { tornReads, type TornAppends } from './torn-reads.ts';
import type { Meter } from '../../budget/meter.ts';
import type { AnomalyTable, Request } from '../result.ts';
import { SameVersionUpdates } from '../transactions/same-version-updates.ts';
import { OUTCOME, type MicroOp } from '../transactions/transaction-log.ts';

export function findListAnomalies(
  columns: ListAppendColumns,
  incompatible: readonly IncompatibleOrder[],
  { prohibited, deciding }: Pick<Request, 'prohibited' | 'deciding'>,
  found: AnomalyTable,
  meter: Meter,
): void {
  const { values, keyNames } = columns;
  for (const { key, values: lists } of incompatible) {
    found.add('incompatible-order', () => ({
      key: keyNames[key] ?? null,
      values: lists.map((list) => list.map((value) => values.valueOf(value))),
    }));
  }
  noteTransactionAnomalies(columns, found);
  findDuplicates(columns, found);
  const suspicious = suspiciousElements(columns, meter);
  if (suspicious.size > 0) findBadElements(columns, suspicious, found, meter);
  findIntermediateReads(columns, tornReads(columns, abandonedElements(columns), meter), found, meter);
  findDirtyUpdates(columns, found);
  findLostUpdates(columns, found, meter);
  // Elle infers none of these. Under stronger models they show as cycles.
  if (deciding !== undefined && prohibited.has('lost-update') && !prohibited.has('G-single-item'))
    findUnseenAppends(columns, found, meter);
}

function noteTransactionAnomalies(columns: ListAppendColumns, found: AnomalyTable): void {
  const read = (vertex: number, mop: number) =>
    columns.readAt(present(columns.log.mopStarts.values[vertex]) + mop);
  for (const { vertex, mop, expected } of columns.own.internals)
    found.add('internal', () => ({ ...read(vertex, mop), expected }));
  for (const { vertex, mop, element } of columns.own.futureReads)
    found.add('future-read', () => ({ ...read(vertex, mop), element }));
}

/** Finds lists that hold an element twice. They never fit the chain, so only reads kept in full are examined. */
function findDuplicates(columns: ListAppendColumns, found: AnomalyTable): void {
  for (const { mop, list } of columns.oddReads) {
    const vertex = columns.mopVertices.at(mop);
    if (!isPossible(columns.log.outcomes.values[vertex])) continue;
    const counts = new Map<number, number>();
    for (const value of list) counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size === list.length) continue;
    found.add('duplicate-elements', () => ({
      ...columns.readAt(mop),
      duplicates: resultKeys(
        [...counts]
          .filter(([, count]) => count > 1)
          .map(([value, count]) => [columns.values.valueOf(value), count]),
      ),
    }));
  }
}

function isPossible(outcome: number | undefined): boolean {
  return outcome === OUTCOME.ok || outcome === OUTCOME.info;
}

/**
 * Returns elements that no read should show, with the row of their failed append, or -1 if no transaction appended
 * them.
 */
function suspiciousElements(columns: ListAppendColumns, meter: Meter): ReadonlyMap<number, number> {
  const { elementMops, mopVertices, log } = columns;
  const suspicious = new Map<number, number>();
  const abandoned = abandonedElements(columns);
  for (let element = 0; element < elementMops.length; element++) {
    meter.step(1);
    const mop = elementMops.values[element] ?? -1;
    if (mop < 0) {
      if (!abandoned.has(element)) suspicious.set(element, -1);
    } else if (log.outcomes.values[present(mopVertices.values[mop])] === OUTCOME.fail)
      suspicious.set(element, mop);
  }
  return suspicious;
}

/**
 * Returns the elements of abandoned invocations: in a broken history their completions were attributed to other
 * invocations.
 */
function abandonedElements(columns: ListAppendColumns): ReadonlySet<number> {
  const elements = new Set<number>();
  for (const { value } of columns.log.abandoned) {
    for (const mop of Array.isArray(value) ? (value as readonly MicroOp[]) : []) {
      if (Array.isArray(mop) && mop[0] === 'append')
        elements.add(columns.findElement(mop[1], mop[2] ?? null));
    }
  }
  return elements;
}

function findBadElements(
  columns: ListAppendColumns,
  suspicious: ReadonlyMap<number, number>,
  found: AnomalyTable,
  meter: Meter,
): void {
  const positions = chainPositions(
    columns,
    new Set([...suspicious.keys()].map((element) => columns.elementKeys.at(element))),
  );
  const oddlyRead = new Set(
    columns.oddReads.flatMap(({ key, list }) => list.map((value) => key.find(value))),
  );
  const byKey = new Map<number, number[]>();
  for (const element of suspicious.keys()) {
    if (!positions.has(element) && !oddlyRead.has(element)) continue;
    const key = columns.elementKeys.at(element);
    addTo(byKey, key, element);
  }
  const { mopArgs, mopFlags, mopKeys, mopVertices, log } = columns;
  for (let row = 0; row < mopArgs.length; row++) {
    meter.step(1);
    const arg = present(mopArgs.values[row]);
    if ((present(mopFlags.values[row]) & MOP.append) !== 0 || arg === READ_EMPTY || arg === READ_NULL)
      continue;
    const elements = byKey.get(present(mopKeys.values[row]));
    const vertex = present(mopVertices.values[row]);
    const outcome = log.outcomes.values[vertex];
    if (elements === undefined || !isPossible(outcome)) continue;
    const list = arg <= FIRST_ODD_READ ? new Set(columns.listOf(row)) : undefined;
    const end = arg >= 0 ? (positions.get(arg) ?? -1) : -1;
    for (const element of elements) {
      meter.step(1);
      const position = positions.get(element) ?? Infinity;
      const shown = list === undefined ? position <= end : list.has(columns.elementValues.at(element));
      if (!shown) continue;
      const writer = suspicious.get(element) ?? -1;
      if (writer >= 0 && outcome !== OUTCOME.ok) continue;
      const value = () => columns.elementValue(element);
      if (writer < 0) found.add('garbage-read', () => ({ ...columns.readAt(row), element: value() }));
      else {
        const appended = () => columns.operation(mopVertices.at(writer));
        found.add('G1a', () => ({ ...columns.readAt(row), writer: appended(), element: value() }));
      }
    }
  }
}

/**
 * Returns the positions of elements in the lists that reads are stored against, which can differ from the version
 * order.
 */
function chainPositions(columns: ListAppendColumns, keys: Iterable<number>): ReadonlyMap<number, number> {
  const positions = new Map<number, number>();
  for (const id of keys) {
    const key = columns.keys[id];
    key?.chain.forEach((value, position) => positions.set(key.find(value), position));
  }
  return positions;
}

/**
 * Finds G1b: a list that ends with an append after which its transaction appended to the same key again, or that tears
 * a transaction's appends apart.
 */
function findIntermediateReads(
  columns: ListAppendColumns,
  torn: ReadonlyMap<number, TornAppends>,
  found: AnomalyTable,
  meter: Meter,
): void {
  const { mopArgs, mopFlags, mopVertices, elementMops, log } = columns;
  for (let row = 0; row < mopArgs.length; row++) {
    meter.step(1);
    if ((present(mopFlags.values[row]) & MOP.append) !== 0) continue;
    const vertex = present(mopVertices.values[row]);
    if (log.outcomes.values[vertex] !== OUTCOME.ok) continue;
    const last = lastElementOf(columns, row, OUTCOME.ok);
    const append = last < 0 ? -1 : (elementMops.values[last] ?? -1);
    const writer = append < 0 ? vertex : present(mopVertices.values[append]);
    if (writer !== vertex && (present(mopFlags.values[append]) & MOP.intermediate) !== 0) {
      found.add('G1b', () => ({
        ...columns.readAt(row),
        writer: columns.operation(writer),
        element: columns.elementValue(last),
      }));
      continue;
    }
    const apart = torn.get(row);
    if (apart !== undefined) found.add('G1b', () => tornRead(columns, row, apart));
  }
}

function tornRead(
  columns: ListAppendColumns,
  row: number,
  { element, before }: TornAppends,
): PlainRecords['G1b'] {
  const { elementMops, mopVertices } = columns;
  return {
    ...columns.readAt(row),
    writer: columns.operation(mopVertices.at(elementMops.at(element))),
    element: columns.elementValue(element),
    expected: ['...', columns.elementValue(before), columns.elementValue(element)],
  };
}

/**
 * Finds information flow from an aborted append into a successful one: x1 (aborted), x2 (committed) in one list.
 * Appends of unknown outcome in between pass it on.
 */
function findDirtyUpdates(columns: ListAppendColumns, found: AnomalyTable): void {
  const { elementMops, elementKeys, elementPositions, mopVertices, log } = columns;
  const keys = new Set<number>();
  for (let element = 0; element < elementMops.length; element++) {
    const mop = elementMops.values[element] ?? -1;
    if (mop < 0 || (elementPositions.values[element] ?? -1) < 0) continue;
    if (log.outcomes.values[present(mopVertices.values[mop])] === OUTCOME.fail)
      keys.add(elementKeys.at(element));
  }
  for (const key of keys) findDirtyUpdatesOf(columns, key, found);
}

function findDirtyUpdatesOf(columns: ListAppendColumns, keyId: number, found: AnomalyTable): void {
  const { elementMops, elementNexts, mopVertices, log } = columns;
  let anchor = -1;
  let span: number[] = [];
  let element = columns.keys[keyId]?.firstElement ?? -1;
  for (; element >= 0; element = elementNexts.at(element)) {
    const mop = elementMops.at(element);
    span.push(element);
    if (mop < 0) continue;
    const vertex = mopVertices.at(mop);
    const anchorFailed = anchor >= 0 && log.outcomes.values[anchor] === OUTCOME.fail;
    const outcome = log.outcomes.values[vertex];
    if (outcome === OUTCOME.ok) {
      if (anchorFailed) {
        const values = span.map((member) => columns.elementValue(member));
        const txns = [columns.operation(anchor), '...', columns.operation(vertex)];
        found.add('dirty-update', () => ({ key: columns.keyNames[keyId] ?? null, values, txns }));
      }
    } else if (outcome !== OUTCOME.fail || anchorFailed) continue;
    anchor = vertex;
    span = [element];
  }
}

/** Finds transactions that read the same version of a key and then all wrote it. */
function findLostUpdates(columns: ListAppendColumns, found: AnomalyTable, meter: Meter): void {
  const { mopArgs, mopFlags, mopKeys, mopVertices, elementKeys, log, keys } = columns;
  const elements = elementKeys.length;
  // By the version read: an element, a key's empty list, or a key's null.
  const updates = new SameVersionUpdates(elements + 2 * keys.length);
  const oddGroups = new Map<string, number[]>();
  for (let row = 0; row < mopArgs.length; row++) {
    if ((present(mopFlags.values[row]) & MOP.beforeWrite) === 0) continue;
    meter.step(1);
    const vertex = present(mopVertices.values[row]);
    if (log.outcomes.values[vertex] !== OUTCOME.ok) continue;
    const key = present(mopKeys.values[row]);
    const arg = present(mopArgs.values[row]);
    if (arg <= FIRST_ODD_READ) {
      const version = `${key}:${columns.listOf(row).join()}`;
      addTo(oddGroups, version, row);
      continue;
    }
    const version = arg >= 0 ? arg : elements + 2 * key + (arg === READ_NULL ? 1 : 0);
    updates.add(version, row);
  }
  for (const group of [...updates.several.values(), ...oddGroups.values()]) {
    const [row] = group;
    if (row === undefined || group.length < 2) continue;
    found.add('lost-update', () => {
      const [, key, value] = columns.microOp(row);
      return { key, value, txns: group.slice(0, 64).map((other) => columns.readAt(other).op) };
    });
  }
}

/**
 * Finds transactions that read a key and then appended to it behind another's append that they had not seen: lost updates of
 * which only one side read the key.
 */
function findUnseenAppends(columns: ListAppendColumns, found: AnomalyTable, meter: Meter): void {
  const { mopArgs, mopFlags, mopKeys, mopVertices, keys, log } = columns;
  const { elementMops, elementNexts } = columns;
  for (let first = 0; first < mopArgs.length; first++) {
    if ((present(mopFlags.values[first]) & MOP.beforeWrite) === 0) continue;
    const vertex = present(mopVertices.values[first]);
    if (log.outcomes.values[vertex] !== OUTCOME.ok) continue;
    const key = keys[present(mopKeys.values[first])];
    const read = lastReadBeforeAppend(columns, first);
    // Where reads contradict each other, the order of appends is a guess.
    if (read < 0 || key?.odd !== false) continue;
    meter.step(1);
    const arg = present(mopArgs.values[read]);
    const next = arg >= 0 ? (elementNexts.values[arg] ?? -1) : key.firstElement;
    const append = next < 0 ? -1 : (elementMops.values[next] ?? -1);
    const other = append < 0 ? vertex : present(mopVertices.values[append]);
    if (other === vertex || !isPossible(log.outcomes.values[other])) continue;
    found.add('lost-update', () => {
      const { op, mop } = columns.readAt(read);
      const [, , element] = columns.microOp(append);
      return { key: mop[1], value: mop[2], txns: [op, columns.operation(other)], element };
    });
  }
}

/**
 * Returns the row of the last read of a key before its transaction first appends to it; -1 if there is none. Takes its first
 * read.
 */
function lastReadBeforeAppend(columns: ListAppendColumns, first: number): number {
  const { mopFlags, mopKeys, mopVertices, log } = columns;
  let read = -1;
  for (let row = present(log.mopStarts.values[mopVertices.at(first)]); ; row++) {
    if (mopKeys.values[row] !== mopKeys.values[first]) continue;
    if ((present(mopFlags.values[row]) & MOP.append) !== 0) return read;
    read = row;
  }
}
