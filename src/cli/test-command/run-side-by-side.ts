/**
 * `--test-count N --jobs J`: runs the tests of a series several at a time, each in its own folder of the store. After
 * the first that is not valid no other test begins; those running are completed. Ctrl-C ends them all, as it does one.
 */
import { exitCodeOf, EXIT, type ExitCode } from '../exit-code.ts';
import { inLanes } from '../in-lanes.ts';
import { onInterrupt } from '../interrupts.ts';
import { openTest } from '../../harness/one-test/open-test.ts';
import { loadWorkload } from '../../harness/own/load-own.ts';
import { reportRun } from '../../harness/one-test/report-run.ts';
import type { RunningTest, StoredResults } from '../../harness/one-test/running-test.ts';
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Stories } from '../../recording/story.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { reportedRun, stoppedRun, type RunFacts } from '../reporters/reported-run.ts';
import type { Reporters } from '../reporters/reporters.ts';
import { closingLine } from '../show/closing-line.ts';
import { showOutcome } from '../show/show-outcome.ts';
import { showStory, storyCommand } from '../show/show-story.ts';
import { Series } from './series.ts';
import { refuseUnwritten } from './watch-test.ts';

export interface SideBySide {
  readonly testCount: number;
  readonly jobs: number;
  /** Returns the spec of a test by its number, from 1. */
  readonly specOf: (number: number) => TestSpec;
  readonly commandOf: (seed: string) => string;
  readonly store: string;
  readonly report: boolean;
  readonly edn: boolean;
  readonly quiet: boolean;
  readonly reporters: Reporters;
}

interface Failed {
  readonly number: number;
  readonly spec: TestSpec;
  readonly finished: StoredResults;
  readonly stories: Stories | undefined;
}

const REDRAW_EVERY_MS = 500;

export async function runSideBySide(order: SideBySide): Promise<ExitCode> {
  const { testCount, jobs, specOf, commandOf, store, report, edn, quiet, reporters } = order;
  const { console, program } = reporters.session;
  const series = new Series(testCount, console, quiet);
  const running = new Set<RunningTest>();
  const failures: Failed[] = [];
  const errors: unknown[] = [];
  let done = 0;
  let signalled: NodeJS.Signals | undefined;
  let aborted = false;
  const workload = await loadWorkload(specOf(1));

  const abortAll = (): void => {
    aborted = true;
    for (const test of running) void test.abort();
  };
  const runNumber = async (number: number): Promise<void> => {
    const spec = specOf(number);
    const command = commandOf(spec.seed);
    const startedMs = performance.now();
    const test = await openTest({ spec, workload, store, command });
    running.add(test);
    // Handles signals that arrived while it was opened.
    if (aborted) void test.abort();
    else if (signalled !== undefined) test.interrupt(signalled);
    const finished = await test.run().finally(() => running.delete(test));
    const ran: RunFacts = {
      suite: spec.workload,
      spec,
      command,
      seconds: (performance.now() - startedMs) / 1000,
    };
    refuseUnwritten(test);
    if (finished === undefined) {
      reporters.add(stoppedRun(ran));
      return;
    }
    const code = exitCodeOf(finished.results['valid?']);
    const { folder, sentence } = finished;
    let stories: Stories | undefined;
    const problem = report
      ? await reportRun({ folder, sentence, png: true, onStories: (told) => (stories = told) })
      : undefined;
    done++;
    series.add(spec, finished, ran.seconds, number);
    if (problem !== undefined) console.line(shownText(problem, 1000));
    if (code !== EXIT.valid) failures.push({ number, spec, finished, stories });
    reporters.add(reportedRun(ran, finished, code));
  };

  if (!quiet)
    console.line(
      `${counted(testCount, 'test')} of ${specOf(1).workload}, ${jobs} at a time. Seed: ${specOf(1).seed}`,
    );
  const redraw = setInterval(() => {
    if (!quiet) console.showStatus(`[${done} of ${testCount} done]`, performance.now());
  }, REDRAW_EVERY_MS);
  const stopListening = onInterrupt({
    endsCheckers: true,
    first: (signal) => {
      signalled = signal;
      console.line('\rStopping, then analysing what was recorded. Press Ctrl-C again to stop at once.');
      for (const test of running) test.interrupt(signal);
    },
    second: () => {
      console.line('\rStopping at once, without an analysis.');
      abortAll();
    },
  });
  const numbers = Array.from({ length: testCount }, (_, at) => at + 1);
  try {
    await inLanes(numbers, jobs, async (number) => {
      if (signalled !== undefined || failures.length > 0 || errors.length > 0) return;
      try {
        await runNumber(number);
      } catch (error) {
        // Ends the others first: nothing may go on when the command has ended.
        errors.push(error);
        abortAll();
      }
    });
  } finally {
    clearInterval(redraw);
    console.clearStatus();
    stopListening();
  }
  if (errors.length > 0) throw errors[0];
  series.summary(signalled !== undefined);
  const [first] = failures.toSorted((a, b) => a.number - b.number);
  if (first === undefined) {
    if (signalled !== undefined) return EXIT.interrupted;
    console.line(`\n${console.paint(['green', 'bold'], closingLine(true))}`);
    return EXIT.valid;
  }
  const { spec, finished, stories } = first;
  const command = commandOf(spec.seed);
  // Each run has had its line, so results are printed only with --edn, and a line for each check only on a terminal.
  const brief = quiet || (!console.isTerminal && !edn);
  showOutcome({ ...finished, spec, command, report, edn, brief }, console);
  if (stories !== undefined)
    showStory(stories, { whole: storyCommand(program, finished.folder), isValid: false }, console);
  return exitCodeOf(finished.results['valid?']);
}
