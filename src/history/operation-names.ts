/**
 * The number by which an operation is named for people: the index of its invocation. Results quote completions, which have
 * their own indexes; `NumberOf` maps these to the number.
 *
 *     1402  invoke  read      <- operation 1402
 *     1403  ok      read 3       quoted in the results, and operation 1402 as well
 */
import { Float64Column } from '../columns/column.ts';
import type { NodeOf } from './client-book.ts';
import type { Op } from './op.ts';
import { OpenInvocations } from './pairing.ts';

/** Returns the number of the operation that has an entry with this index. */
export type NumberOf = (index: number) => number;

export interface OperationNames {
  readonly nodeOf: NodeOf;
  readonly numberOf: NumberOf;
}

/** Numbers the operations of a history as it is observed. */
export class OperationNumbers {
  private readonly open = new OpenInvocations();
  /** Indexed by position in the history, for entries whose index equals it, as in all histories written here. */
  private readonly numbers = new Float64Column();
  /** For entries of other histories, which may have any index. */
  private readonly others = new Map<number, number>();
  private clientOperations = 0;

  /** The number of client operations so far. */
  get count(): number {
    return this.clientOperations;
  }

  observe(op: Op): void {
    const ended = this.open.end(op);
    if (ended === undefined && op.process !== 'nemesis') this.clientOperations++;
    const number = ended?.invocation.index ?? op.index;
    const isAtItsPlace = op.index === this.numbers.length;
    this.numbers.push(isAtItsPlace ? number : Number.NaN);
    if (!isAtItsPlace) this.others.set(op.index, number);
  }

  readonly numberOf: NumberOf = (index) => {
    const other = this.others.get(index);
    if (other !== undefined) return other;
    const number =
      index >= 0 && index < this.numbers.length && Number.isInteger(index)
        ? this.numbers.at(index)
        : Number.NaN;
    return Number.isNaN(number) ? index : number;
  };
}

export function operationNumbers(history: Iterable<Op>): OperationNumbers {
  const numbers = new OperationNumbers();
  for (const op of history) numbers.observe(op);
  return numbers;
}
