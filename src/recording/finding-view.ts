/**
 * The findings of a run for its page, each with its text, its drawing and its story. Stories come from story.json,
 * texts and drawings from findings.json; a run that lacks both still has its suspects.
 */
import type { Stories, Story } from './story.ts';
import type { Suspect } from './suspects.ts';

export interface FindingView {
  readonly title: string;
  /** One or more lines. */
  readonly text: string;
  /** The numbers of the operations that show it. */
  readonly operations: readonly number[];
  /** Its drawing, a file in the run's folder. */
  readonly picture?: string;
  readonly story?: StoryView;
  /** Further cases of the same, the simplest first; missing if there are none. */
  readonly others?: readonly FurtherCaseView[];
}

export type FurtherCaseView = Pick<FindingView, 'text' | 'operations' | 'picture'>;

export interface StoryView {
  readonly story: Story;
  /** Its picture, a file in the run's folder; undefined without messages, since there is nothing to draw. */
  readonly picture?: string;
}

/** An entry of findings.json. */
export interface StoredFinding extends Pick<FindingView, 'title' | 'text' | 'operations'> {
  /** The name of its files, without an extension. */
  readonly file: string;
  readonly hasPicture: boolean;
  readonly others?: readonly Pick<StoredFinding, 'text' | 'operations' | 'hasPicture'>[];
}

export interface StoredFindings {
  readonly version: 1;
  readonly findings: readonly StoredFinding[];
}

/** Returns the picture's file for the story at that index of a run. */
export const storyPictureFile = (at: number): string => (at === 0 ? 'story.svg' : `story-${at + 1}.svg`);

/** Returns the picture's file for a case of a finding; 0 is the first, which the finding itself shows. */
export const caseFile = (file: string, number: number): string => `${file}/${number}.svg`;

export interface FindingSources {
  readonly stories: Stories | undefined;
  readonly findings: readonly StoredFinding[];
  readonly suspects: readonly Suspect[];
}

/** Returns the findings: first those with a story, in the order of the stories. */
export function findingViews({ stories, findings, suspects }: FindingSources): readonly FindingView[] {
  const withStory = (stories?.stories ?? []).map((story, at): FindingView => {
    const finding = findings.find(({ file }) => file === story.evidence);
    const shown = { story: story.lanes.length === 0 ? { story } : { story, picture: storyPictureFile(at) } };
    return finding === undefined
      ? { title: story.title, text: '', operations: operationsOf(story), ...shown }
      : { ...viewOf(finding), operations: withWrong(finding.operations, story), ...shown };
  });
  const files = new Set((stories?.stories ?? []).map(({ evidence }) => evidence));
  const others = findings.filter(({ file }) => !files.has(file)).map(viewOf);
  const all = [...withStory, ...others];
  return all.length > 0 ? all : suspects.map((suspect) => ({ ...suspect, text: '' }));
}

function viewOf({ title, text, operations, file, hasPicture, others }: StoredFinding): FindingView {
  return {
    title,
    text,
    operations,
    ...(hasPicture ? { picture: `${file}.svg` } : {}),
    ...(others && {
      others: others.map((other, at) => ({
        text: other.text,
        operations: other.operations,
        ...(other.hasPicture ? { picture: caseFile(file, at + 1) } : {}),
      })),
    }),
  };
}

/**
 * Adds the wrong operation of the story, which may be another read than the drawing names: a story picks the wrong read
 * that shows most.
 */
const withWrong = (operations: readonly number[], { wrong }: Story): readonly number[] =>
  wrong === undefined || operations.includes(wrong)
    ? operations
    : [...operations, wrong].toSorted((a, b) => a - b);

const operationsOf = ({ steps }: Story): readonly number[] => [
  ...new Set(steps.flatMap(({ operations }) => operations)),
];
