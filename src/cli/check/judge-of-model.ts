/** The judge of a history by a built-in model. */
import type { CheckResult } from '../../checkers/checker.ts';
import { modelEntry, type ModelEntry } from '../../checkers/models/model-table.ts';
import type { HistoryStreamOptions } from '../../history/reading/history-stream.ts';
import { UserError } from '../../protocol/user-error.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import { evidenceOfModel } from './check-evidence.ts';
import { flagOf, MODEL_FLAGS } from './check-options.ts';
import { onlyCheck, sentenceOf, type Judge } from './judge.ts';

/** Throws a UserError for a model or an option that does not exist. */
export function judgeOfModel(name: string, options: Readonly<Record<string, unknown>>): Judge {
  const entry = modelEntry(name);
  refuseForeignOptions(name, entry, options);
  return {
    name,
    checker: entry.checker(options),
    completionsOnly: entry.completionsOnly,
    reading: readingOf(name, entry, options),
    isOfRun: false,
    warnings: [],
    model: { name, options },
    evidence: (result) => evidenceOfModel(name, result),
    sentence: (result, judged) =>
      sentenceOf(
        {
          name,
          explain: () => entry.explain(namedByInvocation(result, judged.numberOf)),
          remark: () => {
            const remark = entry.remark(result);
            return remark !== undefined && couldDecide(result, options) ? `${remark} ${DECIDING}` : remark;
          },
        },
        result,
        judged,
      ),
    checks: (result, judged) => onlyCheck(name, result, judged),
  };
}

/** Models of a single object without support for independent keys. */
const SINGLE: ReadonlySet<string> = new Set(['set', 'set-full', 'pn-counter', 'g-counter', 'counter']);

/** Returns how a history is read for a model with these options. */
export function readingOf(
  name: string,
  entry: ModelEntry,
  options: Readonly<Record<string, unknown>>,
): HistoryStreamOptions {
  const isKeyed = options['independent?'] === true || name === 'kv';
  const ofOne = entry.options.has('independent?') || SINGLE.has(name);
  return {
    defaultF: entry.anyOperation ? 'txn' : undefined,
    nameOf: entry.anyOperation ? undefined : (f) => entry.nameOf(f),
    keyField: isKeyed ? 'pair' : ofOne ? 'one' : undefined,
  };
}

function refuseForeignOptions(
  model: string,
  entry: ModelEntry,
  options: Readonly<Record<string, unknown>>,
): void {
  for (const option of Object.keys(options)) {
    if (entry.options.has(option)) continue;
    const own = [...entry.options.keys()]
      .map(flagOf)
      .filter((flag) => MODEL_FLAGS.has(flag))
      .join(', ');
    throw new UserError(
      `The model ${model} has no option ${flagOf(option)}.`,
      own === '' ? `${model} takes no options.` : `Options of ${model}: ${own}.`,
    );
  }
}

const DECIDING =
  'For serializability and snapshot isolation, --decide works without one: it searches for an order of all transactions.';

const couldDecide = (result: CheckResult, options: object): boolean =>
  'unordered-keys' in result && !('decide?' in options);
