/**
 * Symbolic links that are replaced atomically: at every moment a link exists and leads to a run. When runs start at the
 * same time, the last one wins.
 */
import { randomBytes } from 'node:crypto';
import { lstatSync, renameSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, relative } from 'node:path';

/**
 * Makes `link` lead to `target` (by a relative path, so that a store can be moved). Returns the problem if that fails:
 * a link is a convenience, and where none can be made (a file of that name, Windows) the run goes on.
 */
export function replaceLink(link: string, target: string): string | undefined {
  const fresh = `${link}.${randomBytes(6).toString('hex')}`;
  try {
    symlinkSync(relative(dirname(link), target), fresh, 'dir');
    renameSync(fresh, link);
    return undefined;
  } catch (error) {
    // Some versions of Node refuse to `rm` a link to a folder.
    if (lstatSync(fresh, { throwIfNoEntry: false }) !== undefined) unlinkSync(fresh);
    return `the link ${link} could not be created: ${(error as Error).message}`;
  }
}
