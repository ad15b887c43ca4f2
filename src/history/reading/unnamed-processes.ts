/**
 * Assigns processes in a history that names none. Its operations happened one after the other, unless some overlap. It may have
 * completions only, as in Elle's examples.
 *
 *     ok write 1      invoke write 1 by 0, ok write 1 by 0
 *     info write 2    invoke write 2 by 0, info write 2 by 0
 *     ok read 2       invoke read by 1, ok read 2 by 1            (a crashed process never invokes again)
 *
 *     invoke read     by 0
 *     invoke write 3  by 1, since the read is still open
 *     ok write 3      by 1, which the operation shows: f, or the value that was asked for
 *     ok read 2       by 0
 */
import { HistoryError } from '../history-error.ts';
import { isOfReads, withoutReads } from '../micro-ops.ts';
import type { Op, Process } from '../op.ts';
import { isJsonArray, jsonEquals, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';

/** Stands for the process of an operation without one, until `assign`. */
const UNNAMED = 0;

export class UnnamedProcesses {
  /** Whether the history names processes; undefined before its first client operation. */
  private namesProcesses: boolean | undefined;
  /** The open invocations of a history without processes. */
  private readonly open: Op[] = [];
  /** Processes that have completed an operation and may invoke another. */
  private readonly idle: number[] = [];
  private next = 0;

  get areMissing(): boolean {
    return this.namesProcesses === false;
  }

  /** Returns the process of an operation. Throws a HistoryError if only some operations name their process. */
  processOf(named: number | undefined): Process {
    this.namesProcesses ??= named !== undefined;
    if (this.namesProcesses !== (named !== undefined)) {
      const seen =
        named === undefined
          ? 'missing, but operations before have one'
          : `${named}, but operations before have none`;
      throw new HistoryError(`\`process\` is ${seen}; expected it on all, or on none`);
    }
    return named ?? UNNAMED;
  }

  /** Notes the process of an operation read by another reader. Throws as `processOf` does. */
  note(process: Process): void {
    if (process !== 'nemesis' && this.namesProcesses !== true) this.processOf(process);
  }

  /**
   * Returns the operation with its process, after its invocation if the history lacks that. Must be called for each operation in
   * order. Throws a HistoryError for a completion that may be that of several invocations.
   */
  assign(op: Op): readonly Op[] {
    if (!this.areMissing || op.process === 'nemesis') return [op];
    if (op.type === 'invoke') {
      const invoked = { ...op, process: this.idle.pop() ?? this.next++ };
      this.open.push(invoked);
      return [invoked];
    }
    const invocation = this.invocationOf(op);
    const process =
      typeof invocation?.process === 'number' ? invocation.process : (this.idle.pop() ?? this.next++);
    if (op.type !== 'info') this.idle.push(process);
    const completed = { ...op, process };
    return invocation === undefined ? [invokedLike(completed), completed] : [completed];
  }

  /** Removes and returns the open invocation that a completion ends; undefined if none is open. */
  private invocationOf(op: Op): Op | undefined {
    const { open } = this;
    const alike = open.filter(({ f }) => f === op.f);
    const fitting = alike.length === 1 ? alike : alike.filter((invoked) => fits(invoked.value, op.value));
    const [invocation] = fitting;
    if (open.length > 0 && (invocation === undefined || fitting.length > 1)) {
      const many = fitting.length === 0 ? 'none' : String(fitting.length);
      throw new HistoryError(
        `no operation names its \`process\`, and ${shownText(op.f, 60)} (${op.type}) fits ${many} of those that are open; ` +
          'expected `process`',
      );
    }
    if (invocation !== undefined) open.splice(open.indexOf(invocation), 1);
    return invocation;
  }
}

/** Whether a completion may have that value if its invocation asked for the other one. */
const fits = (asked: Json, value: Json): boolean =>
  asked === null || jsonEquals(asked, value) || jsonEquals(withoutReads(asked), withoutReads(value));

/** Returns the missing invocation of a completion. */
function invokedLike({ error: _, ...op }: Op): Op {
  return { ...op, type: 'invoke', value: op.f === 'read' ? readInvoked(op.value) : withoutReads(op.value) };
}

/** Returns the value with which a read was invoked: a transaction without results, [key, null] for an independent key, else null. */
function readInvoked(value: Json): Json {
  if (isOfReads(value)) return withoutReads(value);
  return isJsonArray(value) && value.length === 2 ? [value[0] ?? null, null] : null;
}
