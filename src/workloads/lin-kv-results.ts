/**
 * The results of lin-kv as upstream composes them: of each key one under `linearizable`, and one of its timeline.
 *
 *     {results: {KEY: {linearizable: {valid?, configs, final-paths, ...}, timeline: {valid?}, valid?}}, failures: [KEY]}
 */
import { isResultMap, type Checker, type CheckResult, type ResultValue } from '../checkers/checker.ts';
import { mapResultKeys } from '../checkers/result-keys.ts';

/** A checker of independent keys, whose result for each key is put under `linearizable`. */
export class LinKvChecker implements Checker {
  constructor(private readonly checker: Checker) {}

  observe(op: Parameters<Checker['observe']>[0]): void {
    this.checker.observe(op);
  }

  get malformed(): string | undefined {
    return this.checker.malformed;
  }

  result(budget?: Parameters<Checker['result']>[0]): CheckResult {
    return eachKey(this.checker.result(budget), (one) =>
      isResultMap(one) ? { linearizable: one, timeline: { 'valid?': true }, 'valid?': one['valid?'] } : one,
    );
  }
}

/** The result as the checker of independent keys gave it. */
export function withoutLevels(result: CheckResult): CheckResult {
  return eachKey(result, (one) => (isResultMap(one) ? (one['linearizable'] ?? one) : one));
}

function eachKey(result: CheckResult, turn: (one: ResultValue) => ResultValue): CheckResult {
  const { results } = result;
  return isResultMap(results) ? { ...result, results: mapResultKeys(results, turn) } : result;
}
