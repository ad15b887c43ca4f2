/** What the user's functions say of a result. What they throw outside a run replaces the text they would have returned. */
import { basename } from 'node:path';
import type { CheckResult } from '../../checkers/checker.ts';
import type { Workload } from '../../workloads/workload.ts';
import { NeverReturned, ownWork } from '../../world/own-work.ts';
import { yieldLimitMs } from '../simulations/yield-limit.ts';
import { describeThrown } from './own-module.ts';

type ResultWords<Result extends CheckResult> = Pick<
  Workload<Result>,
  'explain' | 'figure' | 'remark' | 'evidence'
>;

/** Returns the functions that there are. `path` is the user's file. */
export function guardedWords<Result extends CheckResult>(
  words: ResultWords<Result>,
  path: string,
): ResultWords<Result> {
  const said = <Value>(what: string, work: () => Value): Value | string => {
    try {
      return ownWork(`\`${what}\` of ${path}`, work, yieldLimitMs());
    } catch (error) {
      return error instanceof NeverReturned
        ? error.message
        : `${what} of ${basename(path)} threw: ${describeThrown(error)}`;
    }
  };
  return {
    ...(words.explain && {
      explain: (result, nodeOf) => said('explain', () => words.explain?.(result, nodeOf)),
    }),
    ...(words.figure && { figure: (result) => said('figure', () => words.figure?.(result)) }),
    ...(words.remark && { remark: (result) => said('remark', () => words.remark?.(result)) }),
    ...(words.evidence && {
      evidence: (result, nodeOf) => {
        const made = said('evidence', () => words.evidence?.(result, nodeOf));
        return typeof made === 'string' ? undefined : made;
      },
    }),
  };
}
