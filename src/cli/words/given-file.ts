/**
 * Reads a file named on the command line: a plain file, or a pipe such as that of `<(command)`, up to a limit, since
 * devices and files of the system may have no end. Errors are reported in words instead of system codes.
 */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { statGiven } from '../../harness/settings/stat-given.ts';
import { UserError } from '../../protocol/user-error.ts';

/** In bytes. A text of this size fits into a string. */
export const LARGEST_GIVEN = 256 * 2 ** 20;

/** Returns its text. Throws a UserError that begins with `what`: the option that names the file, or what it is. */
export function readGivenFile(what: string, path: string, largest = LARGEST_GIVEN): string {
  const refuse = (why: string, hint?: string): never => {
    throw new UserError(`${what}: ${path} ${why}`, hint);
  };
  // Looked at before it is opened: to open a terminal or a tape already has an effect.
  const stats = statGiven(path);
  if (stats?.isSocket() === true || stats?.isCharacterDevice() === true || stats?.isBlockDevice() === true)
    refuse(`is a ${stats.isSocket() ? 'socket' : 'device'}; expected a file.`);
  try {
    return readUpTo(path, largest) ?? refuse(`has more than ${largest / 2 ** 20} MB: too much to be meant.`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException; // Node throws nothing else here
    const hint = code === 'ENOENT' ? `Relative paths are resolved from ${process.cwd()}.` : undefined;
    return refuse(WHY[code] ?? `cannot be read: ${message}.`, hint);
  }
}

/** Returns undefined if it has more bytes. */
function readUpTo(path: string, largest: number): string | undefined {
  const isPipe = statGiven(path)?.isFIFO() === true;
  // A pipe is waited for, as every program does; a file that makes readers wait (/proc/kmsg) is an error.
  const fd = openSync(path, isPipe ? 'r' : constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for (;;) {
      // Its size may be wrong: that of a pipe or of a file in /proc is 0.
      const piece = Buffer.allocUnsafe(
        Math.max(1 << 16, Math.min(fstatSync(fd).size - bytes + 1, largest + 1)),
      );
      const length = readSync(fd, piece);
      if (length === 0) return Buffer.concat(pieces).toString('utf8');
      bytes += length;
      if (bytes > largest) return undefined;
      pieces.push(piece.subarray(0, length));
    }
  } finally {
    closeSync(fd);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist.',
  ENOTDIR: 'does not exist: a part before a slash is not a folder.',
  EISDIR: 'is a folder; expected a file.',
  EACCES: 'cannot be read: permission denied.',
  ELOOP: 'is a symbolic link to itself.',
  EAGAIN: 'has nothing to read yet; expected a file.',
};
