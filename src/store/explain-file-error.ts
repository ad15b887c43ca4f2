/** Explains in plain words why a file or folder could not be written or read. */

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name',
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open in this process',
  ENFILE: 'too many files are open on this machine',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * Returns what the disk itself refused, without the path: `the disk is full (ENOSPC)`; for any other error its message.
 */
export function diskRefusal(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['ENOSPC', 'EDQUOT', 'EROFS'].includes(code) ? `${WORDS[code]} (${code})` : error.message;
}

/** Returns a sentence: `/x/store cannot be written: the disk is full (ENOSPC).` */
export function explainFileError(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words = code === undefined ? undefined : WORDS[code];
  return `${path} cannot be written: ${words === undefined ? message : `${words} (${code})`}.`;
}
