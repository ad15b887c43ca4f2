/**
 * Grow-only set in a cluster whose members change: nodes leave permanently and new ones join, while clients go on.
 *
 * Shows that membership is one more thing to gossip. Names are not reused, so two sets that only grow are enough: the
 * nodes that have joined, and those of them that have left. Like the elements, they are merged by union, in any order
 * and as often as they arrive, and the cluster can change even while it is partitioned.
 *
 * It also shows what a node must do before it leaves: it hands over all it has, and accepts nothing more from then on;
 * otherwise an element could be acknowledged and leave with it. If its reply is lost, it has left all the same. It then
 * serves no clients, but continues to gossip, and can be asked again.
 */
import { Node, RpcError } from 'maelstrom/node';

const GOSSIP_MS = 500;
const HAND_OVER_MS = 1000;

type State = { readonly elements: number[]; readonly joined: string[]; readonly left: string[] };

const node = new Node();

/** A set that only grows, and survives a restart. */
function durableSet<Item extends number | string>(name: string) {
  const items = new Set(node.storage.readLog<Item>(name));
  return {
    has: (item: Item) => items.has(item),
    all: () => [...items],
    learn(received: readonly Item[]): void {
      const news = received.filter((item) => !items.has(item));
      if (news.length > 0) node.storage.append(name, ...news);
      for (const item of news) items.add(item);
    },
  };
}

const elements = durableSet<number>('elements');
const joined = durableSet<string>('joined');
const left = durableSet<string>('left');

const everything = (): State => ({ elements: elements.all(), joined: joined.all(), left: left.all() });

function merge(received: State): void {
  elements.learn(received.elements);
  joined.learn(received.joined);
  left.learn(received.left);
}

function refuseUnlessMember(): void {
  if (left.has(node.id)) throw RpcError.notAMember(`${node.id} has left the cluster`);
}

// A node that joins learns the members from `init`, including itself. Everything else arrives by gossip.
node.onInit(() => joined.learn(node.nodeIds));

node.on('add', ({ element }: { element: number }) => {
  refuseUnlessMember();
  elements.learn([element]);
  return {};
});

node.on('read', () => {
  refuseUnlessMember(); // the others may no longer send it new elements
  return { value: elements.all() };
});

node.on('add_member', (body: { node: string }) => {
  refuseUnlessMember();
  joined.learn([body.node]);
  return {};
});

// The node is stopped as soon as this is answered. When it cannot be reached, `rpc` throws error 0, which becomes the
// reply.
node.on('remove_member', async (body: { node: string }) => {
  refuseUnlessMember();
  merge(await node.rpc<State>(body.node, { type: 'hand_over' }, { timeoutMs: HAND_OVER_MS }));
  return {};
});

// Between nodes.
node.on('hand_over', () => {
  left.learn([node.id]);
  return everything();
});

node.on('merge', (body: State) => merge(body));

node.every(GOSSIP_MS, () => {
  const others = joined.all().filter((name) => name !== node.id && !left.has(name));
  for (const other of others) node.send(other, { type: 'merge', ...everything() });
});
