/** Detects a run that proved nothing: it is not valid, but showed no fault of the program. */
import type { CheckResult } from '../../checkers/checker.ts';
import type { TestResults } from '../../run/verdict/test-results.ts';

/** True when the run is not valid, and nothing was found to be wrong except that too few requests were answered. */
export function provedNothing({ 'valid?': validity, stats, availability, ...others }: TestResults): boolean {
  if (validity === true) return false;
  return !Object.values<unknown>(others).some(
    (part) => typeof part === 'object' && part !== null && (part as CheckResult)['valid?'] === false, // parts are results
  );
}
