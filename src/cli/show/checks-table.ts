/** The checks of a run as lines of a terminal: name, verdict, figure. */
import type { Validity } from '../../checkers/checker.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { checkLines, messagesFigure, type CheckLine } from '../../run/check-lines.ts';
import type { TestResults } from '../../run/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Console } from './console.ts';

const WORDS = { valid: 'valid', invalid: 'INVALID', unknown: 'unknown' } as const;
const NAME_WIDTH = 'availability'.length + 2;
const VERDICT_WIDTH = WORDS.invalid.length + 2;
const LONGEST_FIGURE = 1000;
/** Columns beside name and verdict in which a figure can be read. */
const LEAST_ROOM = 30;

export function checksTable(spec: TestSpec, results: TestResults, console: Console): readonly string[] {
  const checks = checkLines(spec, results).flatMap(({ name, verdict, figure }) =>
    lineOfCheck({ name, verdict, figure }, console),
  );
  const messages = messagesFigure(results);
  return messages === undefined
    ? checks
    : [...checks, ...withFigure('net'.padEnd(NAME_WIDTH + VERDICT_WIDTH), messages, console)];
}

/** One line, or several where the figure does not fit. */
export function lineOfCheck({ name, verdict, figure }: CheckLine, console: Console): readonly string[] {
  const word = wordOf(verdict);
  const painted = verdict === true ? word : console.paint([colourOf(verdict), 'bold'], word);
  const start = `${name.padEnd(NAME_WIDTH)}${painted}${' '.repeat(VERDICT_WIDTH - word.length)}`;
  return withFigure(start, figure, console);
}

/** Nothing of a figure is cut: it goes on below itself, or below its name where that leaves too little room. */
function withFigure(start: string, figure: string, { width }: Console): readonly string[] {
  const column = NAME_WIDTH + VERDICT_WIDTH;
  const text = shownText(figure, LONGEST_FIGURE);
  if (column + text.length <= width) return [`${start}${text}`.trimEnd()];
  const isNarrow = width - column < LEAST_ROOM;
  const indent = ' '.repeat(isNarrow ? 2 : column);
  const [first = '', ...others] = brokenInto(text, width - indent.length);
  const rest = others.map((line) => `${indent}${line}`);
  return isNarrow ? [start.trimEnd(), `${indent}${first}`, ...rest] : [`${start}${first}`, ...rest];
}

/** Lines of whole words; a word that is longer than a line stays whole. */
function brokenInto(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function wordOf(verdict: Validity): string {
  if (verdict === 'unknown') return WORDS.unknown;
  return verdict ? WORDS.valid : WORDS.invalid;
}

export function colourOf(verdict: Validity): 'green' | 'yellow' | 'red' {
  if (verdict === 'unknown') return 'yellow';
  return verdict ? 'green' : 'red';
}
