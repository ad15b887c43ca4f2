/**
 * The stories of a history from elsewhere: who did what when, and what of it contradicts. Nothing is known of messages and nodes,
 * so that a story has operations only, each with the moment at which it ended.
 */
import type { CheckResult } from '../checkers/checker.ts';
import type { Evidence } from '../checkers/evidence.ts';
import { ClientBook } from '../history/client-book.ts';
import type { Op } from '../history/op.ts';
import type { JournalReader } from '../network/journal.ts';
import type { Stories } from '../recording/story.ts';
import { resultsReadBack } from '../run/test-results.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { makeStories } from './make-story.ts';

export interface JudgedHistory {
  /** Of which only the name of the workload is known: that of the model. */
  readonly spec: TestSpec;
  readonly history: readonly Op[];
  readonly result: CheckResult;
  /** Undefined where the model has none: its story is made of its result. */
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

/** Undefined where no operation shows what is wrong. */
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
