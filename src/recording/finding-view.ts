/**
 * What is wrong with a run as its page shows it: an entry for each finding, in words, with its drawing and its story. Stories come
 * from story.json, words and drawings from findings.json; a run that lacks both still has its suspects.
 */
import type { Stories, Story } from './story.ts';
import type { Suspect } from './suspects.ts';

export interface FindingView {
  readonly title: string;
  /** Lines. */
  readonly text: string;
  /** The numbers of those that show it. */
  readonly operations: readonly number[];
  /** Its drawing, a file in the run's folder. */
  readonly picture?: string;
  readonly story?: StoryView;
}

export interface StoryView {
  readonly story: Story;
  /** Its drawing, a file in the run's folder; none where no message is known, since there is nothing to draw. */
  readonly picture?: string;
}

/** An entry of findings.json. */
export interface StoredFinding extends Pick<FindingView, 'title' | 'text' | 'operations'> {
  /** The name of its files, without an ending. */
  readonly file: string;
  readonly hasPicture: boolean;
}

export interface StoredFindings {
  readonly version: 1;
  readonly findings: readonly StoredFinding[];
}

/** Of the story at that place among those of a run. */
export const storyPictureFile = (at: number): string => (at === 0 ? 'story.svg' : `story-${at + 1}.svg`);

export interface FindingSources {
  readonly stories: Stories | undefined;
  readonly findings: readonly StoredFinding[];
  readonly suspects: readonly Suspect[];
}

/** Those with a story first, in the order of the stories. */
export function findingViews({ stories, findings, suspects }: FindingSources): readonly FindingView[] {
  const told = (stories?.stories ?? []).map((story, at): FindingView => {
    const finding = findings.find(({ file }) => file === story.evidence);
    const shown = { story: story.lanes.length === 0 ? { story } : { story, picture: storyPictureFile(at) } };
    return finding === undefined
      ? { title: story.title, text: '', operations: operationsOf(story), ...shown }
      : { ...viewOf(finding), operations: withWrong(finding.operations, story), ...shown };
  });
  const files = new Set((stories?.stories ?? []).map(({ evidence }) => evidence));
  const others = findings.filter(({ file }) => !files.has(file)).map(viewOf);
  const all = [...told, ...others];
  return all.length > 0 ? all : suspects.map((suspect) => ({ ...suspect, text: '' }));
}

function viewOf({ title, text, operations, file, hasPicture }: StoredFinding): FindingView {
  return { title, text, operations, ...(hasPicture ? { picture: `${file}.svg` } : {}) };
}

/** A story may tell of another read than the drawing names: of those that are wrong it takes the one that says most. */
const withWrong = (operations: readonly number[], { wrong }: Story): readonly number[] =>
  wrong === undefined || operations.includes(wrong)
    ? operations
    : [...operations, wrong].toSorted((a, b) => a - b);

const operationsOf = ({ steps }: Story): readonly number[] => [
  ...new Set(steps.flatMap(({ operations }) => operations)),
];
