import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { NANOS_PER_MS } from '../world/clock.ts';
import { causeOf, Causes, NO_ORIGIN, Turn } from '../world/cause.ts';
import { Random } from '../world/random.ts';
import type { Packet } from '../world/world.ts';
import type { EndpointKind } from './endpoint.ts';
import { duplicateRule, lossRule, reorderRule } from './rules/link-rules.ts';
import { LinkStreams } from './rules/links.ts';
import { MemoryJournal } from './journal/memory-journal.ts';
import type { LatencySpec } from './rules/latency.ts';
import type { MessageException, MessageFate } from './rules/message-exceptions.ts';
import { Network, type NetworkOptions } from './network.ts';
import { partitionRule } from './rules/partition.ts';
import { PASS, type Rule } from './rules/rule.ts';

const body = (text = '{}'): Buffer => Buffer.from(text);
const constant = (meanMs: number): LatencySpec => ({ distribution: 'constant', meanMs });

/** n1, n2, n3, the service lin-kv and the client c1, each of which records what arrives as `1ms n1->n2 {"x":1}`. */
function setUp(latency: LatencySpec, options: Partial<NetworkOptions> = {}) {
  const clock = new ManualClock();
  const journal = new MemoryJournal();
  const network = new Network({ clock, random: Random.fromSeed('test'), latency, journal, ...options });
  const arrived: string[] = [];
  const endpoint = {
    deliver({ src, dest, body: bytes }: Packet): void {
      arrived.push(`${clock.nowNanos() / NANOS_PER_MS}ms ${src}->${dest} ${bytes.toString()}`);
    },
  };
  const attach = (name: string, kind: EndpointKind): void => network.attach(name, kind, endpoint);
  for (const name of ['n1', 'n2', 'n3']) attach(name, 'node');
  attach('lin-kv', 'service');
  attach('c1', 'client');
  const events = (): string[] =>
    Array.from({ length: journal.eventCount }, (_, number) => {
      const event = journal.event(number);
      const detail = event.kind === 'dropped' ? ` (${event.reason})` : '';
      return `${event.timeNanos / NANOS_PER_MS}ms ${event.kind} ${event.messageId}${detail}`;
    });
  return { clock, network, arrived, attach, events };
}

describe('sending', () => {
  test('without latency a message arrives within the call, and the clock does not move', () => {
    const { network, arrived, events } = setUp(constant(0));
    expect(network.send('n1', 'n2', body('{"x":1}'))).toBe('sent');
    expect(arrived).toEqual(['0ms n1->n2 {"x":1}']);
    expect(events()).toEqual(['0ms sent 0', '0ms received 0']);
  });

  test('an unknown name is the sender’s error, and is neither counted nor recorded', () => {
    const { network, events } = setUp(constant(0));
    expect(network.send('n1', 'stranger', body())).toBe('unknown-dest');
    expect(network.messages).toBe(0);
    expect(events()).toEqual([]);
  });

  test('names such as __proto__ and constructor are names like any other', () => {
    const { network, arrived, attach } = setUp(constant(0));
    expect(network.send('n1', '__proto__', body())).toBe('unknown-dest');
    expect(network.send('n1', 'constructor', body())).toBe('unknown-dest');
    attach('__proto__', 'node');
    expect(network.send('n1', '__proto__', body())).toBe('sent');
    expect(arrived).toEqual(['0ms n1->__proto__ {}']);
  });

  test('a former name is not the sender’s error: the message vanishes', () => {
    const { network, arrived, events } = setUp(constant(0));
    network.detach('n2');
    expect(network.send('n1', 'n2', body())).toBe('sent');
    expect(arrived).toEqual([]);
    expect(events()).toEqual(['0ms sent 0', '0ms dropped 0 (gone)']);
  });

  test('an endpoint that refuses loses the message', () => {
    const { network, events } = setUp(constant(0));
    network.attach('n4', 'node', { refuses: () => true, deliver: () => expect.unreachable() });
    network.send('n1', 'n4', body());
    expect(events()).toEqual(['0ms sent 0', '0ms dropped 0 (not read)']);
  });

  test('attaching a name twice, or as something else, is a bug of ours', () => {
    const { network, attach } = setUp(constant(0));
    expect(() => attach('n1', 'node')).toThrow('n1 is attached already');
    network.detach('n1');
    expect(() => attach('n1', 'client')).toThrow('n1 was a node');
    expect(() => network.send('n9', 'n1', body())).toThrow('n9 was never attached');
  });

  test('after close nothing arrives, not even messages in flight', () => {
    const { clock, network, arrived } = setUp(constant(5));
    network.send('n1', 'n2', body());
    network.close();
    network.send('n1', 'n2', body());
    clock.advance(10 * NANOS_PER_MS);
    expect(arrived).toEqual([]);
  });

  test('observers see every message sent and received', () => {
    const seen: string[] = [];
    const { network } = setUp(constant(0), {
      onSend: ({ id, dest }) => seen.push(`send ${id} to ${dest}`),
      onReceive: ({ id }) => seen.push(`receive ${id}`),
    });
    network.sendJson('c1', 'n1', { type: 'read' });
    expect(seen).toEqual(['send 0 to n1', 'receive 0']);
  });
});

describe('latency', () => {
  test('applies between servers, services included, and not to clients', () => {
    const { clock, network, arrived } = setUp(constant(5));
    network.send('n1', 'n2', body());
    network.send('n1', 'lin-kv', body());
    network.send('lin-kv', 'n1', body());
    network.send('c1', 'n1', body());
    network.send('n1', 'c1', body());
    expect(arrived).toEqual(['0ms c1->n1 {}', '0ms n1->c1 {}']);
    clock.advance(5 * NANOS_PER_MS);
    expect(arrived.slice(2)).toEqual(['5ms n1->n2 {}', '5ms n1->lin-kv {}', '5ms lin-kv->n1 {}']);
  });

  test('messages with the same deadline arrive in the order in which they were sent', () => {
    const { clock, network, arrived } = setUp(constant(1));
    for (let i = 0; i < 100; i++) network.send('n1', 'n2', body(String(i)));
    clock.advance(NANOS_PER_MS);
    expect(arrived).toEqual(Array.from({ length: 100 }, (_, i) => `1ms n1->n2 ${i}`));
  });

  test('a waiting body is a copy, because the sender’s buffer is reused', () => {
    const { clock, network, arrived } = setUp(constant(1));
    const bytes = body('{"x":1}');
    network.send('n1', 'n2', bytes);
    bytes.fill('#');
    clock.advance(NANOS_PER_MS);
    expect(arrived).toEqual(['1ms n1->n2 {"x":1}']);
  });

  test('uniform latencies are whole milliseconds in [0, 2 x mean), exponential ones have that mean', () => {
    const latencies = (latency: LatencySpec): number[] => {
      const { clock, network, arrived } = setUp(latency);
      for (let i = 0; i < 5000; i++) network.send('n1', 'n2', body());
      clock.advance(1000 * NANOS_PER_MS);
      return arrived.map((line) => parseFloat(line));
    };
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const uniform = latencies({ distribution: 'uniform', meanMs: 10 });
    expect(new Set(uniform)).toEqual(new Set(Array.from({ length: 20 }, (_, ms) => ms)));
    expect(mean(uniform)).toBeCloseTo(9.5, 0);
    const exponential = latencies({ distribution: 'exponential', meanMs: 10 });
    expect(mean(exponential)).toBeGreaterThan(9.5);
    expect(mean(exponential)).toBeLessThan(10.5);
  });

  test('one link’s latencies do not depend on the traffic of others', () => {
    const times = (others: number): string[] => {
      const { clock, network, arrived } = setUp({ distribution: 'exponential', meanMs: 10 });
      for (let i = 0; i < 20; i++) {
        for (let n = 0; n < others; n++) network.send('n2', 'n3', body());
        network.send('n1', 'n2', body());
      }
      clock.advance(1000 * NANOS_PER_MS);
      return arrived.filter((line) => line.includes('n1->n2'));
    };
    expect(times(3)).toEqual(times(0));
  });

  test('messages in flight to a node that dies are lost, even if the node is back in time', () => {
    const { clock, network, arrived, attach, events } = setUp(constant(5));
    network.send('n1', 'n2', body('"before"'));
    clock.advance(NANOS_PER_MS);
    network.detach('n2');
    network.send('n1', 'n2', body('"while down"'));
    attach('n2', 'node');
    clock.advance(10 * NANOS_PER_MS);
    expect(arrived).toEqual(['6ms n1->n2 "while down"']);
    expect(events()).toContain('5ms dropped 0 (gone)');
  });

  test('messages in flight beyond the memory limit are dropped', () => {
    const { clock, network, arrived, events } = setUp(constant(5), { maxInFlightBytes: 1000 });
    for (let i = 0; i < 4; i++) network.send('n1', 'n2', body());
    expect(events()).toContain('0ms dropped 3 (too much in flight)');
    clock.advance(5 * NANOS_PER_MS);
    network.send('n1', 'n2', body());
    clock.advance(5 * NANOS_PER_MS);
    expect(arrived).toHaveLength(4);
  });
});

describe('rules', () => {
  const dropping = (reason: string): Rule => ({ name: reason, onSend: () => ({ kind: 'drop', reason }) });

  const delaying = (ms: number): Rule => ({
    name: 'delay',
    onSend: () => ({ kind: 'delay', nanos: ms * NANOS_PER_MS }),
  });
  const copying = (...laterMs: number[]): Rule => ({
    name: 'copy',
    onSend: () => ({ kind: 'duplicate', laterNanos: laterMs.map((ms) => ms * NANOS_PER_MS) }),
  });

  test('one drop loses the message, and the first names the reason, until it is removed', () => {
    const { network, arrived, events } = setUp(constant(0));
    network.addRule({ name: 'passes', onSend: () => PASS });
    network.addRule(copying(0));
    const remove = network.addRule(dropping('first'));
    network.addRule(dropping('second'));
    network.send('n1', 'n2', body());
    remove();
    network.send('n1', 'n2', body());
    expect(arrived).toEqual([]);
    expect(events()).toEqual(['0ms sent 0', '0ms dropped 0 (first)', '0ms sent 1', '0ms dropped 1 (second)']);
  });

  test('delays and copies add up, factors multiply, and all take effect together', () => {
    const { clock, network, arrived } = setUp(constant(5));
    network.addRule(delaying(2));
    network.addRule(copying(10));
    network.addRule({ name: 'slow', onSend: () => ({ kind: 'stretch', factor: 2 }) });
    network.addRule(copying(20, 40));
    network.addRule({ name: 'slower', onSend: () => ({ kind: 'stretch', factor: 3 }) });
    network.addRule(delaying(1));
    network.send('n1', 'n2', body());
    clock.advance(100 * NANOS_PER_MS);
    expect(arrived.map((line) => parseFloat(line))).toEqual([33, 43, 53, 73]);
  });

  test('all are asked, even if an earlier one drops: what each draws depends on no other', () => {
    const asked: string[] = [];
    const { network } = setUp(constant(0));
    network.addRule(dropping('first'));
    network.addRule({ name: 'later', onSend: ({ src, dest }) => (asked.push(`${src}->${dest}`), PASS) });
    network.send('n1', 'n2', body());
    network.send('n1', 'lin-kv', body());
    expect(asked).toEqual(['n1->n2', 'n1->lin-kv']);
  });

  test('clients, and a node that writes to itself, are subject to no rule', () => {
    const { network, arrived } = setUp(constant(0));
    network.addRule(dropping('lost'));
    network.addRule({ name: 'cut', onArrival: () => ({ kind: 'drop', reason: 'cut' }) });
    for (const [src, dest] of [
      ['c1', 'n1'],
      ['n1', 'c1'],
      ['n1', 'n1'],
      ['n1', 'n2'],
      ['lin-kv', 'n1'],
    ] as const)
      network.send(src, dest, body());
    expect(arrived).toEqual(['0ms c1->n1 {}', '0ms n1->c1 {}', '0ms n1->n1 {}']);
  });

  test('a duplicated message arrives once more for every copy, and counts once', () => {
    const { network, arrived, events } = setUp(constant(0));
    network.addRule({ name: 'twice', onSend: () => ({ kind: 'duplicate', laterNanos: [0, 0] }) });
    network.send('n1', 'n2', body());
    expect(arrived).toHaveLength(3);
    expect(events()).toEqual(['0ms sent 0', '0ms duplicated 0', ...Array<string>(3).fill('0ms received 0')]);
    expect(network.results(1).all).toEqual({
      'send-count': 1,
      'recv-count': 3,
      'msg-count': 1,
      'msgs-per-op': 1,
    });
  });

  test('a partition loses what was in flight when it began, and what is due while it lasts', () => {
    const { clock, network, arrived, events } = setUp(constant(5));
    network.send('n1', 'n2', body('"in flight"'));
    clock.advance(NANOS_PER_MS);
    const heal = network.addRule(partitionRule(new Map([['n2', new Set(['n1'])]])));
    network.send('n2', 'n1', body('"the other way"'));
    clock.advance(6 * NANOS_PER_MS);
    network.send('n1', 'n2', body('"due after healing"'));
    heal();
    clock.advance(6 * NANOS_PER_MS);
    expect(arrived).toEqual(['6ms n2->n1 "the other way"', '12ms n1->n2 "due after healing"']);
    expect(events()).toContain('5ms dropped 0 (partition)');
  });
});

test('net results distinguish messages with a client from those between servers', () => {
  const { network } = setUp(constant(0));
  network.addRule(partitionRule(new Map([['n2', new Set(['n1'])]])));
  network.send('c1', 'n1', body());
  network.send('n1', 'n2', body());
  network.send('n1', 'lin-kv', body());
  network.send('n1', 'c1', body());
  expect(network.results(2)).toEqual({
    all: { 'send-count': 4, 'recv-count': 3, 'msg-count': 4, 'msgs-per-op': 2 },
    clients: { 'send-count': 2, 'recv-count': 2, 'msg-count': 2 },
    servers: { 'send-count': 2, 'recv-count': 1, 'msg-count': 2, 'msgs-per-op': 1 },
  });
  expect(network.results(0).all['msgs-per-op']).toBe(0);
});

test('every message that was sent is received or dropped, once and in time order', () => {
  const names = ['n1', 'n2', 'n3', 'lin-kv', 'c1'];
  const step = fc.record({
    src: fc.constantFrom(...names),
    dest: fc.constantFrom(...names),
    gapMs: fc.integer({ min: 0, max: 3 }),
    cut: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { clock, network, events } = setUp({ distribution: 'uniform', meanMs: 4 });
      let heal: (() => void) | undefined;
      for (const { src, dest, gapMs, cut } of steps) {
        heal?.();
        heal = cut ? network.addRule(partitionRule(new Map([[dest, new Set([src])]]))) : undefined;
        network.send(src, dest, body());
        clock.advance(gapMs * NANOS_PER_MS);
      }
      clock.advance(100 * NANOS_PER_MS);
      const ends = events().filter((event) => !event.includes('sent'));
      expect(ends).toHaveLength(steps.length);
      expect(new Set(ends.map((event) => event.split(' ')[2])).size).toBe(steps.length);
      const times = events().map((event) => parseFloat(event));
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }),
  );
});

describe('a calm network with exceptions', () => {
  const exception = (id: number, fate: MessageFate): MessageException => ({
    id,
    from: 'n1',
    to: 'n2',
    type: '',
    nth: 0,
    ...fate,
  });
  const causes = new Causes();
  /** Sends a message in a turn of its own, so that its identity is known beforehand. */
  const sendAs = (network: Network, turn: number, src: string, dest: string): void =>
    causes.during(new Turn(turn, NO_ORIGIN), () => void network.send(src, dest, body(String(turn))));
  const idOf = (turn: number, dest: string): number => causeOf(turn, dest, 0);

  test('every message takes the mean, and none is randomly lost, duplicated or held back', () => {
    const { network, clock, arrived } = setUp({ distribution: 'exponential', meanMs: 5 }, { isCalm: true });
    const scope = { links: () => true, streams: new LinkStreams(Random.fromSeed('x')) };
    for (const rule of [lossRule(scope, 1), duplicateRule(scope, 1), reorderRule(scope, 1, 100)])
      network.addRule(rule)();
    network.addRule(lossRule(scope, 1));
    network.send('n1', 'n2', body('1'));
    network.send('n1', 'lin-kv', body('2'));
    clock.advance(NANOS_PER_MS * 1000);
    expect(arrived).toEqual(['5ms n1->n2 1', '5ms n1->lin-kv 2']);
  });

  test('single messages are lost, delayed and duplicated as ordered; all others are unaffected', () => {
    const { network, clock, arrived, events } = setUp(constant(5), {
      isCalm: true,
      causes,
      exceptions: [
        exception(idOf(1, 'n2'), { do: 'drop' }),
        exception(idOf(2, 'n2'), { do: 'delay', ms: 50 }),
        exception(idOf(3, 'n2'), { do: 'duplicate', ms: 0 }),
        exception(idOf(3, 'n2'), { do: 'duplicate', ms: 9 }),
        exception(idOf(4, 'c1'), { do: 'drop' }),
      ],
    });
    for (const turn of [1, 2, 3, 5]) sendAs(network, turn, 'n1', 'n2');
    sendAs(network, 4, 'n1', 'c1');
    clock.advance(NANOS_PER_MS * 1000);
    expect(arrived).toEqual([
      '0ms n1->n2 3',
      '0ms n1->c1 4',
      '5ms n1->n2 3',
      '5ms n1->n2 5',
      '9ms n1->n2 3',
      '50ms n1->n2 2',
    ]);
    expect(events().filter((event) => /dropped|duplicated/.test(event))).toEqual([
      '0ms dropped 0 (loss)',
      '0ms duplicated 2',
    ]);
  });

  test('a partition still cuts messages that are ordered to arrive', () => {
    const { network, clock, arrived } = setUp(constant(5), {
      causes,
      exceptions: [exception(idOf(1, 'n2'), { do: 'delay', ms: 50 })],
    });
    sendAs(network, 1, 'n1', 'n2');
    network.addRule(partitionRule(new Map([['n2', new Set(['n1'])]])));
    clock.advance(NANOS_PER_MS * 1000);
    expect(arrived).toEqual([]);
  });

  test('a message that is ordered to be delivered arrives once, whatever faults are active', () => {
    const { network, clock, arrived } = setUp(constant(5), {
      causes,
      exceptions: [exception(idOf(1, 'n2'), { do: 'deliver' })],
    });
    const scope = { links: () => true, streams: new LinkStreams(Random.fromSeed('x')) };
    network.addRule(partitionRule(new Map([['n2', new Set(['n1'])]])));
    network.addRule(lossRule(scope, 1));
    network.addRule(duplicateRule(scope, 1));
    for (const turn of [1, 2]) sendAs(network, turn, 'n1', 'n2');
    clock.advance(NANOS_PER_MS * 1000);
    expect(arrived).toEqual(['5ms n1->n2 1']);
  });
});

describe('an uninitialised node', () => {
  test('gets held-back messages once initialised, in order; only its init and services pass before', () => {
    const { network, arrived, attach } = setUp(constant(0));
    attach('c2', 'client');
    network.hold('n1');
    network.send('n2', 'n1', body('{"x":1}'));
    network.hold('n1', 'c1');
    network.send('c2', 'n1', body('{"x":2}'));
    network.send('n3', 'n1', body('{"x":3}'));
    network.send('c1', 'n1', body('{"init":1}'));
    network.send('lin-kv', 'n1', body('{"value":1}'));
    network.send('n1', 'n1', body('{"self":1}'));
    expect(arrived).toEqual(['0ms c1->n1 {"init":1}', '0ms lin-kv->n1 {"value":1}', '0ms n1->n1 {"self":1}']);
    network.release('n1');
    expect(arrived.slice(3)).toEqual(['0ms n2->n1 {"x":1}', '0ms c2->n1 {"x":2}', '0ms n3->n1 {"x":3}']);
    network.send('n2', 'n1', body('{"x":4}'));
    expect(arrived.at(-1)).toBe('0ms n2->n1 {"x":4}');
  });

  test('loses held-back messages when it is killed', () => {
    const { network, arrived, attach, events } = setUp(constant(0));
    network.hold('n1');
    network.send('n2', 'n1', body());
    network.detach('n1');
    attach('n1', 'node');
    network.release('n1');
    expect(arrived).toEqual([]);
    expect(events()).toEqual(['0ms sent 0', '0ms dropped 0 (gone)']);
  });

  test('receives messages once it has asked another node something, because it may wait for the reply', () => {
    const { network, arrived } = setUp(constant(0));
    network.hold('n1');
    network.send('n2', 'n1', body('{"type":"hello"}'));
    network.send('n1', 'n2', body('{"type":"hello","msg_id":null}'));
    network.send('n1', 'lin-kv', body('{"type":"read","msg_id":1}'));
    expect(arrived).not.toContain('0ms n2->n1 {"type":"hello"}');
    network.send('n1', 'n2', body('{"type":"where", "msg_id": 2}'));
    expect(arrived.slice(-2)).toEqual([
      '0ms n2->n1 {"type":"hello"}',
      '0ms n1->n2 {"type":"where", "msg_id": 2}',
    ]);
  });

  test('has no more messages held back than may be in flight', () => {
    const { network, arrived, events } = setUp(constant(0), { maxInFlightBytes: 600 });
    network.hold('n1');
    for (let number = 0; number < 4; number++) network.send('n2', 'n1', body());
    network.release('n1');
    expect(arrived).toHaveLength(2);
    expect(events().filter((event) => event.endsWith('(too much in flight)'))).toHaveLength(2);
    // Released messages no longer count.
    network.hold('n1');
    for (let number = 0; number < 2; number++) network.send('n2', 'n1', body());
    network.release('n1');
    expect(arrived).toHaveLength(4);
  });
});

test('a message sent in a client’s name takes the path of the node that sent it', () => {
  const { network, clock, arrived } = setUp(constant(10));
  expect(network.forward('n1', 'c1', 'n2', body())).toBe('sent');
  expect(network.forward('n1', 'c1', 'n9', body())).toBe('unknown-dest');
  expect(arrived).toEqual([]);
  clock.advance(10 * NANOS_PER_MS);
  expect(arrived).toEqual(['10ms c1->n2 {}']);
  const asked: string[] = [];
  const watch: Rule = { name: 'watch', onSend: ({ src }) => (asked.push(src), PASS) };
  network.addRule(watch);
  network.forward('n1', 'c1', 'n2', body());
  expect(asked).toEqual(['n1']);
});

describe('faults between spared nodes', () => {
  const cut = (...groups: readonly (readonly string[])[]): Rule =>
    partitionRule(
      new Map(
        groups.flatMap((group) =>
          group.map((node) => [node, new Set(groups.filter((one) => one !== group).flat())] as const),
        ),
      ),
    );
  const lossy: Rule = { name: 'loss', onSend: () => ({ kind: 'drop', reason: 'loss' }) };

  test('are not asked, those at all others are; rules for the whole run still apply', () => {
    const { network, arrived } = setUp(constant(0));
    const sendAll = (): string[] => {
      arrived.length = 0;
      for (const [src, dest] of [
        ['n1', 'n2'],
        ['n2', 'n1'],
        ['n1', 'n3'],
        ['n2', 'lin-kv'],
        ['n3', 'lin-kv'],
      ] as const)
        network.send(src, dest, body());
      return arrived.map((line) => line.split(' ')[1] ?? '');
    };
    network.addRule(cut(['n1'], ['n2', 'n3']));
    network.addRule({ ...lossy, isFault: true });
    expect(sendAll()).toEqual([]);
    network.spare(['n1', 'n2']);
    expect(sendAll()).toEqual(['n1->n2', 'n2->n1', 'n2->lin-kv']);
    const remove = network.addRule(lossy);
    expect(sendAll()).toEqual([]);
    remove();
    network.spare([]);
    expect(sendAll()).toEqual([]);
  });
});

test('a link is cut if a partition or a one-way cut loses all its messages, one way or both, until it is spared or healed', () => {
  const { network } = setUp(constant(0));
  const cuts = (): readonly string[] =>
    ['n1', 'n2', 'n3', 'lin-kv', 'nowhere'].flatMap((from) =>
      ['n1', 'n2', 'n3'].flatMap((to) => (network.isCut(from, to) ? [`${from}->${to}`] : [])),
    );
  network.addRule(lossRule({ links: () => true, streams: new LinkStreams(Random.fromSeed('loss')) }, 1));
  expect(cuts()).toEqual([]);
  const heal = network.addRule(partitionRule(new Map([['n2', new Set(['n1', 'n3'])]]), 'one-way'));
  network.addRule(partitionRule(new Map([['n1', new Set(['n2'])]])));
  expect(cuts()).toEqual(['n1->n2', 'n2->n1', 'n3->n2']);
  network.spare(['n1', 'n2']);
  expect(cuts()).toEqual(['n3->n2']);
  network.spare([]);
  heal();
  expect(cuts()).toEqual(['n2->n1']);
});
