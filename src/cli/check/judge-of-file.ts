/** The judge of a history by a model, a judge or a workload in the user's file: `--model ./stack.ts`. */
import { basename, resolve } from 'node:path';
import type { Checker } from '../../checkers/checker.ts';
import { loadJudge } from '../../harness/own/load-judge.ts';
import { UserError } from '../../protocol/user-error.ts';
import { failureOf } from '../../run/guards/guarded-checker.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import { flagOf } from './check-options.ts';
import { onlyCheck, sentenceOf, type Judge } from './judge.ts';

/** Goes by the name of its file. Throws a UserError if the file judges nothing, or does not take an option. */
export async function judgeOfFile(path: string, options: Readonly<Record<string, unknown>>): Promise<Judge> {
  const name = basename(path);
  const { 'independent?': keys = false, ...others } = options;
  const own = await loadJudge(resolve(path), { keys: keys === true });
  const [foreign] = Object.keys(own.isModel ? others : options);
  if (foreign !== undefined)
    throw new UserError(
      `${name} has no option ${flagOf(foreign)}.`,
      own.isModel ? 'A model in a file takes --independent.' : 'A judge in a file takes no options.',
    );
  return {
    name,
    checker: withFailures(own.checker),
    completionsOnly: false,
    reading: own.isModel ? { keyField: keys === true ? 'pair' : 'one' } : {},
    isOfRun: false,
    warnings: [],
    model: undefined,
    evidence: (result) => (result['valid?'] === false ? own.evidence?.(result) : undefined),
    sentence: (result, judged) =>
      sentenceOf(
        {
          name,
          explain: () => own.explain?.(namedByInvocation(result, judged.numberOf)),
          remark: () => own.remark?.(result),
        },
        result,
        judged,
      ),
    checks: (result, judged) => onlyCheck(name, result, judged, own.figure?.(result)),
  };
}

/** What the user's functions throw is no verdict; an operation that a model does not know is an error in the history. */
const withFailures = (checker: Checker): Checker => ({
  observe: (op) => checker.observe(op),
  get malformed() {
    return checker.malformed;
  },
  result(budget) {
    try {
      return checker.result(budget);
    } catch (error) {
      return failureOf(error, '');
    }
  },
});
