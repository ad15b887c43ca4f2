/** Shows the story of a run on a terminal, shortened, below the verdict. */
import { shortPath } from '../../harness/settings/short-path.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { Stories, Story } from '../../recording/story.ts';
import { stepLines, storyLines } from '../../story/text/story-text.ts';
import type { Console } from './console.ts';

const MOST_LINES = 18;
/** Steps shown of a longer story: its beginning and its end, with what is wrong in full. */
const FIRST = 4;
const LAST = 5;
/** Maximum number of lines of a step, and of a sentence about what is wrong. */
const MOST_OF_STEP = 2;
const MOST_OF_VERDICT = 6;
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
  const { whole: wherever, isValid } = shown;
  const [story, ...others] = stories;
  if (story === undefined) {
    if (note !== undefined) console.line(note.replace('maelstrom story RUN', wherever));
    return;
  }
  const width = storyWidth(console);
  const whole = storyLines(story, width);
  const isWhole = whole.length <= MOST_LINES;
  const lines = isWhole ? whole : inBrief(story, width);
  console.line('');
  const heading = isValid ? 'Wrong nevertheless' : 'How it happened';
  console.line(console.paint('bold', `${heading}: ${shownText(story.title, 200)}`));
  for (const line of lines) console.line(shownText(line, 300));
  if (!isWhole || others.length > 0) console.line(`The whole story: ${wherever}`);
}

/** Returns the first and the last steps, each in a few lines, and what is wrong. */
function inBrief(story: Story, width: number): readonly string[] {
  const steps = stepLines(story, width);
  const isVerdict = (at: number): boolean => story.steps[at]?.kind === 'verdict';
  const shown = steps.flatMap((lines, at) => (isVerdict(at) ? [] : [shortened(lines, MOST_OF_STEP, width)]));
  const wrong = steps.flatMap((lines, at) => (isVerdict(at) ? shortened(lines, MOST_OF_VERDICT, width) : []));
  const between = shown.length - FIRST - LAST;
  // A line in place of one step would save nothing.
  if (between <= 1) return [...shown.flat(), ...wrong];
  return [
    ...shown.slice(0, FIRST).flat(),
    `   … ${between} more steps …`,
    ...shown.slice(-LAST).flat(),
    ...wrong,
  ];
}

function shortened(lines: readonly string[], most: number, width: number): readonly string[] {
  if (lines.length <= most) return lines;
  const last = lines[most - 1] ?? '';
  return [...lines.slice(0, most - 1), `${last.slice(0, width - 2)} …`];
}
