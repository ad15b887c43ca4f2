import { expect, it } from 'vitest';
import { explainLine } from './explain-line.ts';

const hintOf = (line: string): string | undefined => {
  const bytes = Buffer.from(line);
  return explainLine(bytes)?.hint;
};

it.each([
  // What a shell writes where a variable is empty; the bracket follows no comma.
  ['"in_reply_to":', /^A value is missing after the colon/],
  ['"in_reply_to":,"value":1', /^A value is missing after the colon/],
  ['"value":1,', /^JSON does not allow a comma before a closing bracket/],
  ['"value":.5', /^JSON writes numbers as/],
  ['"value":5.', /^JSON writes numbers as/],
  ['"value":+5', /^JSON writes numbers as/],
  ['"value":05', /^JSON writes numbers as/],
  ['"value":[0x1f]', /^JSON writes numbers as/],
  ['"value":-5n', /^JSON writes numbers as/],
  ['"value":5_000', /^JSON writes numbers as/],
  ['"value":nil', /^JSON writes true, false and null/],
  ['"value":undefined', /^JSON writes true, false and null/],
  ['"value":NA', /^JSON writes true, false and null/],
  ['"value":#t', /^JSON writes true, false and null/],
  ['"value":"a\tb"', /^A control character stands within a string/],
  [String.raw`"value":"\x41"`, /^The escapes of JSON are/],
  [String.raw`"value":"it\'s"`, /^The escapes of JSON are/],
  ['“value”:1', /^JSON strings need double quotes/],
  ['"value":[1 2]', /^Use a JSON library/],
])('%s', (field, hint) => {
  expect(hintOf(`{"src":"n1","dest":"c1","body":{"type":"read_ok",${field}}}`)).toMatch(hint);
});
