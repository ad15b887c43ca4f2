/** The evidence and the stories of an invalid external history, for the terminal and the page. */
import type { CheckResult } from '../../checkers/checker.ts';
import type { Evidence } from '../../checkers/evidence.ts';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import type { HistoryStreamOptions } from '../../history/reading/history-stream.ts';
import type { Op } from '../../history/op.ts';
import type { Stories } from '../../recording/story.ts';
import { storiesOfHistory } from '../../story/history-stories.ts';
import { eachOperation, type HistorySource } from './history-source.ts';

/** Maximum number of entries; a longer history is not read into memory for a story. */
const MOST_ENTRIES = 200_000;
/** Distance in nanoseconds between the entries of a history without times. */
const APART_NANOS = 1e6;

export interface ExplainedHistory {
  /** The evidence that the page draws. */
  readonly drawn: Evidence | undefined;
  readonly stories: Stories | undefined;
}

export interface CheckedHistory {
  readonly source: HistorySource;
  readonly model: string;
  readonly reading: HistoryStreamOptions;
  /** Its operations are indexed by their numbers, as those of the evidence. */
  readonly result: CheckResult;
  readonly evidence: Evidence | undefined;
  readonly entries: number;
}

export async function explainHistory(checked: CheckedHistory): Promise<ExplainedHistory> {
  const { source, model, entries, result, evidence } = checked;
  // The drawing of a key expects operations with [key, value] pairs.
  const isOfOne = evidence?.kind === 'keys' && evidence.keys.some(({ isAll }) => isAll);
  const drawn = isOfOne ? undefined : evidence;
  if (entries > MOST_ENTRIES) return { drawn, stories: undefined };
  const history: Op[] = [];
  let hasTimes = false;
  await eachOperation(source, checked.reading, (op) => {
    history.push(op);
    hasTimes ||= op.time !== 0;
  });
  const spec = completeSpec({ workload: model, bin: '', nodes: [], seed: '' });
  const timed = hasTimes ? history : history.map((op, at) => ({ ...op, time: at * APART_NANOS }));
  return {
    drawn,
    stories: storiesOfHistory({
      spec,
      history: timed,
      result,
      evidence,
      evidenceIsDrawn: drawn !== undefined,
    }),
  };
}
