/**
 * What decides, beside program, plan and seed, what a run is: the code of Maelstrom, and the language that programs find. A worker of another
 * kind would give other verdicts, so it leaves the runs to others.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { packageFile } from '../harness/package-folder.ts';
import { VERSION } from '../harness/version.ts';

export interface RunKind {
  readonly maelstrom: string;
  /** Of the code that makes runs: clones of one version differ. */
  readonly build: string;
  /** Node.js; runs are the same within a major version, and programs may use what others do not have. */
  readonly node: string;
}

export function ownKind(): RunKind {
  // What it imports is named by its content.
  const code = readFileSync(packageFile('dist/hunt-worker.js'));
  const build = createHash('sha256').update(code).digest('hex').slice(0, 12);
  return { maelstrom: VERSION, build, node: process.versions.node };
}

/** Why a worker of the one kind cannot carry out runs of the other; undefined where it can. */
export function kindProblem(needed: RunKind, here: RunKind): string | undefined {
  if (needed.maelstrom !== here.maelstrom)
    return `the hunt is of Maelstrom ${needed.maelstrom}, and the worker of ${here.maelstrom}`;
  if (needed.build !== here.build)
    return `the hunt is of another build of Maelstrom ${needed.maelstrom} (${needed.build}) than the worker (${here.build})`;
  if (majorOf(needed) !== majorOf(here))
    return `the hunt is of Node.js ${majorOf(needed)}, and the worker of Node.js ${majorOf(here)}`;
  return undefined;
}

const majorOf = ({ node }: RunKind): string => node.split('.')[0] ?? '';
