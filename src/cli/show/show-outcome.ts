/**
 * The final output of a test: a line for each check, a plain sentence, where to look, and upstream's closing line. If
 * the output is not a terminal, or with `--edn`, the results are printed instead of the lines, as upstream does.
 */
import { join } from 'node:path';
import type { CheckResult, Validity } from '../../checkers/checker.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { REPORT_FILES } from '../../store/layout.ts';
import { resultsToEdn } from '../../store/results/result-shapes.ts';
import { checkLines, messagesFigure } from '../../run/words/check-lines.ts';
import { checksTable, colourOf, type Checks } from './checks-table.ts';
import { closingLine } from '../../run/words/closing-line.ts';
import type { Console } from './console.ts';
import { showEdn } from './show-results.ts';
import { shortPath, whereLogs } from '../../harness/settings/short-path.ts';
import type { StoredResults } from '../../harness/one-test/running-test.ts';
import { shownLines } from '../../protocol/shown-text.ts';

export interface FinishedTest extends StoredResults {
  readonly spec: TestSpec;
  /** The command line that reproduces the run. */
  readonly command: string;
  /** Whether a report will be written. */
  readonly report: boolean;
  /** Whether to print the results on a terminal, too. */
  readonly edn: boolean;
  /** Whether to print only the verdict, without results or a line for each check. */
  readonly brief?: boolean;
}

const MAX_ITEMS = 16;

export function showOutcome(outcome: FinishedTest, console: Console): void {
  const { results, sentence, spec, folder, command, report, edn, brief = false } = outcome;
  const isValid = results['valid?'] === true;
  const lines = [
    whereLogs(sentence, folder),
    `Files: ${shortPath(folder)}   Seed: ${spec.seed}${nodeVersion(spec)}`,
    ...(report ? [`Report: ${shortPath(join(folder, REPORT_FILES.report))}`] : []),
    ...(isValid ? [] : [`Again: ${command}`]),
  ];
  if (brief) {
    showLines(results['valid?'], lines, console);
    return;
  }
  if (console.isTerminal && !edn) {
    const checks = { lines: checkLines(spec, results), messages: messagesFigure(results) };
    showChecks({ validity: results['valid?'], checks, lines }, console);
    return;
  }
  showVerdict({ results, checker: spec.workload, lines, allIn: 'results.edn' }, console);
}

/**
 * Returns the version of Node for simulated runs: nodes run in it, and may see its language features and the texts of
 * its errors.
 */
const nodeVersion = ({ world }: TestSpec): string =>
  world === 'simulated' ? `   Node: ${process.version}` : '';

export interface Verdict {
  readonly results: CheckResult;
  /** The workload or the model that produced them. */
  readonly checker: string;
  /** Lines after the results: what they mean, and where to look. */
  readonly lines: readonly string[];
  /** Lines that have been printed before: warnings. */
  readonly before?: readonly string[];
  /** The file with the full results, if there is one. */
  readonly allIn?: string | undefined;
}

interface CheckedResults {
  readonly validity: Validity;
  readonly checks: Checks;
  readonly lines: readonly string[];
}

/** A line for each check, some lines of text, and upstream's closing line. */
export function showChecks({ validity, checks, lines }: CheckedResults, console: Console): void {
  console.line('');
  for (const line of checksTable(checks, console)) console.line(line);
  showLines(validity, lines, console);
}

/** The results, some lines of text, and upstream's closing line. */
export function showVerdict(
  { results, checker, lines, before = [], allIn }: Verdict,
  console: Console,
): void {
  console.line('');
  console.line(
    showEdn(resultsToEdn(results, checker), {
      console,
      maxItems: MAX_ITEMS,
      allIn,
      beside: [...before, ...lines].join('\n'),
    }),
  );
  showLines(results['valid?'], lines, console);
}

function showLines(validity: Validity, lines: readonly string[], console: Console): void {
  console.line('');
  for (const line of lines) console.line(shownLines(line));
  console.line('');
  console.line(console.paint([colourOf(validity), 'bold'], closingLine(validity)));
}
