/**
 * Many objects in one history, each judged by itself: Jepsen's `independent`.
 *
 * Keys are judged from the one with the fewest operations on, each with little effort at first. What was not decided then gets
 * more effort, round by round, until all keys are decided or one is wrong: then the history is wrong, and the keys that are
 * still undecided stay so. So a key that is hard to decide delays no other one, and many of them share what they may take.
 */
import type { Json } from '../../protocol/json.ts';
import { mergeValidity, type Budget, type NoVerdict, type Validity } from '../checker.ts';
import { resultKeys } from '../result-keys.ts';
import type { ObjectHistory, ObjectResult } from './object-history.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

/** How often a search may ask its budget in the first round, and by how much oftener in each further one. */
const FIRST_EFFORT = 16;
const MORE_EFFORT = 4;
/** What all keys may visit together when no budget ends them: a few minutes. */
const CONFIGURATIONS_IN_ALL = 64_000_000;

export interface KeyedHistory {
  readonly key: Json;
  readonly history: ObjectHistory;
}

/** The results of many objects, by key, and the keys of those that are wrong. */
export type KeyedResult<Result = ObjectResult> = {
  readonly 'valid?': Validity;
  readonly results: Readonly<Record<string, Result>>;
  readonly failures: readonly Json[];
};

export const KEYED_MEANINGS = {
  results: 'by key what its operations come to',
  failures: 'the keys that are wrong',
} as const satisfies Meanings<KeyedResult>;

export function judgeKeys(keyed: readonly KeyedHistory[], budget?: Budget): KeyedResult {
  const verdicts = new Map<KeyedHistory, ObjectResult>();
  const shared = { configurationsLeft: CONFIGURATIONS_IN_ALL };
  let undecided = [...keyed].sort((a, b) => a.history.size - b.history.size);
  let isWrong = false;
  for (let effort = FIRST_EFFORT; undecided.length > 0; effort *= MORE_EFFORT) {
    const left: KeyedHistory[] = [];
    for (const one of undecided) {
      // All keys have the first round, so that the easy ones that are wrong are found all.
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
  error: 'this key was not searched to the end, because another one is wrong',
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

/** A budget that also ends after it was asked a given number of times. */
class Effort implements Budget {
  wasTooLittle = false;
  readonly isFinite: boolean;

  constructor(
    private left: number,
    private readonly budget: Budget | undefined,
    readonly shared: Budget['shared'],
  ) {
    // Its own end is not the last word: more effort follows.
    this.isFinite = budget?.isFinite === true;
  }

  exhausted(): boolean {
    if (this.budget?.exhausted() === true) return true;
    this.wasTooLittle = this.left-- <= 0;
    return this.wasTooLittle;
  }
}
