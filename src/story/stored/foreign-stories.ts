/**
 * The stories of a run that upstream's Maelstrom has written: operations only, as of an external history, since its
 * messages are in a JVM format. Nothing is written into its folder, so they have no pictures.
 */
import { ClientBook } from '../../history/client-book.ts';
import { operationNumbers } from '../../history/operation-names.ts';
import type { Op } from '../../history/op.ts';
import type { Stories } from '../../recording/story.ts';
import { eachForeignOp, foreignResults, foreignTest } from '../../report/read/foreign-run.ts';
import { storedEvidence } from '../../report/read/stored-evidence.ts';
import { resultsReadBack } from '../../run/verdict/test-results.ts';
import { storiesOfHistory } from '../history-stories.ts';

/** Returns undefined if no operation shows what is wrong. Throws if the files were not written by a run. */
export function storiesOfForeignRun(folder: string): Stories | undefined {
  const text = foreignResults(folder);
  if (text === undefined) return undefined;
  const results = resultsReadBack(Object(JSON.parse(text)));
  const { workload: result } = results;
  if (result?.['valid?'] !== false) return undefined;
  const history: Op[] = [];
  eachForeignOp(folder, (op) => void history.push(op));
  const test = foreignTest(folder);
  const { numberOf } = operationNumbers(history);
  const found = storiesOfHistory({
    // As of an external history: which node a process used is unknown.
    spec: { ...test.spec, nodes: [] },
    history,
    result,
    evidence: storedEvidence(folder, { test, results, clients: new ClientBook(), numberOf }),
    evidenceIsDrawn: true,
  });
  return found && { ...found, stories: found.stories.map((story) => ({ ...story, lanes: [] })) };
}
