/** What this process may do with a file, and whether a program is on the PATH. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const mayRead = (path: string): boolean => allows(path, constants.R_OK);
export const mayRun = (path: string): boolean => allows(path, constants.X_OK);

export const isOnPath = (program: string, env: Readonly<Record<string, string | undefined>>): boolean =>
  findOnPath(program, env) !== undefined;

export function findOnPath(
  program: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find(mayRun);
}

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
