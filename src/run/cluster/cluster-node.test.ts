import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { MemoryJournal } from '../../network/journal/memory-journal.ts';
import { Network } from '../../network/network.ts';
import { ViolationLog } from '../../network/violations.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { Random } from '../../world/random.ts';
import type { NodeHandle, UnfinishedLine, UnreadPackets } from '../../world/world.ts';
import { ClusterNode } from './cluster-node.ts';

const S = NANOS_PER_SECOND;

/** A node whose process reports the given unread input and unfinished line. */
function bench(process: { unread?: UnreadPackets | undefined; unfinishedLine?: UnfinishedLine }) {
  const clock = new ManualClock();
  const network = new Network({
    clock,
    random: Random.fromSeed(1),
    latency: { distribution: 'constant', meanMs: 0 },
    journal: new MemoryJournal(),
  });
  const violations = new ViolationLog();
  const handle: NodeHandle = {
    name: 'n1',
    running: true,
    backlogBytes: 0,
    get unread() {
      return process.unread;
    },
    get unfinishedLine() {
      return process.unfinishedLine;
    },
    deliver: () => {},
    kill: () => {},
    pause: () => {},
    resume: () => {},
    stop: () => Promise.resolve(),
  };
  const node = new ClusterNode({
    name: 'n1',
    network,
    violations,
    launch: () => handle,
    connect: () => ({
      name: 'c0',
      node: 'n1',
      nodes: ['n1'],
      rpc: () => {},
      violation: () => {},
      close: () => {},
    }),
    nodeIds: () => ['n1'],
    onCrash: () => {},
    onRefused: () => {},
    clock,
    othersStart: () => false,
  });
  node.start(() => {});
  return { clock, node, violations };
}

const waiting = (sinceNanos: number): UnreadPackets => ({ packets: 3, bytes: 5000, sinceNanos });

test('a node has stopped reading if it took nothing of its input for two seconds', () => {
  const { clock, node } = bench({ unread: waiting(S) });
  clock.advance(2.9 * S);
  expect(node.unread()).toBeUndefined();
  clock.advance(0.1 * S);
  expect(node.unread()).toEqual({ node: 'n1', messages: 3, bytes: 5000, since: S });
});

test('a node that reads, or that has nothing to read, has not', () => {
  const { clock, node } = bench({ unread: undefined });
  clock.advance(60 * S);
  expect(node.unread()).toBeUndefined();
});

test('a paused node is not reported, and neither is it immediately after it is resumed', () => {
  const { clock, node } = bench({ unread: waiting(0) });
  clock.advance(S);
  node.pause();
  clock.advance(30 * S);
  expect(node.unread()).toBeUndefined();
  node.resume();
  clock.advance(1.5 * S);
  expect(node.unread()).toBeUndefined();
  clock.advance(0.5 * S);
  expect(node.unread()).toMatchObject({ since: 31 * S });
});

test('a killed node is not reported', () => {
  const { clock, node } = bench({ unread: waiting(0) });
  clock.advance(5 * S);
  node.kill();
  expect(node.unread()).toBeUndefined();
});

test('a line is unfinished if nothing was added to it for a second, however long the node was paused', () => {
  const { clock, node, violations } = bench({
    unfinishedLine: { bytes: 12, beginning: '{"src":"n1",', sinceNanos: 0 },
  });
  clock.advance(0.9 * S);
  node.pause();
  clock.advance(5 * S);
  node.reportUnfinishedLine();
  node.resume();
  clock.advance(0.9 * S);
  node.reportUnfinishedLine();
  expect(violations.total).toBe(0);
  clock.advance(0.1 * S);
  node.reportUnfinishedLine();
  expect(violations.list()).toMatchObject([{ kind: 'line-left-open', line: 1, sample: '{"src":"n1",' }]);
});
