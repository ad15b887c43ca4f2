/** Reads a file named by an option; errors are reported in words instead of system codes. */
import { readFileSync } from 'node:fs';
import { UserError } from '../../protocol/user-error.ts';

export function readGivenFile(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException; // Node throws nothing else here
    const why = WHY[code] ?? `cannot be read: ${message}.`;
    const hint = code === 'ENOENT' ? `Relative paths are resolved from ${process.cwd()}.` : undefined;
    throw new UserError(`${option}: ${path} ${why}`, hint);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist.',
  ENOTDIR: 'does not exist: a part before a slash is not a folder.',
  EISDIR: 'is a folder; expected a file.',
  EACCES: 'cannot be read: permission denied.',
  ELOOP: 'is a symbolic link to itself.',
};
