/** Paths as they are shown on a terminal: as short as they can be typed from the current directory. */
import { relative } from 'node:path';

/** Relative to the current directory where that is shorter. */
export function shortPath(path: string): string {
  const short = relative('', path);
  return short !== '' && short.length < path.length ? short : path;
}

/** A text with the paths of logs as they are to be typed; results name them within the run's folder. */
export const whereLogs = (text: string, folder: string): string =>
  text.replaceAll(/(?<= log: )(?=node-logs\/)/g, `${shortPath(folder)}/`);
