import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from './json.ts';
import type { Fields, Json, Message } from './message.ts';
import { Node } from './node.ts';
import { RpcError } from './rpc-error.ts';
import type { Transport } from './transport.ts';
import { withFields } from './with-fields.ts';

/** A network of one: records what the node sends; the test delivers what it receives. */
class Wire implements Transport {
  readonly sent: Message[] = [];
  readonly logged: string[] = [];
  exited = false;
  receiveLine: (line: string) => void = () => {};
  end: () => void = () => {};

  start(onLine: (line: string) => void, onEnd: () => void): void {
    this.receiveLine = onLine;
    this.end = onEnd;
  }
  send(line: string): void {
    this.sent.push(parse(line) as unknown as Message);
  }
  log(line: string): void {
    this.logged.push(line);
  }
  exit(): void {
    this.exited = true;
  }

  receive(src: string, body: Fields): void {
    this.receiveLine(JSON.stringify({ src, dest: 'n1', body }));
  }
  init(): void {
    this.receive('c0', { type: 'init', node_id: 'n1', node_ids: ['n1', 'n2', 'n3'], msg_id: 1 });
  }
  /** Returns the bodies sent since the last call. */
  bodies(): Message['body'][] {
    return this.sent.splice(0).map(({ body }) => body);
  }
}

/** Lets all promises that can settle do so. */
const settled = () => vi.advanceTimersByTimeAsync(0);

let wire: Wire;
let node: Node;

beforeEach(() => {
  vi.useFakeTimers();
  wire = new Wire();
  node = new Node({ transport: wire, firstMsgId: 1 });
});
afterEach(() => {
  vi.useRealTimers();
});

const initialised = () => {
  wire.init();
  wire.sent.length = 0;
};

describe('init', () => {
  it('names the node, and is answered', () => {
    expect(() => node.id).toThrow(/learns its name and its peers from the init message/);
    wire.init();
    expect(node.id).toBe('n1');
    expect(node.nodeIds).toEqual(['n1', 'n2', 'n3']);
    expect(node.peers).toEqual(['n2', 'n3']);
    expect(wire.sent).toEqual([{ src: 'n1', dest: 'c0', body: { type: 'init_ok', in_reply_to: 1 } }]);
  });

  it('is answered when all hooks have finished, in their order', async () => {
    const order: string[] = [];
    node.onInit(async () => {
      await node.rpc('lin-kv', { type: 'read', key: 'x' });
      order.push('first');
    });
    node.onInit(() => void order.push('second'));
    wire.init();
    await settled();
    expect(wire.bodies()).toEqual([{ type: 'read', key: 'x', msg_id: 1 }]);
    wire.receive('lin-kv', { type: 'read_ok', value: 3, in_reply_to: 1 });
    await settled();
    expect(order).toEqual(['first', 'second']);
    expect(wire.bodies()).toEqual([{ type: 'init_ok', in_reply_to: 1 }]);
  });

  it('fails when a hook fails', async () => {
    node.onInit(() => {
      throw new Error('no disk');
    });
    wire.init();
    await settled();
    expect(wire.bodies()).toEqual([
      {
        type: 'error',
        code: 13,
        text: expect.stringMatching(/^Error: no disk at node\.test\.ts:\d+$/),
        in_reply_to: 1,
      },
    ]);
  });

  it('cannot have a handler of the program', () => {
    expect(() => node.on('init', () => ({}))).toThrow(/onInit/);
  });
});

describe('the names of the other nodes', () => {
  it('cannot be asked for at the top level of a program, where there are none yet', () => {
    const early = new Node({ transport: new Wire() });
    expect(() => early.nodeIds).toThrow(/learns its name and its peers from the init message/);
    expect(() => early.peers).toThrow(/learns its name and its peers from the init message/);
  });

  it('are none for what runs later and still before init, such as a timer of the program', async () => {
    await settled();
    expect([node.nodeIds, node.peers]).toEqual([[], []]);
    wire.init();
    expect(node.peers).toEqual(['n2', 'n3']);
  });
});

describe('a handler', () => {
  beforeEach(initialised);

  it('replies with what it returns, typed as the request with _ok', () => {
    node.on('echo', (body: { echo: Json }) => ({ echo: body.echo }));
    wire.receive('c1', { type: 'echo', echo: [1, 'two'], msg_id: 7 });
    expect(wire.sent).toEqual([
      { src: 'n1', dest: 'c1', body: { type: 'echo_ok', echo: [1, 'two'], in_reply_to: 7 } },
    ]);
  });

  it('may name the type of its reply', () => {
    node.on('vote', () => ({ type: 'vote_denied', term: 4 }));
    wire.receive('n2', { type: 'vote', msg_id: 7 });
    expect(wire.bodies()).toEqual([{ type: 'vote_denied', term: 4, in_reply_to: 7 }]);
  });

  it('may take time', async () => {
    node.on('slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { done: true };
    });
    wire.receive('c1', { type: 'slow', msg_id: 7 });
    await vi.advanceTimersByTimeAsync(99);
    expect(wire.bodies()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(wire.bodies()).toEqual([{ type: 'slow_ok', done: true, in_reply_to: 7 }]);
  });

  it('that returns nothing replies nothing, and may reply later', () => {
    let request: Message | undefined;
    node.on('append', (_body, message) => {
      request = message;
    });
    wire.receive('c1', { type: 'append', msg_id: 7 });
    expect(wire.bodies()).toEqual([]);
    if (request !== undefined) node.reply(request, { index: 3 });
    expect(wire.bodies()).toEqual([{ type: 'append_ok', index: 3, in_reply_to: 7 }]);
  });

  it('does not reply to a message that is not a request', () => {
    node.on('gossip', () => ({}));
    wire.receive('n2', { type: 'gossip' });
    expect(wire.bodies()).toEqual([]);
  });

  it('replies with the RpcError it throws, at once or later', async () => {
    node.on('read', () => {
      throw RpcError.keyDoesNotExist('no x');
    });
    node.on('write', async () => {
      await Promise.resolve();
      throw RpcError.temporarilyUnavailable('no leader');
    });
    wire.receive('c1', { type: 'read', msg_id: 7 });
    wire.receive('c1', { type: 'write', msg_id: 8 });
    await settled();
    expect(wire.bodies()).toEqual([
      { type: 'error', code: 20, text: 'no x', in_reply_to: 7 },
      { type: 'error', code: 11, text: 'no leader', in_reply_to: 8 },
    ]);
    expect(wire.logged).toEqual([]);
  });

  it('that fails otherwise is logged with its stack and answered with error 13', async () => {
    node.on('read', () => {
      throw new TypeError('x is not a function');
    });
    node.on('write', () => Promise.reject(new TypeError('y is not a function')));
    wire.receive('c1', { type: 'read', msg_id: 7 });
    wire.receive('c1', { type: 'write', msg_id: 8 });
    await settled();
    expect(wire.bodies()).toEqual([
      {
        type: 'error',
        code: 13,
        text: expect.stringMatching(/^TypeError: x is not a function at node\.test\.ts:\d+$/),
        in_reply_to: 7,
      },
      {
        type: 'error',
        code: 13,
        text: expect.stringMatching(/^TypeError: y is not a function at node\.test\.ts:\d+$/),
        in_reply_to: 8,
      },
    ]);
    expect(wire.logged).toEqual([
      expect.stringMatching(/^The handler of "read" failed: TypeError: x is not a function\n +at /),
      expect.stringMatching(/^The handler of "write" failed: TypeError: y is not a function\n +at /),
    ]);
  });

  it.each([
    ['a text', '{"echo":5}', String.raw`"{\"echo\":5}"`],
    ['a number', 42, '42'],
    ['a list', [1, 'two'], '[1,"two"]'],
    ['null', null, 'null'],
  ])('that returns %s instead of fields is named, with what it returned', async (_what, returned, shown) => {
    node.on('echo', () => returned as unknown as Fields);
    node.on('later', () => Promise.resolve(returned as unknown as Fields));
    wire.receive('c1', { type: 'echo', msg_id: 7 });
    wire.receive('c1', { type: 'later', msg_id: 8 });
    await settled();
    const text = `The handler returned ${shown}; expected an object, such as { value: 1 }`;
    expect(wire.bodies()).toEqual([
      { type: 'error', code: 13, text, in_reply_to: 7 },
      { type: 'error', code: 13, text, in_reply_to: 8 },
    ]);
  });

  it('can be registered only once', () => {
    node.on('read', () => ({}));
    expect(() => node.on('read', () => ({}))).toThrow(/a handler for "read" already/);
  });

  it('receives and returns integers beyond 2^53 digit by digit', () => {
    node.on('echo', (body) => ({ echo: body.echo }));
    wire.receiveLine('{"src":"c1","dest":"n1","body":{"type":"echo","echo":9223372036854775807,"msg_id":7}}');
    expect(wire.bodies()).toEqual([{ type: 'echo_ok', echo: 9223372036854775807n, in_reply_to: 7 }]);
  });
});

describe('a message without a handler', () => {
  beforeEach(initialised);

  it('is refused with error 10 if it is a request, and logged once', () => {
    node.on('read', () => ({}));
    wire.receive('c1', { type: 'reed', msg_id: 7 });
    wire.receive('c1', { type: 'reed', msg_id: 8 });
    const text = 'n1 has no handler for "reed"; it handles "read"';
    expect(wire.bodies()).toEqual([
      { type: 'error', code: 10, text, in_reply_to: 7 },
      { type: 'error', code: 10, text, in_reply_to: 8 },
    ]);
    expect(wire.logged).toEqual([`${text}. c1 sent one.`]);
  });

  it('is not answered if it is not a request', () => {
    wire.receive('n2', { type: 'gossip' });
    expect(wire.bodies()).toEqual([]);
  });

  it('is refused before init too', () => {
    const early = new Wire();
    const unborn = new Node({ transport: early });
    early.receive('c1', { type: 'read', msg_id: 7 });
    expect(unborn.nodeIds).toEqual([]);
    expect(early.sent).toMatchObject([{ src: 'n1', dest: 'c1', body: { type: 'error', code: 10 } }]);
  });

  it('is logged if it is not a message at all', () => {
    const lines = ['hello', '[]', '{}', '{"src":"c1","dest":"n1","body":{}}', '['.repeat(100_000)];
    for (const line of lines) wire.receiveLine(line);
    expect(wire.bodies()).toEqual([]);
    expect(wire.logged).toHaveLength(lines.length);
    expect(wire.logged[0]).toBe('Not a message, ignored: hello');
  });

  it('is ignored if it is a blank line', () => {
    wire.receiveLine('');
    wire.receiveLine('  \r');
    expect(wire.logged).toEqual([]);
  });
});

describe('rpc', () => {
  beforeEach(initialised);

  it('resolves with the reply to its own request', async () => {
    const first = node.rpc('n2', { type: 'ask' });
    const second = node.rpc('n2', { type: 'ask' });
    expect(wire.bodies().map((body) => body.msg_id)).toEqual([1, 2]);
    wire.receive('n2', { type: 'ask_ok', value: 'b', in_reply_to: 2 });
    wire.receive('n2', { type: 'ask_ok', value: 'a', in_reply_to: 1 });
    expect((await first).value).toBe('a');
    expect((await second).value).toBe('b');
  });

  it('is not resolved by a reply to a former life', async () => {
    const firstIds = Array.from({ length: 5 }, () => {
      const life = new Node({ transport: wire });
      initialised();
      life.rpc('n2', { type: 'ask' }).catch(() => {});
      return wire.bodies()[0]?.msg_id;
    });
    await vi.runAllTimersAsync();
    expect(new Set(firstIds).size).toBe(5);
  });

  it('rejects with an error reply', async () => {
    const asked = node.rpc('lin-kv', { type: 'cas' });
    wire.receive('lin-kv', { type: 'error', code: 22, text: 'it is 4', in_reply_to: 1 });
    const error: unknown = await asked.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({ code: 22, text: 'it is 4', definite: true });
  });

  it('rejects with error 0 when no reply comes in time, and ignores one that comes later', async () => {
    const asked = node.rpc('n2', { type: 'ask' }, { timeoutMs: 300 });
    const outcome = expect(asked).rejects.toMatchObject({
      code: 0,
      definite: false,
      text: 'n2 did not answer "ask" within 300 ms',
    });
    await vi.advanceTimersByTimeAsync(300);
    await outcome;
    wire.receive('n2', { type: 'ask_ok', in_reply_to: 1 });
    expect(wire.bodies()).toEqual([{ type: 'ask', msg_id: 1 }]);
    expect(wire.logged).toEqual([]);
  });

  it('leaves no timer behind once it is answered', async () => {
    const asked = node.rpc('n2', { type: 'ask' });
    wire.receive('n2', { type: 'ask_ok', in_reply_to: 1 });
    await asked;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ignores a reply from another node, and a second reply', async () => {
    const asked = node.rpc('n2', { type: 'ask' });
    wire.receive('n3', { type: 'ask_ok', value: 'forged', in_reply_to: 1 });
    wire.receive('n2', { type: 'ask_ok', value: 'true', in_reply_to: 1 });
    wire.receive('n2', { type: 'ask_ok', value: 'again', in_reply_to: 1 });
    expect((await asked).value).toBe('true');
  });

  it('rejects before init, when the node has no name yet', async () => {
    await expect(new Node({ transport: new Wire() }).rpc('n2', { type: 'ask' })).rejects.toThrow(/init/);
  });
});

describe('timers', () => {
  it('every starts when the node has its name, and stops on request', async () => {
    let beats = 0;
    const stop = node.every(100, () => void beats++);
    await vi.advanceTimersByTimeAsync(1000);
    expect(beats).toBe(0);
    wire.init();
    await vi.advanceTimersByTimeAsync(350);
    expect(beats).toBe(3);
    stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(beats).toBe(3);
  });

  it('every skips beats while the last one is still running', async () => {
    wire.init();
    let beats = 0;
    node.every(100, async () => {
      beats++;
      await new Promise((resolve) => setTimeout(resolve, 250));
    });
    await vi.advanceTimersByTimeAsync(700);
    expect(beats).toBe(3); // at 100, 400 and 700 ms
  });

  it('every continues after a failed beat, which is logged', async () => {
    wire.init();
    node.every(100, () => Promise.reject(new Error('first')));
    node.every(100, () => {
      throw new Error('second');
    });
    await vi.advanceTimersByTimeAsync(200);
    expect(wire.logged).toHaveLength(4);
    expect(wire.logged[0]).toMatch(/^A timer failed: Error: /);
  });

  it('after runs once, counted from init at the earliest, unless it is cancelled', async () => {
    const ran: string[] = [];
    node.after(100, () => void ran.push('early'));
    await vi.advanceTimersByTimeAsync(1000);
    wire.init();
    node.after(50, () => void ran.push('late'));
    const cancel = node.after(50, () => void ran.push('never'));
    cancel();
    await vi.advanceTimersByTimeAsync(1000);
    expect(ran).toEqual(['late', 'early']);
  });
});

describe('log', () => {
  it('shows text unchanged, values as JSON and errors with their stack', () => {
    node.log('seen', { a: [1, 2n] }, undefined, new Error('oops'));
    expect(wire.logged[0]).toMatch(/^seen \{"a":\[1,2\]\} undefined Error: oops\n +at /);
  });
});

it('the end of input ends the program', () => {
  wire.end();
  expect(wire.exited).toBe(true);
});

describe('a retried request', () => {
  const outcomeOf = (asked: Promise<unknown>) => asked.then(String, String);
  const requests = () => wire.bodies().filter(({ type }) => type === 'ask');

  it('is a new request each time, until one is answered', async () => {
    initialised();
    const answer = node.rpc<{ value: number }>('n2', { type: 'ask' }, { timeoutMs: 100, retries: 5 });
    await vi.advanceTimersByTimeAsync(100);
    await vi.advanceTimersByTimeAsync(60);
    await vi.advanceTimersByTimeAsync(100);
    await vi.advanceTimersByTimeAsync(110);
    const asked = requests();
    expect(asked).toHaveLength(3);
    expect(new Set(asked.map(({ msg_id: id }) => id)).size).toBe(3);
    wire.receive('n2', { type: 'ask_ok', in_reply_to: asked[2]?.msg_id, value: 7 });
    expect((await answer).value).toBe(7);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests()).toEqual([]);
  });

  it('is retried if the other side is temporarily unavailable, but not if it refuses', async () => {
    initialised();
    const outcome = outcomeOf(node.rpc('n2', { type: 'ask' }, { retries: Infinity }));
    wire.receive('n2', { type: 'error', in_reply_to: requests()[0]?.msg_id, code: 11, text: 'no leader' });
    await vi.advanceTimersByTimeAsync(60);
    wire.receive('n2', { type: 'error', in_reply_to: requests()[0]?.msg_id, code: 22, text: 'it is 3' });
    expect(await outcome).toBe('RpcError: error 22: it is 3');
  });

  it('ends with the last error after the last retry', async () => {
    initialised();
    const outcome = outcomeOf(node.rpc('n2', { type: 'ask' }, { timeoutMs: 100, retries: 2 }));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await outcome).toBe('RpcError: error 0: n2 did not answer "ask" within 100 ms');
    expect(requests()).toHaveLength(3);
  });
});

describe('a signal', () => {
  it('aborts a request, whose late reply is ignored', async () => {
    initialised();
    const giveUp = new AbortController();
    const outcome = node.rpc('n2', { type: 'ask' }, { signal: giveUp.signal }).then(String, String);
    const [asked] = wire.bodies();
    giveUp.abort(new Error('no longer wanted'));
    wire.receive('n2', { type: 'ask_ok', in_reply_to: asked?.msg_id });
    expect(await outcome).toBe('Error: no longer wanted');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('aborts it between two attempts as well, and sends nothing if it was already aborted', async () => {
    initialised();
    const giveUp = new AbortController();
    const options = { timeoutMs: 100, retries: Infinity, signal: giveUp.signal };
    const outcome = node.rpc('n2', { type: 'ask' }, options).then(String, String);
    await vi.advanceTimersByTimeAsync(110);
    giveUp.abort(new Error('no longer wanted'));
    expect(await outcome).toBe('Error: no longer wanted');
    expect(vi.getTimerCount()).toBe(0);
    wire.bodies();
    await expect(node.rpc('n2', { type: 'ask' }, options)).rejects.toThrow('no longer wanted');
    expect(wire.bodies()).toEqual([]);
  });

  it('ends a sleep', async () => {
    const wake = new AbortController();
    const sleep = node.sleep(10_000, wake.signal).then(String, String);
    wake.abort(new Error('up'));
    expect(await sleep).toBe('Error: up');
    const whole = node.sleep(500).then(() => 'slept');
    await vi.advanceTimersByTimeAsync(500);
    expect(await whole).toBe('slept');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('objects with added fields', () => {
  it.each(['{"b":1,"type":"x","a":2}', '{"__proto__":{"type":"y"},"a":2}', '{}'])(
    'equal those made by a spread: %s',
    (text) => {
      const fields = JSON.parse(text) as Fields;
      const more = { type: 'z', in_reply_to: 1 };
      expect(JSON.stringify(withFields(fields, more))).toBe(JSON.stringify({ ...fields, ...more }));
    },
  );
});
