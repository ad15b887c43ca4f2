/** Loads the current version of the user's own files with which a stored run was made, to check its history. */
import { existsSync } from 'node:fs';
import { changedOwnFiles, loadParts, loadWorkload } from '../../harness/own/load-own.ts';
import { isFileWord, ownFile } from '../../harness/own/own-files.ts';
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
      `The run in ${folder} is one of ${shownText(spec.workload, 60)}, a workload that is not known here, and does not name a file of it.`,
      'Say what its operations are with --model, or give the file of its workload: --workload ./lock.ts.',
    );
  }
  if (workloadFile !== undefined && !existsSync(workloadFile.path)) {
    throw new UserError(
      `The run in ${folder} is one of the workload ${shownText(workloadFile.name, 60)}, whose file ${shownText(workloadFile.path, 500)} is not there any more.`,
      `Give it where it is now: maelstrom check ${folder} --workload ./${shownText(workloadFile.name, 60)}.ts`,
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
      ({ path }) =>
        `${path} is not what it was when the run was made; the history is judged by what it is now.`,
    ),
  };
}

function movedTo(stored: TestSpec, word: string, folder: string) {
  if (!isFileWord(word))
    throw new UserError(
      `--workload takes the file of a workload of your own here, but is ${shownText(JSON.stringify(word), 100)}.`,
      'A run says itself which of the other workloads it is; a history from elsewhere is judged with --model.',
    );
  if (stored.workloadFile === undefined && WORKLOADS.has(stored.workload))
    throw new UserError(
      `The run in ${folder} is one of ${stored.workload}, which comes with Maelstrom: --workload means nothing to it.`,
      'Leave it out.',
    );
  const { sha256 } = stored.workloadFile ?? {};
  const { path } = ownFile('workload', word, '--workload');
  return { name: stored.workload, path, ...(sha256 === undefined ? {} : { sha256 }) };
}
