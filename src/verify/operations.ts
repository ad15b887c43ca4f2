/**
 * The operations of a history: invocation and completion line of each, and its outcome. Depends only on the definition
 * of a history.
 */
import { withNamedMicroOps, withoutReads } from '../history/micro-ops.ts';
import type { Op } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import { ProofError } from './certificate.ts';

export interface Operation {
  /** The line of its invocation, or of its completion if it has no invocation. Also its name. */
  readonly begin: number;
  /** The line of its `ok`; Infinity if it did not complete or its outcome is unknown. */
  readonly end: number;
  readonly outcome: 'ok' | 'fail' | 'info';
  /** False in a history of completions only, where when an operation began is unknown. */
  readonly isInvoked: boolean;
  readonly process: number;
  readonly f: string;
  /** The completion's value if it succeeded, otherwise the invocation's. */
  readonly value: Json;
  readonly invoked: Json;
}

export type Operations = ReadonlyMap<number, Operation>;

/** Throws if a process does two things at a time, or if an operation lacks its invocation although others have theirs. */
export function operationsOf(ops: readonly Op[], areTransactions: boolean): Operations {
  const areInvoked =
    !areTransactions || ops.some(({ type, process }) => type === 'invoke' && typeof process === 'number');
  const found = new Map<number, Operation>();
  const open = new Map<number, Operation>();
  for (const [line, op] of ops.entries()) {
    if (typeof op.process !== 'number') continue;
    const value = areTransactions ? withNamedMicroOps(op.value) : op.value;
    if (op.type === 'invoke') {
      const { process, f } = op;
      if (open.has(process))
        throw new ProofError(`Process ${process} has two operations open on line ${line}`);
      const begun: Operation = {
        begin: line,
        end: Infinity,
        outcome: 'info',
        isInvoked: true,
        process,
        f,
        value,
        invoked: value,
      };
      found.set(line, begun);
      open.set(process, begun);
      continue;
    }
    const invocation = open.get(op.process);
    if (areInvoked && invocation === undefined)
      throw new ProofError(`Line ${line} completes what was not invoked`);
    if (!areTransactions && op.f !== invocation?.f)
      throw new ProofError(`Line ${line} completes ${op.f}, which was not invoked`);
    const { begin, invoked, f } = invocation ?? {
      begin: line,
      invoked: areTransactions ? withoutReads(value) : value,
      f: op.f,
    };
    const isInvoked = invocation !== undefined;
    open.delete(op.process);
    const end = op.type === 'ok' ? line : Infinity;
    const shown = op.type === 'ok' ? value : invoked;
    const { type: outcome, process } = op;
    found.set(begin, { begin, end, outcome, isInvoked, process, f, value: shown, invoked });
  }
  return found;
}

export function operationAt(operations: Operations, name: number): Operation {
  const operation = operations.get(name);
  if (operation === undefined) throw new ProofError(`No operation begins on line ${name}`);
  return operation;
}

/** Whether an operation was over before another began: without invocations that is known within a process only. */
export const wasOver = (one: Operation, other: Operation): boolean =>
  one.end < other.begin && (other.isInvoked || one.process === other.process);

/** Throws if an operation completed before another began, but comes after it in the order. */
export function holdRealtime(
  order: readonly { readonly begin: number; readonly end: number; readonly name: number }[],
): void {
  let latest = { begin: -1, name: -1 };
  for (const { begin, end, name } of order) {
    if (end < latest.begin)
      throw new ProofError(`${name} was over before ${latest.name} began, but comes after it`);
    if (begin > latest.begin) latest = { begin, name };
  }
}
