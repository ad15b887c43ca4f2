/**
 * The stories stored in a run's folder. They are made after the run has been checked, within limits, so that they do not delay
 * the run's end. A node may have planted files in the folder, so everything read is validated as untrusted input.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readPlain, writeBelow } from '../../files/plain-file.ts';
import { svgFile } from '../../report/svg/svg.ts';
import { storyPictureFile } from '../../recording/finding-view.ts';
import type { Stories } from '../../recording/story.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { isForeignRun } from '../../report/read/foreign-run.ts';
import { storiesOfForeignRun } from './foreign-stories.ts';
import { storiesIn } from './stories-in.ts';
import { storyPicture } from '../picture/story-picture.ts';
import { storyMarkdown } from '../text/story-text.ts';
import { mayHaveStory, storedStories } from './stored-story.ts';

/** Maximum number of messages; of a longer run only the last ones before the finding are used. */
const MOST_MESSAGES = 50_000;
/** Maximum size of the history in bytes, which is loaded into memory completely. */
const LONGEST_HISTORY = 32 << 20;
const LONGEST_FILE = 4 << 20;

/** Returns undefined for a run without findings. Throws if the folder holds no run with results. */
export function makeBoundedStories(folder: string): Stories | undefined {
  const isForeign = isForeignRun(folder);
  const { size } = statSync(join(folder, isForeign ? RUN_FILES.historyEdn : RUN_FILES.historyJsonl));
  if (size > LONGEST_HISTORY) {
    if (!isForeign && !mayHaveStory(folder)) return undefined;
    return {
      version: 1,
      stories: [],
      note: `The history has ${Math.round(size / 2 ** 20)} MiB, too much to tell its story by itself: maelstrom story RUN does so.`,
    };
  }
  if (isForeign) return storiesOfForeignRun(folder);
  const { stories } = storedStories(folder, { mostMessages: MOST_MESSAGES });
  return stories.length === 0 ? undefined : { version: 1, stories };
}

/** Writes the stories, and the first one also as Markdown. Returns their files. Throws if they cannot be written. */
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

/** Returns undefined if there are none, or only of another version; they can be made again. */
export function readStories(folder: string): Stories | undefined {
  try {
    const text = readPlain(join(folder, RUN_FILES.stories));
    return text.length > LONGEST_FILE ? undefined : storiesIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}
