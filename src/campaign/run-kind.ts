/**
 * What determines a run besides its program, plan and seed: the code of Maelstrom, and the version of Node.js. A worker
 * of another kind would get other verdicts, so it leaves the runs to other workers.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { packageFile } from '../harness/package-folder.ts';
import { VERSION } from '../harness/version.ts';
import { textForm } from './read-fields.ts';

export interface RunKind {
  readonly maelstrom: string;
  /** Digest of the code that makes runs, because clones of one version may differ. */
  readonly build: string;
  /** Version of Node.js. Runs are the same within a major version; programs may use features that other versions lack. */
  readonly node: string;
}

export const KIND_FORM = z.object({ maelstrom: textForm(40), build: textForm(40), node: textForm(40) });

export function ownKind(): RunKind {
  // Its imports have content hashes in their names, so this covers them as well.
  const code = readFileSync(packageFile('dist/hunt-worker.js'));
  const build = createHash('sha256').update(code).digest('hex').slice(0, 12);
  return { maelstrom: VERSION, build, node: process.versions.node };
}

/** Returns why a worker of kind `here` cannot carry out runs of kind `needed`; undefined if it can. */
export function kindProblem(needed: RunKind, here: RunKind): string | undefined {
  if (needed.maelstrom !== here.maelstrom)
    return `the hunt needs Maelstrom ${needed.maelstrom}, but the worker has ${here.maelstrom}`;
  if (needed.build !== here.build)
    return `the hunt needs another build of Maelstrom ${needed.maelstrom} (${needed.build}) than the worker has (${here.build})`;
  if (majorOf(needed) !== majorOf(here))
    return `the hunt needs Node.js ${majorOf(needed)}, but the worker has Node.js ${majorOf(here)}`;
  return undefined;
}

const majorOf = ({ node }: RunKind): string => node.split('.')[0] ?? '';
