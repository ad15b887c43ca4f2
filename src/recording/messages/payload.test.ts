import { expect, test } from 'vitest';
import { bodyIn, payloadOf } from './payload.ts';
import { valuePattern } from './message-search.ts';

test('the payload of a message is described in a few words, without the fields that every message has', () => {
  expect(payloadOf({ type: 'write', key: 0, msg_id: 3, value: 'five' })).toBe('key 0, value five');
  expect(payloadOf({ type: 'read_ok', in_reply_to: 3, value: null })).toBe('');
  expect(payloadOf({ type: 'txn_ok', txn: [['r', 1, 2]] })).toBe('[["r",1,2]]');
  expect(payloadOf({ type: 'x', value: [1, { a: 2 }] })).toBe('value [1,{"a":2}]');
});

test('however long and however many its values are, the description is short', () => {
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`f${at}`, 'x'.repeat(1000)]));
  expect(payloadOf(many)).toBe(`f0 ${'x'.repeat(24)}…, f1 ${'x'.repeat(24)}…, …`);
  expect(payloadOf({ ['n'.repeat(1e5)]: 'v'.repeat(1e5) }).length).toBeLessThan(70);
});

test('a truncated body shows the simple fields at its beginning', () => {
  expect(bodyIn('{"type":"append","term":3,"leader": "n1", "entries":[{"a":1},{"b')).toEqual({
    type: 'append',
    term: 3,
    leader: 'n1',
  });
  for (const text of ['', 'no JSON {"a":1,', '{', '{"a":1', '{"a":--1,"b":2,', '["a",1,'])
    expect(Object.keys(bodyIn(text))).toEqual([]);
});

test.each([
  ['0', '{"type":"broadcast","message":0}', true],
  ['0', '{"type":"read_ok","messages":[5, 0 ,7]}', true],
  ['0', '{"messages":[0]}', true],
  ['0', '{"messages":[10,0.5,-0,100]}', false],
  ['0', '{"type":"x","msg_id":0,"in_reply_to": 0,"code":0}', false],
  ['0', '{"msg_id":0,"key":"0"}', true],
  ['read', '{"type":"read"}', false],
  ['n1', '{"peers":["n1","n2"]}', true],
  ['n', '{"peers":["n1","n2"]}', false],
  ['[x', '{"value":"[x"}', true],
])('value:%s in %s is %s', (value, body, isFound) => {
  expect(valuePattern(value).test(body)).toBe(isFound);
});
