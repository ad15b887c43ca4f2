/** Paths as files name them: seen from the folder of the file, with slashes on every system. */
import { relative, sep } from 'node:path';

export const pathFrom = (folder: string, path: string): string => relative(folder, path).split(sep).join('/');
