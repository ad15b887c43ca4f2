/** Resolves paths that programs pass, relative to a folder that they have open. */
import { ERRNO } from './abi.ts';

const MOST_BYTES = 4096;
/** Maximum bytes of one name, as in common file systems. */
const MOST_NAME_BYTES = 255;

export interface PlacedPath {
  /** Normalised, relative to the data folder. */
  readonly path: string;
  /** True when it ended in a slash, so it must be a folder. */
  readonly isFolder: boolean;
}

/** Returns a negative errno when the path is invalid or leads out of the data folder. */
export function placePath(folder: string, given: string | undefined): PlacedPath | number {
  if (given === undefined) return -ERRNO.ilseq;
  if (given === '') return -ERRNO.noent;
  if (given.includes('\0')) return -ERRNO.inval;
  if (given.length > MOST_BYTES) return -ERRNO.nametoolong;
  if (given.startsWith('/')) return -ERRNO.notcapable;
  const parts = folder === '/' ? [] : folder.slice(1).split('/');
  for (const part of given.split('/')) {
    if (part === '' || part === '.') continue;
    if (Buffer.byteLength(part) > MOST_NAME_BYTES) return -ERRNO.nametoolong;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return -ERRNO.notcapable;
  }
  return { path: `/${parts.join('/')}`, isFolder: /(?:^|\/)\.{0,2}$/.test(given) };
}
