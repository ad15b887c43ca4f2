/**
 * Unique ids from a name and a counter that survives restarts. No clock, no randomness, and still no communication
 * between nodes.
 *
 * Shows how to remember a counter without writing to disk for each step: reserve ahead. The disk has a number that the
 * counter has not reached yet; before the counter passes it, a higher one is written. After a kill the node continues
 * at the reserved number, and the numbers in between are never used.
 *
 * Why it is right: a number is handed out only while it is below the stored one, and a node starts at the stored one.
 * Names of nodes differ, so ids of different nodes cannot be equal. It answers during every partition.
 *
 * What it costs: a disk that is not lost with the machine (a replacement under the same name, with an empty disk,
 * starts at 0 again), a write for each RESERVE ids, and up to RESERVE unused numbers per restart.
 *
 * broken/unique-ids-stored.ts stores its position, not what it has reserved.
 */
import { Node } from 'maelstrom/node';

const RESERVE = 1000;

const node = new Node();
/** All numbers below may have been handed out. */
let reserved = node.storage.read<number>('reserved') ?? 0;
let next = reserved;

node.on('generate', () => {
  if (next === reserved) {
    reserved += RESERVE;
    node.storage.write('reserved', reserved);
  }
  return { id: `${node.id}-${next++}` };
});
