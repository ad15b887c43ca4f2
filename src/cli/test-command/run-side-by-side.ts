/**
 * `--test-count N --jobs J`: runs the tests of a series several at a time, each in its own folder of the store. After
 * the first that is not valid no other test begins; those running are completed. Ctrl-C ends them all, as it does one.
 */
import { exitCodeOf, EXIT, type ExitCode } from '../exit-code.ts';
import { inLanes } from '../in-lanes.ts';
import { endOnInterrupt } from '../interrupts.ts';
import { openTest } from '../../harness/one-test/open-test.ts';
import { loadWorkload } from '../../harness/own/load-own.ts';
import { reportRun } from '../../harness/one-test/report-run.ts';
import type { RunningTest, StoredResults } from '../../harness/one-test/running-test.ts';
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Stories } from '../../recording/story.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Workload } from '../../workloads/workload.ts';
import { reportedRun, stoppedRun, type RunFacts } from '../reporters/reported-run.ts';
import type { Reporters } from '../reporters/reporters.ts';
import { closingLine } from '../../run/words/closing-line.ts';
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
  const { testCount, specOf, reporters, quiet } = order;
  const { console } = reporters.session;
  const tests = new TestsAtOnce(order, await loadWorkload(specOf(1)));
  if (!quiet)
    console.line(
      `${counted(testCount, 'test')} of ${specOf(1).workload}, ${order.jobs} at a time. Seed: ${specOf(1).seed}`,
    );
  const redraw = setInterval(() => {
    if (!quiet) console.showStatus(`[${tests.done} of ${testCount} done]`, performance.now());
  }, REDRAW_EVERY_MS);
  const stopListening = endOnInterrupt(tests, console);
  try {
    await tests.run();
  } finally {
    clearInterval(redraw);
    console.clearStatus();
    stopListening();
  }
  tests.series.summary(tests.isInterrupted);
  const first = tests.firstFailure();
  if (first !== undefined) return showFailure(first, order);
  if (tests.isInterrupted) return EXIT.interrupted;
  console.line(`\n${console.paint(['green', 'bold'], closingLine(true))}`);
  return EXIT.valid;
}

/** The tests of the series: those running, and what came of the others. */
class TestsAtOnce {
  readonly series: Series;
  done = 0;
  private readonly running = new Set<RunningTest>();
  private readonly failures: Failed[] = [];
  private readonly errors: unknown[] = [];
  private signalled: NodeJS.Signals | undefined;
  private aborted = false;

  constructor(
    private readonly order: SideBySide,
    private readonly workload: Workload,
  ) {
    this.series = new Series(order.testCount, order.reporters.session.console, order.quiet);
  }

  get isInterrupted(): boolean {
    return this.signalled !== undefined;
  }

  firstFailure(): Failed | undefined {
    return this.failures.toSorted((a, b) => a.number - b.number)[0];
  }

  interrupt(signal: NodeJS.Signals): void {
    this.signalled = signal;
    for (const test of this.running) test.interrupt(signal);
  }

  abort(): void {
    this.aborted = true;
    for (const test of this.running) void test.abort();
  }

  /** Begins no other test after a failure or a signal. Rejects with the first error. */
  async run(): Promise<void> {
    const numbers = Array.from({ length: this.order.testCount }, (_, at) => at + 1);
    await inLanes(numbers, this.order.jobs, async (number) => {
      if (this.isInterrupted || this.failures.length > 0 || this.errors.length > 0) return;
      try {
        await this.runNumber(number);
      } catch (error) {
        // Ends the others first: nothing may go on when the command has ended.
        this.errors.push(error);
        this.abort();
      }
    });
    if (this.errors.length > 0) throw this.errors[0];
  }

  private async runNumber(number: number): Promise<void> {
    const { specOf, commandOf, store, report, reporters } = this.order;
    const { workload } = this;
    const spec = specOf(number);
    const command = commandOf(spec.seed);
    const startedMs = performance.now();
    const test = await openTest({ spec, workload, store, command });
    this.running.add(test);
    // Handles signals that arrived while it was opened.
    if (this.aborted) void test.abort();
    else if (this.signalled !== undefined) test.interrupt(this.signalled);
    const finished = await test.run().finally(() => this.running.delete(test));
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
      ? await reportRun({ folder, sentence, png: true, onStories: (found) => (stories = found) })
      : undefined;
    this.done++;
    this.series.add(spec, finished, ran.seconds, number);
    if (problem !== undefined) reporters.session.console.line(shownText(problem, 1000));
    if (code !== EXIT.valid) this.failures.push({ number, spec, finished, stories });
    reporters.add(reportedRun(ran, finished, code));
  }
}

function showFailure({ spec, finished, stories }: Failed, order: SideBySide): ExitCode {
  const { commandOf, report, edn, quiet } = order;
  const { console, program } = order.reporters.session;
  const command = commandOf(spec.seed);
  // Each run has had its line, so results are printed only with --edn, and a line for each check only on a terminal.
  const brief = quiet || (!console.isTerminal && !edn);
  showOutcome({ ...finished, spec, command, report, edn, brief }, console);
  if (stories !== undefined)
    showStory(stories, { whole: storyCommand(program, finished.folder), isValid: false }, console);
  return exitCodeOf(finished.results['valid?']);
}
