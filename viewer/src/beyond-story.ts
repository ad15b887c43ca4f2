/** A finding's text without what its story has said already. */
import type { FindingView } from '../../src/recording/finding-view.ts';

/** The verdict of the story stands above the text. */
export function beyondStory({ text, story }: Pick<FindingView, 'text' | 'story'>): string {
  const said = new Set(story?.story.steps.flatMap((step) => (step.kind === 'verdict' ? [step.text] : [])));
  return text
    .split('\n\n')
    .map((part) =>
      part
        .split('\n')
        .filter((line) => !said.has(line))
        .join('\n'),
    )
    .filter((part) => part !== '')
    .join('\n\n');
}
