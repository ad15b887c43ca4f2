import { expect, test } from 'vitest';
import { parseJson } from '../protocol/json.ts';
import { asOtherForm, otherFormOf } from './other-form.ts';

test('floats, exponents and strings are other forms of an integer', () => {
  for (const text of ['7.0', '"7"', '7e0', '0.7e1', '"7.0"', '7.00'])
    expect(otherFormOf(parseJson(text), [8, 7]), text).toBe(7);
  expect(otherFormOf(parseJson('1e+05'), [100_000])).toBe(100_000);
  for (const text of ['7', '7.5', '"x"', '1e99', 'null', '[7]'])
    expect(otherFormOf(parseJson(text), [7])).toBeUndefined();
});

test('a value that is the other form of some integer is described', () => {
  expect(asOtherForm(parseJson('3.0'))).toBe('3.0 is 3 as a float, which is a different value');
  expect(asOtherForm(parseJson('1e+05'))).toBe('1e+05 is 100000 as a float, which is a different value');
  expect(asOtherForm('3')).toBe('"3" is 3 as a string, which is a different value');
  for (const value of [3, null, 'v3', '3'.repeat(30), [3]]) expect(asOtherForm(value)).toBeUndefined();
});
