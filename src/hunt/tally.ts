/** The totals of a hunt: what has been tried. Plain data, so that a resumed hunt can continue them. */
import { addedExpectations, type Expectation } from './coverage/expectations.ts';
import { addedFates, type MessageFates } from './coverage/message-fates.ts';
import { isFailure, type Outcome } from './outcome.ts';

export interface Tally {
  readonly runs: number;
  readonly failures: number;
  /** Number of runs without a verdict in which no failure was found. */
  readonly undecided: number;
  /** Number of runs in which no operation succeeded. */
  readonly withoutSuccess: number;
  readonly operations: number;
  readonly messages: number;
  readonly virtualNanos: number;
  readonly faults: Readonly<Record<string, FaultTally>>;
  /** Totals of the runs in which they were recorded. */
  readonly fates: MessageFates;
  /** Expected events and the number of runs in which each occurred. */
  readonly expected: readonly Expectation[];
}

/** Numbers of runs. */
export interface FaultTally {
  readonly began: number;
  /** Runs in which it began while requests were in flight. */
  readonly underWay: number;
  /** Runs in which a request succeeded while it lasted. */
  readonly succeeded: number;
}

export const NOTHING_TRIED: Tally = {
  runs: 0,
  failures: 0,
  undecided: 0,
  withoutSuccess: 0,
  operations: 0,
  messages: 0,
  virtualNanos: 0,
  faults: {},
  fates: {},
  expected: [],
};

/** True if each run has no verdict or no successful operation. */
export const provesNothing = ({ runs, undecided, withoutSuccess }: Tally): boolean =>
  runs === withoutSuccess || runs === undecided;

export function added(tally: Tally, outcome: Outcome): Tally {
  const { verdict, operations, succeeded, messages, nanos, meetings } = outcome;
  const failed = isFailure(outcome);
  const faults = { ...tally.faults };
  for (const [fault, meeting] of Object.entries(meetings)) {
    const before = faults[fault] ?? { began: 0, underWay: 0, succeeded: 0 };
    faults[fault] = {
      began: before.began + 1,
      underWay: before.underWay + (meeting.underWay > 0 ? 1 : 0),
      succeeded: before.succeeded + (meeting.succeeded > 0 ? 1 : 0),
    };
  }
  return {
    fates: outcome.fates === undefined ? tally.fates : addedFates(tally.fates, outcome.fates),
    expected: addedExpectations(tally.expected, outcome.expected),
    runs: tally.runs + 1,
    failures: tally.failures + (failed ? 1 : 0),
    undecided: tally.undecided + (!failed && verdict !== true ? 1 : 0),
    withoutSuccess: tally.withoutSuccess + (succeeded === 0 ? 1 : 0),
    operations: tally.operations + operations,
    messages: tally.messages + messages,
    virtualNanos: tally.virtualNanos + nanos,
    faults,
  };
}
