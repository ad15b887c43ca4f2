/**
 * Errors of the operating system that are not bugs of Maelstrom, wherever in a command they occur: an unreadable file,
 * a full disk, too few open files. Only errors that cannot be caused by a bug in Maelstrom's own paths are included; a
 * missing file could be.
 */
import { UserError } from '../../protocol/user-error.ts';

type Refusal = readonly [problem: string, advice: string];

const PERMISSIONS: Refusal = [
  'permission denied',
  'Check the permissions of it and of its parent folders, or choose another path.',
];
const FULL: Refusal = ['the disk is full', 'Free some space, or choose another folder.'];

const REFUSALS: Readonly<Record<string, Refusal>> = {
  EACCES: PERMISSIONS,
  EPERM: PERMISSIONS,
  EROFS: ['it is on a read-only file system', 'Choose another folder.'],
  ENOSPC: FULL,
  EDQUOT: ['your disk quota is used up', FULL[1]],
  EIO: ['the disk failed to read or write it', 'See the system log, and use another disk.'],
  ELOOP: ['its symbolic links form a loop', 'Fix the links, or choose another path.'],
  ENAMETOOLONG: ['its name is too long', 'Choose a shorter path.'],
};

/** Returns a UserError for such an error; undefined for all others. */
export function machineError(error: unknown): UserError | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (error.code === 'EMFILE' || error.code === 'ENFILE') {
    return new UserError(
      `The limit of open files of this process is too low: ${error.message}.`,
      'Raise it in the shell before starting: ulimit -n 4096.',
    );
  }
  const refusal = Object.hasOwn(REFUSALS, error.code) ? REFUSALS[error.code] : undefined;
  if (refusal === undefined || !('path' in error) || typeof error.path !== 'string') return undefined;
  const [problem, advice] = refusal;
  return new UserError(`${error.path} cannot be used: ${problem} (${error.code}).`, advice);
}
