/**
 * Assigns processes in a history that names none: its operations happened one after the other. It may have completions
 * only, as in Elle's examples.
 *
 *     ok write 1      invoke write 1 by 0, ok write 1 by 0
 *     info write 2    invoke write 2 by 0, info write 2 by 0
 *     ok read 2       invoke read by 1, ok read 2 by 1            (a crashed process never invokes again)
 */
import { HistoryError } from '../history-error.ts';
import { isOfReads, withoutReads } from '../micro-ops.ts';
import type { Op, OpType, Process } from '../op.ts';
import { isJsonArray, type Json } from '../../protocol/json.ts';

export class UnnamedProcesses {
  /** The current process of a history that names none, and whether the history names processes. */
  private current: number | undefined;
  private namesProcesses = false;
  /** True while a history without processes has an open invocation. */
  private isOpen = false;

  /** Returns the process of an operation. Throws a HistoryError if only some operations name their process. */
  processOf(named: number | undefined, type: OpType): Process {
    if (named !== undefined && this.current === undefined) {
      this.namesProcesses = true;
      return named;
    }
    if (named !== undefined || this.namesProcesses) {
      const seen =
        named === undefined
          ? 'missing, but operations before have one'
          : `${named}, but operations before have none`;
      throw new HistoryError(`\`process\` is ${seen}; expected it on all, or on none`);
    }
    const current = this.current ?? 0;
    this.current = type === 'info' ? current + 1 : current;
    return current;
  }

  /** Notes the process of an operation read by another reader. Throws as `processOf` does. */
  note(process: Process): void {
    if (process === 'nemesis' || this.namesProcesses) return;
    this.processOf(process, 'invoke');
  }

  /**
   * Returns the missing invocation of a completion, if the history has neither processes nor that invocation. Must be called
   * for each operation in order.
   */
  missingInvocation(op: Op): Op | undefined {
    if (this.current === undefined || op.process === 'nemesis') return undefined;
    const isMissing = op.type !== 'invoke' && !this.isOpen;
    this.isOpen = op.type === 'invoke';
    if (!isMissing) return undefined;
    const { error: _, ...rest } = op;
    return {
      ...rest,
      type: 'invoke',
      value: op.f === 'read' ? readInvoked(op.value) : withoutReads(op.value),
    };
  }
}

/** Returns the value with which a read was invoked: a transaction without results, [key, null] for an independent key, else null. */
function readInvoked(value: Json): Json {
  if (isOfReads(value)) return withoutReads(value);
  return isJsonArray(value) && value.length === 2 ? [value[0] ?? null, null] : null;
}
