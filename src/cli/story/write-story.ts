/** Writes a story into the folder of its run, in words and as a picture. */
import { join } from 'node:path';
import { writeBelow } from '../../files/plain-file.ts';
import { UserError } from '../../protocol/user-error.ts';
import { svgFile } from '../../report/svg/svg.ts';
import { explainFileError } from '../../store/explain-file-error.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { storyPicture } from '../../story/story-picture.ts';
import { storyMarkdown } from '../../story/story-text.ts';
import type { Story } from '../../story/story.ts';

/** The files. Throws a UserError where they cannot be written. */
export function writeStory(folder: string, story: Story): readonly string[] {
  const files = {
    [RUN_FILES.storyText]: storyMarkdown(story, RUN_FILES.storyPicture),
    [RUN_FILES.storyPicture]: svgFile(storyPicture(story)),
  };
  return Object.entries(files).map(([name, content]) => {
    const file = join(folder, name);
    try {
      writeBelow(folder, name, content);
    } catch (error) {
      throw new UserError(`The story cannot be written: ${explainFileError(file, error)}`);
    }
    return file;
  });
}
