/** Paths as they would be typed in a folder. */
import { isAbsolute, relative, sep } from 'node:path';

/** Returns the path relative to the folder, or the absolute path if that is simpler. */
export function nearPath(folder: string, path: string): string {
  const near = relative(folder, path);
  if (isAbsolute(near) || near.split(sep).filter((part) => part === '..').length > 3) return path;
  return near.startsWith('.') ? near : `.${sep}${near}`;
}
