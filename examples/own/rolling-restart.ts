/** A fault: the nodes that it hits are killed together, and restarted when it ends. */
import { defineFault } from 'maelstrom';

export default defineFault({
  about: 'Kills nodes, and starts them again.',
  begin({ nodes, kill, start }) {
    for (const node of nodes) kill(node);
    return () => {
      for (const node of nodes) start(node);
    };
  },
});
