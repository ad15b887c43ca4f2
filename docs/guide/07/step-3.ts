import { Node } from 'maelstrom/node';
import { type Operation, type Outcome, Store } from './store.ts';

const node = new Node();
const store = new Store();

node.on('read', ({ key }) => store.apply({ type: 'read', key }));
node.on('write', ({ key, value }) => execute({ type: 'write', key, value }));
node.on('cas', ({ key, from, to }) => execute({ type: 'cas', key, from, to }));

async function execute(operation: Operation): Promise<Outcome> {
  const leader = node.nodeIds[0] ?? node.id;
  if (leader === node.id) return lead(operation);
  const { outcome } = await node.rpc<{ outcome: Outcome }>(leader, { type: 'forward', operation });
  return outcome;
}

function lead(operation: Operation): Outcome {
  for (const peer of node.peers) node.send(peer, { type: 'copy', operation });
  return store.apply(operation);
}

node.on('forward', (body: { operation: Operation }) => ({ outcome: lead(body.operation) }));

node.on('copy', (body: { operation: Operation }) => {
  store.apply(body.operation);
});
