/**
 * Counter with increments and decrements: a CRDT built from two simpler ones.
 *
 * Shows composition. The merge of a grow-only counter takes the larger count for the newer one, which is wrong as soon
 * as a count can fall. So nothing falls: one grow-only counter sums up all increments, another all decrements, and the
 * value is their difference.
 */
import { Node } from 'maelstrom/node';

const GOSSIP_MS = 500;

/** A grow-only counter; see examples/g-counter.ts. */
class GCounter {
  private readonly counts = new Map<string, number>();

  add(name: string, amount: number): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + amount);
  }

  sum(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  merge(state: Record<string, number>): void {
    for (const [name, count] of Object.entries(state)) {
      this.counts.set(name, Math.max(count, this.counts.get(name) ?? 0));
    }
  }

  state(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }
}

const node = new Node();
const added = new GCounter();
const removed = new GCounter();

node.on('add', (body: { delta: number }) => {
  if (body.delta >= 0) added.add(node.id, body.delta);
  else removed.add(node.id, -body.delta);
  return {};
});

node.on('read', () => ({ value: added.sum() - removed.sum() }));

node.on('merge', (body: { added: Record<string, number>; removed: Record<string, number> }) => {
  added.merge(body.added);
  removed.merge(body.removed);
});

node.every(GOSSIP_MS, () => {
  const state = { added: added.state(), removed: removed.state() };
  for (const peer of node.peers) node.send(peer, { type: 'merge', ...state });
});
