/**
 * The transactions of a history as columns: the process of each, when it began and ended, and its outcome.
 *
 * A transaction is an invocation and its completion; its number ("vertex") counts invocations from 0. Only what cannot
 * be derived is kept, about 40 bytes per transaction, so that `operation` can rebuild the operations for evidence.
 *
 * Realtime order is kept as epochs. An epoch ends when something is invoked after something has completed `ok`:
 *
 *     invoke a   ok a | invoke b   invoke c   ok c   ok b | invoke d       a before b, c; b, c before d; b and c concurrent
 *          epoch 0    |              epoch 1              |   epoch 2
 *
 * so that x completed before y was invoked exactly when `endEpoch(x) < beginEpoch(y)`.
 */
import { withNamedMicroOps, withoutReads } from '../../../history/micro-ops.ts';
import type { Op, OpType } from '../../../history/op.ts';
import { valueText, type Json } from '../../../protocol/json.ts';
import { Float64Column, Int32Column, Uint8Column } from '../../../columns/column.ts';
import { upperBound } from '../../../columns/lower-bound.ts';
import type { Malformed } from './malformed.ts';

/** An operation of a transactional history, which often omits `f`. */
export type TransactionOp = Omit<Op, 'f'> & { readonly f?: string };

export type MicroOp = readonly [f: string, key: Json, value: Json];

/** Same order as in recording/operations/outcome.ts. */
export const OUTCOME = { open: 0, ok: 1, fail: 2, info: 3 } as const;

/** An invocation without a completion. */
interface OpenInvocation {
  readonly vertex: number;
  readonly op: TransactionOp;
}

/** Processes from 0 to below this number are looked up by index, others by hash. */
const DIRECT_PROCESSES = 1 << 16;
const NEVER = -1;
/** Index of an operation that is missing from the history. Real indexes may be any number, even -1. */
const NO_INDEX = NaN;

export class TransactionLog {
  readonly outcomes = new Uint8Column();
  readonly processes = new Float64Column();
  /** The epoch in which each transaction completed with `ok`, or -1. */
  readonly endEpochs = new Int32Column();
  /** The first transaction of each epoch. Transactions of one epoch are consecutive. */
  readonly epochStarts = new Int32Column();
  /** Start and number of each transaction's micro-operations in the columns of its workload. */
  readonly mopStarts = new Int32Column();
  readonly mopCounts = new Int32Column();
  /** The first error in the pairing of invocations and completions. */
  unpaired: Malformed | undefined;
  /** Invocations whose process invoked something else before they completed. */
  readonly abandoned: TransactionOp[] = [];
  /** What makes the history unreadable. */
  malformed: Malformed | undefined;
  /** The invocation of the transaction that `observe` just completed, if any. */
  invocation: TransactionOp | undefined;

  readonly #invokeIndexes = new Float64Column();
  readonly #invokeTimes = new Float64Column();
  readonly #completeIndexes = new Float64Column();
  readonly #completeTimes = new Float64Column();
  readonly #openVertices: (number | undefined)[] = [];
  readonly #openOps: (TransactionOp | undefined)[] = [];
  readonly #openElsewhere = new Map<number, OpenInvocation>();
  #someoneCompleted = false;
  #sawInvocation = false;
  #f: string | undefined;
  readonly #unusualNames = new Map<number, string | undefined>();
  readonly #errors = new Map<number, Json>();
  readonly #invokedValues = new Map<number, Json>();
  /** The first completion without an open invocation, seen before any invocation. */
  #lonely: TransactionOp | undefined;

  constructor() {
    this.epochStarts.push(0);
  }

  get count(): number {
    return this.outcomes.length;
  }

  /**
   * Whether the history has no invocation. Then only the order of each process's transactions is known, and takes the
   * place of realtime order.
   */
  get hasOnlyCompletions(): boolean {
    return this.#lonely !== undefined && !this.#sawInvocation;
  }

  /** Adds an operation. Returns the number of the transaction that it completes, or -1 if none. */
  observe(op: TransactionOp): number {
    const process = op.process;
    if (typeof process !== 'number') return NEVER;
    if (!Number.isSafeInteger(process)) {
      this.malformed ??= {
        type: 'bad-process',
        message: `Operation ${op.index} names process ${process}; expected an integer.`,
        index: op.index,
      };
      return NEVER;
    }
    return op.type === 'invoke' ? this.#invoke(op, process) : this.#complete(op, process);
  }

  #invoke(op: TransactionOp, process: number): number {
    this.#sawInvocation = true;
    if (this.#someoneCompleted) {
      this.#someoneCompleted = false;
      this.epochStarts.push(this.count);
    }
    const vertex = this.#add(op, process, op.index);
    const before = this.#setOpen(process, vertex, op);
    if (before !== undefined) {
      this.abandoned.push(before.op);
      this.unpaired ??= {
        type: 'double-invoke',
        message:
          `Process ${process} invoked operation ${op.index} while its operation ${before.op.index} was still open; ` +
          `expected the completion of ${before.op.index} first.`,
        index: op.index,
      };
    }
    return NEVER;
  }

  #complete(op: TransactionOp, process: number): number {
    let vertex = NEVER;
    this.invocation = undefined;
    if (process >= 0 && process < DIRECT_PROCESSES) {
      vertex = this.#openVertices[process] ?? NEVER;
      if (vertex !== NEVER) {
        this.invocation = this.#openOps[process];
        this.#openVertices[process] = undefined;
        this.#openOps[process] = undefined;
      }
    } else {
      const open = this.#openElsewhere.get(process);
      if (open !== undefined) {
        vertex = open.vertex;
        this.invocation = open.op;
        this.#openElsewhere.delete(process);
      }
    }
    if (vertex === NEVER) {
      vertex = this.#add(op, process, NO_INDEX);
      if (this.#sawInvocation) this.#blame(op);
      else this.#lonely ??= op;
    }
    this.#completeIndexes.set(vertex, op.index);
    this.#completeTimes.set(vertex, op.time);
    if (op.type === 'ok') {
      this.outcomes.set(vertex, OUTCOME.ok);
      this.endEpochs.set(vertex, this.epochStarts.length - 1);
      this.#someoneCompleted = true;
    } else {
      this.outcomes.set(vertex, op.type === 'info' ? OUTCOME.info : OUTCOME.fail);
    }
    if (op.error !== undefined) this.#errors.set(vertex, op.error);
    return vertex;
  }

  /**
   * Call this at the end of the history. Completions without invocations are an error, except in a history without any
   * invocation: such a history is a list of transactions of unknown order.
   */
  finish(): void {
    if (this.#lonely !== undefined && this.#sawInvocation) this.#blame(this.#lonely);
  }

  #blame(completion: TransactionOp): void {
    const { index, type, process } = completion;
    if (this.unpaired !== undefined && this.unpaired.index < index) return;
    this.unpaired = {
      type: 'not-running',
      message: `Operation ${index} completes (${type}) an operation of process ${process}, which had none open.`,
      index,
    };
  }

  /** Returns the previously open invocation of the process. */
  #setOpen(process: number, vertex: number, op: TransactionOp): OpenInvocation | undefined {
    if (process >= 0 && process < DIRECT_PROCESSES) {
      const openOp = this.#openOps[process];
      const openVertex = this.#openVertices[process];
      for (let fresh = this.#openOps.length; fresh < process; fresh++) {
        this.#openOps.push(undefined);
        this.#openVertices.push(undefined);
      }
      this.#openVertices[process] = vertex;
      this.#openOps[process] = op;
      return openOp === undefined || openVertex === undefined
        ? undefined
        : { vertex: openVertex, op: openOp };
    }
    const before = this.#openElsewhere.get(process);
    this.#openElsewhere.set(process, { vertex, op });
    return before;
  }

  /** Yields the invocations that are still open, with unknown outcome. */
  *openInvocations(): Iterable<OpenInvocation> {
    for (let process = 0; process < this.#openOps.length; process++) {
      const vertex = this.#openVertices[process];
      const op = this.#openOps[process];
      if (vertex !== undefined && op !== undefined) yield { vertex, op };
    }
    yield* this.#openElsewhere.values();
  }

  #add(op: TransactionOp, process: number, invokeIndex: number): number {
    const vertex = this.outcomes.push(OUTCOME.open);
    this.processes.push(process);
    this.endEpochs.push(NEVER);
    this.mopStarts.push(0);
    this.mopCounts.push(0);
    this.#invokeIndexes.push(invokeIndex);
    this.#invokeTimes.push(op.time);
    this.#completeIndexes.push(NO_INDEX);
    this.#completeTimes.push(0);
    if (op.f !== this.#f) {
      if (vertex === 0) this.#f = op.f;
      else this.#unusualNames.set(vertex, op.f);
    }
    return vertex;
  }

  /** Records an invoked value that cannot be rebuilt from the completion. */
  keepInvokedValue(vertex: number, value: Json): void {
    this.#invokedValues.set(vertex, value);
  }

  /** Returns the operation that represents a transaction: its completion, or its invocation if it never completed. */
  operation(vertex: number, value: Json): TransactionOp {
    if (Number.isNaN(this.#completeIndexes.at(vertex))) return this.invocationOf(vertex, value);
    const outcome = this.outcomes.at(vertex);
    const type: OpType = outcome === OUTCOME.ok ? 'ok' : outcome === OUTCOME.fail ? 'fail' : 'info';
    const error = this.#errors.get(vertex);
    return {
      index: this.#completeIndexes.at(vertex),
      time: this.#completeTimes.at(vertex),
      type,
      process: this.processes.at(vertex),
      ...this.#name(vertex),
      value,
      ...(error === undefined ? {} : { error }),
    };
  }

  /** Returns the invocation of a transaction, or its completion if the history has no invocation. */
  invocationOf(vertex: number, completedValue: Json): TransactionOp {
    if (Number.isNaN(this.#invokeIndexes.at(vertex))) return this.operation(vertex, completedValue);
    return {
      index: this.#invokeIndexes.at(vertex),
      time: this.#invokeTimes.at(vertex),
      type: 'invoke',
      process: this.processes.at(vertex),
      ...this.#name(vertex),
      value: this.#invokedValues.get(vertex) ?? withoutReads(completedValue),
    };
  }

  #name(vertex: number): { f?: string } {
    const f = this.#unusualNames.has(vertex) ? this.#unusualNames.get(vertex) : this.#f;
    return f === undefined ? {} : { f };
  }

  /** Returns the epoch in which a transaction was invoked. */
  beginEpoch(vertex: number): number {
    return upperBound(this.epochStarts.values, vertex, this.epochStarts.length) - 1;
  }
}

/** Returns the operation with the names of its micro-operations as strings; EDN may give them as keywords. */
export function withNames(op: TransactionOp): TransactionOp {
  const value = withNamedMicroOps(op.value);
  return value === op.value ? op : { ...op, value };
}

/**
 * Returns the micro-operations of an operation. A failed or crashed operation without a value counts as having tried
 * those of its invocation.
 */
export function microOpsOf(op: TransactionOp, invocation: TransactionOp | undefined): Json {
  return op.value === null && op.type !== 'ok' && invocation !== undefined ? invocation.value : op.value;
}

/**
 * Describes why a value is not a list of micro-operations [f key value] with `f` among `names`; undefined if it is one.
 */
export function describeBadMicroOps(
  op: TransactionOp,
  value: Json,
  names: readonly string[],
): Malformed | undefined {
  if (!Array.isArray(value)) {
    return {
      type: 'bad-value',
      message: `Operation ${op.index} has the value ${shorten(value)}; expected a list of micro-operations [f, key, value].`,
      index: op.index,
    };
  }
  for (const mop of value as readonly Json[]) {
    const [f] = Array.isArray(mop) ? (mop as readonly Json[]) : [];
    if (typeof f === 'string' && names.includes(f) && (mop as readonly Json[]).length > 1) continue;
    return {
      type: 'unexpected-txn-micro-op-types',
      message: `Operation ${op.index} has the micro-operation ${shorten(mop)}; expected ["${names.join('" or "')}", key, value].`,
      index: op.index,
      details: { 'micro-op': mop },
    };
  }
  return undefined;
}

function shorten(value: Json): string {
  const text = valueText(value);
  return text.length <= 120 ? text : `${text.slice(0, 117)}...`;
}

/** Whether an invocation can be rebuilt from its completion, because it asked for what the completion shows. */
export function asksTheSame(invoked: Json, mops: readonly MicroOp[]): boolean {
  if (!Array.isArray(invoked) || invoked.length !== mops.length) return false;
  for (let index = 0; index < mops.length; index++) {
    const asked = invoked[index] as MicroOp | undefined;
    const shown = mops[index];
    if (asked === shown) continue;
    if (!Array.isArray(asked) || !Array.isArray(shown)) return false;
    if (asked[0] !== shown[0] || asked[1] !== shown[1]) return false;
    if (asked[0] === 'r' ? asked[2] !== null : asked[2] !== shown[2]) return false;
  }
  return true;
}
