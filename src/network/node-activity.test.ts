import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../world/clock.ts';
import { Random } from '../world/random.ts';
import { NO_JOURNAL } from './journal/journal.ts';
import { Network } from './network.ts';
import type { NodeActivity } from './node-activity.ts';
import { partitionRule } from './rules/partition.ts';

const NODES = ['n1', 'n2', 'n3'];
const ENDPOINT = { deliver: () => undefined };

function setUp() {
  const clock = new ManualClock();
  const network = new Network({
    clock,
    random: Random.fromSeed('activity'),
    latency: { distribution: 'constant', meanMs: 0 },
    journal: NO_JOURNAL,
  });
  for (const node of NODES) network.attach(node, 'node', ENDPOINT);
  network.attach('lin-kv', 'service', ENDPOINT);
  network.attach('c1', 'client', ENDPOINT);
  const send = (src: string, ...dests: readonly string[]): void => {
    for (const dest of dests) network.send(src, dest, Buffer.from('{}'));
  };
  const withNodes = (): readonly number[] => network.activity(NODES).map((each) => each.withNodes);
  return { clock, network, send, withNodes };
}

describe('the activity of nodes', () => {
  test('counts messages between nodes for both, and those to clients for the sender', () => {
    const { network, send } = setUp();
    send('n1', 'n2', 'n3', 'c1', 'lin-kv', 'n1');
    send('c1', 'n2');
    send('lin-kv', 'n3');
    const expected: readonly NodeActivity[] = [
      { node: 'n1', withNodes: 2, toClients: 1 },
      { node: 'n2', withNodes: 1, toClients: 0 },
      { node: 'n3', withNodes: 1, toClients: 0 },
    ];
    expect(network.activity(NODES)).toEqual(expected);
  });

  test('counts lost messages for their sender, which distinguishes a leader from the one follower that it reaches', () => {
    const { network, send, withNodes } = setUp();
    network.addRule(partitionRule(new Map(['n2', 'n3'].map((node) => [node, new Set(['n1'])]))));
    network.addRule(partitionRule(new Map([['n1', new Set(['n2', 'n3'])]])));
    send('n1', 'n2', 'n3');
    send('n2', 'n1', 'n3');
    send('n3', 'n2');
    expect(withNodes()).toEqual([2, 3, 2]);
  });

  test('loses half its weight in half a second, however seldom it is read', () => {
    const { clock, send, withNodes } = setUp();
    send('n1', 'n2');
    clock.advance(500 * NANOS_PER_MS);
    expect(withNodes()[0]).toBeCloseTo(0.5, 10);
    clock.advance(NANOS_PER_SECOND);
    expect(withNodes()[0]).toBeCloseTo(0.125, 10);
    send('n1', 'n3');
    expect(withNodes()[0]).toBeCloseTo(1.125, 10);
  });

  test('still shows after a long silence which node was busy before it', () => {
    const { clock, send, withNodes } = setUp();
    send('n1', 'n2', 'n3');
    clock.advance(60 * NANOS_PER_SECOND);
    const [first = 0, second = 0] = withNodes();
    expect(first / second).toBeCloseTo(2, 10);
  });

  test('leaves out a node that is down, and counts it again afterwards', () => {
    const { network, send } = setUp();
    send('n1', 'n2');
    network.detach('n1');
    expect(network.activity(NODES).map(({ node }) => node)).toEqual(['n2', 'n3']);
    network.attach('n1', 'node', ENDPOINT);
    expect(network.activity(NODES)[0]).toEqual({ node: 'n1', withNodes: 1, toClients: 0 });
  });
});
