/** Loads the current version of the user's own files with which a stored run was made, to check its history. */
import { existsSync } from 'node:fs';
import { changedOwnFiles, loadParts, loadWorkload } from '../../harness/own/load-own.ts';
import { isFileWord, ownFile } from '../../harness/own/own-file-words.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { RunParts } from '../../run/run-parts.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { noNeighbours } from '../../run/workload-options.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';

export interface OwnOfRun {
  readonly spec: TestSpec;
  readonly workload: Workload;
  readonly topology: RunParts['topology'];
  readonly warnings: readonly string[];
}

/** `given` is the file of the run's workload, if it has moved. Throws a UserError with advice if a file is missing. */
export async function ownOfRun(
  stored: TestSpec,
  folder: string,
  given: string | undefined,
): Promise<OwnOfRun> {
  const spec = given === undefined ? stored : { ...stored, workloadFile: movedTo(stored, given, folder) };
  const { workloadFile, topologyFile } = spec;
  if (workloadFile === undefined && !WORKLOADS.has(spec.workload)) {
    throw new UserError(
      `The run in ${folder} has the workload ${shownText(spec.workload, 60)}, which is unknown here, and names no file for it.`,
      'Choose a model with --model, or give the file of its workload: --workload ./lock.ts.',
    );
  }
  if (workloadFile !== undefined && !existsSync(workloadFile.path)) {
    throw new UserError(
      `The run in ${folder} has the workload ${shownText(workloadFile.name, 60)}, whose file ${shownText(workloadFile.path, 500)} no longer exists.`,
      `Give its new path: maelstrom check ${folder} --workload ./${shownText(workloadFile.name, 60)}.ts`,
    );
  }
  const workload = await loadWorkload(spec);
  // The other files do not influence how a history is checked.
  const isThere = topologyFile !== undefined && existsSync(topologyFile.path);
  const { topology } = isThere
    ? await loadParts({ world: 'simulated', nodes: spec.nodes, topologyFile })
    : { topology: topologyFile === undefined ? undefined : noNeighbours };
  const changed = await changedOwnFiles(workloadFile === undefined ? {} : { workloadFile });
  return {
    spec,
    workload,
    topology,
    warnings: changed.map(
      ({ path }) => `${path} has changed since the run; the history is checked with the current version.`,
    ),
  };
}

function movedTo(stored: TestSpec, word: string, folder: string) {
  if (!isFileWord(word))
    throw new UserError(
      `--workload must be the file of your own workload here, but is ${shownText(JSON.stringify(word), 100)}.`,
      "A built-in workload is known from the run's folder; for a history from elsewhere use --model.",
    );
  if (stored.workloadFile === undefined && WORKLOADS.has(stored.workload))
    throw new UserError(
      `The run in ${folder} has the built-in workload ${stored.workload}, so --workload does not apply.`,
      'Leave it out.',
    );
  const { sha256 } = stored.workloadFile ?? {};
  const { path } = ownFile('workload', word, '--workload');
  return { name: stored.workload, path, ...(sha256 === undefined ? {} : { sha256 }) };
}
