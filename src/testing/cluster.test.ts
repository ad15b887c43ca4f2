import { describe, expect, it, vi } from 'vitest';
import { LinKv, type Node, RpcError, Tso } from '../node/index.ts';
import { cluster } from './index.ts';

/** A grow-only set: sends each element to all others immediately, and the whole set every second. */
function gSet(node: Node): void {
  const elements = new Set<unknown>();
  node.on('add', ({ element }) => {
    elements.add(element);
    for (const peer of node.peers) node.send(peer, { type: 'tell', elements: [element] });
    return {};
  });
  node.on('tell', (body: { elements: readonly unknown[] }) => {
    for (const element of body.elements) elements.add(element);
  });
  node.on('read', () => ({ value: [...elements] as number[] }));
  node.every(1000, () => {
    for (const peer of node.peers) node.send(peer, { type: 'tell', elements: [...elements] as number[] });
  });
}

const valueAt = async (net: Awaited<ReturnType<typeof cluster>>, node: string) =>
  (await net.request<{ value: number[] }>(node, { type: 'read' })).value;

describe('a cluster in memory', () => {
  it('answers requests, and nodes reach each other', async () => {
    const net = await cluster(gSet, { latencyMs: 10 });
    expect(net.nodeIds).toEqual(['n1', 'n2', 'n3']);
    await net.request('n1', { type: 'add', element: 7 });
    expect(await valueAt(net, 'n2')).toEqual([]);
    await net.sleep(10);
    expect(await valueAt(net, 'n2')).toEqual([7]);
    expect(net.messages.filter(({ body }) => body.type === 'tell')).toMatchObject([
      { src: 'n1', dest: 'n2', fate: 'delivered' },
      { src: 'n1', dest: 'n3', fate: 'delivered' },
    ]);
  });

  it('takes no real time, even with fake timers', async () => {
    vi.useFakeTimers();
    try {
      const net = await cluster(gSet, { nodes: ['a', 'b'] });
      await net.sleep(3_600_000);
      expect(net.nowMs).toBe(3_600_000);
      expect(net.messages.filter(({ body }) => body.type === 'tell').length).toBeGreaterThan(7000);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is partitioned and healed: messages in flight at the cut are lost as well', async () => {
    const net = await cluster(gSet, { latencyMs: 20 });
    await net.request('n1', { type: 'add', element: 1 });
    net.partition(['n1'], ['n2', 'n3']);
    await net.request('n2', { type: 'add', element: 2 });
    await net.sleep(500);
    expect([await valueAt(net, 'n1'), await valueAt(net, 'n3')]).toEqual([[1], [2]]);
    expect(net.messages.filter(({ fate }) => fate === 'cut')).toHaveLength(3);
    net.heal();
    await net.sleep(1100);
    expect((await valueAt(net, 'n3')).toSorted((a, b) => a - b)).toEqual([1, 2]);
    expect(() => net.partition(['n9'])).toThrow('There is no node n9; there are n1, n2, n3.');
  });

  it('loses the messages that the test chooses', async () => {
    const net = await cluster(gSet);
    const stop = net.lose(({ dest }) => dest === 'n2');
    await net.request('n1', { type: 'add', element: 1 });
    await net.sleep(50);
    expect([await valueAt(net, 'n2'), await valueAt(net, 'n3')]).toEqual([[], [1]]);
    stop();
    await net.sleep(1000);
    expect(await valueAt(net, 'n2')).toEqual([1]);
  });

  it('kills and restarts nodes, which keep only their storage', async () => {
    const net = await cluster((node) => {
      let inMemory = 0;
      node.on('add', () => {
        node.storage.write('count', (node.storage.read<number>('count') ?? 0) + 1);
        node.storage.append('log', ++inMemory);
        return {};
      });
      node.on('read', () => ({
        value: [node.storage.read<number>('count') ?? 0, inMemory, ...node.storage.readLog<number>('log')],
      }));
      node.every(10, () => node.log('beat'));
    });
    await net.request('n1', { type: 'add' });
    net.kill('n1');
    const beats = net.logs.filter((line) => line === 'n1: beat').length;
    await expect(net.request('n1', { type: 'read' }, { timeoutMs: 100 })).rejects.toThrow(
      'error 0: n1 did not answer "read" within 100 ms of virtual time',
    );
    expect(net.logs.filter((line) => line === 'n1: beat')).toHaveLength(beats);
    expect(net.messages.at(-1)).toMatchObject({ body: { type: 'read' }, fate: 'dead' });
    await net.restart('n1');
    expect(await valueAt(net, 'n1')).toEqual([1, 0, 1]);
  });

  it('has the services', async () => {
    const net = await cluster((node) => {
      const kv = new LinKv(node);
      const clock = new Tso(node);
      node.on('add', async () => ({ value: await kv.update<number>('n', (before = 0) => before + 1) }));
      node.on('ts', async () => ({ ts: await clock.next() }));
    });
    const adds = net.nodeIds.map((node) => net.request(node, { type: 'add' }));
    expect((await Promise.all(adds)).map(({ value }) => Number(value)).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3,
    ]);
    expect([
      (await net.request('n1', { type: 'ts' }))['ts'],
      (await net.request('n2', { type: 'ts' }))['ts'],
    ]).toEqual([0, 1]);
  });

  it('passes on the errors of nodes', async () => {
    const net = await cluster((node) => {
      node.on('read', () => {
        throw RpcError.temporarilyUnavailable('no leader');
      });
    });
    await expect(net.request('n1', { type: 'read' })).rejects.toMatchObject({ code: 11, text: 'no leader' });
    await expect(net.request('n1', { type: 'write' })).rejects.toMatchObject({ code: 10 });
    await expect(net.request('n7', { type: 'read' })).rejects.toThrow('There is no node n7');
  });

  it('is the same for the same seed, and different for another', async () => {
    const run = async (seed: string) => {
      const net = await cluster(
        (node) => {
          gSet(node);
          node.every(100, async () => {
            await node.sleep(100 * node.random());
            node.send(node.peers[0] ?? '', { type: 'tell', elements: [node.now()] });
          });
        },
        { seed },
      );
      await Promise.all([1, 2, 3].map((element) => net.request(`n${element}`, { type: 'add', element })));
      await net.sleep(2000);
      return JSON.stringify(net.messages);
    };
    const [one, again, other] = [await run('a'), await run('a'), await run('b')];
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });
});
