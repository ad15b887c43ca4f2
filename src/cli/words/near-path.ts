/** A path as it is typed in a folder. */
import { isAbsolute, relative, sep } from 'node:path';

/** From the folder to the path; absolute where that is less of a way. */
export function nearPath(folder: string, path: string): string {
  const near = relative(folder, path);
  if (isAbsolute(near) || near.split(sep).filter((part) => part === '..').length > 3) return path;
  return near.startsWith('.') ? near : `.${sep}${near}`;
}
