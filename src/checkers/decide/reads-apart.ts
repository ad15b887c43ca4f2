/**
 * Prefix consistency as serializability: each transaction becomes two, one that reads and a later one that writes. Other
 * transactions may write between the two, also the same keys.
 *
 *     T0  read x, write y 1      becomes      0: read x,  then  1: write y 1
 *
 * After Biswas and Enea ("On the Complexity of Checking Transactional Consistency", 2019).
 */
import type { ChoiceStep } from './cycle-steps.ts';
import type { Decision, Refutation } from './decision.ts';
import type { KeyVersions, RealtimeOrder, VersionHistory } from './version-history.ts';

const reading = (transaction: number): number => 2 * transaction;
const writing = (transaction: number): number => 2 * transaction + 1;
const whole = (part: number): number => part >> 1;

/** Returns the history of the parts. */
export function readsApart({
  transactions,
  keys,
  sessions,
  realtime,
  hints,
}: VersionHistory): VersionHistory {
  const all = Array.from({ length: transactions }, (_, transaction) => transaction);
  return {
    transactions: 2 * transactions,
    keys: keys.map(ofParts),
    sessions: [
      ...all.map((transaction) => [reading(transaction), writing(transaction)] as const),
      ...sessions.map(([before, after]) => [writing(before), reading(after)] as const),
    ],
    realtime: realtime === undefined ? undefined : timeOfParts(realtime),
    hints: hints.flatMap((hint) => [hint, hint]),
  };
}

function ofParts({ writers, readers, parents, updated, beneath = [] }: KeyVersions): KeyVersions {
  const sawBeneath = readers.map((): number[] => []);
  for (const [version, seen] of beneath.entries())
    if (seen >= 0) sawBeneath[seen]?.push(writers[version] ?? -1);
  return {
    writers: writers.map((writer) => (writer < 0 ? writer : writing(writer))),
    readers: readers.map((some, version) =>
      [...new Set([...some, ...(sawBeneath[version] ?? [])])]
        .filter((one) => one !== writers[version])
        .map(reading),
    ),
    parents,
    // What a transaction had read need not be the last version when it writes.
    updated: updated.map(() => -1),
  };
}

const timeOfParts = ({ epochs, begins, ends }: RealtimeOrder): RealtimeOrder => ({
  epochs,
  begins: begins.flatMap((begin) => [begin, begin]),
  ends: ends.flatMap((end) => [-1, end]),
});

/** Returns the decision about the transactions. */
export function joined(decision: Decision): Decision {
  switch (decision.kind) {
    case 'order':
      return {
        kind: 'order',
        points: decision.points.map(({ transaction }) => ({
          transaction: whole(transaction),
          isCommit: transaction === writing(whole(transaction)),
        })),
      };
    case 'impossible':
      return { kind: 'impossible', refutation: joinedRefutation(decision.refutation) };
    case 'unknown':
      return decision;
  }
}

function joinedRefutation(refutation: Refutation): Refutation {
  if (refutation.kind === 'cycle') return { kind: 'cycle', steps: joinedSteps(refutation.steps) };
  const { first, second } = refutation;
  return { ...refutation, first: joinedRefutation(first), second: joinedRefutation(second) };
}

/** Leaves out the steps within a transaction. */
const joinedSteps = (steps: readonly ChoiceStep[]): readonly ChoiceStep[] =>
  steps
    .map((step) => ({ ...step, from: whole(step.from), to: whole(step.to) }))
    .filter(({ from, to }) => from !== to);
