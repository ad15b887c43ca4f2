/**
 * BROKEN on purpose. Broadcast that is fast and sends few messages: a node that receives a new value forwards it to its
 * neighbours immediately, and only once.
 *
 * The mistake: it assumes that a sent message is received. A message that is lost, or sent across a partition, is not
 * sent again, and a part of the cluster never gets it. Without faults it passes every test.
 *
 * The checker says: `lost-count` above 0, and `lost` lists the values that were acknowledged and are missing from a
 * final read. Partitions show it, and so does the loss of single messages.
 */
import { Node } from 'maelstrom/node';

const node = new Node();
const seen = new Set<number>();
let neighbours: readonly string[] = [];

function learn(message: number, teller: string): void {
  if (seen.has(message)) return;
  seen.add(message);
  for (const neighbour of neighbours) {
    if (neighbour !== teller) node.send(neighbour, { type: 'tell', message });
  }
}

node.on('topology', (body: { topology: Record<string, string[]> }) => {
  neighbours = body.topology[node.id] ?? [];
  return {};
});

node.on('broadcast', (body: { message: number }, { src }) => {
  learn(body.message, src);
  return {};
});

node.on('read', () => ({ messages: [...seen] }));

node.on('tell', (body: { message: number }, { src }) => learn(body.message, src));
