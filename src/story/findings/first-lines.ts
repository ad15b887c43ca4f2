/** Excerpts of longer texts for the last step of a story. */
import { findCause, isLibraryFrame } from '../../world/stderr/crash-cause.ts';
import { shownText } from '../../protocol/shown-text.ts';

/** Maximum length in characters. */
export const LONGEST_LINE = 400;
const MOST_LINES = 4;

/** Returns the first lines; a line that introduces the next one is joined with it. */
export const firstLines = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .reduce<string[]>((lines, line) => {
      const before = lines.at(-1);
      if (before?.endsWith(':') === true) lines.splice(-1, 1, `${before} ${line}`);
      else lines.push(line);
      return lines;
    }, [])
    .slice(0, MOST_LINES)
    .map((line) => shownText(line, LONGEST_LINE));

/** Returns the first line of the message, and the lines of the node's stderr that give the reason. */
export function crashLines(message: string): readonly string[] {
  const [head = '', ...lines] = message.split('\n');
  const printed = lines.filter((line) => line.startsWith('  ')).map((line) => line.slice(2));
  if (printed.length === 0) return firstLines(message);
  const cause = findCause(printed);
  const shown = cause.length > 0 ? [...cause, ...placeOf(printed, cause)] : printed.slice(-MOST_LINES);
  const what = head.replace(/ (?:The last lines of|What seems to be the cause, in) its stderr:$/, '');
  return [what, ...shown].map((line) => shownText(line.trim(), LONGEST_LINE));
}

/** Returns the line with the location, as Python and JavaScript print it: the innermost one in the program, if any is. */
function placeOf(printed: readonly string[], [first = '']: readonly string[]): readonly string[] {
  const at = printed.indexOf(first);
  const below = at === -1 ? [] : printed.slice(at + 1);
  const end = below.findIndex((line) => !/^\s+at /.test(line));
  const frames = end === -1 ? below : below.slice(0, end);
  const place = frames.find((frame) => !isLibraryFrame(frame)) ?? frames[0];
  if (place !== undefined) return [place];
  return printed
    .slice(0, Math.max(at, 0))
    .filter((line) => /^\s*File ".+", line \d+/.test(line))
    .slice(-1);
}
