/**
 * Watches a history go by for invocations and completions that do not pair up, and names their lines. Holds one line number
 * for each process that has something open.
 */
import { HistoryError } from './history-error.ts';
import type { Op } from './op.ts';

export interface PairingOptions {
  /**
   * A history without any invocation is a list of completions, and no mistake; in one that has some, every completion
   * needs its own.
   */
  readonly completionsOnly: boolean;
}

/** Processes below this number are found by index, others by hash. */
const DIRECT = 1 << 12;

export class PairingGuard {
  /** The line of each process's open invocation; 0 for none. */
  private readonly direct = new Float64Array(DIRECT);
  private readonly others = new Map<number, number>();
  private sawInvocation = false;
  /** What is wrong with the first completion that has no invocation, should there be any after all. */
  private lonely: string | undefined;

  constructor(private readonly options: PairingOptions) {}

  /** Takes the next operation. Throws a HistoryError when it cannot stand where it does. */
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
