/**
 * Which completion belongs to which invocation: a process does one thing at a time, so the next completion by the same process
 * ends its open invocation. For histories that were checked, or need not be; see pairing-guard.ts.
 */
import type { Op } from './op.ts';

export type EndedOperation = { readonly invocation: Op; readonly completion: Op };

export class OpenInvocations {
  private readonly open = new Map<Op['process'], Op>();

  /** Takes the next entry of a history: the operation that it ends, or undefined when it ends none. */
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
