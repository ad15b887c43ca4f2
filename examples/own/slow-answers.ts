/** A fault: the nodes that it hits get the replies of services two seconds late, as from a busy store. */
import { defineFault } from 'maelstrom';

export default defineFault({
  about: 'The answers of services come two seconds late to the nodes that it hits.',
  message: ({ src, dest }, { hits }) => (src.endsWith('-kv') && hits(dest) ? { delayMs: 2000 } : 'pass'),
});
