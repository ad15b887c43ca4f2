/** A story as text, for a terminal and as Markdown. */
import { wrapped } from './wrapped-lines.ts';
import type { Story } from './story.ts';
import { moment } from './words.ts';

/** Lines for a terminal of that width. */
export function storyText(story: Story, width = 100): string {
  const times = story.steps.map(({ timeNanos }) => moment(timeNanos));
  const timeWidth = Math.max(0, ...times.map((time) => time.length));
  const numberWidth = String(story.steps.length).length;
  const indent = timeWidth + numberWidth + 4;
  const steps = story.steps.flatMap(({ number, text, kind }, at) => {
    const time = kind === 'verdict' ? '' : (times[at] ?? '');
    const [first = '', ...others] = wrapped(text, width - indent);
    return [
      `${String(number).padStart(numberWidth)}. ${time.padStart(timeWidth)}  ${first}`,
      ...others.map((line) => `${' '.repeat(indent)}${line}`),
    ];
  });
  const notes = story.notes.flatMap((note) => wrapped(note, width));
  return [story.title, '', ...steps, ...(notes.length === 0 ? [] : ['', ...notes]), ''].join('\n');
}
