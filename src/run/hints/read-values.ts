/**
 * Whether reads of transactions ever returned a value: a node may reply with the transaction exactly as it was
 * requested.
 */
import type { Op } from '../../history/op.ts';
import { isJsonArray } from '../../protocol/json.ts';

/** Minimum number of reads for a hint. */
const FEW = 20;

export class ReadValues {
  private reads = 0;
  private writes = 0;
  private hasValue = false;

  observe({ type, f, value }: Op): void {
    if (type !== 'ok' || f !== 'txn' || this.hasValue || !isJsonArray(value)) return;
    for (const mop of value) {
      if (!isJsonArray(mop)) continue;
      const [kind, , read = null] = mop;
      if (kind !== 'r') this.writes++;
      else {
        this.reads++;
        // An empty list does not count, since that is also the result before the first append.
        if (read !== null && !(isJsonArray(read) && read.length === 0)) this.hasValue = true;
      }
    }
  }

  sentence(): string | undefined {
    const { reads, writes, hasValue } = this;
    return hasValue || reads < FEW || writes < FEW
      ? undefined
      : `Not one of ${reads} reads showed a value, although ${writes} writes succeeded: does the answer have the reads filled in, and do reads and writes use the same keys?`;
  }
}
