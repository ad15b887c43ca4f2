/** What a verdict's last step quotes of a longer text. */
import { shownText } from '../../protocol/shown-text.ts';

/** In characters. */
export const LONGEST_LINE = 400;
const MOST_LINES = 4;

export const firstLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, MOST_LINES)
    .map((line) => shownText(line.trim(), LONGEST_LINE));
