/**
 * The checker of a workload of the user's: what it throws names the place in the user's file, and nothing of this machine; what does not
 * return is ended; what is no verdict does not pass for one.
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

/** How many times as long as anything else it may take to judge a history. */
const PATIENCE = { checker: 12, search: 60 };
/** Operations that are shown to it together, as each call of the user's that is watched costs 60 us. */
const TOGETHER = 256;

export class OwnChecker<Result extends CheckResult> implements Checker<Result> {
  private readonly checker: Checker<Result> | undefined;
  private readonly isOurs: boolean;
  private readonly waiting: Op[] = [];
  /** What ended it; it is asked nothing more. */
  private failure: string | undefined;

  constructor(
    make: () => Checker<Result>,
    private readonly path: string,
  ) {
    this.checker = this.attempt(`\`checker\` of ${path}`, () => checkedChecker(make(), make));
    this.isOurs = this.checker instanceof LinearizableChecker;
  }

  observe(op: Op): void {
    // It calls the user's model in the end only.
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

/** Whatever is no verdict would pass for one. */
function checkedResult<Result extends CheckResult>(result: Result, by: unknown): Result {
  refusePromise('`result` of the checker', result, by);
  const valid: unknown = Object(result)['valid?'];
  if (valid === true || valid === false || valid === 'unknown') return result;
  throw new WrongReturn(
    `\`result\` of the checker returned ${typeof result === 'object' && result !== null ? `an object whose 'valid?' is ${seen(valid)}` : seenReturned(result)}; expected { 'valid?': true, false or 'unknown' }`,
    by,
  );
}
