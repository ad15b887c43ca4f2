/** Shows the story of a run on a terminal, shortened, below the verdict. */
import { shortPath } from '../../harness/settings/short-path.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Stories } from '../../recording/story.ts';
import { storyLines } from '../../story/story-text.ts';
import type { Console } from './console.ts';

const MOST_LINES = 13;
/** Lines shown of a longer story: its beginning and its end. */
const FIRST = 5;
const LAST = 6;
const WIDTH = 100;
const LEAST = 40;

/** Returns the width of a story's lines: a narrow terminal would break longer ones within words. */
export const storyWidth = ({ width }: Pick<Console, 'width'>): number =>
  Math.min(WIDTH, Math.max(LEAST, width));

export interface ShownStory {
  /** Where the whole story is: a command, or a file. */
  readonly whole: string;
  /** True when it explains something that does not change the verdict. */
  readonly isValid: boolean;
}

/** Returns the command that shows a story; `program` is how Maelstrom was called. */
export const storyCommand = (program: string, folder: string): string =>
  `${program} story ${shortPath(folder)}`;

/** Shows stories in brief. Without a terminal it shows nothing, since story.md has them. */
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
  const heading = isValid ? 'Wrong nevertheless' : 'How it happened';
  console.line(console.paint('bold', `${heading}: ${shownText(story.title, 200)}`));
  for (const line of lines) console.line(shownText(line, 300));
  if (!isWhole || others.length > 0) console.line(`The whole story: ${whole}`);
}

/** Returns a line for each step; if there are too many, the first and the last ones. */
function inBrief(lines: readonly string[]): readonly string[] {
  const short = lines.map((line) => (line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line));
  if (short.length <= MOST_LINES) return short;
  const between = short.length - FIRST - LAST;
  return [...short.slice(0, FIRST), `   … ${between} more steps …`, ...short.slice(-LAST)];
}
