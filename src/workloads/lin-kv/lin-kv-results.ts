/**
 * The results of lin-kv in upstream's structure: for each key a result under `linearizable`, and one of its timeline.
 *
 *     {results: {KEY: {linearizable: {valid?, configs, final-paths, ...}, timeline: {valid?}, valid?}}, failures: [KEY]}
 */
import type { Budget, Checker, OneOf, Validity } from '../../checkers/checker.ts';
import type { KeyedResult } from '../../checkers/linearizable/independent-keys.ts';
import type { LinearizableResult } from '../../checkers/linearizable/linearizable.ts';
import type { ObjectResult } from '../../checkers/linearizable/object-history.ts';
import { mapResultKeys } from '../../checkers/result-keys.ts';
import type { WithMissingKeys } from './missing-keys.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

type KeyResult = {
  readonly linearizable: ObjectResult;
  readonly timeline: { readonly 'valid?': true };
  readonly 'valid?': Validity;
};

export const KEY_RESULT_MEANINGS = {
  linearizable: 'whether its operations are linearizable',
  timeline: 'always valid, as in upstream Maelstrom',
} as const satisfies Meanings<KeyResult>;

export type LinKvResult = WithMissingKeys<OneOf<KeyedResult<KeyResult> | ObjectResult>>;

/** A checker of independent keys that puts the result of each key under `linearizable`. */
export class LinKvChecker implements Checker<LinKvResult> {
  constructor(private readonly checker: Checker<WithMissingKeys<LinearizableResult>>) {}

  observe(op: Parameters<Checker['observe']>[0]): void {
    this.checker.observe(op);
  }

  get malformed(): string | undefined {
    return this.checker.malformed;
  }

  result(budget?: Budget): LinKvResult {
    const result = this.checker.result(budget);
    if (result.results === undefined) return result;
    const results = mapResultKeys(result.results, (one): KeyResult => ({
      linearizable: one,
      timeline: { 'valid?': true },
      'valid?': one['valid?'],
    }));
    return { ...result, results };
  }
}

/** Returns the result in the form of the checker of independent keys. */
export function withoutLevels(result: LinKvResult): LinearizableResult {
  if (result.results === undefined) return result;
  return { ...result, results: mapResultKeys(result.results, ({ linearizable }) => linearizable) };
}
