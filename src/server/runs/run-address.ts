/**
 * Finds the run named by a URL: `broadcast/20261121T033319.799Z` below the store, and nowhere else. Names come from
 * outside, and folders of the store may contain links; anything that leads out of the store is treated as missing.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inside } from '../../files/inside.ts';
import { statPlain } from '../../files/plain-file.ts';
import { isForeignRun } from '../../report/read/foreign-run.ts';
import { RUN_FILES } from '../../store/layout.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,200}$/;

export function isSafeName(name: string): boolean {
  return NAME.test(name) && !name.includes('..');
}

/**
 * Returns the names of those folders that can be in an address; links (`latest`) are left out, since their runs are
 * listed anyway.
 */
export function safeFolders(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && isSafeName(entry.name))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

/** True for a valid path below a run's folder; names of keys and anomalies may contain nearly anything. */
export function isSafePath(path: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return path.split('/').every((name) => !['', '.', '..'].includes(name) && !/[\u0000-\u001f\\]/.test(name));
}

/** Returns the real path of a run's folder; undefined if there is no such run within the store. */
export function runFolderOf(store: string, workload: string, name: string): string | undefined {
  if (!isSafeName(workload) || !isSafeName(name)) return undefined;
  const folder = inside(store, join(workload, name));
  if (folder === undefined) return undefined;
  return statPlain(join(folder, RUN_FILES.test)) !== undefined || isForeignRun(folder) ? folder : undefined;
}
