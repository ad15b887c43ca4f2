/**
 * Reports runs to GitHub Actions: an annotation for each run that did not pass, and a job summary. GitHub takes
 * commands from any printed line, even one that quotes a node, so commands are disabled while anything else is printed.
 */
import { randomBytes } from 'node:crypto';
import { isAbsolute, relative } from 'node:path';
import { shownLines, shownText } from '../../protocol/shown-text.ts';
import { firstLine, secondsOf, tally, type ReportedRun } from './reported-run.ts';

const LONGEST_MESSAGE = 4000;
const MOST_ROWS = 200;
const MOST_ANNOTATED = 10;

/** Workflow commands, which no other output can forge. */
export class GithubCommands {
  private readonly token = randomBytes(16).toString('hex');

  /** `repository`: the folder from which GitHub takes the paths of files. */
  constructor(
    private readonly line: (text: string) => void,
    private readonly repository: string,
  ) {
    this.stop();
  }

  annotate(run: ReportedRun): void {
    if (run.outcome === 'passed') return;
    this.resume();
    this.line(annotation(run, this.repository));
    this.stop();
  }

  /** Enables workflow commands for the output after this. */
  resume(): void {
    this.line(`::${this.token}::`);
  }

  private stop(): void {
    this.line(`::stop-commands::${this.token}`);
  }
}

export function annotation(run: ReportedRun, repository: string): string {
  const { outcome, suite, sentence, program, seed, command } = run;
  const kind = outcome === 'stopped' ? 'warning' : 'error';
  const title = `${suite}: ${WORDS[outcome]}${seed === null ? '' : `, seed ${seed}`}`;
  // Shown at the program's file if that is in the repository.
  const file = program === null ? '..' : relative(repository, program);
  const isInside = !file.startsWith('..') && !isAbsolute(file);
  const properties = [...(isInside ? [`file=${property(file)}`] : []), `title=${property(title)}`];
  const text = [sentence.slice(0, LONGEST_MESSAGE), ...(command === null ? [] : [`Again: ${command}`])];
  return `::${kind} ${properties.join(',')}::${data(shownLines(text.join('\n')))}`;
}

const WORDS = { passed: 'valid', failed: 'INVALID', unknown: 'unknown', stopped: 'stopped' } as const;

const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string =>
  data(shownText(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** Returns a table of the runs in Markdown, with what is wrong with the first ones that did not pass. */
export function summaryMarkdown(runs: readonly ReportedRun[], asked: number): string {
  const { passed, failed, unknown, stopped } = tally(runs);
  const parts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(stopped > 0 ? [`${stopped} stopped`] : []),
    ...(runs.length < asked ? [`${asked - runs.length} not run`] : []),
  ];
  const wrong = runs.filter(({ outcome }) => outcome !== 'passed');
  return [
    `### Maelstrom: ${parts.join(', ')} (${secondsOf(runs).toFixed(1)} s)`,
    '',
    '| | run | verdict | operations | seconds |',
    '|---|---|---|---|---|',
    ...runs.slice(0, MOST_ROWS).map(row),
    ...more(runs.length - MOST_ROWS, 'runs'),
    ...wrong.slice(0, MOST_ANNOTATED).flatMap(annotations),
    ...more(wrong.length - MOST_ANNOTATED, 'that did not pass'),
    '',
  ].join('\n');
}

const more = (count: number, what: string): readonly string[] =>
  count > 0 ? ['', `and ${count} more ${what}.`] : [];

function row({ suite, name, outcome, operations, seconds }: ReportedRun): string {
  const counts = operations === null ? '' : `${operations.ok} of ${operations.count}`;
  const mark = outcome === 'passed' ? '✅' : outcome === 'failed' ? '❌' : '⚠️';
  return `| ${[mark, cell(`${suite}: ${name}`), WORDS[outcome], counts, seconds.toFixed(1)].join(' | ')} |`;
}

function annotations({ suite, name, sentence, folder, command }: ReportedRun): readonly string[] {
  const text = [
    sentence.slice(0, LONGEST_MESSAGE),
    ...(folder === null ? [] : [`Files: ${folder}`]),
    ...(command === null ? [] : [`Again: ${command}`]),
  ];
  return [
    '',
    `#### ${cell(`${suite}: ${name}: ${firstLine(sentence)}`)}`,
    '',
    fenced(shownLines(text.join('\n'))),
  ];
}

/** Escapes everything that Markdown could take for markup. */
const cell = (text: string): string =>
  shownText(text).replaceAll(/[\\`*_{}[\]()#+!|<>&~@:$-]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Returns a code block whose fence is longer than any within the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
