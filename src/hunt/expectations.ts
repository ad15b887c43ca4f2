/**
 * What should come at least once, as the program says (`sometimes`, `reachable`) or a file of invariants, and in how many runs of a
 * hunt it came. What never came in any run shows what a hunt has not reached, whatever it has found.
 */
import {
  addAssertions,
  MOST_NAMES,
  type Assertion,
  type AssertionsResult,
} from '../run/records/assertion-record.ts';
import { counted } from '../protocol/count-text.ts';
import { shownText } from '../protocol/shown-text.ts';

/** `count` is 1 in a run in which it came, and else 0; over runs, in how many it came. */
export type Expectation = Assertion;

/** Names are text of nodes. */
const LONGEST_SHOWN = 250;

/** Of one run; undefined where nothing is expected, as of most programs. */
export function expectationsOf(result: AssertionsResult | undefined): readonly Expectation[] | undefined {
  const expected = (result?.assertions ?? [])
    .filter(({ kind }) => kind === 'sometimes' || kind === 'reachable')
    .map((one) => ({ ...one, count: Math.min(one.count, 1) }));
  return expected.length === 0 ? undefined : expected;
}

/** Of both together. Names beyond the first 1000 are left out, as they are within one run. */
export function addedExpectations(
  sum: readonly Expectation[],
  more: readonly Expectation[] | undefined,
): readonly Expectation[] {
  if (more === undefined) return sum;
  const together = addAssertions(resultOf(sum), resultOf(more));
  return together?.assertions.slice(0, MOST_NAMES) ?? [];
}

/**
 * A line for each: what never came, then what came least often.
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
