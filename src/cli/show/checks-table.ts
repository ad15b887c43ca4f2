/** Formats the checks of a run as lines of a terminal: name, verdict, figure. */
import type { Validity } from '../../checkers/checker.ts';
import { wrapped } from '../../story/text/wrapped-lines.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { CheckLine } from '../../run/words/check-lines.ts';
import type { Console } from './console.ts';

const WORDS = { valid: 'valid', invalid: 'INVALID', unknown: 'unknown' } as const;
const LONGEST_CHECK = 'availability';
const VERDICT_WIDTH = WORDS.invalid.length + 2;
const LONGEST_FIGURE = 1000;
/** Minimum number of columns beside name and verdict for a readable figure. */
const LEAST_ROOM = 30;

export interface Checks {
  readonly lines: readonly CheckLine[];
  /** Number of messages in words, if known. */
  readonly messages?: string | undefined;
}

export function checksTable({ lines, messages }: Checks, console: Console): readonly string[] {
  const { width } = console;
  const nameWidth = Math.max(LONGEST_CHECK.length, ...lines.map(({ name }) => name.length)) + 2;
  const column = nameWidth + VERDICT_WIDTH;
  const checks = lines.flatMap(({ name, verdict, figure }) => {
    const word = wordOf(verdict);
    const painted = verdict === true ? word : console.paint([colourOf(verdict), 'bold'], word);
    const start = `${name.padEnd(nameWidth)}${painted}${' '.repeat(VERDICT_WIDTH - word.length)}`;
    return withFigure(start, figure, { column, width });
  });
  if (messages === undefined) return checks;
  return [...checks, ...withFigure('net'.padEnd(column), messages, { column, width })];
}

/** Figures are never cut: they wrap below themselves, or below the name if that leaves too little room. */
function withFigure(
  start: string,
  figure: string,
  { column, width }: { readonly column: number; readonly width: number },
): readonly string[] {
  const text = shownText(figure, LONGEST_FIGURE);
  if (text === '' || column + text.length <= width) return [`${start}${text}`.trimEnd()];
  const isNarrow = width - column < LEAST_ROOM;
  const indent = ' '.repeat(isNarrow ? 2 : column);
  const [first = '', ...others] = wrapped(text, width - indent.length);
  const rest = others.map((line) => `${indent}${line}`);
  return isNarrow ? [start.trimEnd(), `${indent}${first}`, ...rest] : [`${start}${first}`, ...rest];
}

export function wordOf(verdict: Validity): string {
  if (verdict === 'unknown') return WORDS.unknown;
  return verdict ? WORDS.valid : WORDS.invalid;
}

export function colourOf(verdict: Validity): 'green' | 'yellow' | 'red' {
  if (verdict === 'unknown') return 'yellow';
  return verdict ? 'green' : 'red';
}
