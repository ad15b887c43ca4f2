/** The option for the folder of runs, for all commands that have it. */
import { withValue } from './option.ts';

export const STORE = withValue('--store <folder>', 'folder for results', {
  default: 'store',
  env: 'MAELSTROM_STORE',
  isPath: true,
});
