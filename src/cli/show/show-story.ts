/** Shows the story of a run on a terminal, shortened, below the verdict. */
import { shortPath } from '../../harness/settings/short-path.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Stories } from '../../recording/story.ts';
import { storyLines } from '../../story/story-text.ts';
import type { Console } from './console.ts';

const MOST_LINES = 13;
/** Of a longer one: how it began, and how it ended. */
const FIRST = 5;
const LAST = 6;
const WIDTH = 100;
const LEAST = 40;

/** Of the lines of a story: a narrow terminal would break longer ones in the middle of words. */
export const storyWidth = ({ width }: Pick<Console, 'width'>): number =>
  Math.min(WIDTH, Math.max(LEAST, width));

export interface ShownStory {
  /** Where all of it is: a command, or a file. */
  readonly whole: string;
  /** It is of something that changes no verdict. */
  readonly isValid: boolean;
}

/** `program` is the name by which this program was called. */
export const storyCommand = (program: string, folder: string): string =>
  `${program} story ${shortPath(folder)}`;

/** Where the output is no terminal nothing is shown: story.md has it. */
export function showStory({ stories, note }: Stories, shown: ShownStory, console: Console): void {
  if (!console.isTerminal) return;
  const { whole, isValid } = shown;
  const [story, ...others] = stories;
  if (story === undefined) {
    if (note !== undefined) console.line(note.replace('maelstrom story RUN', whole));
    return;
  }
  const isWhole = storyLines(story, WIDTH).length <= MOST_LINES;
  const lines = isWhole ? storyLines(story, storyWidth(console)) : inBrief(storyLines(story, Infinity));
  console.line('');
  const heading = isValid ? 'Wrong all the same' : 'How it came about';
  console.line(console.paint('bold', `${heading}: ${shownText(story.title, 200)}`));
  for (const line of lines) console.line(shownText(line, 300));
  if (!isWhole || others.length > 0) console.line(`The whole story: ${whole}`);
}

/** A line for each step, and of too many the first and the last ones. */
function inBrief(lines: readonly string[]): readonly string[] {
  const short = lines.map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line));
  if (short.length <= MOST_LINES) return short;
  const between = short.length - FIRST - LAST;
  return [...short.slice(0, FIRST), `   … ${between} more steps …`, ...short.slice(-LAST)];
}
