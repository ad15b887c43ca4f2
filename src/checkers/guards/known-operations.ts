/**
 * Wraps a checker and refuses operations that its model does not know. Ignoring them would be misleading: a history of
 * reads and writes would pass as a valid counter.
 */
import { inSeries } from '../../protocol/in-series.ts';
import type { Op } from '../../history/op.ts';
import { didYouMean } from '../../protocol/nearest.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Budget, Checker, CheckResult } from '../checker.ts';

/** Throws a UserError for a client operation that the model does not know. */
export function refuseUnknown(model: string, known: ReadonlySet<string>, op: Op): void {
  if (typeof op.process !== 'number' || known.has(op.f)) return;
  const names = [...known];
  // Despite its type, an operation may lack f.
  const f: string | undefined = op.f;
  throw new UserError(
    `Operation ${op.index} has ${f === undefined ? 'no f' : `f ${JSON.stringify(f)}`}; the model ${model} knows ${inSeries(names)}.` +
      didYouMean(f, names),
    'Give the model that the operations are of, or leave other operations out of the history.',
  );
}

export class KnownOperations<Result extends CheckResult> implements Checker<Result> {
  private readonly known: ReadonlySet<string>;

  constructor(
    private readonly model: string,
    operations: readonly string[],
    private readonly checker: Checker<Result>,
  ) {
    this.known = new Set(operations);
  }

  observe(op: Op): void {
    refuseUnknown(this.model, this.known, op);
    this.checker.observe(op);
  }

  get malformed(): string | undefined {
    return this.checker.malformed;
  }

  result(budget?: Budget): Result {
    return this.checker.result(budget);
  }
}
