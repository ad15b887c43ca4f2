/**
 * report.html for an external history: operations, latencies and rates if there are times, findings with their pictures, and
 * the verdict. It is written as the report of a run without messages, in a temporary folder.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { CheckResult } from '../../checkers/checker.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import { VERSION } from '../../harness/version.ts';
import type { NumberOf } from '../../history/operation-names.ts';
import { UserError } from '../../protocol/user-error.ts';
import { writeReport } from '../../report/write-report.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import { REPORT_FILES } from '../../store/layout.ts';
import { writeEvidence } from '../../store/own-evidence.ts';
import { RunFolder } from '../../store/writing/run-folder.ts';
import type { ExplainedHistory } from './check-story.ts';
import { storyPicture } from '../../story/picture/story-picture.ts';
import type { HistoryStreamOptions } from '../../history/reading/history-stream.ts';
import { eachOperation, type HistorySource } from './history-source.ts';

/** Maximum number of rows in the picture; with more processes several share a row. */
const MOST_ROWS = 64;
/** Distance in nanoseconds between the entries of a history without times. */
const APART_NANOS = 1e6;
const TIMELESS = 'The history has no times: its entries are drawn in order, one millisecond apart.';

export interface CheckReport {
  readonly source: HistorySource;
  readonly model: string;
  /** How the history is to be read. */
  readonly reading: HistoryStreamOptions;
  readonly result: CheckResult;
  readonly numberOf: NumberOf;
  readonly explained: ExplainedHistory;
  readonly sentence: string;
  /** Path of the page. */
  readonly file: string;
}

/** Throws a UserError if the page cannot be written. */
export async function writeCheckReport(report: CheckReport): Promise<void> {
  const { source, model, sentence, file, explained } = report;
  const result = namedByInvocation(report.result, report.numberOf);
  const processes = new Set<number>();
  let hasTimes = false;
  await eachOperation(report.source, report.reading, ({ process, time }) => {
    if (process !== 'nemesis' && processes.size < MOST_ROWS) processes.add(process);
    hasTimes ||= time !== 0;
  });
  const store = mkdtempSync(join(tmpdir(), 'maelstrom-check-'));
  try {
    const run = new RunFolder({
      store,
      // A history does not record the settings of its test.
      spec: completeSpec({
        workload: model,
        bin: basename(source.name),
        nodes: [],
        concurrency: processes.size,
        rate: 0,
        timeLimitSeconds: 0,
        seed: '',
      }),
      startedAt: new Date(),
      maelstromVersion: VERSION,
      onProblem: (problem) => {
        throw new UserError(problem);
      },
    });
    let entries = 0;
    await eachOperation(report.source, report.reading, (op) => {
      run.history.append(hasTimes ? op : { ...op, time: entries++ * APART_NANOS });
    });
    run.writeResults({ workload: report.result, 'valid?': result['valid?'] });
    writeEvidence(run.path, explained.drawn);
    run.close();
    const asset = (name: string): string => readFileSync(packageFile(`dist/${name}`), 'utf8');
    const [problem] = await writeReport(
      hasTimes
        ? { folder: run.path, sentence, png: false }
        : { folder: run.path, sentence: `${sentence}\n${TIMELESS}`, png: false, plots: false },
      { script: asset('report-page.js'), style: asset('report-page.css'), fontFolder: '' },
      explained.stories === undefined
        ? undefined
        : { stories: explained.stories, pictures: explained.stories.stories.map(storyPicture) },
    );
    const page = join(run.path, REPORT_FILES.report);
    if (!existsSync(page))
      throw new UserError(`The report could not be created: ${problem ?? 'no page was written'}`);
    copyFileSync(page, file);
  } catch (error) {
    if (error instanceof UserError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new UserError(`The report could not be written: ${error.message}.`);
  } finally {
    rmSync(store, { recursive: true, force: true });
  }
}
