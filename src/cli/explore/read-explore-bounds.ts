/** Reads the bounds of an exploration, its duration and the number of processes. */
import { alphabetOf, EXPLORED_WORKLOADS } from '../../explore/alphabet.ts';
import type { Alphabet } from '../../workloads/alphabet.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { Bounds } from '../../explore/cells.ts';
import { DEVIATIONS, type DeviationKind } from '../../explore/deviations.ts';
import { UserError } from '../../protocol/user-error.ts';
import { parseNumber } from '../words/parse-number.ts';
import { parseTime } from '../words/parse-time.ts';
import { readNames } from '../words/read-names.ts';
import { readWorkers } from '../words/shared-options.ts';
import type { ExploreWords } from './explore-command.ts';

export interface ExploreBounds extends Bounds {
  readonly alphabet: Alphabet;
  readonly kinds: readonly DeviationKind[];
  readonly seconds: number;
  readonly mostExecutions?: number;
  readonly workers: number;
}

/** Throws a UserError for invalid options. */
export function readExploreBounds({ options }: ExploreWords, workload: Workload): ExploreBounds {
  const { deviations, nodes, ops, kinds, time, workers, maxRuns } = options;
  const alphabet = alphabetOf(workload);
  if (alphabet === undefined) {
    throw new UserError(
      `explore has no operations for the workload ${workload.name}.`,
      `It has them for: ${EXPLORED_WORKLOADS.join(', ')}; your own workload can declare them in its field explore.`,
    );
  }
  const names = readNames(kinds, DEVIATIONS, { option: '--kinds', kind: 'kind of deviation' });
  const whole = { integer: true };
  const mostNodes = parseNumber('--nodes', nodes, { ...whole, min: 1, max: 10, unit: 'nodes' });
  return {
    alphabet,
    leastNodes: Math.min(2, mostNodes),
    mostNodes,
    mostOps: parseNumber('--ops', ops, { ...whole, min: 1, max: 10, unit: 'operations' }),
    mostDeviations: parseNumber('--deviations', deviations, { ...whole, min: 0, max: 10 }),
    kinds: DEVIATIONS.filter((kind) => names.includes(kind)),
    seconds: parseTime('--time', time),
    workers: readWorkers(workers),
    ...(maxRuns === undefined
      ? {}
      : { mostExecutions: parseNumber('--max-runs', maxRuns, { ...whole, min: 1 }) }),
  };
}
