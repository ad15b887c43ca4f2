/** Which operation each process has open; what breaks the pairing is reported in words. */
import type { Op } from '../../history/op.ts';
import { shownText } from '../../protocol/shown-text.ts';

export class OpenOperations<T extends { readonly f: string }> {
  private readonly open = new Map<number, T>();

  /** Undefined when all is well, or what is wrong. */
  begin(process: number, op: Op, operation: T): string | undefined {
    const before = this.open.get(process);
    if (before !== undefined) {
      return `process ${process} invoked ${shownText(op.f, 60)} (index ${op.index}) while its previous operation was still open`;
    }
    this.open.set(process, operation);
    return undefined;
  }

  /** The operation that `op` completes, or what is wrong. */
  end(process: number, op: Op): T | string {
    const operation = this.open.get(process);
    if (operation === undefined)
      return `process ${process} completed ${shownText(op.f, 60)} (index ${op.index}) without having invoked it`;
    this.open.delete(process);
    if (operation.f !== op.f)
      return `process ${process} invoked ${shownText(operation.f, 60)} and completed ${shownText(op.f, 60)} (index ${op.index})`;
    return operation;
  }
}
