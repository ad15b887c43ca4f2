/**
 * Guards the checker of a user's workload: an error names its place in the user's file, without internals of this
 * machine; a call that never returns is terminated; and an invalid result does not pass for a verdict.
 */
import type { Budget, CheckResult, Checker } from '../../checkers/checker.ts';
import { LinearizableChecker } from '../../checkers/linearizable/linearizable.ts';
import type { Op } from '../../history/op.ts';
import { checkedChecker } from '../../own/checked-checker.ts';
import { seen } from '../../own/examples.ts';
import { refusePromise, seenReturned } from '../../own/returned.ts';
import { functionOf, WrongReturn } from '../../protocol/wrong-return.ts';
import { EndedBySignal, NeverReturned, ownWork } from '../../world/own-work.ts';
import { yieldLimitMs } from '../simulations/yield-limit.ts';
import { describeThrown } from './own-module.ts';

/** Factors by which the time limit of a call is extended for judging a history. */
const PATIENCE = { checker: 12, search: 60 };
/** Number of operations passed in one guarded call, since each such call costs 60 us. */
const TOGETHER = 256;

export class OwnChecker<Result extends CheckResult> implements Checker<Result> {
  private readonly checker: Checker<Result> | undefined;
  private readonly isOurs: boolean;
  private readonly waiting: Op[] = [];
  /** The error that ended it; it is not called again. */
  private failure: string | undefined;

  constructor(
    make: () => Checker<Result>,
    private readonly path: string,
  ) {
    this.checker = this.attempt(`\`checker\` of ${path}`, () => checkedChecker(make(), make));
    this.isOurs = this.checker instanceof LinearizableChecker;
  }

  observe(op: Op): void {
    // Calls the user's model only in `result`.
    if (this.isOurs) return this.checker?.observe(op);
    this.waiting.push(op);
    if (this.waiting.length === TOGETHER) this.showWaiting();
  }

  result(budget?: Budget): Result {
    this.showWaiting();
    const { checker, path } = this;
    const result = this.attempt(
      `The checker of ${path}`,
      () =>
        checker === undefined
          ? undefined
          : checkedResult(checker.result(budget), functionOf(checker, 'result')),
      this.isOurs ? PATIENCE.search : PATIENCE.checker,
    );
    if (result !== undefined) return result;
    const text = this.failure ?? 'it returned nothing';
    throw Object.assign(new Error(text), { stack: text });
  }

  get malformed(): string | undefined {
    return this.checker?.malformed;
  }

  private showWaiting(): void {
    const ops = this.waiting.splice(0);
    let at: Op | undefined;
    this.attempt(
      `\`observe\` of the checker of ${this.path}`,
      () => {
        for (at of ops) this.checker?.observe(at);
      },
      1,
      () => (at === undefined ? '' : `, at the entry of the history with index ${at.index}`),
    );
  }

  private attempt<Value>(
    what: string,
    work: () => Value,
    patience = 1,
    where = (): string => '',
  ): Value | undefined {
    if (this.failure !== undefined) return undefined;
    try {
      return ownWork(what, work, patience * yieldLimitMs(), 'minutes');
    } catch (error) {
      this.failure =
        error instanceof NeverReturned || error instanceof EndedBySignal
          ? `${error.message.replace(/\.$/, '')}${where()}.`
          : `${describeThrown(error)}${where()}`;
      return undefined;
    }
  }
}

/** Validates the result, since any other value would pass for a verdict. */
function checkedResult<Result extends CheckResult>(result: Result, by: unknown): Result {
  refusePromise('`result` of the checker', result, by);
  const valid: unknown = Object(result)['valid?'];
  if (valid === true || valid === false || valid === 'unknown') return result;
  throw new WrongReturn(
    `\`result\` of the checker returned ${typeof result === 'object' && result !== null ? `an object whose 'valid?' is ${seen(valid)}` : seenReturned(result)}; expected { 'valid?': true, false or 'unknown' }`,
    by,
  );
}
