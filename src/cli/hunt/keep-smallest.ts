/** Makes the smallest failure of a hunt a run of the store, to be viewed like any other. */
import { basename, join, resolve } from 'node:path';
import { storedSignature } from '../../harness/stored/stored-signature.ts';
import { openTest } from '../../harness/one-test/open-test.ts';
import { reportRun } from '../../harness/one-test/report-run.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { sizeOf } from '../../hunt/failure-groups.ts';
import { withKept, type HuntSummary } from '../../hunt/hunt-summary.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { REPORT_FILES } from '../../store/layout.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { Console } from '../show/console.ts';

/** Returns the summary with the location of the run. */
export async function keepSmallest(
  summary: HuntSummary,
  { workload, store }: { readonly workload: Workload; readonly store: string },
  console: Console,
): Promise<HuntSummary> {
  const [smallest] = summary.failures
    .map((group) => group.smallest)
    .toSorted((a, b) => sizeOf(a) - sizeOf(b));
  if (smallest === undefined) return summary;
  const { number, spec, command, kept } = smallest;
  if (kept !== undefined) {
    showKept(number, join(resolve(store), kept), console);
    return summary;
  }
  const test = await openTest({ spec, workload, store, command });
  const finished = await test.run();
  if (finished === undefined) return summary;
  const { folder, sentence, results } = finished;
  // In a campaign, another machine made the run.
  if (storedSignature(workload, results, folder).length === 0)
    console.line(
      console.paint(
        ['red', 'bold'],
        `Run ${number} failed in the hunt, but does not fail when repeated here: the program may depend on its environment, or a worker gave a wrong report.`,
      ),
    );
  const problem = await reportRun({ folder, sentence, png: true });
  if (problem !== undefined) console.line(shownText(problem, 1000));
  showKept(number, folder, console);
  return withKept(summary, smallest, { kept: `${spec.workload}/${basename(folder)}` });
}

function showKept(number: number, folder: string, console: Console): void {
  const report = join(folder, REPORT_FILES.report);
  console.line(`Run ${number} is kept: ${shortPath(folder)}   Report: ${shortPath(report)}`);
}
