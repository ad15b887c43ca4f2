/** The checks of a run as lines of a terminal: name, verdict, figure. */
import type { Validity } from '../../checkers/checker.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { checkLines, messagesFigure } from '../../run/check-lines.ts';
import type { TestResults } from '../../run/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import type { Console } from './console.ts';

const WORDS = { valid: 'valid', invalid: 'INVALID', unknown: 'unknown' } as const;
const NAME_WIDTH = 'availability'.length + 2;
const VERDICT_WIDTH = WORDS.invalid.length + 2;

export function checksTable(spec: TestSpec, results: TestResults, console: Console): readonly string[] {
  const checks = checkLines(spec, results).map(({ name, verdict, figure }) => {
    const word = wordOf(verdict);
    const painted = verdict === true ? word : console.paint([colourOf(verdict), 'bold'], word);
    const room = Math.max(20, console.width - NAME_WIDTH - VERDICT_WIDTH);
    const text = `${name.padEnd(NAME_WIDTH)}${painted}${' '.repeat(VERDICT_WIDTH - word.length)}${shownText(figure, room)}`;
    return text.trimEnd();
  });
  const messages = messagesFigure(results);
  return messages === undefined
    ? checks
    : [...checks, `${'net'.padEnd(NAME_WIDTH + VERDICT_WIDTH)}${messages}`];
}

function wordOf(verdict: Validity): string {
  if (verdict === 'unknown') return WORDS.unknown;
  return verdict ? WORDS.valid : WORDS.invalid;
}

export function colourOf(verdict: Validity): 'green' | 'yellow' | 'red' {
  if (verdict === 'unknown') return 'yellow';
  return verdict ? 'green' : 'red';
}
