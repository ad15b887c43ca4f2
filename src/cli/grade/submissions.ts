/** The submissions: the programs and folders in a folder, and which program of each belongs to an assignment. */
import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { mayRun } from '../../files/access.ts';
import { statGiven } from '../../harness/settings/stat-given.ts';
import { UserError } from '../../protocol/user-error.ts';
import { WORKLOAD_NAMES } from '../../workloads/names.ts';
import type { Assignment } from '../grading/assignment.ts';
import { wordsOf } from '../grading/grade-run.ts';

export interface Submission {
  /** Name of the file without its extension, or of the folder. */
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

const SCRIPTS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];
const OTHER_SCRIPTS = ['.py', '.rb', '.sh'];
const ENDINGS = ['', ...SCRIPTS, ...OTHER_SCRIPTS];
const INDEX = SCRIPTS.map((ending) => `index${ending}`);
/** Folders that are no submissions: dependencies, stores and build output. */
const NOT_HANDED_IN = new Set(['node_modules', 'store', '__pycache__', 'target', 'dist', 'build']);

/** Returns the submissions sorted by name. Throws a UserError if there are none. */
export function submissionsOf(folder: string): readonly Submission[] {
  const stats = statGiven(folder);
  if (stats?.isDirectory() !== true)
    throw new UserError(`${folder} ${stats === undefined ? 'does not exist' : 'is no folder'}.`);
  const found = namesIn(folder)
    .toSorted()
    .filter((name) => !name.startsWith('.') && !NOT_HANDED_IN.has(name))
    .flatMap((name): Submission[] => {
      const path = join(folder, name);
      const isFolder = statGiven(path)?.isDirectory() === true;
      if (!isFolder && !isProgram(path)) return [];
      return [{ name: isFolder ? name : basename(name, extname(name)), path, isFolder }];
    });
  if (found.length === 0)
    throw new UserError(
      `${folder} contains neither programs nor folders.`,
      'A program is an executable file, or a .ts, .js, .mjs or .cjs file.',
    );
  // Two files may differ only in their extension.
  return found.map((one) =>
    found.some((other) => other !== one && other.name === one.name)
      ? { ...one, name: basename(one.path) }
      : one,
  );
}

/** Returns the program for the assignment; undefined if none was submitted. */
export function programFor({ path, isFolder }: Submission, assignment: Assignment): string | undefined {
  if (!isFolder) return path;
  const { bin, name, tests } = assignment;
  if (bin !== undefined) return exists(join(path, bin)) ? join(path, bin) : undefined;
  const names = [name, ...tests.map(workloadOf), 'main', 'node'];
  const called = names.flatMap((one) => ENDINGS.map((ending) => join(path, `${one}${ending}`)));
  return (
    called.find((file) => canRun(file) || hasIndex(file)) ??
    (hasIndex(path) ? path : onlyProgram(path, canRun)) ??
    // Beside a program there may be scripts that are only parts of it.
    called.find(isProgram) ??
    onlyProgram(path, isProgram)
  );
}

/** Returns the only program in the folder, unless it is named after another workload. */
function onlyProgram(folder: string, isOne: (path: string) => boolean): string | undefined {
  const programs = readdirSync(folder)
    .filter((name) => !name.startsWith('.') && !/\.(test|spec)\.\w+$/.test(name))
    .map((name) => join(folder, name))
    .filter(isOne);
  const [only] = programs;
  if (only === undefined || programs.length > 1) return undefined;
  return WORKLOAD_NAMES.some((name) => name === basename(only, extname(only))) ? undefined : only;
}

const MOST_NAMED = 5;

/** Describes, for a submission without a program for the assignment, the expected names and the contents of its folder. */
export function whyMissing({ path }: Submission, { bin, name, tests }: Assignment): string {
  const there = namesIn(path)
    .toSorted()
    .filter((each) => !each.startsWith('.'))
    .map((each) => (statGiven(join(path, each))?.isDirectory() === true ? `${each}/` : each));
  if (there.length === 0) return 'Nothing was handed in: the folder is empty.';
  const rest = there.length - MOST_NAMED;
  const shown = there.slice(0, MOST_NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const wanted = [...new Set([name, ...tests.map(workloadOf), 'main', 'node', 'index'])];
  const none =
    bin === undefined
      ? `No program there is called ${wanted.slice(0, -1).join(', ')} or ${wanted.at(-1)}`
      : `${bin} is not there`;
  return `${none}; the folder holds ${shown}.`;
}

function workloadOf(test: string): string {
  const words = wordsOf(test);
  const at = words.findIndex((word) => word === '-w' || word === '--workload');
  return at === -1 ? 'lin-kv' : (words[at + 1] ?? '');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new UserError(`${folder} may not be read (${code}).`, 'Check its permissions.');
  }
}

const exists = (path: string): boolean => statGiven(path) !== undefined;

const hasIndex = (folder: string): boolean => INDEX.some((name) => exists(join(folder, name)));

/** Also a script that has lost its permission to run, as archives and downloads do to it: the test refuses it, and says what to do. */
const isProgram = (path: string): boolean =>
  canRun(path) || (OTHER_SCRIPTS.includes(extname(path)) && statGiven(path)?.isFile() === true);

function canRun(path: string): boolean {
  if (statGiven(path)?.isFile() !== true) return false;
  return SCRIPTS.includes(extname(path)) || mayRun(path);
}
