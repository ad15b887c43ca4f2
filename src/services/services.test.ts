import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../network/endpoint.ts';
import { ViolationLog } from '../network/violations.ts';
import { canonicalJson, jsonEquals, parseJson, type Json, type JsonObject } from '../protocol/json.ts';
import { Random } from '../world/random.ts';
import { LinKv } from './lin-kv.ts';
import { LinTso } from './lin-tso.ts';
import { LwwKv } from './lww-kv.ts';
import { SeqKv } from './seq-kv.ts';
import { ServiceMemory } from './service-memory.ts';
import type { ServiceMachine } from './service.ts';
import { SERVICE_NAMES, startServices } from './start-services.ts';

/** Returns the outcome of a request in short: a value, `ok`, or an error code. */
function ask(machine: ServiceMachine, client: string, body: Request): Json {
  const answer = machine.handle(body.type, body, client);
  if (answer.kind !== 'ok') return answer.kind === 'error' ? answer.code : answer.kind;
  return 'value' in answer.fields ? { value: answer.fields['value'] ?? null } : 'ok';
}

type Request = JsonObject & { readonly type: string };

const read = (key: Json): Request => ({ type: 'read', key });
const write = (key: Json, value: Json): Request => ({ type: 'write', key, value });
const cas = (key: Json, from: Json, to: Json, more: JsonObject = {}): Request => ({
  type: 'cas',
  key,
  from,
  to,
  ...more,
});

const small = fc.nat({ max: 2 });
const request: fc.Arbitrary<Request> = fc.oneof(
  small.map(read),
  fc.tuple(small, small).map(([key, value]) => write(key, value)),
  fc
    .tuple(small, small, small, fc.boolean())
    .map(([key, from, to, create]) => cas(key, from, to, { create_if_not_exists: create })),
);

describe.each([
  ['lin-kv', () => new LinKv()],
  ['seq-kv', () => new SeqKv(Random.fromSeed(1))],
  ['lww-kv with one replica', () => new LwwKv(Random.fromSeed(1), 'lww-kv', 1)],
])('%s, asked by one client,', (_name, make) => {
  it('is a map: every request sees the state that the previous ones left', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), (requests) => {
        const machine = make();
        const model = new Map<Json, Json>();
        for (const body of requests) {
          const key = body['key'] ?? null;
          const current = model.get(key);
          let expected: Json = 'ok';
          if (body['type'] === 'write') {
            model.set(key, body['value'] ?? null);
          } else if (
            current === undefined &&
            !(body['type'] === 'cas' && body['create_if_not_exists'] === true)
          ) {
            expected = 20;
          } else if (body['type'] === 'read') {
            expected = { value: current ?? null };
          } else if (current !== undefined && current !== body['from']) {
            expected = 22;
          } else {
            model.set(key, body['to'] ?? null);
          }
          expect(ask(machine, 'n1', body)).toEqual(expected);
        }
      }),
    );
  });

  it('accepts any JSON as key and value, equal by value', () => {
    const machine = make();
    expect(ask(machine, 'n1', write({ a: 1, b: [2] }, 1))).toBe('ok');
    expect(ask(machine, 'n1', read({ b: [2], a: 1 }))).toEqual({ value: 1 });
    expect(ask(machine, 'n1', read(parseJson('{"a":1.0,"b":[2]}')))).toBe(20);
    expect(ask(machine, 'n1', write('__proto__', 9007199254740993n))).toBe('ok');
    expect(ask(machine, 'n1', cas('__proto__', 9007199254740992n, 0))).toBe(22);
    expect(ask(machine, 'n1', cas('__proto__', 9007199254740993n, null))).toBe('ok');
    expect(ask(machine, 'n1', read('__proto__'))).toEqual({ value: null });
  });

  it('treats a missing field as null, because some writers leave out empty fields', () => {
    const machine = make();
    expect(ask(machine, 'n1', { type: 'read' })).toBe(20);
    expect(ask(machine, 'n1', { type: 'cas', key: 1, to: 2 })).toBe(20);
    expect(ask(machine, 'n1', { type: 'cas', key: 1, to: 2, create_if_not_exists: true })).toBe('ok');
    expect(ask(machine, 'n1', { type: 'cas', key: 1, to: 3 })).toBe(22);
    expect(ask(machine, 'n1', { type: 'write', key: 1 })).toBe('ok');
    expect(ask(machine, 'n1', read(1))).toEqual({ value: null });
    expect(ask(machine, 'n1', { type: 'cas', key: 1, to: 3 })).toBe('ok');
    expect(ask(machine, 'n1', { type: 'cas', key: 1, from: 3 })).toBe('ok');
    expect(ask(machine, 'n1', read(1))).toEqual({ value: null });
    expect(ask(machine, 'n1', { type: 'write', value: 7 })).toBe('ok');
    expect(ask(machine, 'n1', { type: 'read' })).toEqual({ value: 7 });
  });

  it('creates a key on request; every value except false and null requests it', () => {
    for (const create of [true, 'yes', 'false', 1, 0, '', [], {}]) {
      const machine = make();
      expect(ask(machine, 'n1', { type: 'cas', key: 1, to: 2, create_if_not_exists: create })).toBe('ok');
    }
    for (const create of [false, null])
      expect(ask(make(), 'n1', { type: 'cas', key: 1, to: 2, create_if_not_exists: create })).toBe(20);
  });

  it('names the requests that it supports', () => {
    const machine = make();
    const name = machine.name;
    expect(machine.handle('reed', { key: 1 }, 'n1')).toEqual({
      kind: 'error',
      code: 10,
      text: `${name} does not know requests of type "reed"; it knows read, write, cas`,
    });
  });
});

describe('seq-kv', () => {
  /** Every write below has a distinct value, so it changes the state, so it must apply to the newest one. */
  const script = fc.array(
    fc.record({ client: fc.constantFrom('n1', 'n2', 'n3'), key: small, writes: fc.boolean() }),
    { minLength: 1, maxLength: 120 },
  );

  it('never shows a client an older state: its reads fit states that never decrease, and follow its own writes', () => {
    fc.assert(
      fc.property(script, fc.integer(), (steps, seed) => {
        const machine = new SeqKv(Random.fromSeed(seed));
        const states: ReadonlyMap<number, number>[] = [new Map()];
        const met = new Map<string, number>();
        for (const [at, { client, key, writes }] of steps.entries()) {
          if (writes) {
            expect(ask(machine, client, write(key, at))).toBe('ok');
            states.push(new Map(states.at(-1)).set(key, at));
            met.set(client, states.length - 1);
            continue;
          }
          const seen = ask(machine, client, read(key));
          const oldest = Math.max(met.get(client) ?? 0, states.length - 32);
          const fits = states.findIndex((state, version) => {
            const value = state.get(key);
            return version >= oldest && jsonEquals(seen, value === undefined ? 20 : { value });
          });
          expect(fits).toBeGreaterThanOrEqual(oldest);
          met.set(client, fits);
        }
      }),
    );
  });

  it('is sometimes stale, but not for a client that writes', () => {
    const machine = new SeqKv(Random.fromSeed(7));
    let stale = 0;
    for (let value = 0; value < 100; value++) {
      ask(machine, 'writer', write('x', value));
      expect(ask(machine, 'writer', read('x'))).toEqual({ value });
      if (!jsonEquals(ask(machine, 'reader', read('x')), { value })) stale += 1;
    }
    expect(stale).toBeGreaterThan(20);
    expect(stale).toBeLessThan(100);
  });

  it('keeps 32 states: a client that was away for longer continues at the oldest of them', () => {
    const oldest = new Set<number>();
    for (let seed = 0; seed < 300; seed++) {
      const machine = new SeqKv(Random.fromSeed(seed));
      for (let value = 0; value < 100; value++) ask(machine, 'writer', write('x', value));
      const seen = machine.handle('read', read('x'), `reader`);
      if (seen.kind === 'ok') oldest.add(Number(seen.fields['value']));
    }
    expect(Math.min(...oldest)).toBe(68);
    expect(Math.max(...oldest)).toBe(99);
  });

  it('a successful cas was applied to the newest state, so only one of two can succeed', () => {
    for (let seed = 0; seed < 50; seed++) {
      const machine = new SeqKv(Random.fromSeed(seed));
      ask(machine, 'n1', write('lock', 0));
      ask(machine, 'n2', read('lock'));
      const won = ['n1', 'n2', 'n3'].filter(
        (client) => ask(machine, client, cas('lock', 0, client)) === 'ok',
      );
      expect(won).toEqual(['n1']);
    }
  });
});

describe('lww-kv', () => {
  it('converges on a written value once writes have stopped and replicas have merged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(small, fc.nat()), { minLength: 1, maxLength: 30 }),
        fc.integer(),
        (writes, seed) => {
          const machine = new LwwKv(Random.fromSeed(seed), 'lww-kv', 5);
          for (const [key, value] of writes) ask(machine, 'n1', write(key, value));
          for (let merges = 0; merges < 400; merges++) ask(machine, 'n1', read('other'));
          for (const key of new Set(writes.map(([written]) => written))) {
            const seen = Array.from({ length: 30 }, () => canonicalJson(ask(machine, 'n1', read(key))));
            expect(new Set(seen).size).toBe(1);
            expect(writes.filter(([k]) => k === key).map(([, value]) => canonicalJson({ value }))).toContain(
              seen[0],
            );
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('a value that a cas has replaced never returns, whichever replicas the two used', () => {
    let replaced = 0;
    for (let seed = 0; seed < 200; seed++) {
      const machine = new LwwKv(Random.fromSeed(seed));
      for (let value = 0; value < 10; value++) ask(machine, 'n1', write('x', value));
      let tries = 10;
      while (tries > 0 && ask(machine, 'n1', cas('x', 9, 'new')) !== 'ok') tries -= 1;
      if (tries === 0) continue;
      replaced += 1;
      for (let merges = 0; merges < 100; merges++) ask(machine, 'n1', read('other'));
      expect(ask(machine, 'n1', read('x'))).not.toEqual({ value: 9 });
    }
    expect(replaced).toBeGreaterThan(50);
  });

  it('hides acknowledged writes for a while, even one by its own client', () => {
    const machine = new LwwKv(Random.fromSeed(3));
    let stale = 0;
    for (let value = 0; value < 100; value++) {
      ask(machine, 'n1', write('x', value));
      if (!jsonEquals(ask(machine, 'n1', read('x')), { value })) stale += 1;
    }
    expect(stale).toBeGreaterThan(5);
    expect(stale).toBeLessThan(95);
  });
});

describe('lin-tso', () => {
  it('counts from 0 without a gap, whichever client asks', () => {
    const machine = new LinTso();
    const answers = ['n1', 'n2', 'n1'].map(() => machine.handle('ts', { type: 'ts' }));
    expect(answers).toEqual([0, 1, 2].map((ts) => ({ kind: 'ok', type: 'ts_ok', fields: { ts } })));
  });

  it('supports nothing else', () => {
    expect(new LinTso().handle('read', { key: 1 })).toMatchObject({ kind: 'error', code: 10 });
  });
});

function start(memory = new ServiceMemory()) {
  const violations = new ViolationLog();
  const endpoints = new Map<string, Endpoint>();
  const sent: [src: string, dest: string, body: string][] = [];
  startServices({
    network: {
      attach: (name, kind, endpoint) => {
        expect(kind).toBe('service');
        endpoints.set(name, endpoint);
      },
      send: (src, dest, body) => sent.push([src, dest, body.toString()]),
    },
    random: Random.fromSeed(1),
    violations,
    memory,
  });
  const deliver = (dest: string, body: string) =>
    endpoints.get(dest)?.deliver({ id: 0, src: 'n1', dest, body: Buffer.from(body) });
  return { endpoints, sent, deliver, violations };
}

const manyAnswers = () => {
  const { deliver, sent } = start();
  for (let n = 0; n < 200; n++) {
    for (const service of ['seq-kv', 'lww-kv']) {
      deliver(service, `{"type":"${n % 3 === 0 ? 'write' : 'read'}","key":1,"value":${n},"msg_id":${n}}`);
    }
  }
  return sent;
};

describe('a service in the network', () => {
  it('there are four of them', () => {
    expect([...start().endpoints.keys()]).toEqual(SERVICE_NAMES);
  });

  it('answers the node that sent the request, with in_reply_to', () => {
    const { deliver, sent } = start();
    deliver('lin-kv', '{"type":"write","key":"x","value":12345678901234567890,"msg_id":1}');
    deliver('lin-kv', '{"type":"read","key":"x","msg_id":2}');
    deliver('lin-kv', '{"type":"cas","key":"x","from":1,"to":2,"msg_id":3}');
    deliver('lin-tso', '{"type":"ts","msg_id":4}');
    deliver('lin-kv', '{"type":"read","key":"y","msg_id":5}');
    expect(sent).toEqual([
      ['lin-kv', 'n1', '{"type":"write_ok","in_reply_to":1}'],
      ['lin-kv', 'n1', '{"value":12345678901234567890,"type":"read_ok","in_reply_to":2}'],
      [
        'lin-kv',
        'n1',
        '{"type":"error","in_reply_to":3,"code":22,"text":"current value 12345678901234567890 is not 1"}',
      ],
      ['lin-tso', 'n1', '{"ts":0,"type":"ts_ok","in_reply_to":4}'],
      ['lin-kv', 'n1', '{"type":"error","in_reply_to":5,"code":20,"text":"key does not exist"}'],
    ]);
  });

  it('applies a request that wants no reply, and ignores what is not a request', () => {
    const { deliver, sent } = start();
    deliver('lin-kv', '{"type":"write","key":"x","value":1}');
    deliver('lin-kv', 'nonsense');
    deliver('lin-kv', '[1]');
    expect(sent).toEqual([]);
    deliver('lin-kv', '{"type":"read","key":"x","msg_id":2}');
    deliver('lin-kv', '{"msg_id":3}');
    expect(sent.map(([, , body]) => body)).toEqual([
      '{"value":1,"type":"read_ok","in_reply_to":2}',
      '{"type":"error","in_reply_to":3,"code":12,"text":"a request to lin-kv needs a string \\"type\\", not null"}',
    ]);
  });

  it('never answers a reply or an error: two services that did would go on forever', () => {
    const { deliver, sent } = start();
    for (const service of SERVICE_NAMES) {
      deliver(service, '{"type":"error","code":10,"text":"no handler for read_ok","msg_id":1}');
      deliver(service, '{"type":"error","code":10,"in_reply_to":1,"msg_id":2}');
      deliver(service, '{"type":"read_ok","value":1,"in_reply_to":1,"msg_id":3}');
      deliver(service, '{"type":"read","key":1,"in_reply_to":1,"msg_id":4}');
    }
    expect(sent).toEqual([]);
    // Writers without a notion of missing fields write null.
    deliver('lin-kv', '{"type":"write","key":1,"value":2,"in_reply_to":null,"msg_id":5}');
    expect(sent.map(([, , body]) => body)).toEqual(['{"type":"write_ok","in_reply_to":5}']);
  });

  describe('that is full', () => {
    const KIB = 1024;
    const filled = (service: string, writes: number) => {
      const { deliver, sent, violations } = start(new ServiceMemory(100 * KIB));
      for (let n = 0; n < writes; n++)
        deliver(service, `{"type":"write","key":${n},"value":"${'x'.repeat(KIB)}","msg_id":${n}}`);
      const refused = sent.filter(([, , body]) => body.includes('"code":11')).length;
      return { deliver, sent, violations, refused };
    };

    it.each(['lin-kv', 'seq-kv', 'lww-kv'])(
      '%s refuses with error 11, and is named in a warning',
      (service) => {
        const { deliver, sent, violations, refused } = filled(service, 1000);
        expect(refused).toBeGreaterThan(900);
        expect(refused).toBeLessThan(960);
        expect(violations.list()).toMatchObject([{ node: 'n1', kind: 'service-full', count: refused }]);
        expect(violations.list()[0]?.message).toContain(
          `${service} refused a request of n1 with error 11: ${service} is full`,
        );
        // Existing values can still be read, and replaced by something shorter.
        deliver(service, '{"type":"write","key":0,"value":1,"msg_id":1000}');
        expect(sent.at(-1)?.[2]).toBe('{"type":"write_ok","in_reply_to":1000}');
      },
    );

    it('has room again for values that replace others, however often', () => {
      for (const service of ['lin-kv', 'seq-kv', 'lww-kv']) {
        const { deliver, sent, violations } = start(new ServiceMemory(100 * KIB));
        for (let n = 0; n < 5000; n++)
          deliver(service, `{"type":"write","key":0,"value":"${'x'.repeat(KIB)}${n}","msg_id":${n}}`);
        expect(violations.total).toBe(0);
        expect(sent).toHaveLength(5000);
      }
    });

    it('counts the memory of small parts, not their text', () => {
      const { deliver, violations } = start(new ServiceMemory(100 * KIB));
      deliver(
        'lin-kv',
        `{"type":"write","key":0,"value":[${Array.from({ length: 10 * KIB }, () => '[]').join()}]}`,
      );
      expect(violations.total).toBe(1);
    });
  });

  it('gives the same replies from the same seed', () => {
    expect(manyAnswers()).toEqual(manyAnswers());
  });
});
