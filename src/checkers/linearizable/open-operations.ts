/** The open operation of each process. Errors in the pairing are returned as text. */
import type { Op } from '../../history/op.ts';
import { shownText } from '../../protocol/shown-text.ts';

export class OpenOperations<T extends { readonly f: string }> {
  private readonly open = new Map<number, T>();

  /** Opens an operation. Returns an error text, or undefined. */
  begin(process: number, op: Op, operation: T): string | undefined {
    const before = this.open.get(process);
    if (before !== undefined) {
      return `process ${process} invoked ${shownText(op.f, 60)} (index ${op.index}) while its previous operation was still open`;
    }
    this.open.set(process, operation);
    return undefined;
  }

  /** Returns the operation that `op` completes, or an error text. */
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
