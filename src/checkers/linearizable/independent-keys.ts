/**
 * Many objects in one history, each checked separately: Jepsen's `independent`.
 *
 * Keys are checked in order of their number of operations, fewest first, each with little effort at first. Undecided
 * keys then get more effort, round by round, until all are decided or one is invalid: then the history is invalid, and
 * undecided keys stay so. So a hard key delays no other, and many hard keys share the limit.
 */
import type { Json } from '../../protocol/json.ts';
import { mergeValidity, type Budget, type NoVerdict, type Validity } from '../checker.ts';
import { resultKeys } from '../result-keys.ts';
import type { ObjectHistory, ObjectResult } from './object-history.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** Number of budget checks that a search may make in the first round, and the factor for each further round. */
const FIRST_EFFORT = 16;
const MORE_EFFORT = 4;
/** Maximum number of configurations visited for all keys together if no budget ends the search: a few minutes. */
const CONFIGURATIONS_IN_ALL = 64_000_000;

export interface KeyedHistory {
  readonly key: Json;
  readonly history: ObjectHistory;
}

/** The results of many objects by key, and the keys of invalid ones. */
export type KeyedResult<Result = ObjectResult> = {
  readonly 'valid?': Validity;
  readonly results: Readonly<Record<string, Result>>;
  readonly failures: readonly Json[];
};

export const KEYED_MEANINGS = {
  results: 'the result of each key',
  failures: 'the invalid keys',
} as const satisfies Meanings<KeyedResult>;

export function judgeKeys(keyed: readonly KeyedHistory[], budget?: Budget): KeyedResult {
  const verdicts = new Map<KeyedHistory, ObjectResult>();
  const shared = { configurationsLeft: CONFIGURATIONS_IN_ALL };
  let undecided = [...keyed].sort((a, b) => a.history.size - b.history.size);
  let isWrong = false;
  for (let effort = FIRST_EFFORT; undecided.length > 0; effort *= MORE_EFFORT) {
    const left: KeyedHistory[] = [];
    for (const one of undecided) {
      // All keys get the first round, so that every easily found invalid key is reported.
      if (isWrong && effort > FIRST_EFFORT) {
        left.push(one);
        continue;
      }
      const limited = new Effort(effort, budget, shared);
      const verdict = one.history.result(limited);
      verdicts.set(one, verdict);
      isWrong ||= verdict['valid?'] === false;
      if (verdict['valid?'] === 'unknown' && limited.wasTooLittle) left.push(one);
    }
    undecided = left;
    if (isWrong) break;
  }
  for (const one of undecided) verdicts.set(one, NOT_SEARCHED);
  return summary(keyed, verdicts);
}

const NOT_SEARCHED: NoVerdict = {
  'valid?': 'unknown',
  error: 'this key was not searched to the end because another key is invalid',
};

function summary(
  keyed: readonly KeyedHistory[],
  verdicts: ReadonlyMap<KeyedHistory, ObjectResult>,
): KeyedResult {
  const verdictOf = (one: KeyedHistory): ObjectResult => verdicts.get(one) ?? NOT_SEARCHED;
  const results = resultKeys(keyed.map((one) => [one.key, verdictOf(one)]));
  const failures = keyed.filter((one) => verdictOf(one)['valid?'] === false).map(({ key }) => key);
  return { 'valid?': mergeValidity(keyed.map((one) => verdictOf(one)['valid?'])), results, failures };
}

/** A budget that also ends after a given number of checks. */
class Effort implements Budget {
  wasTooLittle = false;
  readonly isFinite: boolean;

  constructor(
    private left: number,
    private readonly budget: Budget | undefined,
    readonly shared: Budget['shared'],
  ) {
    // Running out of effort is not final: more effort follows.
    this.isFinite = budget?.isFinite === true;
  }

  exhausted(): boolean {
    if (this.budget?.exhausted() === true) return true;
    this.wasTooLittle = this.left-- <= 0;
    return this.wasTooLittle;
  }
}
