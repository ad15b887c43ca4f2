/** Stats a path given by the user. */
import type { Stats } from 'node:fs';
import { statIfThere } from '../../files/plain-file.ts';
import { UserError } from '../../protocol/user-error.ts';

/** Returns the stats, following links; undefined if nothing exists there. Throws a UserError if access is denied. */
export function statGiven(path: string): Stats | undefined {
  try {
    return statIfThere(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new UserError(
      `${path} cannot be reached: a parent folder cannot be searched (${code}).`,
      'Check the permissions of the parent folders, or choose another path.',
    );
  }
}
