/**
 * Unique ids from a name and a counter that survives restarts. No clock, no chance, and still no talk between nodes.
 *
 * Shows how to remember a counter without writing to disk for each step: reserve ahead. The disk has a number that the counter
 * has not reached yet; before the counter passes it, a higher one is written. After a kill the node goes on at what it
 * had reserved, and the numbers in between are never used.
 *
 * Why it is right: a number is handed out only while it is below what is on disk, and a node begins at what is on disk. Names of
 * nodes differ, so numbers of different nodes cannot meet. It answers under every partition.
 *
 * What it costs: a disk that is not lost with the machine (a replacement under the same name, with an empty disk, begins at
 * 0 again), a write for each RESERVE ids, and up to RESERVE unused numbers a restart.
 *
 * broken/unique-ids-stored.ts writes down where it is, not what it has reserved.
 */
import { Node } from 'maelstrom/node';

const RESERVE = 1000;

const node = new Node();
/** All below may have been handed out. */
let reserved = node.storage.read<number>('reserved') ?? 0;
let next = reserved;

node.on('generate', () => {
  if (next === reserved) {
    reserved += RESERVE;
    node.storage.write('reserved', reserved);
  }
  return { id: `${node.id}-${next++}` };
});
