/**
 * Pairs completions with invocations: a process runs one operation at a time, so its next completion ends its open
 * invocation. Does not validate the history; see pairing-guard.ts.
 */
import type { Op } from './op.ts';

export type EndedOperation = { readonly invocation: Op; readonly completion: Op };

export class OpenInvocations {
  private readonly open = new Map<Op['process'], Op>();

  /** Takes the next entry of a history. Returns the operation that it ends, or undefined. */
  end(op: Op): EndedOperation | undefined {
    if (op.process === 'nemesis') return undefined;
    if (op.type === 'invoke') {
      this.open.set(op.process, op);
      return undefined;
    }
    const invocation = this.open.get(op.process);
    this.open.delete(op.process);
    return invocation === undefined ? undefined : { invocation, completion: op };
  }
}
