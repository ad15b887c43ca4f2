/** Runs a test as often as requested, and shows its progress and its outcome. */
import { resolve } from 'node:path';
import { shownText } from '../../protocol/shown-text.ts';
import { failsAlike, type Signature } from '../../run/verdict/signature.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { storedSignature } from '../../harness/stored/stored-signature.ts';
import type { Workload } from '../../workloads/workload.ts';
import { checkOwnFiles, loadWorkload } from '../../harness/own/load-own.ts';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-code.ts';
import { LiveView } from './live-view.ts';
import { readRepetition, type Repetition } from './options/load.ts';
import { OUTPUT } from './options/output.ts';
import { refuseWithoutScenario } from './options/scenario.ts';
import { readTestSpec } from './read-test-spec.ts';
import { reportRun } from '../../harness/one-test/report-run.ts';
import { reproduceCommand, type Invocation } from './reproduce.ts';
import type { Session } from '../session.ts';
import { showOutcome } from '../show/show-outcome.ts';
import { showStory, storyCommand } from '../show/show-story.ts';
import { freshSeed } from '../../harness/settings/spec-defaults.ts';
import type { StoredResults } from '../../harness/one-test/running-test.ts';
import type { StoredTestOptions } from '../../harness/one-test/stored-test.ts';
import { UserError } from '../../protocol/user-error.ts';
import { reportedRun, stoppedRun, type RunFacts } from '../reporters/reported-run.ts';
import { withReporters, type Reporters } from '../reporters/reporters.ts';
import { TEST_OPTIONS, type TestWords } from './test-command.ts';
import { Series } from './series.ts';
import { closingLine } from '../../run/words/closing-line.ts';
import { watchTest } from './watch-test.ts';

export async function runTests(words: TestWords, session: Session): Promise<ExitCode> {
  const { options, typed } = words;
  const invocation: Invocation = { program: session.program, words: ['test', ...typed] };
  const repetition = readRepetition(options);
  refuseWithoutScenario(options.scenario, options.expectFailure);
  refuseSideBySide(options, repetition);
  return withReporters(options.reporter, session, repetition.testCount, (reporters) =>
    runReported(words, { invocation, reporters, repetition }),
  );
}

interface Order {
  readonly invocation: Invocation;
  readonly reporters: Reporters;
  readonly repetition: Repetition;
}

async function runReported(
  words: TestWords,
  { invocation, reporters, repetition: { testCount, jobs } }: Order,
): Promise<ExitCode> {
  const { options } = words;
  const { session } = reporters;
  const { console } = session;
  const { spec, scenario, remarks } = await specOfTest(words, invocation);
  for (const remark of remarks)
    console.line(`${console.paint('yellow', 'Note:')} ${shownText(remark, 1000)}`);
  const { store, report, edn, quiet } = options;
  const seedOf = (number: number): string => (number === 1 ? spec.seed : `${spec.seed}.${number}`);
  if (jobs > 1) {
    const { runSideBySide } = await import('./run-side-by-side.ts');
    const specOf = (number: number): TestSpec => ({ ...spec, seed: seedOf(number) });
    const commandOf = (seed: string): string => reproduceCommand(invocation, seed);
    return runSideBySide({ testCount, jobs, specOf, commandOf, store, report, edn, quiet, reporters });
  }
  const view = options.open ? await LiveView.start(store, console) : undefined;
  const isSeries = testCount > 1 && (quiet || (console.isTerminal && !edn));
  const series = isSeries ? new Series(testCount, console, quiet) : undefined;
  for (let number = 1; ; number++) {
    const seed = seedOf(number);
    if (testCount > 1 && series === undefined)
      console.line(console.paint('bold', `Test ${number} of ${testCount}`));
    const isLast = number === testCount;
    const { code, stopped } = await runOnce({
      spec: { ...spec, seed },
      store,
      command: reproduceCommand(invocation, seed),
      report,
      edn,
      quiet,
      checkDeterminism: options.checkDeterminism,
      view,
      reporters,
      expected: options.expectFailure ? scenario?.expect?.signature : undefined,
      series: series && { of: series, isFirst: number === 1, isLast },
    });
    // As in upstream, the first test that is not valid ends the series, so its code is the worst.
    if (code !== EXIT.valid || isLast || stopped) {
      await view?.stay();
      return code === EXIT.valid && !isLast ? EXIT.interrupted : code;
    }
  }
}

/** Returns what to test: the scenario that is given, or what the options say. */
async function specOfTest(
  words: TestWords,
  invocation: Invocation,
): Promise<{ readonly spec: TestSpec; readonly scenario?: Scenario; readonly remarks: readonly string[] }> {
  const { options } = words;
  const { scenario } = options;
  if (scenario === undefined) {
    const spec = await checkOwnFiles(readTestSpec(words, { resolveBin: (path) => resolve(path), freshSeed }));
    return { spec, remarks: [] };
  }
  const { readScenarioOption } = await import('./read-scenario.ts');
  return readScenarioOption(
    invocation.words,
    { ...options, scenario },
    { all: TEST_OPTIONS, output: OUTPUT },
  );
}

/** Refuses options that show or compare a single running test when several run at once. */
function refuseSideBySide(options: TestWords['options'], { jobs }: Repetition): void {
  const { open, checkDeterminism, logStderr, logNetSend, logNetRecv } = options;
  const shown = { open, checkDeterminism, logStderr, logNetSend, logNetRecv };
  const [first] = Object.entries(shown).flatMap(([key, isOn]) => (isOn ? [key] : []));
  if (jobs === 1 || first === undefined) return;
  throw new UserError(
    `--${first.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} works with one test at a time, but --jobs ${jobs} runs several in parallel.`,
    'Leave out one of the two.',
  );
}

interface OneRun {
  readonly spec: TestSpec;
  readonly store: string;
  readonly command: string;
  readonly report: boolean;
  readonly edn: boolean;
  readonly quiet: boolean;
  /** Whether to run it again and compare. */
  readonly checkDeterminism: boolean;
  /** Shows it during the run. */
  readonly view: LiveView | undefined;
  readonly reporters: Reporters;
  /** The signature with which it must fail. */
  readonly expected: Signature | undefined;
  /** Set if it is one of several, of which each has a line. */
  readonly series: PlaceInSeries | undefined;
}

interface PlaceInSeries {
  readonly of: Series;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

interface Ended {
  readonly code: ExitCode;
  /** Whether no other test may follow. */
  readonly stopped: boolean;
}

async function runOnce(run: OneRun): Promise<Ended> {
  const { spec, store, command, report, edn, quiet, view, reporters, series } = run;
  const { session } = reporters;
  const { console } = session;
  const workload = await loadWorkload(spec);
  const options = { spec, workload, store, command };
  const startedMs = performance.now();
  const facts = (): RunFacts => ({
    suite: spec.workload,
    spec,
    command,
    seconds: (performance.now() - startedMs) / 1000,
  });
  const finished = await watchTest(options, console, {
    onOpen: (at) => view?.show(at),
    isQuiet: quiet || (series !== undefined && !isAskedToLog(spec)),
    isSilent: quiet,
    isRepetition: quiet || (series !== undefined && !series.isFirst),
  });
  if (finished === undefined) {
    reporters.add(stoppedRun(facts()));
    series?.of.summary(true);
    return { code: EXIT.interrupted, stopped: true };
  }
  const ran = facts();
  series?.of.add(spec, finished, ran.seconds);
  // Another thread writes the report while the verdict is shown.
  const { folder, sentence, interrupted } = finished;
  const isValid = exitCodeOf(finished.results['valid?']) === EXIT.valid;
  const isWhole = series === undefined || !isValid;
  const reported = report
    ? (session.reportRun ?? reportRun)({
        folder,
        sentence,
        png: true,
        onStories: (stories) => {
          if (isWhole) showStory(stories, { whole: storyCommand(session.program, folder), isValid }, console);
        },
      })
    : undefined;
  if (isWhole || series.isLast || interrupted) series?.of.summary(interrupted);
  if (isWhole) showOutcome({ ...finished, spec, command, report, edn, brief: quiet }, console);
  else if (series.isLast) console.line(`\n${console.paint(['green', 'bold'], closingLine(true))}`);
  const problem = await reported;
  if (problem !== undefined) console.line(shownText(problem, 1000));
  const code = await codeOf(run, options, finished);
  reporters.add(reportedRun(ran, finished, code));
  return { code, stopped: interrupted };
}

/** Returns the exit code of the run after all requested checks. */
async function codeOf(
  { expected, checkDeterminism: isCompared, reporters: { session } }: OneRun,
  options: StoredTestOptions,
  finished: StoredResults,
): Promise<ExitCode> {
  if (expected !== undefined) return codeOfExpected(expected, options.workload, finished, session);
  const code = exitCodeOf(finished.results['valid?']);
  if (!isCompared) return code;
  const { checkDeterminism } = await import('./check-determinism.ts');
  return checkDeterminism(options, finished, code, session.console);
}

/** True when node output or network messages are to be logged line by line. */
const isAskedToLog = ({ logStderr, logNetSend, logNetRecv }: TestSpec): boolean =>
  logStderr || logNetSend || logNetRecv;

/** Checks a run that must fail: returns 0 if it fails in the expected way. */
function codeOfExpected(
  expected: Signature,
  workload: Workload,
  { results, folder }: StoredResults,
  { console }: Session,
): ExitCode {
  const signature = storedSignature(workload, results, folder);
  const isAlike = failsAlike(signature, expected);
  console.line(
    isAlike
      ? console.paint('green', `It failed as the scenario expects: ${expected.join(', ')}.`)
      : console.paint(
          'red',
          `The scenario expects a failure (${expected.join(', ')}), but ${howItWent(signature)}.`,
        ),
  );
  return isAlike ? EXIT.valid : EXIT.invalid;
}

const howItWent = (signature: Signature): string =>
  signature.length === 0 ? 'the run did not fail' : `the failure was ${signature.join(', ')}`;
