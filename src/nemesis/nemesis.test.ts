import { describe, expect, test } from 'vitest';
import { faultEnvironment, FIVE_NODES as NODES, loneFault } from '../../test/support/fault-environment.ts';
import { trace } from '../../test/support/generator-trace.ts';
import { timeLimit } from '../generator/pacing.ts';
import { NO_JOURNAL } from '../network/journal/journal.ts';
import { Network } from '../network/network.ts';
import type { Json } from '../protocol/json.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import { EventQueue } from '../world/event-queue.ts';
import { Random } from '../world/random.ts';
import type { FaultEnvironment } from './fault.ts';
import { findFaults } from './fault-registry.ts';
import type { Nemesis } from './nemesis.ts';
import { makeRandomNemesis } from './drivers/random-nemesis.ts';

/** A network of five nodes and a client that record which nodes they hear, and a nemesis for it. */
function cluster(others: Partial<FaultEnvironment> = {}): {
  network: Network;
  nemesis: Nemesis;
  heard: string[];
} {
  const queue = new EventQueue();
  const random = Random.fromSeed('nemesis');
  const network = new Network({
    clock: { nowNanos: () => 0, schedule: (at, run) => queue.push(at, run) },
    random,
    latency: { distribution: 'constant', meanMs: 0 },
    journal: NO_JOURNAL,
  });
  const heard: string[] = [];
  const endpoint = {
    deliver: ({ src, dest }: { src: string; dest: string }) => void heard.push(`${src}->${dest}`),
  };
  for (const node of NODES) network.attach(node, 'node', endpoint);
  network.attach('c1', 'client', endpoint);
  const nemesis = makeRandomNemesis(
    findFaults(['partition']),
    faultEnvironment(network, { random, ...others }),
  );
  return { network, nemesis, heard };
}

function invoke(nemesis: Nemesis, f: string, value: Json = null): Json {
  let result: Json = 'not called back';
  nemesis.invoke({ f, value }, (completed) => {
    result = completed;
  });
  return result;
}

describe('partition', () => {
  test('starts and stops in turn, with gaps of 10 s on average and 20 s at most', () => {
    const { nemesis } = cluster();
    const ops = trace(timeLimit(10_000, nemesis.generator)).filter((_, at) => at % 2 === 0);
    expect(ops.length).toBeGreaterThan(800);
    ops.forEach((op, at) => {
      expect([op.type, op.process, op.f]).toEqual([
        'info',
        'nemesis',
        at % 2 === 0 ? 'start-partition' : 'stop-partition',
      ]);
    });
    const gaps = ops.slice(1).map((op, at) => (op.time - (ops[at]?.time ?? 0)) / NANOS_PER_SECOND);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(20);
    expect(gaps.reduce((sum, gap) => sum + gap) / gaps.length).toBeCloseTo(10, 0);
  });

  test('chooses each of four shapes about equally often', () => {
    const { nemesis } = cluster();
    const counts = new Map<Json, number>();
    for (const op of trace(nemesis.generator, { limit: 2000 }).filter((_, at) => at % 4 === 0)) {
      counts.set(op.value, (counts.get(op.value) ?? 0) + 1);
    }
    expect([...counts.keys()].map(String).toSorted()).toEqual([
      'majorities-ring',
      'majority',
      'minority-third',
      'one',
    ]);
    for (const count of counts.values()) expect(count).toBeGreaterThan(180);
  });

  test('chooses only shapes that cut anything in a cluster of that size', () => {
    const drawn = (nodes: readonly string[]): string[] => {
      const { nemesis } = cluster({ nodes });
      const starts = trace(nemesis.generator, { limit: 200 }).filter(({ f }) => f === 'start-partition');
      for (const { value } of starts.slice(0, 40)) {
        invoke(nemesis, 'start-partition', value);
        expect(nemesis.activeFaults()).toHaveLength(1);
      }
      return [...new Set(starts.map(({ value }) => String(value)))].toSorted();
    };
    expect(drawn(['n1', 'n2', 'n3'])).toEqual(['majorities-ring', 'majority', 'one']);
    expect(drawn(['n1', 'n2'])).toEqual(['majority', 'one']);
  });

  test('cuts what it reports as isolated, and nothing else', () => {
    for (const shape of ['one', 'minority-third', 'majority', 'majorities-ring']) {
      const { network, nemesis, heard } = cluster();
      const [word, isolated] = invoke(nemesis, 'start-partition', shape) as [
        string,
        Record<string, string[]>,
      ];
      expect(word).toBe('isolated');
      for (const src of [...NODES, 'c1'])
        for (const dest of [...NODES, 'c1']) network.send(src, dest, Buffer.from('{}'));
      for (const src of NODES) {
        for (const dest of NODES) {
          expect(heard.includes(`${src}->${dest}`)).toBe(isolated[dest]?.includes(src) !== true);
        }
        expect(heard).toContain(`${src}->c1`);
        expect(heard).toContain(`c1->${src}`);
      }
    }
  });

  test('healing lets everything through, and active faults can be queried', () => {
    const { network, nemesis, heard } = cluster();
    invoke(nemesis, 'start-partition', 'majority');
    expect(nemesis.activeFaults()).toEqual([expect.stringMatching(/^partition n\d( n\d)* \| n\d( n\d)*$/)]);
    expect(invoke(nemesis, 'stop-partition')).toBe('network-healed');
    expect(nemesis.activeFaults()).toEqual([]);
    for (const src of NODES) for (const dest of NODES) network.send(src, dest, Buffer.from('{}'));
    expect(heard).toHaveLength(25);
  });

  test('a new partition replaces the previous one', () => {
    const { network, nemesis, heard } = cluster();
    for (let i = 0; i < 20; i++) invoke(nemesis, 'start-partition', 'one');
    for (const src of NODES) for (const dest of NODES) network.send(src, dest, Buffer.from('{}'));
    expect(heard).toHaveLength(25 - 8);
  });

  test('if a primary is known, it is still cut off only on request', () => {
    const { network } = cluster();
    const environment = faultEnvironment(network, { primaries: () => ['n3'] });
    const usual = makeRandomNemesis(findFaults(['partition']), environment);
    const values = trace(usual.generator, { limit: 400 }).map((op) => op.value);
    expect(values).not.toContain('primaries');
    const aimed = makeRandomNemesis(findFaults(['partition']), { ...environment, targets: ['primary'] });
    invoke(aimed, 'start-partition', 'primary');
    expect(aimed.activeFaults()).toEqual(['partition n1 n2 n4 n5 | n3']);
  });

  test('of a script may cut off the primaries', () => {
    const { network } = cluster();
    const environment = faultEnvironment(network, { primaries: () => ['n3'] });
    const fault = loneFault('partition', 'primaries', environment);
    fault.begin();
    expect(fault.describe()).toBe('partition n1 n2 n4 n5 | n3');
  });

  test('cuts the current members, not the former ones', () => {
    const { network } = cluster();
    const members = ['n2', 'n3', 'n6'];
    const membership = {
      members: () => members,
      runningMembers: () => members,
      addMember: () => undefined,
      removeMember: () => undefined,
    };
    const nemesis = makeRandomNemesis(findFaults(['partition']), faultEnvironment(network, { membership }));
    const [, isolated] = invoke(nemesis, 'start-partition', 'one') as [string, Record<string, string[]>];
    expect(Object.keys(isolated).toSorted()).toEqual(members);
  });

  test('the final generator heals once', () => {
    expect(trace(cluster().nemesis.finalGenerator).map((op) => op.f)).toEqual([
      'stop-partition',
      'stop-partition',
    ]);
  });
});

test('a killed node that has left the cluster is no longer a fault once the others have been restarted', () => {
  const { network } = cluster();
  let members = ['n1', 'n2', 'n3'];
  const nemesis = makeRandomNemesis(
    findFaults(['kill']),
    faultEnvironment(network, {
      control: {
        kill: () => 'killed',
        start: (_, done) => done('started'),
        pause: () => 'paused',
        resume: () => 'resumed',
      },
      membership: {
        members: () => members,
        runningMembers: () => members,
        addMember: () => undefined,
        removeMember: () => undefined,
      },
    }),
  );
  expect(invoke(nemesis, 'kill', ['n2', 'n3'])).toEqual({ n2: 'killed', n3: 'killed' });
  expect(nemesis.activeFaults()).toEqual(['kill n2 n3']);
  members = ['n1', 'n3'];
  expect(invoke(nemesis, 'start', 'all')).toEqual({ n1: 'started', n3: 'started' });
  expect(nemesis.activeFaults()).toEqual([]);
});

test('an unknown fault is refused, with those that exist', () => {
  expect(() => findFaults(['partition', 'partitoin'])).toThrow(
    'unknown fault "partitoin". Did you mean partition?',
  );
});

test('without faults the nemesis does nothing', () => {
  const { network } = cluster();
  const idle = makeRandomNemesis([], faultEnvironment(network));
  expect([trace(idle.generator), trace(idle.finalGenerator), idle.activeFaults()]).toEqual([[], [], []]);
});
