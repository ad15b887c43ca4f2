/** Resolves paths from outside safely: only to files below a folder, whatever links it contains. */
import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Returns the real path of a file or folder below `root`, or undefined if it does not exist or a link leads out. */
export function inside(root: string, path: string): string | undefined {
  try {
    const realRoot = realpathSync(root);
    const real = realpathSync(join(realRoot, path));
    return real.startsWith(realRoot + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}
