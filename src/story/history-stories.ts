/**
 * The stories of an external history: its operations in order, and which of them contradict each other. Messages and nodes are
 * unknown, so a story has only operations, each with the time of its completion.
 */
import type { CheckResult } from '../checkers/checker.ts';
import type { Evidence } from '../checkers/evidence.ts';
import { ClientBook } from '../history/client-book.ts';
import type { Op } from '../history/op.ts';
import type { JournalReader } from '../network/journal/journal.ts';
import type { Stories } from '../recording/story.ts';
import { resultsReadBack } from '../run/verdict/test-results.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { makeStories } from './make-story.ts';

export interface JudgedHistory {
  /** Only the name of the workload is set, to the name of the model. */
  readonly spec: TestSpec;
  readonly history: readonly Op[];
  readonly result: CheckResult;
  /** Undefined for models without evidence, whose story is made from the result. */
  readonly evidence: Evidence | undefined;
  /** See StoryRun. */
  readonly evidenceIsDrawn: boolean;
}

const NO_MESSAGES: JournalReader = {
  eventCount: 0,
  messageCount: 0,
  event: (number) => {
    throw new RangeError(`There is no event ${number}.`);
  },
  message: (id) => {
    throw new RangeError(`There is no message ${id}.`);
  },
  close: () => undefined,
};

/** Returns undefined if no operation shows the violation. */
export function storiesOfHistory({
  spec,
  history,
  result,
  evidence,
  evidenceIsDrawn,
}: JudgedHistory): Stories | undefined {
  const stories = makeStories({
    spec,
    model: spec.workload,
    history,
    journal: NO_MESSAGES,
    zeroNanos: 0,
    clients: new ClientBook(),
    results: resultsReadBack({ workload: result, 'valid?': false }),
    evidence,
    evidenceIsDrawn,
  }).filter(({ wrong }) => wrong !== undefined);
  return stories.length === 0 ? undefined : { version: 1, stories };
}
