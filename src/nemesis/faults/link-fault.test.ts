import { describe, expect, test } from 'vitest';
import { faultEnvironment, FIVE_NODES as NODES, loneFault } from '../../../test/support/fault-environment.ts';
import { trace } from '../../../test/support/generator-trace.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { timeLimit } from '../../generator/pacing.ts';
import { MemoryJournal } from '../../network/journal/memory-journal.ts';
import { Network } from '../../network/network.ts';
import type { Json } from '../../protocol/json.ts';
import { NANOS_PER_MS, NANOS_PER_SECOND } from '../../world/clock.ts';
import { Random } from '../../world/random.ts';
import type { ClockSkew } from '../../world/world.ts';
import type { FaultEnvironment } from '../fault.ts';
import { findFaults } from '../fault-registry.ts';
import { completeStrengths, type FaultStrengths } from '../fault-strengths.ts';
import type { Nemesis } from '../nemesis.ts';
import { makeRandomNemesis } from '../drivers/random-nemesis.ts';

const NETWORK_FAULTS = ['one-way', 'loss', 'duplicate', 'reorder', 'slow', 'flap'];
const LATENCY = { distribution: 'constant', meanMs: 0 } as const;

/** Five nodes, a service and a client on a network, and a nemesis with these faults. */
function cluster(faults: readonly string[], others: Partial<FaultEnvironment> = {}) {
  const clock = new ManualClock();
  const journal = new MemoryJournal();
  const random = Random.fromSeed('cluster');
  const network = new Network({ clock, random, latency: LATENCY, journal });
  const heard: string[] = [];
  const endpoint = {
    deliver: ({ src, dest }: { src: string; dest: string }) => void heard.push(`${src}->${dest}`),
  };
  for (const node of NODES) network.attach(node, 'node', endpoint);
  network.attach('lin-kv', 'service', endpoint);
  network.attach('c1', 'client', endpoint);
  const skews = new Map<string, ClockSkew>();
  const nemesis = makeRandomNemesis(
    findFaults(faults),
    faultEnvironment(network, { skew: (node, skew) => void skews.set(node, skew), ...others }),
  );
  /** Sends a message from every node to every other; returns which links delivered, and how often. */
  const traffic = (): readonly string[] => {
    heard.length = 0;
    const names = [...NODES, 'lin-kv', 'c1'];
    for (const src of names) {
      for (const dest of names) if (src !== dest) network.send(src, dest, Buffer.from('{}'));
    }
    clock.advance(10 * NANOS_PER_SECOND);
    return [...heard];
  };
  const dropReasons = (): ReadonlySet<string> =>
    new Set(
      Array.from({ length: journal.eventCount }, (_, at) => journal.event(at)).flatMap((event) =>
        event.kind === 'dropped' ? [event.reason] : [],
      ),
    );
  return { clock, network, nemesis, skews, traffic, dropReasons };
}

function invoke(nemesis: Nemesis, f: string, value: Json = null): Json {
  let result: Json = 'not called back';
  nemesis.invoke({ f, value }, (completed) => {
    result = completed;
  });
  return result;
}

const ALL_LINKS = 7 * 6;

describe.for(NETWORK_FAULTS.concat('skew'))('%s', (name) => {
  test('starts and stops in turn, with gaps of 10 s on average and 20 s at most', () => {
    const ops = trace(timeLimit(2000, cluster([name]).nemesis.generator)).filter((_, at) => at % 2 === 0);
    expect(ops.length).toBeGreaterThan(150);
    ops.forEach((op, at) => expect(op.f).toBe(`${at % 2 === 0 ? 'start' : 'stop'}-${name}`));
    const gaps = ops.slice(1).map((op, at) => (op.time - (ops[at]?.time ?? 0)) / NANOS_PER_SECOND);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(20);
    expect(gaps.reduce((sum, gap) => sum + gap) / gaps.length).toBeGreaterThan(8.5);
  });

  test('is over once it is stopped, and reports what is wrong meanwhile', () => {
    const strengths = { ...completeStrengths({}, LATENCY), loss: 1, flapPeriodMs: 1000 };
    const { nemesis, traffic } = cluster([name], { strengths });
    const [op] = trace(nemesis.generator, { limit: 1 });
    invoke(nemesis, `start-${name}`, op?.value ?? null);
    expect(nemesis.activeFaults()).toEqual([expect.stringMatching(new RegExp(`^${name} .*n\\d|all nodes`))]);
    invoke(nemesis, `stop-${name}`);
    expect(nemesis.activeFaults()).toEqual([]);
    expect(traffic()).toHaveLength(ALL_LINKS);
  });

  test('ends with one operation that stops it', () => {
    const ops = trace(cluster([name]).nemesis.finalGenerator);
    expect(ops.map(({ f }) => f)).toEqual([`stop-${name}`, `stop-${name}`]);
  });

  test('hits the nodes that the test names as targets, and no others', () => {
    const { nemesis } = cluster([name], { targets: [['n2']] });
    const ops = trace(nemesis.generator, { limit: 40 }).filter(({ f }) => f === `start-${name}`);
    expect(ops.length).toBeGreaterThan(10);
    for (const { value } of ops) expect(JSON.stringify(value)).toContain('["n2"]');
  });
});

describe('loss', () => {
  const strengths = { ...completeStrengths({}, LATENCY), loss: 1 };

  test('affects the links of its nodes, to nodes and services, and never those of clients', () => {
    const { nemesis, traffic, dropReasons } = cluster(['loss'], { strengths });
    expect(invoke(nemesis, 'start-loss', ['n1', 'n3'])).toEqual(['loss 1', ['n1', 'n3']]);
    const heard = traffic();
    for (const link of ['n1->n2', 'n2->n1', 'n3->lin-kv', 'lin-kv->n3']) expect(heard).not.toContain(link);
    for (const link of ['n2->n4', 'n2->lin-kv', 'c1->n1', 'n3->c1']) expect(heard).toContain(link);
    expect(dropReasons()).toEqual(new Set(['loss']));
  });

  test('replaces the previous one, and stopping heals', () => {
    const { nemesis, traffic } = cluster(['loss'], { strengths });
    invoke(nemesis, 'start-loss', ['n1']);
    invoke(nemesis, 'start-loss', ['n2']);
    expect(nemesis.activeFaults()).toEqual(['loss 1 at n2']);
    expect(traffic()).toContain('n1->n3');
    expect(invoke(nemesis, 'stop-loss')).toBe('links-healed');
  });

  test('continues its random stream when it begins again', () => {
    const half = { ...strengths, loss: 0.5 };
    const { nemesis, traffic } = cluster(['loss'], { strengths: half });
    invoke(nemesis, 'start-loss', 'all');
    const first = traffic();
    invoke(nemesis, 'stop-loss');
    invoke(nemesis, 'start-loss', 'all');
    expect(traffic()).not.toEqual(first);
  });
});

describe('one-way', () => {
  const isolated = (nemesis: Nemesis, value: Json): Record<string, string[]> => {
    const [word, grudge] = invoke(nemesis, 'start-one-way', value) as [string, Record<string, string[]>];
    expect(word).toBe('isolated');
    return grudge;
  };

  test.each([['link'], ['mute', 'minority'], ['deaf', 'one'], ['mute', 'majority']])(
    'as %j %j cuts what it reports as isolated, one way only, and nothing else',
    (...value) => {
      const { nemesis, traffic, dropReasons } = cluster(['one-way']);
      const grudge = isolated(nemesis, value);
      const heard = traffic();
      const cut = Object.entries(grudge).flatMap(([dest, srcs]) => srcs.map((src) => `${src}->${dest}`));
      expect(cut.length).toBeGreaterThan(0);
      expect(heard).toHaveLength(ALL_LINKS - cut.length);
      for (const link of cut) {
        expect(heard).not.toContain(link);
        expect(heard).toContain(link.split('->').toReversed().join('->'));
      }
      expect(dropReasons()).toEqual(new Set(['one-way']));
    },
  );

  test('of a mute node means that no node hears it, though it hears all', () => {
    const { nemesis, traffic } = cluster(['one-way']);
    expect(isolated(nemesis, ['mute', ['n2']])).toEqual({ n1: ['n2'], n3: ['n2'], n4: ['n2'], n5: ['n2'] });
    expect(nemesis.activeFaults()).toEqual(['one-way n2 -/-> n1 n3 n4 n5']);
    const heard = traffic();
    expect(heard.filter((link) => link.startsWith('n2->'))).toEqual(['n2->lin-kv', 'n2->c1']);
    expect(heard.filter((link) => link.endsWith('->n2'))).toHaveLength(6);
  });
});

describe('skew', () => {
  test('skews the clocks of its nodes within bounds, and resets all of them', () => {
    const { nemesis, skews } = cluster(['skew']);
    for (let round = 0; round < 50; round++) {
      skews.clear();
      const reported = invoke(nemesis, 'start-skew', 'minority') as Record<string, string>;
      const wrong = [...skews].filter(([, skew]) => skew.offsetNanos !== 0 || skew.drift !== 0);
      expect(wrong.map(([node]) => node).toSorted()).toEqual(Object.keys(reported).toSorted());
      for (const [, { offsetNanos, drift }] of wrong) {
        expect(Math.abs(offsetNanos)).toBeLessThanOrEqual(60 * NANOS_PER_SECOND);
        expect(Number.isInteger(offsetNanos / NANOS_PER_MS)).toBe(true);
        expect(Math.abs(drift)).toBeLessThanOrEqual(0.05);
      }
    }
    expect(invoke(nemesis, 'stop-skew')).toBe('clocks-right');
    for (const skew of skews.values()) expect(skew).toEqual({ offsetNanos: 0, drift: 0 });
  });

  test('is chosen between the requested sizes, in one direction or both', () => {
    const skew = { jumpMs: { from: 100, to: 200 }, drift: { from: 0.01, to: 0.02, sign: -1 } } as const;
    const strengths = { ...completeStrengths({}, LATENCY), skew };
    const { nemesis, skews } = cluster(['skew'], { strengths });
    const ways = new Set<number>();
    for (let round = 0; round < 50; round++) {
      invoke(nemesis, 'start-skew', ['n1']);
      const { offsetNanos = 0, drift = 0 } = skews.get('n1') ?? {};
      ways.add(Math.sign(offsetNanos));
      expect(Math.abs(offsetNanos)).toBeGreaterThanOrEqual(100 * NANOS_PER_MS);
      expect(Math.abs(offsetNanos)).toBeLessThanOrEqual(200 * NANOS_PER_MS);
      expect(drift).toBeGreaterThanOrEqual(-0.02);
      expect(drift).toBeLessThanOrEqual(-0.01);
    }
    expect([...ways].toSorted((a, b) => a - b)).toEqual([-1, 1]);
  });

  test('is refused if clocks cannot be set, with advice', () => {
    const network = new Network({
      clock: new ManualClock(),
      random: Random.fromSeed('real'),
      latency: LATENCY,
      journal: new MemoryJournal(),
    });
    expect(() => makeRandomNemesis(findFaults(['skew']), faultEnvironment(network))).toThrow(
      expect.objectContaining({ name: 'UserError', hint: expect.stringContaining('--simulate') }),
    );
  });
});

test('several faults at once all take effect, and each heals separately', () => {
  const strengths = { ...completeStrengths({}, LATENCY), duplicate: 1 };
  const { nemesis, traffic } = cluster(['one-way', 'duplicate', 'slow'], { strengths });
  invoke(nemesis, 'start-duplicate', 'all');
  invoke(nemesis, 'start-slow', 'all');
  invoke(nemesis, 'start-one-way', ['mute', ['n1']]);
  const heard = traffic();
  expect(heard.filter((link) => link === 'n2->n3')).toHaveLength(2);
  expect(heard).not.toContain('n1->n2');
  invoke(nemesis, 'stop-one-way');
  expect(traffic().filter((link) => link === 'n1->n2')).toHaveLength(2);
  expect(nemesis.activeFaults()).toEqual(['duplicate 1 at all nodes', 'slow 50ms..500ms at all nodes']);
});

describe('in a fault script', () => {
  const scripted = (
    name: string,
    target: Json,
    others: Partial<FaultEnvironment> = {},
    strengths: Partial<FaultStrengths> = {},
  ) => {
    const made = cluster([], others);
    const [kind] = findFaults([name]);
    const environment = faultEnvironment(made.network, {
      skew: (node, skew) => void made.skews.set(node, skew),
      ...others,
    });
    return { ...made, kind, fault: loneFault(name, target, environment, strengths) };
  };

  test('loss hits the named nodes, from its beginning to its end', () => {
    const strengths = { ...completeStrengths({}, LATENCY), loss: 1 };
    const { fault, traffic } = scripted('loss', ['n1'], { strengths });
    expect(fault.begin()).toEqual(['loss 1', ['n1']]);
    expect(fault.describe()).toBe('loss 1 at n1');
    expect(traffic()).not.toContain('n1->n2');
    expect(fault.end()).toBe('links-healed');
    expect(traffic()).toHaveLength(ALL_LINKS);
  });

  test("an entry has its own strength, whatever the run's options", () => {
    const { fault, traffic } = scripted('loss', ['n1'], {}, { loss: 1 });
    expect(fault.begin()).toEqual(['loss 1', ['n1']]);
    expect(fault.describe()).toBe('loss 1 at n1');
    expect(traffic().filter((link) => link.includes('n1'))).toEqual(['n1->c1', 'c1->n1']);
  });

  test('skew shifts clocks as an entry says, and nothing else', () => {
    const jump = { skew: { jumpMs: { from: 500, to: 500, sign: -1 } } } as const;
    const { fault, skews } = scripted('skew', ['n1'], {}, jump);
    expect(fault.begin()).toEqual({ n1: '-500ms' });
    expect(skews.get('n1')).toEqual({ offsetNanos: -500 * NANOS_PER_MS, drift: 0 });
    const both = {
      skew: { jumpMs: { from: 2, to: 2, sign: 1 }, drift: { from: 0.01, to: 0.01, sign: 1 } },
    } as const;
    expect(scripted('skew', ['n1'], {}, both).fault.begin()).toEqual({ n1: '+2ms +1%' });
  });

  test('one-way may be aimed at the leader', () => {
    const { fault } = scripted('one-way', { mute: 'primary' }, { primaries: () => ['n4'] });
    expect(fault.begin()).toEqual(['isolated', { n1: ['n4'], n2: ['n4'], n3: ['n4'], n5: ['n4'] }]);
  });

  test('one-way accepts from and to, and refuses anything else', () => {
    const { kind, fault, traffic } = scripted('one-way', { from: ['n1'], to: ['n2', 'n3'] });
    expect(fault.begin()).toEqual(['isolated', { n2: ['n1'], n3: ['n1'] }]);
    expect(traffic()).toHaveLength(ALL_LINKS - 2);
    fault.end();
    expect(traffic()).toHaveLength(ALL_LINKS);
    const accepts = (target: Json): boolean | undefined => kind?.scriptTarget.accepts(target, NODES);
    expect(accepts({ from: ['n1'], to: ['n2'] })).toBe(true);
    expect(accepts({ deaf: ['n1'] })).toBe(true);
    for (const wrong of [
      null,
      'one',
      ['n1'],
      { from: ['n1'] },
      { mute: ['n9'] },
      { mute: 'one', deaf: 'one' },
      { link: 'one' },
      { from: [], to: ['n2'] },
      { from: ['n9'], to: ['n1'] },
    ])
      expect(accepts(wrong)).toBe(false);
  });
});
