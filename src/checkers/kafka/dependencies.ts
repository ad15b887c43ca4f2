/**
 * The dependencies between kafka operations: the sender of a message precedes all that polled it (wr) and, if the order
 * of writes counts, the sender of the next message in the log (ww).
 */
import { present } from '../../columns/present.ts';
import { Int32Column } from '../../columns/column.ts';
import { RELATION } from '../elle/cycles/cycle-types.ts';
import type { DataDependencies, StepEvidence } from '../elle/graph/dependency-graph.ts';
import type { EdgeBuffer } from '../elle/graph/edge-buffer.ts';
import { POLL, SEND, TRANSFER, type KafkaOperations } from './operations.ts';
import type { KeyOrder, Reads } from './version-orders.ts';

export class KafkaDependencies implements DataDependencies {
  readonly helpers = 0;
  readonly hasSelfEdges = false;
  /** A wr edge explains more than a ww edge. */
  readonly priority = [RELATION.ww, RELATION.wr, RELATION.rw];
  /** Indexed by item: the next poll of the same message. Indexed by key and value: the first poll. */
  private readonly nextPoll: Int32Array;
  private readonly firstPoll: readonly Int32Array[];
  private readonly rowOfItem = new Int32Column();

  constructor(
    private readonly operations: KafkaOperations,
    private readonly orders: readonly KeyOrder[],
    private readonly reads: Reads,
    private readonly wwDeps: boolean,
  ) {
    this.nextPoll = new Int32Array(operations.itemKind.length).fill(-1);
    this.firstPoll = Array.from({ length: operations.keyCount }, (_, key) =>
      new Int32Array(operations.valueCount(key)).fill(-1),
    );
    for (let row = 0; row < operations.rowCount; row++) {
      const end = present(operations.firstItem.values[row + 1]);
      for (let item = present(operations.firstItem.values[row]); item < end; item++) {
        this.rowOfItem.push(row);
        if (operations.itemKind.values[item] !== POLL) continue;
        const first = this.firstPoll[present(operations.itemKey.values[item])] as Int32Array;
        const value = present(operations.itemValue.values[item]);
        this.nextPoll[item] = present(first[value]);
        first[value] = item;
      }
    }
  }

  collect(vertex: number, out: EdgeBuffer): void {
    const { operations } = this;
    const row = operations.rowOf(vertex);
    if (row < 0 || operations.role.values[row] !== TRANSFER) return;
    const end = present(operations.firstItem.values[row + 1]);
    for (let item = present(operations.firstItem.values[row]); item < end; item++) {
      if (operations.itemKind.values[item] !== SEND) continue;
      const key = present(operations.itemKey.values[item]);
      const value = present(operations.itemValue.values[item]);
      if (this.writerOf(key, value) !== row) continue;
      for (let poll = this.firstPoll[key]?.[value] ?? -1; poll >= 0; poll = present(this.nextPoll[poll])) {
        this.lead(row, present(this.rowOfItem.values[poll]), RELATION.wr, out);
      }
      const next = this.nextValue(key, value);
      if (next >= 0) this.lead(row, this.writerOf(key, next), RELATION.ww, out);
    }
  }

  private lead(from: number, to: number, relation: number, out: EdgeBuffer): void {
    if (to >= 0 && to !== from) out.add(this.operations.vertexOf(to), relation);
  }

  collectFromHelper(): void {
    // There are none.
  }

  explain(from: number, to: number, relation: number): StepEvidence | undefined {
    const { operations } = this;
    const fromRow = operations.rowOf(from);
    const toRow = operations.rowOf(to);
    if (fromRow < 0 || toRow < 0) return undefined;
    for (let item = operations.firstItem.at(fromRow); item < operations.firstItem.at(fromRow + 1); item++) {
      if (operations.itemKind.at(item) !== SEND) continue;
      const key = operations.itemKey.at(item);
      const value = operations.itemValue.at(item);
      if (this.writerOf(key, value) !== fromRow) continue;
      const other =
        relation === RELATION.wr
          ? this.find(toRow, POLL, key, value)
          : this.find(toRow, SEND, key, this.nextValue(key, value));
      if (other < 0) continue;
      const indexes = {
        'a-mop-index': operations.mopOf(item),
        'b-mop-index': operations.mopOf(other),
      };
      const name = operations.keyName(key);
      if (relation === RELATION.wr)
        return { type: 'wr', key: name, value: operations.value(key, value), ...indexes };
      if (relation !== RELATION.ww || this.writerOf(key, operations.itemValue.at(other)) !== toRow) continue;
      const next = operations.value(key, operations.itemValue.at(other));
      return { type: 'ww', key: name, value: operations.value(key, value), "value'": next, ...indexes };
    }
    return undefined;
  }

  private find(row: number, kind: number, key: number, value: number): number {
    for (let item = this.operations.firstItem.at(row); item < this.operations.firstItem.at(row + 1); item++) {
      const { itemKind, itemKey, itemValue } = this.operations;
      if (itemKind.at(item) === kind && itemKey.at(item) === key && itemValue.at(item) === value) return item;
    }
    return -1;
  }

  private writerOf(key: number, value: number): number {
    return this.reads.writer[key]?.[value] ?? -1;
  }

  /** Returns the value after this one in the log, or -1 if there is none or the order of writes does not count. */
  private nextValue(key: number, value: number): number {
    const order = this.orders[key];
    if (!this.wwDeps || order === undefined) return -1;
    const index = present(order.indexOf[value]);
    return index < 0 ? -1 : (order.byIndex[index + 1] ?? -1);
  }
}
