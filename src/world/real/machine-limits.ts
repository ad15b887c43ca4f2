/**
 * Limits of the machine: too few open files or processes, no room for temporary files. Neither the node nor this
 * program is at fault, so it is a UserError that says what is needed, what is allowed, and what to do.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../protocol/user-error.ts';

/** Per node: our ends of three pipes, its log, and the file of times next to it. */
const FILES_PER_NODE = 5;
/** While a node starts: its own ends of the pipes, and what spawning takes. */
const FILES_FOR_START = 16;
/** Assumed number of open files of this process where the system does not report it. */
const FILES_OPEN = 40;

/** Throws a UserError when that many nodes need more open files than this process may have. */
export function checkOpenFiles(nodes: number): void {
  const allowed = openFilesAllowed();
  if (allowed === undefined) return;
  const needed = openFiles() + nodes * FILES_PER_NODE + FILES_FOR_START;
  if (needed <= allowed) return;
  const fitting = Math.floor((allowed - openFiles() - FILES_FOR_START) / FILES_PER_NODE);
  throw new UserError(
    `${nodes} nodes need about ${needed} open files (${FILES_PER_NODE} each, for pipes and logs), and this process may have ${allowed}.`,
    `Allow more in the shell that starts it: ulimit -n ${Math.max(4096, 2 ** Math.ceil(Math.log2(needed)))}. ` +
      (fitting > 0 ? `Or run fewer nodes: --node-count ${fitting}.` : 'No node fits into that limit.'),
  );
}

/** Returns the soft limit, which Node has raised to the hard one at startup; undefined if unknown or unlimited. */
function openFilesAllowed(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    const { stdout } = spawnSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' });
    const limit = Number.parseInt(stdout, 10);
    return Number.isInteger(limit) ? limit : undefined;
  }
}

function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return FILES_OPEN;
  }
}

/** Returns the UserError for a system error about a machine limit, or undefined for any other error. */
export function machineProblem(error: unknown, what: string): UserError | undefined {
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
  if (code === 'EMFILE' || code === 'ENFILE') {
    const allowed = openFilesAllowed();
    const limit =
      code === 'ENFILE' ? 'the machine' : `this process (it may have ${allowed ?? 'a limited number'})`;
    return new UserError(
      `${what} cannot be started: too many files are open for ${limit}.`,
      'Allow more in the shell that starts it: ulimit -n 4096. Or run fewer nodes.',
    );
  }
  if (/^(?:spawn|fork)/.test(syscall) && (code === 'EAGAIN' || code === 'ENOMEM')) {
    return code === 'ENOMEM'
      ? new UserError(
          `${what} cannot be started: the machine has no memory left for another process.`,
          'Run fewer nodes.',
        )
      : new UserError(
          `${what} cannot be started: this user, or its container, may have no more processes.`,
          'See how many are allowed: ulimit -u, and the limits of the container. Allow more, end others, or run fewer nodes.',
        );
  }
  return undefined;
}

/** Creates a folder for temporary files. Throws a UserError when that is impossible. */
export function makeTempFolder(prefix: string): string {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (error) {
    throw tempProblem(error) ?? error;
  }
}

type Problem = readonly [what: string, advice: string];
const FORBIDDEN: Problem = ['may not be written to by this user', 'Allow it'];

const TEMP_PROBLEMS: Readonly<Record<string, Problem>> = {
  ENOENT: ['does not exist', 'Make it'],
  ENOTDIR: ['is no folder', 'Put a folder there'],
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EROFS: ['is on a file system that is read-only', 'Have it mounted to be written to'],
  ENOSPC: ['is on a file system that is full', 'Make room there'],
  EDQUOT: ['is on a file system of which this user may use no more', 'Make room there'],
};

/** Returns the UserError for a failure to write a temporary file, or undefined if the machine is not the cause. */
export function tempProblem(error: unknown): UserError | undefined {
  const problem = TEMP_PROBLEMS[(error as NodeJS.ErrnoException).code ?? ''];
  if (problem === undefined) return undefined;
  const [what, advice] = problem;
  const from = process.env['TMPDIR'] === undefined ? '' : ' (from TMPDIR)';
  return new UserError(
    `Files must be written while a run goes, and the folder for temporary ones, ${tmpdir()}${from}, ${what}.`,
    `${advice}, or name another folder: TMPDIR=/some/folder maelstrom ...`,
  );
}
