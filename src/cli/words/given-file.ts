/** Reads a file named by an option; errors are reported in words instead of system codes. */
import { readFileSync } from 'node:fs';
import { UserError } from '../../protocol/user-error.ts';

export function readGivenFile(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException; // Node throws nothing else here
    const why = WHY[code] ?? `cannot be read: ${message}.`;
    const hint = code === 'ENOENT' ? `Relative paths begin at ${process.cwd()}.` : undefined;
    throw new UserError(`${option}: ${path} ${why}`, hint);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist.',
  ENOTDIR: 'does not exist: what stands before a slash in it is no folder.',
  EISDIR: 'is a folder; expected a file.',
  EACCES: 'may not be read: permission denied.',
  ELOOP: 'is a link that leads to itself.',
};
