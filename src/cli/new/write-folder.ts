/** Writes the files of a new node, and never overwrites anything. */
import { lstatSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from '../../files/make-folders.ts';
import { UserError } from '../../protocol/user-error.ts';
import { explainFileError } from '../../store/explain-file-error.ts';
import { IMPORTED_AS } from '../../world/own-file.ts';
import { nearPath } from '../words/near-path.ts';
import type { PlannedFile } from './plan-folder.ts';

/** Creates the folder and its parents. Throws a UserError if it exists and is not empty. */
export function makeFolder(folder: string, shown: string): void {
  const stats = attempt(folder, () => lstatSync(folder, { throwIfNoEntry: false }));
  if (stats !== undefined) {
    if (!stats.isDirectory())
      throw new UserError(
        `${shown} already exists and is not a folder.`,
        'Nothing was written. Choose another name.',
      );
    const [first, ...more] = attempt(folder, () => readdirSync(folder));
    if (first === undefined) return;
    const rest = more.length === 0 ? '' : ` and ${more.length} more`;
    throw new UserError(
      `${shown} already exists and contains ${first}${rest}.`,
      'Nothing was written. To add missing files to an existing folder, run maelstrom init in it.',
    );
  }
  attempt(folder, () => makeFolders(folder));
}

export interface Written {
  readonly written: readonly string[];
  /** Names of files that existed already. */
  readonly kept: readonly string[];
}

export function writeFiles(folder: string, files: readonly PlannedFile[]): Written {
  const written: string[] = [];
  const kept: string[] = [];
  for (const { name, text, isExecutable } of files) {
    const path = join(folder, name);
    const isNew = attempt(path, () => {
      try {
        // Fails if anything exists there, dangling links included.
        writeFileSync(path, text, { flag: 'wx', mode: isExecutable ? 0o777 : 0o666 });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      }
    });
    (isNew ? written : kept).push(name);
  }
  return { written, kept };
}

/**
 * Links the clone so that `import ... from 'maelstrom'` finds it, as npm does for a folder. Does nothing if something
 * exists there already.
 */
export function linkPackage(folder: string, root: string): void {
  const modules = join(folder, 'node_modules');
  const link = join(modules, IMPORTED_AS);
  attempt(link, () => {
    makeFolders(modules);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined)
      symlinkSync(nearPath(modules, root), link, 'dir');
  });
}

function attempt<Value>(path: string, act: () => Value): Value {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new UserError(explainFileError(path, error));
    throw error;
  }
}
