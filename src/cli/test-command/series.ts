/**
 * `--test-count` on a terminal, with `--jobs` or `--quiet`: a line for each run instead of all that a single run shows,
 * and a summary.
 *
 *     1 of 3  a    valid    96 of 96 operations succeeded   1.2 s  store/echo/20261128T122351
 *     2 of 3  a.2  INVALID  3 wrong answers                 1.1 s  store/echo/20261128T122353
 *
 *     runs        2 of 3: the first that is not valid ends the series
 *     verdicts    1 valid, 1 INVALID
 *     operations  190 of 192 succeeded
 *     seconds     2.3 in total, slowest 1.2
 */
import { shortPath } from '../../harness/settings/short-path.ts';
import type { StoredResults } from '../../harness/one-test/running-test.ts';
import { outcomeCounts } from '../../checkers/outcomes/stats.ts';
import type { Validity } from '../../checkers/checker.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { checkLines } from '../../run/words/check-lines.ts';
import type { TestResults } from '../../run/verdict/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { colourOf, wordOf } from '../show/checks-table.ts';
import type { Console } from '../show/console.ts';

interface SeriesRun {
  readonly verdict: Validity;
  readonly seconds: number;
  readonly ok: number;
  readonly operations: number;
}

/** Columns of a figure, so that what follows is aligned in most cases. */
const FIGURE_WIDTH = 36;

export class Series {
  private readonly runs: SeriesRun[] = [];
  /** Width of the first seed with a number appended. */
  private seedWidth: number | undefined;

  /** With `brief`, valid runs have no line. */
  constructor(
    private readonly count: number,
    private readonly console: Console,
    private readonly brief = false,
  ) {}

  /** `position` is the run's number. */
  add(
    spec: TestSpec,
    { results, folder, sentence }: StoredResults,
    seconds: number,
    position = this.runs.length + 1,
  ): void {
    const { console, count } = this;
    const verdict = results['valid?'];
    const { ok, count: operations } =
      results.stats?.count === undefined ? { ok: 0, count: 0 } : outcomeCounts(results.stats);
    this.runs.push({ verdict, seconds, ok, operations });
    if (this.brief && verdict === true) return;
    const number = `${String(position).padStart(String(count).length)} of ${count}`;
    const word = console.paint([colourOf(verdict), 'bold'], wordOf(verdict).padEnd('INVALID'.length));
    const figure = shownText(figureOf(spec, results), 1000).padEnd(FIGURE_WIDTH);
    const time = `${seconds.toFixed(1)} s`.padStart('100.0 s'.length);
    this.seedWidth ??= spec.seed.length + (count > 1 ? `.${count}`.length : 0);
    const seed = spec.seed.padEnd(this.seedWidth);
    console.line([number, seed, word, figure, time, shortPath(folder)].join('  '));
    const warnings = sentence.split('\n').filter((line) => line.startsWith('Warning: '));
    for (const warning of warnings) console.line(`  ${shownText(warning, 1000)}`);
  }

  /** Prints the summary when the series has ended; `stopped` is true after Ctrl-C. */
  summary(stopped = false): void {
    const { runs, console, count } = this;
    const of = (verdict: Validity): number => runs.filter((run) => run.verdict === verdict).length;
    const verdicts = ([true, false, 'unknown'] as const)
      .filter((verdict) => of(verdict) > 0)
      .map((verdict) => console.paint(colourOf(verdict), `${of(verdict)} ${wordOf(verdict)}`));
    const early =
      runs.length < count
        ? `${runs.length} of ${count}: ${stopped ? 'it was stopped' : 'the first that is not valid ends the series'}`
        : `${count}`;
    const sum = (what: (run: SeriesRun) => number): number =>
      runs.reduce((total, run) => total + what(run), 0);
    const slowest = Math.max(0, ...runs.map(({ seconds }) => seconds));
    console.line('');
    for (const [name, text] of [
      ['runs', early],
      ['verdicts', verdicts.join(', ')],
      ['operations', `${sum(({ ok }) => ok)} of ${sum(({ operations }) => operations)} succeeded`],
      ['seconds', `${sum(({ seconds }) => seconds).toFixed(1)} in total, slowest ${slowest.toFixed(1)}`],
    ] as const)
      console.line(`${name.padEnd('operations'.length + 2)}${text}`);
  }
}

/** Returns the first figure that is wrong, or else the number of successful operations. */
function figureOf(spec: TestSpec, results: TestResults): string {
  const checks = checkLines(spec, results);
  const wrong = checks.filter(({ verdict }) => verdict !== true);
  const [measured] = wrong.filter(({ figure }) => figure !== '');
  if (measured !== undefined) return measured.figure;
  const [first] = wrong;
  return first?.name ?? checks.find(({ name }) => name === 'stats')?.figure ?? '';
}
