/**
 * Unique ids: `generate` answers with an id that no node ever gave before or will give again.
 *
 * Shows that nodes need not talk to each other to agree: who I am, when I started and how many I have made together
 * name an id once. The counter alone would repeat itself on every node; with the name it would repeat itself after a
 * restart, for a node that is killed forgets how far it had counted.
 */
import { Node } from 'maelstrom/node';

const node = new Node();
const startedAt = node.now();
let made = 0;

node.on('generate', () => ({ id: `${node.id}-${startedAt}-${made++}` }));
