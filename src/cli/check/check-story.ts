/** How a history from elsewhere came to be wrong: what shows it, and its stories, for the terminal and the page. */
import type { CheckResult } from '../../checkers/checker.ts';
import type { Evidence } from '../../checkers/evidence.ts';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import type { HistoryStreamOptions } from '../../history/history-stream.ts';
import type { Op } from '../../history/op.ts';
import type { NumberOf } from '../../history/operation-names.ts';
import type { Stories } from '../../recording/story.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import { storiesOfHistory } from '../../story/history-stories.ts';
import { evidenceOfModel } from './check-evidence.ts';
import { eachOperation, type HistorySource } from './history-source.ts';

/** A longer history is not read into memory once more. */
const MOST_ENTRIES = 200_000;
/** A history without times is told in its order. */
const APART_NANOS = 1e6;

export interface ToldHistory {
  /** What the page draws. */
  readonly drawn: Evidence | undefined;
  readonly stories: Stories | undefined;
}

export interface CheckedHistory {
  readonly source: HistorySource;
  readonly model: string;
  readonly reading: HistoryStreamOptions;
  readonly result: CheckResult;
  readonly numberOf: NumberOf;
  readonly entries: number;
}

export async function tellHistory(checked: CheckedHistory): Promise<ToldHistory> {
  const { source, model, entries, numberOf } = checked;
  const result = namedByInvocation(checked.result, numberOf);
  const evidence = evidenceOfModel(model, result);
  // The drawing of a key takes its operations from pairs of keys and values.
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
