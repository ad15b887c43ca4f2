/** Runs a test as often as asked, shows it while it runs and what came of it. */
import { resolve } from 'node:path';
import { shownText } from '../../protocol/shown-text.ts';
import { failsAlike, type Signature } from '../../run/signature.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { storedSignature } from '../../harness/stored-signature.ts';
import type { Workload } from '../../workloads/workload.ts';
import { checkOwnFiles, loadWorkload } from '../../harness/load-own.ts';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-code.ts';
import { LiveView } from './live-view.ts';
import { readTestCount } from './options/load.ts';
import { OUTPUT } from './options/output.ts';
import { refuseWithoutScenario } from './options/scenario.ts';
import { readTestSpec } from './read-test-spec.ts';
import { reportRun } from '../../harness/report-run.ts';
import { reproduceCommand, type Invocation } from './reproduce.ts';
import type { Session } from '../session.ts';
import { showOutcome } from '../show/show-outcome.ts';
import { showStory } from '../show/show-story.ts';
import { freshSeed } from '../../harness/spec-defaults.ts';
import type { StoredResults } from '../../harness/running-test.ts';
import { TEST_OPTIONS, type TestWords } from './test-options.ts';
import { Series } from './series.ts';
import { closingLine } from '../show/closing-line.ts';
import { watchTest } from './watch-test.ts';

export async function runTests(
  words: TestWords,
  invocation: Invocation,
  session: Session,
): Promise<ExitCode> {
  const { options } = words;
  const testCount = readTestCount(options.testCount);
  refuseWithoutScenario(options.scenario, options.expectFailure);
  const scenario =
    options.scenario === undefined
      ? undefined
      : await (
          await import('./read-scenario.ts')
        ).readScenarioOption(
          invocation.words,
          { ...options, scenario: options.scenario },
          { all: TEST_OPTIONS, output: OUTPUT },
        );
  const spec =
    scenario?.spec ??
    (await checkOwnFiles(readTestSpec(words, { resolveBin: (path) => resolve(path), freshSeed })));
  for (const remark of scenario?.remarks ?? [])
    session.console.line(`${session.console.paint('yellow', 'Note:')} ${shownText(remark, 1000)}`);
  const view = options.open ? await LiveView.start(options.store, session.console) : undefined;
  const { console } = session;
  const isSeries = testCount > 1 && console.isTerminal && !options.edn;
  const series = isSeries ? new Series(testCount, console) : undefined;
  for (let number = 1; ; number++) {
    const seed = number === 1 ? spec.seed : `${spec.seed}.${number}`;
    if (testCount > 1 && series === undefined)
      console.line(console.paint('bold', `Test ${number} of ${testCount}`));
    const code = await runOnce({
      spec: { ...spec, seed },
      store: options.store,
      command: reproduceCommand(invocation, seed),
      report: options.report,
      edn: options.edn,
      checkDeterminism: options.checkDeterminism,
      view,
      session,
      expected: options.expectFailure ? scenario?.scenario.expect?.signature : undefined,
      series: series && { of: series, isFirst: number === 1, isLast: number === testCount },
    });
    // As upstream does: the first that is not valid ends the series, so its code is the worst.
    if (code !== EXIT.valid || number === testCount) {
      await view?.stay();
      return code;
    }
  }
}

interface OneRun {
  readonly spec: TestSpec;
  readonly store: string;
  readonly command: string;
  readonly report: boolean;
  readonly edn: boolean;
  /** Runs it once more, and compares. */
  readonly checkDeterminism: boolean;
  /** Shows it while it goes. */
  readonly view: LiveView | undefined;
  readonly session: Session;
  /** How it must fail. */
  readonly expected: Signature | undefined;
  /** Given where it is one of several, of which each has a line. */
  readonly series: PlaceInSeries | undefined;
}

interface PlaceInSeries {
  readonly of: Series;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

async function runOnce(run: OneRun): Promise<ExitCode> {
  const { spec, store, command, report, edn, view, session, series } = run;
  const workload = await loadWorkload(spec);
  const options = { spec, workload, store, command };
  const startedMs = performance.now();
  const finished = await watchTest(options, session.console, {
    onOpen: (at) => view?.show(at),
    isQuiet: series !== undefined && !isAskedToLog(spec),
    isRepetition: series !== undefined && !series.isFirst,
  });
  if (finished === undefined) return EXIT.interrupted;
  series?.of.add(spec, finished, (performance.now() - startedMs) / 1000);
  // Drawn by another thread; the verdict is shown meanwhile.
  const { folder, sentence } = finished;
  const isWhole = series === undefined || exitCodeOf(finished.results['valid?']) !== EXIT.valid;
  const reported = report
    ? reportRun({
        folder,
        sentence,
        png: true,
        onStories: (stories) => showStory(stories, { folder, program: session.program }, session.console),
      })
    : undefined;
  if (isWhole || series.isLast) series?.of.summary();
  if (isWhole) showOutcome({ ...finished, spec, command, report, edn }, session.console);
  else if (series.isLast)
    session.console.line(`\n${session.console.paint(['green', 'bold'], closingLine(true))}`);
  const problem = await reported;
  if (problem !== undefined) session.console.line(shownText(problem, 1000));
  if (run.expected !== undefined) return codeOfExpected(run.expected, workload, finished, session);
  const code = exitCodeOf(finished.results['valid?']);
  if (!run.checkDeterminism) return code;
  const { checkDeterminism } = await import('./check-determinism.ts');
  return checkDeterminism(options, finished, code, session.console);
}

/** What nodes say, or the network carries, was asked for line by line. */
const isAskedToLog = ({ logStderr, logNetSend, logNetRecv }: TestSpec): boolean =>
  logStderr || logNetSend || logNetRecv;

/** For a test of the program that is still to fail: 0 when it does so in that way. */
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
      ? console.paint('green', `It failed as the scenario says: ${expected.join(', ')}.`)
      : console.paint(
          'red',
          `The scenario says that it fails (${expected.join(', ')}), but ${howItWent(signature)}.`,
        ),
  );
  return isAlike ? EXIT.valid : EXIT.invalid;
}

const howItWent = (signature: Signature): string =>
  signature.length === 0 ? 'it did not' : `what was wrong is ${signature.join(', ')}`;
