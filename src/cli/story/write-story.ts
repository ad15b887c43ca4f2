/** Writes stories into the folder of their run: as data, and the first one also in words and as a picture. */
import { UserError } from '../../protocol/user-error.ts';
import { explainFileError } from '../../store/explain-file-error.ts';
import { writeStories } from '../../story/stored/stored-stories.ts';
import type { Story } from '../../recording/story.ts';

/** Returns the files. Throws a UserError if they cannot be written. */
export function writeStory(folder: string, stories: readonly Story[]): readonly string[] {
  try {
    return writeStories(folder, { version: 1, stories });
  } catch (error) {
    throw new UserError(`The story could not be written: ${explainFileError(folder, error)}`);
  }
}
