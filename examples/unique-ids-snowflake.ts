/**
 * Unique ids that sort by time: milliseconds, the node's number and a sequence number, in one integer of 64 bits.
 *
 * Shows what to do about a clock that cannot be trusted. Clocks are set back, by a minute or by a second, and one that is
 * set back has every millisecond a second time. So the clock of this generator is its own: it follows the wall clock
 * forwards, and where that goes back it stands still and counts its sequence up; a full sequence borrows the next
 * millisecond. And so that a restart does not forget how far it was, it reserves time ahead on disk.
 *
 * Why it is right: on one node (time, sequence) only ever grows, through restarts too; between nodes the numbers differ.
 * It answers under every partition. A skewed clock does no harm to uniqueness. What it harms is the order: ids of a node
 * that is a minute ahead sort a minute too late, and go on doing so until the others' clocks have caught up.
 *
 * What it costs: numbers for nodes (at most 1024, here by their place in the list of nodes: a cluster that changes must
 * never give one out twice); 4096 ids per millisecond and node; and an id tells when and where it was made.
 *
 * To read: Twitter's announcement of Snowflake (2010); RFC 9562, version 7. broken/unique-ids-clock.ts trusts its clock.
 */
import { Node } from 'maelstrom/node';

const SEQUENCES = 4096;
/** How much time one write to disk reserves. */
const RESERVE_MS = 3000;

const node = new Node();
/** What a former life reserved may have been used up to there. */
let reserved = node.storage.read<number>('reserved') ?? 0;
let time = reserved;
let sequence = 0;

/** Moves on to a (time, sequence) that was never there. */
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
