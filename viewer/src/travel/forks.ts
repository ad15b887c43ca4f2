/**
 * The path from the recorded run to a branch: a list of forks, each a position and the one change made there. The server's ids
 * of branches are only valid while its process lives; forks are stored in the URL, so that a link always leads to the same
 * branch.
 *
 *     drop.1200.42*crash.2000.500.n1     message 42 is dropped at 1200; in that branch, n1 crashes at 2000, for 500 ms
 */
import type { Branch, BranchChange, LineId } from '../../../src/recording/travel-view.ts';

export interface Fork {
  readonly at: number;
  readonly change: BranchChange;
}

export type Forks = readonly Fork[];

const LONGEST = 20;

export function writeForks(forks: Forks): string {
  return forks.map(writeFork).join('*');
}

function writeFork({ at, change }: Fork): string {
  switch (change.kind) {
    case 'drop':
      return `drop.${at}.${change.message}`;
    case 'delay':
    case 'duplicate':
      return `${change.kind}.${at}.${change.message}.${change.ms}`;
    case 'crash':
      return `crash.${at}.${change.restartAfterMs ?? ''}.${encodeURIComponent(change.node).replaceAll('*', '%2A')}`;
  }
}

/** Returns undefined if the text is invalid, since the URL can come from anywhere. */
export function readForks(text: string): Forks | undefined {
  if (text === '') return [];
  const forks = text.split('*').map(readFork);
  const read = forks.filter((fork) => fork !== undefined);
  return read.length === forks.length && forks.length <= LONGEST ? read : undefined;
}

const NUMBER = String.raw`\d{1,15}`;
const OF_MESSAGE = new RegExp(
  String.raw`^(drop|delay|duplicate)\.(${NUMBER})\.(${NUMBER})(?:\.(\d+(?:\.\d+)?))?$`,
);
const CRASH = new RegExp(String.raw`^crash\.(${NUMBER})\.(\d+(?:\.\d+)?)?\.([^*]+)$`);

function readFork(text: string): Fork | undefined {
  const [, kind, position, id, delay] = OF_MESSAGE.exec(text) ?? [];
  if (kind !== undefined) {
    const at = Number(position);
    const message = Number(id);
    if (kind === 'drop') return delay === undefined ? { at, change: { kind, message } } : undefined;
    if (delay === undefined) return undefined;
    return { at, change: { kind: kind === 'delay' ? 'delay' : 'duplicate', message, ms: Number(delay) } };
  }
  const [, moment, restart, name] = CRASH.exec(text) ?? [];
  const node = name === undefined ? undefined : decoded(name);
  if (node === undefined) return undefined;
  const restartAfterMs = restart === undefined ? {} : { restartAfterMs: Number(restart) };
  return { at: Number(moment), change: { kind: 'crash', node, ...restartAfterMs } };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Returns the path to a line through the known branches. */
export function forksOf(line: LineId, branches: readonly Branch[]): Forks {
  const branch = branches.find((each) => each.line.id === line);
  return branch === undefined
    ? []
    : [...forksOf(branch.of, branches), { at: branch.at, change: branch.change }];
}

/** Returns the known line that the longest prefix of the forks leads to, and the number of forks in that prefix. */
export function lineOf(forks: Forks, branches: readonly Branch[]): { line: LineId; made: number } {
  let line: LineId = 'recorded';
  for (const [made, fork] of forks.entries()) {
    const found = branches.find((branch) => branch.of === line && isSame(branch, fork));
    if (found === undefined) return { line, made };
    line = found.line.id;
  }
  return { line, made: forks.length };
}

const isSame = (one: Fork, other: Fork): boolean => writeFork(one) === writeFork(other);
