/**
 * Detects invocations and completions that do not pair up as a history is read, and reports their lines. Holds one line
 * number for each process with an open invocation.
 */
import { HistoryError } from './history-error.ts';
import type { Op } from './op.ts';

export interface PairingOptions {
  /**
   * A history without invocations is accepted as a list of completions; in any other one every completion needs an
   * invocation.
   */
  readonly completionsOnly: boolean;
}

/** Processes below this number are looked up by index, others by hash. */
const DIRECT = 1 << 12;

export class PairingGuard {
  /** Indexed by process: the line of its open invocation, or 0 for none. */
  private readonly direct = new Float64Array(DIRECT);
  private readonly others = new Map<number, number>();
  private sawInvocation = false;
  /** The error for the first completion without an invocation, to be thrown if an invocation follows later. */
  private lonely: string | undefined;

  constructor(private readonly options: PairingOptions) {}

  /** Checks the next operation. Throws a HistoryError if it is not allowed at this place. */
  observe(op: Op, line: number): void {
    const { process } = op;
    if (typeof process !== 'number') return;
    const open =
      process >= 0 && process < DIRECT ? (this.direct[process] ?? 0) : (this.others.get(process) ?? 0);
    if (op.type === 'invoke') {
      this.sawInvocation = true;
      if (this.lonely !== undefined) throw new HistoryError(this.lonely);
      if (open !== 0) {
        throw new HistoryError(
          `line ${line}: process ${process} invokes ${shown(op)}, but what it invoked on line ${open} has not ended; ` +
            'a process does one thing at a time.',
        );
      }
      this.set(process, line);
    } else if (open === 0) {
      this.lonely ??=
        `line ${line}: process ${process} completes ${shown(op)} (${op.type}), but has invoked nothing that it could end; ` +
        'expected an invocation before it.';
      if (this.sawInvocation || !this.options.completionsOnly) throw new HistoryError(this.lonely);
    } else {
      this.set(process, 0);
    }
  }

  private set(process: number, line: number): void {
    if (process >= 0 && process < DIRECT) this.direct[process] = line;
    else if (line === 0) this.others.delete(process);
    else this.others.set(process, line);
  }
}

const shown = (op: Op): string => `${JSON.stringify(op.f)} (index ${op.index})`;
