/**
 * Unique ids that sort by time: milliseconds, the node's number and a sequence number, in one integer of 64 bits.
 *
 * Shows how to deal with a clock that cannot be trusted. Clocks are set back, by a minute or by a second, and such a
 * clock repeats milliseconds. So this generator has its own clock: it follows the wall clock forwards, and when that
 * goes back it stands still and counts its sequence up; a full sequence borrows the next millisecond. And so that a
 * restart does not lose its position, it reserves time ahead on disk.
 *
 * Why it is right: on one node (time, sequence) only grows, even across restarts; between nodes the numbers differ. It
 * answers during every partition. A skewed clock does not affect uniqueness. It affects the order: ids of a node that
 * is a minute ahead sort a minute too late, and continue to do so until the others' clocks have caught up.
 *
 * What it costs: numbers for nodes (at most 1024, here their positions in the list of nodes: a cluster that changes
 * must never assign one twice); 4096 ids per millisecond and node; and an id reveals when and where it was made.
 *
 * To read: Twitter's announcement of Snowflake (2010); RFC 9562, version 7. broken/unique-ids-clock.ts trusts its
 * clock.
 */
import { Node } from 'maelstrom/node';

const SEQUENCES = 4096;
/** How much time one write to disk reserves. */
const RESERVE_MS = 3000;

const node = new Node();
/** An earlier life may have used what it reserved, up to this time. */
let reserved = node.storage.read<number>('reserved') ?? 0;
let time = reserved;
let sequence = 0;

/** Moves on to a (time, sequence) that has never been used. */
function advance(): void {
  const now = node.now();
  sequence += 1;
  if (now > time || sequence === SEQUENCES) {
    time = Math.max(now, time + 1);
    sequence = 0;
  }
  if (time < reserved) return;
  reserved = time + RESERVE_MS;
  node.storage.write('reserved', reserved);
}

node.on('generate', () => {
  advance();
  const machine = node.nodeIds.indexOf(node.id);
  return { id: (BigInt(time) << 22n) | (BigInt(machine) << 12n) | BigInt(sequence) };
});
