/** What files of the user's that take part in runs find under our names: the library as it is in this process. */
import * as checkers from '../../checkers/index.ts';
import * as own from '../../own/index.ts';

export const ownDoors = (): ReadonlyMap<string, object> =>
  new Map<string, object>([
    ['maelstrom', { ...own }],
    ['maelstrom/checkers', { ...checkers }],
  ]);
