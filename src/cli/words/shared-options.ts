/** Options that several commands have: the folder of runs, and the number of processes. */
import { availableParallelism } from 'node:os';
import { withValue } from './option.ts';
import { parseNumber } from './parse-number.ts';

export const STORE = withValue('--store <folder>', 'folder for results', {
  default: 'store',
  env: 'MAELSTROM_STORE',
  isPath: true,
});

const MOST_WORKERS = 256;

/** Reads `--workers`: by default one for each processor. */
export const readWorkers = (word: string | undefined): number =>
  word === undefined
    ? availableParallelism()
    : parseNumber('--workers', word, { min: 1, max: MOST_WORKERS, integer: true });
