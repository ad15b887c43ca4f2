/** What a hunt keeps from a run: a few numbers and, for a failure, its kind. Plain data. */
import type { Validity } from '../checkers/checker.ts';
import { withoutNote } from '../checkers/bounded-result.ts';
import type { SimulatedRun } from '../harness/simulations/simulate-once.ts';
import { shownLines, shownText } from '../protocol/shown-text.ts';
import type { Signature } from '../run/verdict/signature.ts';
import type { TestResults } from '../run/verdict/test-results.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { verdictSentence } from '../run/words/verdict-sentence.ts';
import type { Workload } from '../workloads/workload.ts';
import { expectationsOf, type Expectation } from './coverage/expectations.ts';
import { faultMeetings, type FaultMeetings } from './coverage/fault-meetings.ts';
import type { MessageFates } from './coverage/message-fates.ts';

export interface Outcome {
  readonly verdict: Validity;
  /** The kinds of its failures; empty if it did not fail. */
  readonly signature: Signature;
  /** Number of client operations that were begun, and that succeeded. */
  readonly operations: number;
  readonly succeeded: number;
  readonly messages: number;
  /** Duration in virtual time. */
  readonly nanos: number;
  readonly meetings: FaultMeetings;
  /** The fates of messages, if they were recorded. */
  readonly fates?: MessageFates;
  /** Expected events and whether they occurred; left out if none are expected. */
  readonly expected?: readonly Expectation[];
  readonly failure?: FailureWords;
}

interface FailureWords {
  /** The verdict in words. */
  readonly sentence: string;
  /** The first problem of a node without its name and numbers; empty if nodes had none. */
  readonly problem: string;
  /** Its run in the store, by workload and name: `broadcast/20261121T033319.799Z`. */
  readonly kept?: string;
}

const LONGEST_SENTENCE = 2000;
const LONGEST_PROBLEM = 200;

export const isFailure = ({ signature }: Outcome): boolean => signature.length > 0;

/** Returns the outcome of a simulated run. */
export function outcomeOf(spec: TestSpec, workload: Workload, run: SimulatedRun): Outcome {
  const { results, signature, names, history, messages, nanos } = run;
  return {
    ...countsOf(results),
    signature,
    messages,
    nanos,
    meetings: faultMeetings(history),
    ...(signature.length === 0
      ? {}
      : { failure: failureWords(results, verdictSentence(spec, results, { workload, ...names })) }),
  };
}

export function countsOf(
  results: TestResults,
): Pick<Outcome, 'verdict' | 'operations' | 'succeeded' | 'expected'> {
  const { 'valid?': verdict, stats, assertions } = results;
  const expected = expectationsOf(assertions);
  return {
    verdict,
    operations: countOf(stats?.['count']),
    succeeded: countOf(stats?.['ok-count']),
    ...(expected === undefined ? {} : { expected }),
  };
}

export function failureWords(results: TestResults, sentence: string): FailureWords {
  return { sentence: shownLines(sentence.slice(0, LONGEST_SENTENCE)), problem: problemWords(results) };
}

/**
 * Returns the first problem with the node's name and numbers masked: all nodes run the same program, so these alone
 * make no difference.
 */
function problemWords({ nodes }: TestResults): string {
  const [first] = withoutNote(nodes?.problems ?? []);
  if (first === undefined) return '';
  const [line = ''] = first.message.replaceAll(first.node, '#').replaceAll(/\d+/g, '#').split('\n');
  return shownText(line, LONGEST_PROBLEM);
}

const countOf = (count: unknown): number => (typeof count === 'number' ? count : 0);
