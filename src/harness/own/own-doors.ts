/** What a user's file gets when it imports `maelstrom` or `maelstrom/checkers`: the library instances of this process. */
import * as checkers from '../../checkers/index.ts';
import * as own from '../../own/index.ts';

export const ownDoors = (): ReadonlyMap<string, object> =>
  new Map<string, object>([
    ['maelstrom', { ...own }],
    ['maelstrom/checkers', { ...checkers }],
  ]);
