/** The smallest failure that a hunt has found becomes a run of the store, to be looked at like any other. */
import { basename, join } from 'node:path';
import { openTest } from '../../harness/open-test.ts';
import { reportRun } from '../../harness/report-run.ts';
import { shortPath } from '../../harness/short-path.ts';
import type { HuntSummary, SummarizedFailure } from '../../hunt/hunt-summary.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { REPORT_FILES } from '../../store/layout.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { Console } from '../show/console.ts';

export async function keepSmallest(
  { failures }: HuntSummary,
  { workload, store }: { readonly workload: Workload; readonly store: string },
  console: Console,
): Promise<HuntSummary['kept']> {
  const [smallest] = failures.map((group) => group.smallest).toSorted((a, b) => sizeOf(a) - sizeOf(b));
  if (smallest === undefined) return undefined;
  const { spec, command, number } = smallest;
  const test = await openTest({ spec, workload, store, command });
  const finished = await test.run();
  if (finished === undefined) return undefined;
  const { folder, sentence } = finished;
  const problem = await reportRun({ folder, sentence, png: true });
  if (problem !== undefined) console.line(shownText(problem, 1000));
  const report = join(folder, REPORT_FILES.report);
  console.line(`Run ${number} is kept: ${shortPath(folder)}   Report: ${shortPath(report)}`);
  return { run: number, id: `${spec.workload}/${basename(folder)}` };
}

const sizeOf = ({ operations, messages }: SummarizedFailure): number => operations + messages;
