/** Paths as written in files: relative to the file's folder, with slashes on every system. */
import { relative, sep } from 'node:path';

export const pathFrom = (folder: string, path: string): string => relative(folder, path).split(sep).join('/');
