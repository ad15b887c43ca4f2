/**
 * A history as pictures need it: for every operation of a client its times, function, outcome and process, in columns, so
 * that a million of them take 30 MB; and the first operations whole, for tables and timelines.
 */
import type { Op, OpType, Process } from '../history/op.ts';
import { OPEN, outcomeNumber } from '../recording/outcome.ts';
import { trimValue } from './trim-value.ts';

export interface OperationColumns {
  readonly count: number;
  /** Names of functions; `f` has their numbers. */
  readonly functions: readonly string[];
  readonly f: Uint16Array;
  /** Numbers of `OUTCOMES`. */
  readonly outcome: Uint8Array;
  readonly process: Uint32Array;
  readonly invokedNanos: Float64Array;
  /** NaN for operations that never ended. */
  readonly completedNanos: Float64Array;
}

export interface WholeOperation {
  readonly invocation: Op;
  readonly completion: Op | undefined;
}

/**
 * The number by which an operation is named, in sentences, pictures, tables and addresses: the index of the entry that ends it,
 * which is the one that results hold; of an operation that never ended, the index of its invocation.
 */
export const numberOf = ({ invocation, completion }: WholeOperation): number =>
  (completion ?? invocation).index;

export interface OperationsOfRun {
  readonly columns: OperationColumns;
  /** The first of them, in order of invocation; long values are cut. */
  readonly first: readonly WholeOperation[];
  readonly nemesis: readonly Op[];
  /** The time of the last entry of the history. */
  readonly endNanos: number;
}

const NOT_BUSY = -1;
const MAX_FUNCTIONS = 0xffff;

export class OperationCollector {
  private count = 0;
  private readonly functions: string[] = [];
  private readonly functionNumbers = new Map<string, number>();
  private f: Uint16Array;
  private outcome: Uint8Array;
  private process: Uint32Array;
  private invokedNanos: Float64Array;
  private completedNanos: Float64Array;
  /** The row of the operation a process is busy with; NOT_BUSY when it is waiting for its next one. */
  private readonly open = new Map<number, number>();
  private readonly first: { readonly invocation: Op; completion: Op | undefined }[] = [];
  private readonly nemesis: Op[] = [];
  private endNanos = 0;

  /** `keepWhole` operations are kept whole, and as many of the nemesis. There may be more than `expected`; it takes longer. */
  constructor(
    private readonly keepWhole: number,
    expected = 1024,
  ) {
    const size = Math.max(1024, expected);
    this.f = new Uint16Array(size);
    this.outcome = new Uint8Array(size);
    this.process = new Uint32Array(size);
    this.invokedNanos = new Float64Array(size);
    this.completedNanos = new Float64Array(size);
  }

  /** Whether it keeps more of the next operation than its times and its outcome, if it has that type and process. */
  wantsValue(type: OpType, process: Process): boolean {
    if (process === 'nemesis') return true;
    const row = type === 'invoke' ? this.count : (this.open.get(process) ?? NOT_BUSY);
    return row !== NOT_BUSY && row < this.keepWhole;
  }

  observe(op: Op): void {
    this.endNanos = Math.max(this.endNanos, op.time);
    if (op.process === 'nemesis') {
      if (this.nemesis.length < this.keepWhole) this.nemesis.push(op);
    } else if (op.type === 'invoke') this.invoke(op, op.process);
    else this.complete(op, op.process);
  }

  finished(): OperationsOfRun {
    const { count } = this;
    return {
      columns: {
        count,
        functions: this.functions,
        f: this.f.subarray(0, count),
        outcome: this.outcome.subarray(0, count),
        process: this.process.subarray(0, count),
        invokedNanos: this.invokedNanos.subarray(0, count),
        completedNanos: this.completedNanos.subarray(0, count),
      },
      first: this.first,
      nemesis: this.nemesis,
      endNanos: this.endNanos,
    };
  }

  private invoke(op: Op, process: number): void {
    const row = this.count++;
    if (row === this.f.length) this.grow();
    this.f[row] = this.functionNumber(op.f);
    this.outcome[row] = OPEN;
    this.process[row] = process;
    this.invokedNanos[row] = op.time;
    this.completedNanos[row] = NaN;
    this.open.set(process, row);
    if (row < this.keepWhole) this.first.push({ invocation: trimmed(op), completion: undefined });
  }

  private complete(op: Op, process: number): void {
    const row = this.open.get(process) ?? NOT_BUSY;
    // A history that was written elsewhere may have it; there is nothing to draw.
    if (row === NOT_BUSY) return;
    // Not deleted: a Map from which each entry is deleted and set again is built anew all the time.
    if (op.type === 'info') this.open.delete(process);
    else this.open.set(process, NOT_BUSY);
    this.outcome[row] = outcomeNumber(op.type);
    this.completedNanos[row] = op.time;
    const whole = this.first[row];
    if (whole !== undefined) whole.completion = trimmed(op);
  }

  private functionNumber(f: string): number {
    const known = this.functionNumbers.get(f);
    if (known !== undefined) return known;
    const number = Math.min(this.functions.length, MAX_FUNCTIONS);
    if (number < MAX_FUNCTIONS) this.functions.push(f);
    this.functionNumbers.set(f, number);
    return number;
  }

  private grow(): void {
    const size = 2 * this.f.length;
    this.f = larger(this.f, new Uint16Array(size));
    this.outcome = larger(this.outcome, new Uint8Array(size));
    this.process = larger(this.process, new Uint32Array(size));
    this.invokedNanos = larger(this.invokedNanos, new Float64Array(size));
    this.completedNanos = larger(this.completedNanos, new Float64Array(size));
  }
}

const trimmed = (op: Op): Op => ({ ...op, value: trimValue(op.value) });

function larger<A extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
