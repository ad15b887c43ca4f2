/** A run that came to nothing: it is not valid, but no fault of the program was seen. */
import type { CheckResult } from '../../checkers/checker.ts';
import type { TestResults } from '../../run/test-results.ts';

/** Whether nothing was found to be wrong, but that too few requests were answered. */
export function provedNothing({ 'valid?': validity, stats, availability, ...others }: TestResults): boolean {
  if (validity === true) return false;
  return !Object.values<unknown>(others).some(
    (part) => typeof part === 'object' && part !== null && (part as CheckResult)['valid?'] === false, // parts are results
  );
}
