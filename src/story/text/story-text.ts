/** Formats a story as text, for a terminal and as Markdown. */
import { wrapped } from './wrapped-lines.ts';
import type { Story } from '../../recording/story.ts';
import { moment } from './words.ts';

/** Returns the numbered steps, for a terminal of that width. */
export const storyLines = (story: Story, width: number): readonly string[] => stepLines(story, width).flat();

export function stepLines(story: Story, width: number): readonly (readonly string[])[] {
  const times = story.steps.map(({ timeNanos, kind }) => (kind === 'verdict' ? '' : moment(timeNanos)));
  const timeWidth = Math.max(0, ...times.map((time) => time.length));
  const numberWidth = String(story.steps.length).length;
  const gap = timeWidth === 0 ? '' : '  ';
  const indent = numberWidth + 2 + timeWidth + gap.length;
  return story.steps.map(({ number, text }, at) => {
    const [first = '', ...others] = wrapped(text, width - indent);
    return [
      `${String(number).padStart(numberWidth)}. ${(times[at] ?? '').padStart(timeWidth)}${gap}${first}`,
      ...others.map((line) => `${' '.repeat(indent)}${line}`),
    ];
  });
}

/** Returns the whole story, for a terminal of that width. */
export function storyText(story: Story, width = 100): string {
  const steps = storyLines(story, width);
  const notes = story.notes.flatMap((note) => wrapped(note, width));
  return [story.title, '', ...steps, ...(notes.length === 0 ? [] : ['', ...notes]), ''].join('\n');
}

export const storySentences = ({ steps }: Story): readonly string[] =>
  steps.map(({ number, text }) => `${number}. ${text}`);

/** Returns the story as Markdown; `picture` is the address of its picture, if any. */
export function storyMarkdown(story: Story, picture?: string): string {
  const steps = story.steps.map(({ number, text, kind, timeNanos }) =>
    kind === 'verdict' ? `${number}. **${plain(text)}**` : `${number}. ${moment(timeNanos)}: ${plain(text)}`,
  );
  return [
    `# ${plain(story.title)}`,
    '',
    ...steps,
    ...story.notes.flatMap((note) => ['', plain(note)]),
    ...(picture === undefined ? [] : ['', `![The story as a picture](${picture})`]),
    '',
  ].join('\n');
}

/** Escapes Markdown: content from nodes must not act as markup. */
const plain = (text: string): string => text.replaceAll(/[\\`*_<>[\]|~&#!]/g, (mark) => `\\${mark}`);
