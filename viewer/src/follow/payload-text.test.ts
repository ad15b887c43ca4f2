import { expect, test } from 'vitest';
import { payloadText } from './payload-text.ts';

test.each([
  ['{"type":"write","msg_id":7,"key":"a","value":[1,2]}', 'key "a", value [1,2]'],
  ['{"type":"write_ok","in_reply_to":7}', ''],
  ['{"type":"read","msg_id":12,"values":[1,2,3,', '{"values":[1,2,3,'],
  ['no JSON at all', 'no JSON at all'],
  ['7', '7'],
  [`{"x":"${'y'.repeat(100)}"}`, `x "${'y'.repeat(56)}…`],
])('of %s: %s', (preview, text) => expect(payloadText(preview)).toBe(text));
