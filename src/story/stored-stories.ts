/**
 * The stories that are kept in a run's folder: made when the run has been judged, within bounds, so that no run has to wait for
 * long. Files in the folder of a run may have been planted by a node: what is read is looked at as text from anywhere.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readPlain, writeBelow } from '../files/plain-file.ts';
import { svgFile } from '../report/svg/svg.ts';
import { storyPictureFile } from '../recording/finding-view.ts';
import type { Stories } from '../recording/story.ts';
import { RUN_FILES } from '../store/layout.ts';
import { storiesIn } from './stories-in.ts';
import { storyPicture } from './story-picture.ts';
import { storyMarkdown } from './story-text.ts';
import { storedStories } from './stored-story.ts';

/** Of a run of more messages only the last ones before the finding are looked at. */
const MOST_MESSAGES = 50_000;
/** The history is held in memory as a whole. */
const LONGEST_HISTORY = 32 << 20;
const LONGEST_FILE = 4 << 20;

/** Undefined of a run in which nothing is wrong. Throws where the folder holds no run that was judged. */
export function makeBoundedStories(folder: string): Stories | undefined {
  const { size } = statSync(join(folder, RUN_FILES.historyJsonl));
  if (size > LONGEST_HISTORY)
    return {
      version: 1,
      stories: [],
      note: `The history has ${Math.round(size / 2 ** 20)} MiB, too much to tell its story by itself: maelstrom story RUN does so.`,
    };
  const { stories } = storedStories(folder, { mostMessages: MOST_MESSAGES });
  return stories.length === 0 ? undefined : { version: 1, stories };
}

/** Their files; of the first one also as Markdown. Throws where they cannot be written. */
export function writeStories(folder: string, stories: Stories): readonly string[] {
  const files: [name: string, content: string][] = [
    [RUN_FILES.stories, `${JSON.stringify(stories)}\n`],
    ...stories.stories.flatMap((story, at): [string, string][] => [
      ...(at === 0
        ? [[RUN_FILES.storyText, storyMarkdown(story, RUN_FILES.storyPicture)] as [string, string]]
        : []),
      [storyPictureFile(at), svgFile(storyPicture(story))],
    ]),
  ];
  for (const [name, content] of files) writeBelow(folder, name, content);
  return files.map(([name]) => join(folder, name));
}

/** Undefined where there are none, or none that this version knows: they can be made again. */
export function readStories(folder: string): Stories | undefined {
  try {
    const text = readPlain(join(folder, RUN_FILES.stories));
    return text.length > LONGEST_FILE ? undefined : storiesIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}
