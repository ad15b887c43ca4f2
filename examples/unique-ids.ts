/**
 * Unique ids: `generate` answers with an id that no node has handed out before or will hand out again.
 *
 * Shows that nodes need not communicate to agree: the node's name, its start time and its count together identify an
 * id. The count alone would repeat on every node; with the name it would still repeat after a restart, because a killed
 * node forgets how far it had counted.
 */
import { Node } from 'maelstrom/node';

const node = new Node();
const startedAt = node.now();
let made = 0;

node.on('generate', () => ({ id: `${node.id}-${startedAt}-${made++}` }));
