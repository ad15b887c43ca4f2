import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parse } from './json.ts';
import type { Fields, Message } from './message.ts';
import { Node } from './node.ts';
import type { Transport } from './transport.ts';

/** Records what the node sends with its reported cause: `n2 forward 7`. */
class Wire implements Transport {
  readonly sent: string[] = [];
  readonly requests: Message[] = [];
  onLine: (line: string) => void = () => {};

  start(onLine: (line: string) => void): void {
    this.onLine = onLine;
  }
  send(line: string): void {
    const message = parse(line) as unknown as Message & { readonly cause?: unknown };
    this.requests.push(message);
    this.sent.push(`${message.dest} ${message.body.type} ${JSON.stringify(message.cause)}`);
  }
  log(): void {}
  exit(): void {}

  receive(id: number, src: string, body: Fields): void {
    this.onLine(JSON.stringify({ id, src, dest: 'n1', body }));
  }
  /** Delivers the reply to the last request of that type. */
  answer(id: number, type: string): void {
    const request = this.requests.findLast(({ body }) => body.type === type);
    if (request === undefined) throw new Error(`no ${type} was sent`);
    this.receive(id, request.dest, { type: `${type}_ok`, in_reply_to: request.body.msg_id });
  }
}

/** Resolves in a later turn of the event loop, after everything that was due before. */
/** If the process is delayed, a timer may be due before the end of the turn that set it was noticed. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setTimeout(resolve, 5)));

let wire: Wire;
let node: Node;

beforeEach(async () => {
  vi.stubEnv('MAELSTROM_CAUSES', '1');
  wire = new Wire();
  node = new Node({ transport: wire, firstMsgId: 1 });
  wire.receive(0, 'c0', { type: 'init', node_id: 'n1', node_ids: ['n1', 'n2'], msg_id: 1 });
  await nextTurn();
  wire.sent.length = 0;
});
afterEach(() => void vi.unstubAllEnvs());

it('a message names the one that was being handled when it was sent, even if its handler has waited', async () => {
  node.on('now', () => {
    node.send('n2', { type: 'gossip' });
    return {};
  });
  node.on('soon', async () => {
    await Promise.resolve();
    node.send('n2', { type: 'gossip' });
    return {};
  });
  wire.receive(7, 'c1', { type: 'soon', msg_id: 1 });
  wire.receive(8, 'c2', { type: 'now', msg_id: 2 });
  wire.receive(9, 'c3', { type: 'soon', msg_id: 3 });
  await nextTurn();
  expect(wire.sent.toSorted()).toEqual([
    'c1 soon_ok 7',
    'c2 now_ok 8',
    'c3 soon_ok 9',
    'n2 gossip 7',
    'n2 gossip 8',
    'n2 gossip 9',
  ]);
});

it('a message after a reply names the reply', async () => {
  node.on('write', async () => {
    await node.rpc('n2', { type: 'first' });
    await node.rpc('n2', { type: 'second' });
    return {};
  });
  wire.receive(7, 'c1', { type: 'write', msg_id: 1 });
  await nextTurn();
  wire.answer(9, 'first');
  await nextTurn();
  wire.receive(10, 'c2', { type: 'other' });
  wire.answer(11, 'second');
  await nextTurn();
  expect(wire.sent).toEqual(['n2 first 7', 'n2 second 9', 'c1 write_ok 11']);
});

it('a message after a timeout, a beat or a task of later names a timer', async () => {
  node.on('write', async () => {
    node.after(1, () => node.send('n3', { type: 'later' }));
    await node.rpc('n2', { type: 'forward' }, { timeoutMs: 10 });
  });
  wire.receive(7, 'c1', { type: 'write', msg_id: 1 });
  await vi.waitFor(() => expect(wire.sent).toContain('c1 error {"timer":7}'));
  expect(wire.sent).toContain('n3 later {"timer":7}');
});

it('a request that is sent again after a pause names a timer', async () => {
  node.on('write', async () => {
    await node.rpc('n2', { type: 'forward' }, { timeoutMs: 5, retries: 1 });
  });
  wire.receive(7, 'c1', { type: 'write', msg_id: 1 });
  await vi.waitFor(() => expect(wire.sent.length).toBe(3));
  expect(wire.sent).toEqual(['n2 forward 7', 'n2 forward {"timer":7}', 'c1 error {"timer":7}']);
});

it('a beat without a cause says so, each time', async () => {
  const stop = node.every(1, () => node.send('n2', { type: 'beat' }));
  await vi.waitFor(() => expect(wire.sent.length).toBeGreaterThan(2));
  stop();
  expect(new Set(wire.sent)).toEqual(new Set(['n2 beat {"timer":null}']));
});

it('a beat that was requested before init follows from init', async () => {
  const early = new Wire();
  const other = new Node({ transport: early, firstMsgId: 1 });
  const stop = other.every(1, () => other.send('n2', { type: 'beat' }));
  early.receive(3, 'c0', { type: 'init', node_id: 'n1', node_ids: ['n1', 'n2'], msg_id: 1 });
  await vi.waitFor(() => expect(early.sent).toContain('n2 beat {"timer":3}'));
  stop();
});

it('a handler with its own timer continues by a timer; if another handler woke it, nothing is reported', async () => {
  let wake = (): void => {};
  node.on('sleep', async () => {
    await nextTurn();
    node.send('n2', { type: 'slept' });
  });
  node.on('wait', async () => {
    await new Promise<void>((resolve) => (wake = resolve));
    return {};
  });
  node.on('wake', () => wake());
  wire.receive(7, 'c1', { type: 'sleep' });
  wire.receive(8, 'c1', { type: 'wait', msg_id: 1 });
  await nextTurn();
  await nextTurn();
  wire.receive(9, 'c1', { type: 'wake' });
  await nextTurn();
  expect(wire.sent).toEqual(['n2 slept {"timer":7}', 'c1 wait_ok undefined']);
});

it('nothing is reported if Maelstrom does not request it', () => {
  vi.stubEnv('MAELSTROM_CAUSES', '');
  const quiet = new Wire();
  const plain = new Node({ transport: quiet, firstMsgId: 1 });
  plain.on('echo', () => ({}));
  quiet.receive(0, 'c1', { type: 'echo', msg_id: 1 });
  expect(quiet.sent).toEqual(['c1 echo_ok undefined']);
});
