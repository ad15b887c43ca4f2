/**
 * `maelstrom/testing`: a whole cluster in memory, in virtual time, for unit tests of nodes with vitest, node:test or
 * any other test runner.
 *
 *     import { cluster } from 'maelstrom/testing';
 *     import { counter } from './counter.ts'; // export const counter = (node: Node): void => { node.on('add', ...); };
 *
 *     const net = await cluster(counter, { nodes: 3 });
 *     net.partition(['n1'], ['n2', 'n3']);
 *     await net.request('n1', { type: 'add', delta: 2 });
 *     net.heal();
 *     await net.sleep(1000);
 *     assert.equal((await net.request('n3', { type: 'read' })).value, 2);
 *
 * The same seed gives the same run. For verdicts over many requests and faults use `runTest` of `maelstrom`.
 */
export { cluster, type Cluster, type ClusterOptions, type RequestOptions } from './cluster.ts';
export type { Fate, SentMessage } from './sent-message.ts';
