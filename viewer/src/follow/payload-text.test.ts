import { expect, test } from 'vitest';
import { carriedValue, payloadText } from './payload-text.ts';

test.each([
  ['{"type":"write","msg_id":7,"key":"a","value":[1,2]}', 'key "a", value [1,2]'],
  ['{"type":"write_ok","in_reply_to":7}', ''],
  ['{"type":"read","msg_id":12,"values":[1,2,3,', '{"values":[1,2,3,'],
  ['no JSON at all', 'no JSON at all'],
  ['7', '7'],
  [`{"x":"${'y'.repeat(100)}"}`, `x "${'y'.repeat(56)}…`],
])('of %s: %s', (preview, text) => expect(payloadText(preview)).toBe(text));

test.each([
  ['{"type":"broadcast","message":7,"msg_id":1}', '7'],
  ['{"type":"add","element":0}', '0'],
  ['{"type":"add","element":"five"}', 'five'],
  ['{"type":"add","element":"two words"}', undefined],
  ['{"type":"write","key":1,"value":2}', undefined],
  ['{"type":"read"}', undefined],
  ['{"type":"broadcast","message":[1,2', undefined],
])('of %s others may forward %s', (preview, value) => {
  expect(carriedValue(preview)).toBe(value);
});
