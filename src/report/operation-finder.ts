/** Picks from a history, as it goes by, the operations that have one of some indexes, each with its other entry. */
import type { Op } from '../history/op.ts';
import type { WholeOperation } from './operation-columns.ts';

export class OperationFinder {
  /** By the index of either entry. */
  readonly found = new Map<number, WholeOperation>();
  private readonly open = new Map<Op['process'], Op>();

  constructor(private readonly wanted: ReadonlySet<number>) {}

  observe(op: Op): void {
    if (op.type === 'invoke') {
      this.open.set(op.process, op);
      if (this.wanted.has(op.index)) this.found.set(op.index, { invocation: op, completion: undefined });
      return;
    }
    const invocation = this.open.get(op.process);
    if (invocation === undefined) return;
    this.open.delete(op.process);
    if (!this.wanted.has(op.index) && !this.wanted.has(invocation.index)) return;
    const whole = { invocation, completion: op };
    this.found.set(invocation.index, whole);
    this.found.set(op.index, whole);
  }
}
