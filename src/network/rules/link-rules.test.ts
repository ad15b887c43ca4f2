import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { NANOS_PER_MS } from '../../world/clock.ts';
import { Random } from '../../world/random.ts';
import { MemoryJournal } from '../journal/memory-journal.ts';
import { duplicateRule, flapRule, lossRule, reorderRule, slowRule, type LinkScope } from './link-rules.ts';
import { allLinks, linksOf, LinkStreams, type LinkTest } from './links.ts';
import { Network } from '../network.ts';
import type { Rule } from './rule.ts';

const COUNT = 10_000;

interface Arrival {
  readonly link: string;
  readonly number: number;
  readonly ms: number;
}

/** n1, n2, n3, lin-kv and c1 with constant latency, each of which records what arrives; messages are numbers. */
function setUp(meanMs = 0) {
  const clock = new ManualClock();
  const journal = new MemoryJournal();
  const random = Random.fromSeed('links');
  const network = new Network({ clock, random, latency: { distribution: 'constant', meanMs }, journal });
  const arrived: Arrival[] = [];
  const endpoint = {
    deliver({ src, dest, body }: { src: string; dest: string; body: Buffer }): void {
      arrived.push({ link: `${src}->${dest}`, number: Number(body), ms: clock.nowNanos() / NANOS_PER_MS });
    },
  };
  for (const name of ['n1', 'n2', 'n3']) network.attach(name, 'node', endpoint);
  network.attach('lin-kv', 'service', endpoint);
  network.attach('c1', 'client', endpoint);
  const send = (src: string, dest: string, number = 0): void => {
    network.send(src, dest, Buffer.from(String(number)));
  };
  const reasons = (): string[] =>
    Array.from({ length: journal.eventCount }, (_, at) => journal.event(at)).flatMap((event) =>
      event.kind === 'dropped' ? [event.reason] : [],
    );
  return { clock, network, journal, arrived, send, reasons };
}

const scope = (links: LinkTest = allLinks, seed = 'rule'): LinkScope => ({
  links,
  streams: new LinkStreams(Random.fromSeed(seed)),
});

describe('loss', () => {
  test('loses about the expected number, and the journal says why', () => {
    const { network, arrived, send, reasons } = setUp();
    network.addRule(lossRule(scope(), 0.3));
    for (let i = 0; i < COUNT; i++) send('n1', 'n2');
    expect(arrived.length / COUNT).toBeCloseTo(0.7, 1);
    expect(reasons()).toEqual(Array<string>(COUNT - arrived.length).fill('loss'));
  });

  test('of 0 loses nothing, of 1 everything except what is between clients and nodes', () => {
    for (const [probability, expected] of [
      [0, ['n1->n2', 'n1->lin-kv', 'lin-kv->n1', 'c1->n1', 'n1->c1']],
      [1, ['c1->n1', 'n1->c1']],
    ] as const) {
      const { network, arrived, send } = setUp();
      network.addRule(lossRule(scope(), probability));
      send('n1', 'n2');
      send('n1', 'lin-kv');
      send('lin-kv', 'n1');
      send('c1', 'n1');
      send('n1', 'c1');
      expect(arrived.map(({ link }) => link)).toEqual(expected);
    }
  });

  test('spares other links, and all links once it is removed', () => {
    const { network, arrived, send } = setUp();
    const heal = network.addRule(lossRule(scope(linksOf(['n1'])), 1));
    send('n1', 'n2');
    send('n2', 'n1');
    send('n2', 'n3');
    send('n2', 'lin-kv');
    heal();
    send('n1', 'n2');
    expect(arrived.map(({ link }) => link)).toEqual(['n2->n3', 'n2->lin-kv', 'n1->n2']);
  });

  test('on one link does not depend on the traffic of others', () => {
    const lost = (others: number): readonly number[] => {
      const { network, arrived, send } = setUp();
      network.addRule(lossRule(scope(), 0.5));
      for (let i = 0; i < 100; i++) {
        for (let other = 0; other < others; other++) send('n2', 'n3');
        send('n1', 'n2', i);
      }
      return arrived.filter(({ link }) => link === 'n1->n2').map(({ number }) => number);
    };
    expect(lost(3)).toEqual(lost(0));
  });
});

describe('duplicate', () => {
  test('duplicates about the expected number, the copy later: 50 ms on average', () => {
    const { clock, network, arrived, send } = setUp(1);
    network.addRule(duplicateRule(scope(), 0.2));
    for (let i = 0; i < COUNT; i++) send('n1', 'n2', i);
    clock.advance(10_000 * NANOS_PER_MS);
    const copies = arrived.slice(COUNT);
    expect(new Set(arrived.slice(0, COUNT).map(({ number }) => number)).size).toBe(COUNT);
    expect(copies.length / COUNT).toBeCloseTo(0.2, 1);
    const mean = copies.reduce((sum, { ms }) => sum + ms - 1, 0) / copies.length;
    expect(mean).toBeGreaterThan(45);
    expect(mean).toBeLessThan(55);
  });

  test('is in the journal, and counts the message once', () => {
    const { clock, network, journal, send } = setUp();
    network.addRule(duplicateRule(scope(), 1));
    send('n1', 'n2');
    clock.advance(10_000 * NANOS_PER_MS);
    expect(Array.from({ length: journal.eventCount }, (_, at) => journal.event(at))).toMatchObject([
      { kind: 'sent' },
      { kind: 'duplicated', copies: 1 },
      { kind: 'received', messageId: 0 },
      { kind: 'received', messageId: 0 },
    ]);
    expect(network.results(1).all).toMatchObject({ 'send-count': 1, 'recv-count': 2, 'msg-count': 1 });
  });
});

test('reorder lets later messages overtake those held back, and nothing is lost', () => {
  const { clock, network, arrived, send } = setUp(1);
  network.addRule(reorderRule(scope(), 0.2, 100));
  for (let i = 0; i < 1000; i++) {
    send('n1', 'n2', i);
    clock.advance(NANOS_PER_MS);
  }
  clock.advance(1000 * NANOS_PER_MS);
  const order = arrived.map(({ number }) => number);
  expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  const held = arrived.filter(({ number, ms }) => ms > number + 1);
  expect(held.length).toBeGreaterThan(150);
  expect(held.length).toBeLessThan(250);
  expect(Math.max(...held.map(({ number, ms }) => ms - number))).toBeLessThanOrEqual(101);
  const overtaken = order.filter((number, at) => order.slice(0, at).some((earlier) => earlier > number));
  expect(overtaken.length).toBeGreaterThan(100);
});

describe('slow', () => {
  const latenciesUnder = (rule: Rule, meanMs: number): readonly number[] => {
    const { clock, network, arrived, send } = setUp(meanMs);
    network.addRule(rule);
    for (let i = 0; i < 2000; i++) send('n1', 'n2', i);
    clock.advance(10_000 * NANOS_PER_MS);
    return arrived.map(({ ms }) => ms);
  };

  test('by a factor makes the latency that many times as long', () => {
    const slow = slowRule(scope(), { kind: 'factor', factor: 10 });
    expect(new Set(latenciesUnder(slow, 7))).toEqual(new Set([70]));
  });

  test('by a range adds a time chosen uniformly from it', () => {
    const slow = slowRule(scope(), { kind: 'range', fromMs: 50, toMs: 250 });
    const latencies = latenciesUnder(slow, 5);
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(55);
    expect(Math.max(...latencies)).toBeLessThanOrEqual(255);
    const mean = latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length;
    expect(mean).toBeGreaterThan(145);
    expect(mean).toBeLessThan(165);
  });
});

describe('flap', () => {
  test('loses what arrives in one half of every period, both ways at once, and each pair at its own phase', () => {
    const { clock, network, arrived, send, reasons } = setUp();
    network.addRule(flapRule(scope(), 100));
    for (let ms = 0; ms < 1000; ms++) {
      for (const [src, dest] of [
        ['n1', 'n2'],
        ['n2', 'n1'],
        ['n1', 'n3'],
      ] as const)
        send(src, dest, ms);
      clock.advance(NANOS_PER_MS);
    }
    const heard = (link: string): readonly number[] =>
      arrived.filter((arrival) => arrival.link === link).map(({ number }) => number);
    expect(heard('n1->n2')).toHaveLength(500);
    expect(heard('n2->n1')).toEqual(heard('n1->n2'));
    expect(heard('n1->n3')).not.toEqual(heard('n1->n2'));
    const gaps = heard('n1->n2')
      .slice(1)
      .map((ms, at) => ms - (heard('n1->n2')[at] ?? 0));
    expect(new Set(gaps)).toEqual(new Set([1, 51]));
    expect(new Set(reasons())).toEqual(new Set(['flap']));
  });
});

test('loss, duplication and delay take effect together', () => {
  const { clock, network, arrived, send, reasons } = setUp(1);
  network.addRule(lossRule(scope(allLinks, 'loss'), 0.5));
  network.addRule(slowRule(scope(allLinks, 'slow'), { kind: 'factor', factor: 100 }));
  network.addRule(duplicateRule(scope(allLinks, 'duplicate'), 0.5));
  for (let i = 0; i < COUNT; i++) send('n1', 'n2', i);
  clock.advance(10_000 * NANOS_PER_MS);
  const distinct = new Set(arrived.map(({ number }) => number)).size;
  expect(distinct + reasons().length).toBe(COUNT);
  expect(distinct / COUNT).toBeCloseTo(0.5, 1);
  expect(arrived.length / COUNT).toBeCloseTo(0.75, 1);
  expect(Math.min(...arrived.map(({ ms }) => ms))).toBe(100);
});
