/** A summary of a run, for the list of runs and the head of its page. */
import type { TestFile } from '../store/test-file.ts';
import type { RunCard, RunVerdict } from './views.ts';

export type ResultFacts = Pick<RunCard, 'finding' | 'messagesPerOperation' | 'stableMs'>;

export function runCard(
  id: string,
  { spec, startedAt, seed }: TestFile,
  verdict: RunVerdict,
  facts: ResultFacts = {},
): RunCard {
  return {
    ...facts,
    id,
    workload: spec.workload,
    startedAt,
    verdict,
    seed,
    nodes: spec.nodes.length,
    clients: spec.concurrency,
    rate: spec.rate,
    timeLimitSeconds: spec.timeLimitSeconds,
    latencyMs: spec.latency.meanMs,
    nemesis: spec.nemesis,
    world: spec.world,
    program: baseName(spec.bin),
    ...ownFilesOf(spec),
  };
}

/** Handles paths of either kind of system. */
const baseName = (path: string): string => path.split(/[\\/]/).at(-1) ?? '';

/** Accepts any content of test.json, which may come from anyone. */
function ownFilesOf(spec: TestFile['spec']): Pick<RunCard, 'ownFiles'> {
  const { workloadFile, faultFiles, serviceFiles, topologyFile } = spec;
  const files: readonly unknown[] = [workloadFile, faultFiles, serviceFiles, topologyFile].flat();
  const names = files.flatMap((file) => {
    const path: unknown = Object(file).path;
    return typeof path === 'string' ? [baseName(path)] : [];
  });
  return names.length === 0 ? {} : { ownFiles: names };
}

export const verdictOfResults = (valid: unknown): RunVerdict =>
  valid === true ? 'valid' : valid === false ? 'invalid' : 'unknown';
