/**
 * The events that the program (`sometimes`, `reachable`) or a file of invariants expects at least once, and the number
 * of runs of a hunt in which each occurred. An event that never occurred shows what the hunt has not reached, whatever
 * it has found.
 */
import {
  addAssertions,
  MOST_NAMES,
  type Assertion,
  type AssertionsResult,
} from '../../run/records/assertion-record.ts';
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';

/** For one run, `count` is 1 if the event occurred and 0 if not; for several, the number of runs in which it did. */
export type Expectation = Assertion;

/** Nodes choose the names, so their length is bounded. */
const LONGEST_SHOWN = 250;

/** Returns the expectations of one run; undefined if there are none, as for most programs. */
export function expectationsOf(result: AssertionsResult | undefined): readonly Expectation[] | undefined {
  const expected = (result?.assertions ?? [])
    .filter(({ kind }) => kind === 'sometimes' || kind === 'reachable')
    .map((one) => ({ ...one, count: Math.min(one.count, 1) }));
  return expected.length === 0 ? undefined : expected;
}

/** Returns the sums of both. Names beyond the first 1000 are left out, as within one run. */
export function addedExpectations(
  sum: readonly Expectation[],
  more: readonly Expectation[] | undefined,
): readonly Expectation[] {
  if (more === undefined) return sum;
  const together = addAssertions(resultOf(sum), resultOf(more));
  return together?.assertions.slice(0, MOST_NAMES) ?? [];
}

/**
 * Returns a line for each expectation, sorted by count, those that never occurred first.
 *
 *     never: sometimes "a leader is cut off with an uncommitted entry"
 *     in 3 runs: reachable "an old entry is overwritten"
 */
export function expectationSentences(expectations: readonly Expectation[]): readonly string[] {
  return expectations
    .toSorted((a, b) => a.count - b.count)
    .map(({ kind, name, count }) => {
      const shown = `${kind} ${shownText(JSON.stringify(name), LONGEST_SHOWN)}`;
      return count === 0 ? `never: ${shown}` : `in ${counted(count, 'run')}: ${shown}`;
    });
}

const resultOf = (assertions: readonly Expectation[]): AssertionsResult => ({ 'valid?': true, assertions });
