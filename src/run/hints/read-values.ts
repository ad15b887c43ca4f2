/** Whether the reads of transactions ever showed anything: a node may answer with the transaction as it was asked. */
import type { Op } from '../../history/op.ts';
import { isJsonArray } from '../../protocol/json.ts';

/** Of fewer nothing can be said. */
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
        // An empty list is what was read before anything was appended.
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
