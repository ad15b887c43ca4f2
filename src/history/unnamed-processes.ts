/**
 * Which process an operation belongs to, where a history may name none: then its operations happened one after the other,
 * also where only their completions were written down, as in Elle's examples.
 *
 *     ok write 1      invoke write 1 by 0, ok write 1 by 0
 *     info write 2    invoke write 2 by 0, info write 2 by 0
 *     ok read 2       invoke read by 1, ok read 2 by 1            (what crashed never invokes again)
 */
import { HistoryError } from './history-error.ts';
import { isOfReads, withoutReads } from './micro-ops.ts';
import type { Op, OpType, Process } from './op.ts';
import { isJsonArray, type Json } from '../protocol/json.ts';

export class UnnamedProcesses {
  /** The process at hand of a history that names none, and whether it names some. */
  private current: number | undefined;
  private namesProcesses = false;
  /** Of a history without processes: whether an invocation has not been completed yet. */
  private isOpen = false;

  /** Throws `HistoryError` where some operations name a process and others do not. */
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

  /** Takes note of the process of an operation that was read elsewhere. Throws as `processOf` does. */
  note(process: Process): void {
    if (process === 'nemesis' || this.namesProcesses) return;
    this.processOf(process, 'invoke');
  }

  /**
   * The invocation of an operation just read, where the history has neither processes nor that invocation. To be asked of
   * each operation, in their order.
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

/** What a read was invoked with: the keys that it asked for. A pair may be [key, value], of an independent key; elsewhere nothing looks at it. */
function readInvoked(value: Json): Json {
  if (isOfReads(value)) return withoutReads(value);
  return isJsonArray(value) && value.length === 2 ? [value[0] ?? null, null] : null;
}
