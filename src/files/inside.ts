/** Paths that come from outside: what lies below a folder, whatever links it holds. */
import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The real path of a file or folder below `root`; undefined when it is not there, or a link leads out. */
export function inside(root: string, path: string): string | undefined {
  try {
    const realRoot = realpathSync(root);
    const real = realpathSync(join(realRoot, path));
    return real.startsWith(realRoot + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}
