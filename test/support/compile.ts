/** Compiles with `tsc`, as users do. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** Returns what `tsc` prints when run with these arguments in that folder. */
export function compile(folder: string, words: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(process.execPath, [TSC, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return `${stdout}${stderr}`;
}
