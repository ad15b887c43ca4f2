/** Looks at a path that the user has given. */
import type { Stats } from 'node:fs';
import { statIfThere } from '../../files/plain-file.ts';
import { UserError } from '../../protocol/user-error.ts';

/** What stands there, links followed; undefined when nothing does. Throws a UserError where that may not be looked at. */
export function statGiven(path: string): Stats | undefined {
  try {
    return statIfThere(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new UserError(
      `${path} cannot be reached: a folder on the way may not be searched (${code}).`,
      'Check the permissions of the folders on the way, or give another path.',
    );
  }
}
