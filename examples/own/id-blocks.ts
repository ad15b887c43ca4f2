/** A service: hands out blocks of ids, each block once. Its reply to `block` contains the first id of the block. */
import { defineService, serviceError } from 'maelstrom';

export default defineService({
  about: 'Hands out blocks of ids.',
  init: { next: 0 },
  step({ next }, { type, size }) {
    if (type !== 'block') return [{ next }, serviceError(10, `id-blocks does not know ${type}`)];
    if (typeof size !== 'number' || size < 1)
      return [{ next }, serviceError(12, 'a block has a size of at least 1')];
    return [{ next: next + size }, { from: next }];
  },
});
