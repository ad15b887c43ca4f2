/** Paths for a terminal, as short as they can be typed from the current directory. */
import { relative } from 'node:path';

/** Returns the path relative to the current directory if that is shorter. */
export function shortPath(path: string): string {
  const short = relative('', path);
  return short !== '' && short.length < path.length ? short : path;
}

/**
 * Returns the text with log paths that can be typed from the current directory; results have them relative to the run's
 * folder.
 */
export const whereLogs = (text: string, folder: string): string =>
  text.replaceAll(/(?<= log: )(?=node-logs\/)/g, `${shortPath(folder)}/`);
