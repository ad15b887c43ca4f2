/** Valid names for the folder of a new node, and the name of its package. */
import { basename } from 'node:path';
import { UserError } from '../../protocol/user-error.ts';
import { IMPORTED_AS } from '../../world/own-file.ts';
import { refuseTilde } from '../words/home-path.ts';

/** Letters and digits of any script, spaces and a few punctuation characters. */
const FOLDER_NAME = /^[\p{L}\p{N}_.][\p{L}\p{M}\p{N}_. -]*$/u;
const LONGEST = 100;

/** Throws a UserError for a path whose last part is not a valid folder name. */
export function checkNewFolder(path: string): void {
  refuseTilde('NAME', path);
  const name = basename(path);
  const shown = JSON.stringify(path);
  if (name === '.' || name === '..')
    throw new UserError(
      `${shown} does not name a new folder.`,
      'To add a node to an existing folder, run in it: maelstrom init',
    );
  if (!FOLDER_NAME.test(name) || name.length > LONGEST || /\p{Cc}/u.test(path))
    throw new UserError(
      `${shown} cannot be the name of the folder: use up to ${LONGEST} letters, digits, dots, spaces, - and _, not beginning with - or a space.`,
      'For example: maelstrom new my-node',
    );
}

/** Returns a valid npm name as close as possible to the folder's; never the name of this package, which it would hide. */
export function packageNameOf(folder: string): string {
  const name = folder
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[._-]+|[._-]+$/g, '');
  if (name === '') return 'node';
  return [IMPORTED_AS, 'node_modules', 'favicon.ico'].includes(name) ? `${name}-node` : name;
}
