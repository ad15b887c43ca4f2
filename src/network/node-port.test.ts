import { expect, test } from 'vitest';
import { ManualClock } from '../../test/manual-clock.ts';
import { Random } from '../world/random.ts';
import type { NodeHandle } from '../world/world.ts';
import { NO_JOURNAL } from './journal.ts';
import { Network } from './network.ts';
import { NodePort } from './node-port.ts';
import { ViolationLog, type Violation } from './violations.ts';

function setUp(options: { maxBacklogBytes?: number } = {}) {
  const network = new Network({
    clock: new ManualClock(),
    random: Random.fromSeed('test'),
    latency: { distribution: 'constant', meanMs: 0 },
    journal: NO_JOURNAL,
  });
  const told: Violation[] = [];
  const violations = new ViolationLog({ onViolation: (violation) => told.push(violation), samples: 2 });
  const received: string[] = [];
  network.attach('c1', 'client', { deliver: ({ body }) => void received.push(body.toString()) });
  const port = new NodePort({ name: 'n1', network, violations, ...options });
  network.attach('n1', 'node', port);
  const print = (line: string | Buffer): void => {
    const bytes = Buffer.concat([Buffer.from('before'), Buffer.from(line), Buffer.from('after')]);
    port.line(bytes, 6, bytes.length - 5);
  };
  return { network, port, violations, told, received, print };
}

test('a message’s body goes on as the bytes it was written in', () => {
  const { print, received, violations } = setUp();
  print(' {"dest":"c1", "src" : "n1","body": {"x": 1.0, "y":"\\u00e9é"} , "extra": [1]}\r');
  expect(received).toEqual(['{"x": 1.0, "y":"\\u00e9é"}']);
  expect(violations.total).toBe(0);
});

test('each line that is no message is recorded with its number and explained, and nothing is sent', () => {
  const { network, print, told } = setUp();
  for (const line of [
    'Starting...',
    '[1]',
    '{"src":"n1","dest":"c1"}',
    '',
    '{"src":"n1","dest":"n7","body":{}}',
  ])
    print(line);
  print('{"src":"n2","dest":"c1","body":{}}');
  print(Buffer.from('{"src":"n1","dest":"c1","body":{"x":"\xff"}}', 'latin1'));
  print('{"src":"n1","dest":"\u001b[2J","body":{}}');
  expect(network.messages).toBe(0);
  expect(told.map(({ node, kind, line, count }) => `${node} ${kind} ${line} ${count}`)).toEqual([
    'n1 not-json 1 1',
    'n1 not-an-object 2 1',
    'n1 body-missing 3 1',
    'n1 blank-line 4 1',
    'n1 unknown-dest 5 1',
    'n1 wrong-src 6 1',
    'n1 not-utf8 7 1',
    'n1 not-json 8 2',
  ]);
  expect(told[0]?.message).toMatch(/^Line 1 of n1's stdout is no message: it is not JSON/);
  expect(told[4]?.message).toMatchInlineSnapshot(
    `"Line 5 of n1's stdout is for "n7", and there is nobody of that name. Expected: "dest" is a node, a client or a service. The message was not sent."`,
  );
  expect(told[5]?.message).toMatchInlineSnapshot(
    `"Line 6 of n1's stdout claims to come from "n2". Expected: "src" is the sender's own name, "n1". The message was not sent."`,
  );
  for (const { message, sample } of told) expect(message + sample).not.toContain('\u001b');
});

test('what was seen often is counted, but told and kept a few times only', () => {
  const { print, told, violations } = setUp();
  for (let i = 0; i < 1000; i++) print('garbage');
  expect(told.map(({ count }) => count)).toEqual([1, 2]);
  expect(violations.list()).toMatchObject([{ node: 'n1', kind: 'not-json', line: 1, count: 1000 }]);
  expect(violations.total).toBe(1000);
});

test('lines are counted on when the node is started again', () => {
  const { port, print, told } = setUp();
  print('one');
  port.brokenLine({ kind: 'unfinished', bytes: 3, beginning: 'two' });
  port.connect(handle(0));
  print('three');
  expect(told.map(({ kind, line }) => `${kind} ${line}`)).toEqual([
    'not-json 1',
    'line-unfinished 2',
    'not-json 3',
  ]);
});

/** A running node that takes everything and has so many bytes to read. */
const handle = (backlogBytes: number, delivered: string[] = []): NodeHandle => ({
  name: 'n1',
  running: true,
  deliver: ({ body }) => void delivered.push(body.toString()),
  backlogBytes,
  kill() {},
  pause() {},
  resume() {},
  stop: () => Promise.resolve(),
});

test('a node that does not read gets no more, and that is recorded', () => {
  const { network, port, told } = setUp({ maxBacklogBytes: 1024 * 1024 });
  const delivered: string[] = [];
  port.connect(handle(1024 * 1024, delivered));
  network.send('c1', 'n1', Buffer.from('{"a":1}'));
  port.connect(handle(1024 * 1024 + 1, delivered));
  network.send('c1', 'n1', Buffer.from('{"b":1}'));
  expect(delivered).toEqual(['{"a":1}']);
  expect(told.map(({ message }) => message)).toEqual([
    'n1 does not read its stdin: 1 MiB of messages wait for it. Further messages to it are dropped until it reads on. ' +
      'Expected: a node goes on reading while it writes.',
  ]);
});
