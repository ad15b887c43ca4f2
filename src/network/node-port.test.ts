import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { Causes, originOf } from '../world/cause.ts';
import { Random } from '../world/random.ts';
import type { NodeHandle } from '../world/world.ts';
import { NO_JOURNAL, type Journal } from './journal/journal.ts';
import { MemoryJournal } from './journal/memory-journal.ts';
import { Network } from './network.ts';
import { NodePort } from './node-port.ts';
import { ViolationLog, type Violation } from './violations.ts';

function setUp({
  journal = NO_JOURNAL,
  causes,
  ...options
}: { maxBacklogBytes?: number; journal?: Journal; causes?: Causes | undefined } = {}) {
  const network = new Network({
    clock: new ManualClock(),
    random: Random.fromSeed('test'),
    latency: { distribution: 'constant', meanMs: 0 },
    journal,
    causes,
  });
  const reported: Violation[] = [];
  const violations = new ViolationLog({ onViolation: (violation) => reported.push(violation), samples: 2 });
  const received: string[] = [];
  network.attach('c1', 'client', { deliver: ({ body }) => void received.push(body.toString()) });
  const port = new NodePort({ name: 'n1', network, violations, ...options });
  network.attach('n1', 'node', port);
  const print = (line: string | Buffer): void => {
    const bytes = Buffer.concat([Buffer.from('before'), Buffer.from(line), Buffer.from('after')]);
    port.line(bytes, 6, bytes.length - 5);
  };
  return { network, port, violations, reported, received, print };
}

test('a message’s body is passed on as the bytes in which it was written', () => {
  const { print, received, violations } = setUp();
  print(' {"dest":"c1", "src" : "n1","body": {"x": 1.0, "y":"\\u00e9é"} , "id": 7}\r');
  expect(received).toEqual(['{"x": 1.0, "y":"\\u00e9é"}']);
  expect(violations.total).toBe(0);
});

test('a message is sent without unknown envelope fields, with a warning', () => {
  const { print, received, reported } = setUp();
  print('{"dest":"c1","src":"n1","type":"x","body":{"x":1}}');
  expect(received).toEqual(['{"x":1}']);
  expect(reported.map(({ kind, message }) => `${kind}: ${message}`)).toMatchInlineSnapshot(`
    [
      "extra-envelope-field: Line 1 of n1's stdout has the field "type" in addition to "src", "dest" and "body". The message was sent without it; the original Maelstrom ignores everything that such a node sends from then on. Expected: all other fields are in the "body".",
    ]
  `);
});

test('a client’s request may be forwarded in the client’s name, with a warning; any other foreign name is refused', () => {
  const { network, print, reported } = setUp();
  const delivered: string[] = [];
  network.attach('n2', 'node', {
    deliver: ({ src, body }) => void delivered.push(`${src} ${body.toString()}`),
  });
  print('{"src":"c1","dest":"n2","body":{"type":"read","msg_id":1}}');
  for (const src of ['c9', 'n2', 'lin-kv']) print(`{"src":"${src}","dest":"n2","body":{}}`);
  print('{"src":"c1","dest":"n1","body":{"type":"read_ok"}}');
  expect(delivered).toEqual(['c1 {"type":"read","msg_id":1}']);
  expect(reported.map(({ kind }) => kind)).toEqual(['client-src', 'wrong-src', 'wrong-src']);
  expect(reported.slice(1).map(({ message }) => message.replace(/.*not sent\./, ''))).toEqual([
    '',
    ' A node learns its name from "node_id" in `init`.',
  ]);
  const others = setUp();
  others.network.attach('n2', 'node', { deliver: () => undefined });
  others.print('{"src":"n2","dest":"c1","body":{"type":"init_ok"}}');
  others.print('{"src":"c1","dest":"n1","body":{"type":"init_ok"}}');
  expect(others.reported.map(({ message }) => message.replace(/.*not sent\./, ''))).toEqual([
    ' A node learns its name from "node_id" in `init`.',
    ' "src" and "dest" seem to be copied from the request: an answer must swap them.',
  ]);
  expect(reported[0]?.message).toMatchInlineSnapshot(
    `"Line 1 of n1's stdout has the "src" "c1", which is a client's name. The message was sent unchanged, so the reply goes to that client. Expected: "src" is the sender's own name, "n1"."`,
  );
});

test('a byte order mark is named, whatever follows it', () => {
  const { network, print, reported } = setUp();
  print('\ufeff{"src":"n1","dest":"c1","body":{}}');
  print(Buffer.from('\ufeff{"src":"n1","dest":"c1","body":{}}', 'utf16le'));
  expect(network.messages).toBe(0);
  expect(reported.map(({ kind, message }) => `${kind}: ${message}`)).toMatchInlineSnapshot(`
    [
      "byte-order-mark: Line 1 of n1's stdout is not a message: it begins with the byte order mark of UTF-8. Expected: one JSON object per line, such as {"src": "n1", "dest": "c1", "body": {"type": "echo_ok", ...}}, in UTF-8 without a byte order mark. Choose an encoding without a byte order mark: new UTF8Encoding(false) in .NET, utf-8 and not utf-8-sig in Python.",
      "byte-order-mark: Line 2 of n1's stdout is not a message: it begins with the byte order mark of UTF-16. Expected: one JSON object per line, such as {"src": "n1", "dest": "c1", "body": {"type": "echo_ok", ...}}, in UTF-8 without a byte order mark. Set the encoding of stdout to UTF-8.",
    ]
  `);
});

test('a number of more than a thousand characters is refused anywhere', () => {
  const { network, print, reported, violations } = setUp();
  const digits = '9'.repeat(1001);
  print(`{"src":"n1","dest":"c1","body":{"x":[{"y":${digits}}]}}`);
  for (const number of [`1e${digits}`, `-${digits}`, `0.${digits}`])
    print(`{"src":"n1","dest":"c1","body":{"in_reply_to":${number}}}`);
  print(`{"id":${digits},"src":"n1","dest":"c1","body":{}}`);
  expect(network.messages).toBe(0);
  expect(violations.list().map(({ kind, count }) => `${kind} ${count}`)).toEqual(['number-too-long 5']);
  expect(reported[0]?.message).toMatchInlineSnapshot(
    `"Line 1 of n1's stdout is not a message: it has a number of 1001 characters at offset 42. Expected: numbers of at most 980 characters. Send longer ones as strings."`,
  );
});

test('each invalid line is recorded with its number and explained, and nothing is sent', () => {
  const { network, print, reported } = setUp();
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
  expect(reported.map(({ node, kind, line, count }) => `${node} ${kind} ${line} ${count}`)).toEqual([
    'n1 not-json 1 1',
    'n1 not-an-object 2 1',
    'n1 body-missing 3 1',
    'n1 blank-line 4 1',
    'n1 unknown-dest 5 1',
    'n1 wrong-src 6 1',
    'n1 not-utf8 7 1',
    'n1 not-json 8 2',
  ]);
  expect(reported[0]?.message).toMatch(/^Line 1 of n1's stdout is not a message: it is not JSON/);
  expect(reported[4]?.message).toMatchInlineSnapshot(
    `"Line 5 of n1's stdout is for "n7", but nothing with that name exists. Expected: "dest" is a node, a client or a service. The message was not sent."`,
  );
  expect(reported[5]?.message).toMatchInlineSnapshot(
    `"Line 6 of n1's stdout claims to come from "n2". Expected: "src" is the sender's own name, "n1". The message was not sent."`,
  );
  for (const { message, sample } of reported) expect(message + sample).not.toContain('\u001b');
});

test('repeated violations are counted, but reported and kept a few times only', () => {
  const { print, reported, violations } = setUp();
  for (let i = 0; i < 1000; i++) print('garbage');
  expect(reported.map(({ count }) => count)).toEqual([1, 2]);
  expect(violations.list()).toMatchObject([{ node: 'n1', kind: 'not-json', line: 1, count: 1000 }]);
  expect(violations.total).toBe(1000);
});

test('line numbers continue when the node is restarted', () => {
  const { port, print, reported } = setUp();
  print('one');
  port.brokenLine({ kind: 'unfinished', bytes: 3, beginning: 'two' });
  port.connect(handle(0));
  print('three');
  expect(reported.map(({ kind, line }) => `${kind} ${line}`)).toEqual([
    'not-json 1',
    'line-unfinished 2',
    'not-json 3',
  ]);
});

/** A running node that accepts everything and has `backlogBytes` unread bytes. */
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

test('a node that does not read gets nothing more, and that is recorded', () => {
  const { network, port, reported } = setUp({ maxBacklogBytes: 1024 * 1024 });
  const delivered: string[] = [];
  port.connect(handle(1024 * 1024, delivered));
  network.send('c1', 'n1', Buffer.from('{"a":1}'));
  port.connect(handle(1024 * 1024 + 1, delivered));
  network.send('c1', 'n1', Buffer.from('{"b":1}'));
  expect(delivered).toEqual(['{"a":1}']);
  expect(reported.map(({ message }) => message)).toEqual([
    'n1 does not read its stdin: 1 MiB of messages are waiting for it. Further messages to it are dropped until it reads again. ' +
      'Expected: a node keeps reading while it writes.',
  ]);
});

describe('a cause given by a node', () => {
  const setUpJournalled = (causes?: Causes) => {
    const journal = new MemoryJournal();
    const { network, violations, reported, print } = setUp({ journal, causes });
    network.attach('n2', 'node', { deliver: () => undefined });
    network.attach('lin-kv', 'service', {
      deliver: ({ src }) => void network.sendJson('lin-kv', src, { type: 'read_ok' }),
    });

    network.sendJson('c1', 'n1', { type: 'write' });
    network.sendJson('c1', 'n2', { type: 'write' });
    const origins = () =>
      Array.from({ length: journal.messageCount }, (_, id) => originOf(journal.message(id)));
    return { origins, violations, reported, print };
  };
  const handling = (message: number) => ({ message, byTimer: false });
  const none = { message: undefined, byTimer: false };

  test('is kept with the message, and removed from what is delivered', () => {
    const { origins, print, violations } = setUpJournalled();
    print('{"src":"n1","dest":"n2","cause":0,"body":{"type":"x"}}');
    print('{"src":"n1","dest":"n2","body":{"type":"x"},"cause":{"timer":0}}');
    print('{"src":"n1","dest":"n2","body":{"type":"x"},"cause":null}');
    print('{"src":"n1","dest":"n2","body":{"type":"x"}}');
    expect(origins()).toEqual([
      undefined,
      undefined,
      handling(0),
      { message: 0, byTimer: true },
      none,
      undefined,
    ]);
    expect(violations.total).toBe(0);
  });

  test('gives the causes of messages of clients and services', () => {
    const { origins, print } = setUpJournalled();
    print('{"src":"n1","dest":"lin-kv","cause":0,"body":{"type":"read"}}');
    expect(origins().slice(2)).toEqual([handling(0), handling(2)]);
  });

  test('is left out if the node cannot know it, with a warning', () => {
    const { origins, print, reported } = setUpJournalled();
    for (const cause of ['1', '99', '{"timer":1}', '"0"', '{"x":[1,2]}'])
      print(`{"src":"n1","dest":"n2","cause":${cause},"body":{"type":"x"}}`);
    expect(origins().slice(2)).toEqual(Array.from({ length: 5 }));
    expect(reported.map(({ kind }) => kind)).toEqual(['unknown-cause', 'unknown-cause']);
    expect(reported[0]?.message).toMatchInlineSnapshot(
      `"Line 1 of n1's stdout has the "cause" 1, but n1 has received no message with that id. The message was sent without its cause. Expected: the "id" of a message that n1 received, {"timer": id} or null."`,
    );
  });

  test('is ignored if the world knows better', () => {
    const { origins, print, violations } = setUpJournalled(new Causes());
    print('{"src":"n1","dest":"n2","cause":99,"body":{"type":"x"}}');
    expect(origins()[2]).toEqual(none);
    expect(violations.total).toBe(0);
  });
});

test('the beginning of a too long or unfinished line is shown without a wrong length', () => {
  const { port, reported } = setUp();
  port.brokenLine({ kind: 'too-long', limitBytes: 1000, beginning: 'x'.repeat(400) });
  port.unfinishedLine({ bytes: 7, beginning: '{\u001b[2J', sinceNanos: 0 });
  expect(reported.map(({ sample }) => sample)).toEqual([`${'x'.repeat(200)}...`, String.raw`{\u001b[2J`]);
});

test('the last message that a node received since it last printed a line is known, as far as it is kept', () => {
  const { network, port, print } = setUp();
  const given = (text: string): void => void network.send('c1', 'n1', Buffer.from(text));
  expect(port.lastGiven()).toBeUndefined();
  given('{"type":"read"}');
  given(`{"type":"${'x'.repeat(400)}"}`);
  expect(port.lastGiven()).toEqual({
    src: 'c1',
    count: 2,
    bytes: 411,
    beginning: `{"type":"${'x'.repeat(291)}...`,
  });
  print('{"src":"n1","dest":"c1","body":{}}');
  expect(port.lastGiven()).toBeUndefined();
});
