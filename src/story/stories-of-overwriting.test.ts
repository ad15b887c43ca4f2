/** Stories name the write to a service that overwrote what they miss, and no write that did something else. */
import { describe, expect, it } from 'vitest';
import {
  LOST,
  opsOf,
  runOf,
  sentencesOf,
  storyOf,
  wrongAtEnd,
  type Entry,
  type Sent,
} from '../../test/support/story-by-hand.ts';

/** The node's request to lin-kv during the operation that message `origin` began, and the reply. */
const kv = (at: number, node: string, origin: number, request: string, reply: string): readonly Sent[] => [
  { at, src: node, dest: 'lin-kv', body: request, arrives: at, origin: { message: origin, byTimer: false } },
  { at, src: 'lin-kv', dest: node, body: reply, arrives: at },
];
const client = (at: number, node: string, body: string): Sent => ({
  at,
  src: node === 'n1' ? 'c1' : 'c2',
  dest: node,
  body,
  arrives: at,
});
const answer = (at: number, node: string, body: string): Sent => ({
  at,
  src: node,
  dest: node === 'n1' ? 'c1' : 'c2',
  body,
  arrives: at,
});
const inOrder = (...sent: readonly (Sent | readonly Sent[])[]): readonly Sent[] => sent.flat();

describe('element 7, which n1 stored in lin-kv', () => {
  const HISTORY: readonly Entry[] = [
    [0, 'invoke', 0, 'broadcast', 7],
    [0.3, 'ok', 0, 'broadcast', 7],
    [0.05, 'invoke', 1, 'broadcast', 3],
    [0.35, 'ok', 1, 'broadcast', 3],
    [1, 'invoke', 1, 'read', null],
    [1.1, 'ok', 1, 'read', [3]],
  ];
  const history = opsOf(HISTORY.toSorted(([a], [b]) => a - b));
  const write = (value: string, key = 'all'): string =>
    `{"type":"write","key":"${key}","value":${value},"msg_id":9}`;
  const WRITTEN = '{"type":"write_ok","in_reply_to":9}';
  /** What is sent after n1 has stored 7; messages 0 and 1 are the clients' requests. */
  const said = (read: number, ...then: readonly (readonly Sent[])[]): string => {
    const reading = kv(
      read,
      'n2',
      1,
      '{"type":"read","key":"all","msg_id":8}',
      `{"type":"read_ok","value":${read < 0.2 ? '[]' : '[7]'},"in_reply_to":8}`,
    );
    const storing = kv(0.2, 'n1', 0, write('[7]'), WRITTEN);
    const sent = inOrder(
      client(0, 'n1', '{"type":"broadcast","message":7,"msg_id":1}'),
      client(0.05, 'n2', '{"type":"broadcast","message":3,"msg_id":1}'),
      ...(read < 0.2 ? [reading, storing] : [storing, reading]),
      ...then,
      answer(0.3, 'n1', '{"type":"broadcast_ok","in_reply_to":1}'),
      answer(0.35, 'n2', '{"type":"broadcast_ok","in_reply_to":1}'),
      client(1, 'n2', '{"type":"read","msg_id":2}'),
      answer(1.1, 'n2', '{"type":"read_ok","messages":[3],"in_reply_to":2}'),
    ).toSorted((a, b) => a.at - b.at);
    return sentencesOf(runOf(sent, { history, evidence: LOST })).join('\n');
  };
  const OVERWROTE = 'n2 overwrote 7 when it wrote key "all" of lin-kv at 0.250 s';

  it('what the node had read before did not have it', () => {
    expect(said(0.1, kv(0.25, 'n2', 1, write('[3]'), WRITTEN))).toContain(
      `${OVERWROTE}: what it had read there at 0.100 s did not have it yet.`,
    );
  });

  it('what it had read had it', () => {
    expect(said(0.22, kv(0.25, 'n2', 1, write('[3]'), WRITTEN))).toContain(
      `${OVERWROTE}, although what it had read there at 0.220 s had it.`,
    );
  });

  it('the last write without it counts, if it was stored again', () => {
    const again = kv(0.26, 'n1', 0, write('[3,7]'), WRITTEN);
    expect(
      said(0.1, kv(0.25, 'n2', 1, write('[3]'), WRITTEN), again, kv(0.28, 'n2', 1, write('[3]'), WRITTEN)),
    ).toContain('n2 overwrote 7 when it wrote key "all" of lin-kv at 0.280 s');
  });

  it.each([
    ['it is still there', kv(0.25, 'n2', 1, write('[3,7]'), WRITTEN)],
    ['the write is refused', kv(0.25, 'n2', 1, write('[3]'), '{"type":"error","code":11,"in_reply_to":9}')],
    ['it is written to another key', kv(0.25, 'n2', 1, write('[3]', 'other'), WRITTEN)],
    [
      'it is stored again',
      inOrder(kv(0.25, 'n2', 1, write('[3]'), WRITTEN), kv(0.28, 'n1', 0, write('[3,7]'), WRITTEN)),
    ],
    [
      'it is moved to another key before',
      inOrder(kv(0.24, 'n2', 1, write('[7]', 'old'), WRITTEN), kv(0.25, 'n2', 1, write('[3]'), WRITTEN)),
    ],
    ['its own node replaces it without reading it again', kv(0.25, 'n1', 0, write('[5]'), WRITTEN)],
    ['it is overwritten after the read', kv(1.2, 'n2', 1, write('[3]'), WRITTEN)],
  ])('says nothing if %s', (_, then) => {
    expect(said(0.1, then)).not.toContain('overwrote');
  });
});

describe('an element that two nodes store one after the other', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'broadcast', 7],
    [0.2, 'ok', 0, 'broadcast', 7],
    [0.3, 'invoke', 1, 'broadcast', 3],
    [0.5, 'ok', 1, 'broadcast', 3],
    [1, 'invoke', 1, 'read', null],
    [1.1, 'ok', 1, 'read', [3]],
  ]);
  /** Texts of the values that n1 and n2 write, and the key and the service. */
  const said = (first: string, second: string, key = 'all', service = 'lin-kv'): string => {
    const storing = (at: number, node: string, origin: number, value: string): readonly Sent[] =>
      kv(
        at,
        node,
        origin,
        `{"type":"write","key":"${key}","value":${value},"msg_id":9}`,
        '{"type":"write_ok","in_reply_to":9}',
      ).map((sent) => (sent.src === node ? { ...sent, dest: service } : { ...sent, src: service }));
    const sent = inOrder(
      client(0, 'n1', '{"type":"broadcast","message":7,"msg_id":1}'),
      storing(0.1, 'n1', 0, first),
      answer(0.2, 'n1', '{"type":"broadcast_ok","in_reply_to":1}'),
      client(0.3, 'n2', '{"type":"broadcast","message":3,"msg_id":1}'),
      storing(0.4, 'n2', 4, second),
      answer(0.5, 'n2', '{"type":"broadcast_ok","in_reply_to":1}'),
      client(1, 'n2', '{"type":"read","msg_id":2}'),
      answer(1.1, 'n2', '{"type":"read_ok","messages":[3],"in_reply_to":2}'),
    );
    return storyOf(runOf(sent, { history, evidence: LOST }))
      .steps.map(({ text }) => text)
      .join('\n');
  };
  const base64 = (text: string): string => JSON.stringify(Buffer.from(text).toString('base64'));

  it.each([
    ['in a list', '[7]', '[3]', undefined],
    ['in a text of JSON', '"[1,7]"', '"[1,3]"', undefined],
    ['in a text that is a row of numbers', '"1,7"', '"1,3"', undefined],
    ['in base64', base64('[7]'), base64('[3]'), undefined],
    ['as a name of a map', '{"7":true}', '{"3":true}', undefined],
    ['as a name of a map in a text', '"{\\"7\\":true}"', '"{\\"3\\":true}"', undefined],
    ['alone, under a key with the same number', '7', '3', 'element 0'],
  ])('is overwritten %s, and the step is named', (_, first, second, key) => {
    expect(said(first, second, key)).toContain(
      `n2 overwrote 7 when it wrote key "${key ?? 'all'}" of lin-kv at 0.400 s (step 5).`,
    );
  });

  it('in lww-kv, which may keep either', () => {
    expect(said('[7]', '[3]', 'all', 'lww-kv')).toContain(
      'n2 wrote key "all" of lww-kv without 7 at 0.400 s (step 5), and lww-kv keeps one of two writes.',
    );
  });

  it.each([
    ['a number that is not the element of each write', '7', '8'],
    ['a name that is not the element of each write', '{"7":1}', '{"8":1}'],
    ['an empty value under its name', '{"7":true}', '{"7":[],"3":true}'],
    ['a text of one number', '"1,7"', '"7"'],
    ['a text that is no JSON', '"[1,7]"', '"1-7-3"'],
  ])('says nothing of %s', (_, first, second) => {
    expect(said(first, second)).not.toContain('overwrote');
  });
});

describe('the value 1 of key 0, which n1 stored in lin-kv', () => {
  const said = (then: string, by: number): string => {
    const history = opsOf([
      [0, 'invoke', 0, 'write', [0, 1]],
      [0.1, 'ok', 0, 'write', [0, 1]],
      [0.2, 'invoke', 1, 'write', [by, 2]],
      [0.3, 'ok', 1, 'write', [by, 2]],
      [1, 'invoke', 1, 'read', [0, null]],
      [1.1, 'ok', 1, 'read', [0, 3]],
    ]);
    const sent = inOrder(
      client(0, 'n1', '{"type":"write","key":0,"value":1,"msg_id":1}'),
      kv(
        0.05,
        'n1',
        0,
        '{"type":"write","key":"all","value":{"0":1},"msg_id":8}',
        '{"type":"write_ok","in_reply_to":8}',
      ),
      answer(0.1, 'n1', '{"type":"write_ok","in_reply_to":1}'),
      client(0.2, 'n2', `{"type":"write","key":${by},"value":2,"msg_id":2}`),
      kv(
        0.25,
        'n2',
        4,
        `{"type":"write","key":"all","value":${then},"msg_id":9}`,
        '{"type":"write_ok","in_reply_to":9}',
      ),
      answer(0.3, 'n2', '{"type":"write_ok","in_reply_to":2}'),
      client(1, 'n2', '{"type":"read","key":0,"msg_id":1}'),
      answer(1.1, 'n2', '{"type":"read_ok","value":3,"in_reply_to":1}'),
    );
    return sentencesOf(runOf(sent, { history, evidence: wrongAtEnd(history, 1) })).join('\n');
  };

  it('is overwritten by a write to another key', () => {
    expect(said('{"5":2}', 5)).toContain(
      `n2 overwrote c1's write of 1 to key 0 when it wrote key "all" of lin-kv at 0.250 s.`,
    );
  });

  it('is replaced by a write to its own key', () => {
    expect(said('{"0":2}', 0)).not.toContain('overwrote');
  });
});
