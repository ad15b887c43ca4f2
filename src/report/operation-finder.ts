/** Picks from a history, as it goes by, the operations that have one of some indexes, each with its other entry. */
import type { Op, OpType, Process } from '../history/op.ts';
import type { WholeOperation } from './operation-columns.ts';

export class OperationFinder {
  /** By the index of either entry. */
  readonly found = new Map<number, WholeOperation>();
  private readonly open = new Map<Op['process'], Op>();

  private readonly last: number;

  constructor(private readonly wanted: ReadonlySet<number>) {
    let last = -1;
    for (const index of wanted) last = Math.max(last, index);
    this.last = last;
  }

  /** Whether it may keep the next operation, if it has that type, process and index: an invocation is kept with its completion. */
  wantsValue(type: OpType, process: Process, index: number): boolean {
    if (type === 'invoke') return index <= this.last;
    return this.wanted.has(index) || this.wanted.has(this.open.get(process)?.index ?? -1);
  }

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
