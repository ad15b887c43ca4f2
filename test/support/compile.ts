/** Compiles as people do: with `tsc`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** What `tsc`, called with these words in that folder, prints. */
export function compile(folder: string, words: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(process.execPath, [TSC, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return `${stdout}${stderr}`;
}
