import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from './json.ts';
import type { Json } from './message.ts';

/** Whether a number is written as an integer that a double cannot represent exactly. */
const isLong = (x: unknown): x is number =>
  Number.isInteger(x) && !Number.isSafeInteger(x) && /^-?\d+$/.test(String(x));

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noDefaultInfinity: true, noNaN: true }).filter((x) => !Object.is(x, -0) && !isLong(x)),
    fc.bigInt().filter((x) => !Number.isSafeInteger(Number(x))),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')),
    // Arrays of pairs rather than fc.dictionary, which would leave out "__proto__".
    fc
      .array(fc.tuple(fc.oneof(fc.string(), fc.constant('__proto__')), tie('value')))
      .map((pairs): Json => Object.fromEntries(pairs)),
  ),
})).value;

describe('parse and stringify', () => {
  it('are inverses of each other', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(parse(stringify(value))).toEqual(value);
      }),
    );
  });

  it('agree with JSON.parse on everything except long integers, whatever the white space', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 4 }), (text, indent) => {
        const plain: unknown = JSON.parse(text, (_key, value: unknown) =>
          isLong(value) ? BigInt(String(value)) : value,
        );
        // A long integer next to it sends the same text through the digit-keeping reader.
        const spaced = JSON.stringify([JSON.parse(text), 1], null, indent);
        const parsed = parse(spaced.replace(/1(\s*)\]$/, '9007199254740993$1]'));
        expect(parsed).toEqual([plain, 9007199254740993n]);
      }),
    );
  });

  it('keep every digit of a 64-bit id', () => {
    const text = '{"id":9223372036854775807,"ids":[-9007199254740993,18446744073709551615]}';
    expect(parse(text)).toEqual({
      id: 9223372036854775807n,
      ids: [-9007199254740993n, 18446744073709551615n],
    });
    expect(stringify(parse(text))).toBe(text);
  });

  it('keep a long integer that is the entire text', () => {
    expect(parse('9007199254740993')).toBe(9007199254740993n);
    expect(parse('-9007199254740993')).toBe(-9007199254740993n);
  });

  it('leave integers up to 2^53 - 1 plain numbers', () => {
    expect(parse('[9007199254740991, 1e20, 1234567890123456.5]')).toEqual([
      9007199254740991, 1e20, 1234567890123456.5,
    ]);
  });

  it('leave a string that looks like a long integer unchanged', () => {
    expect(parse('{"a":":9007199254740993","b":12345678901234567890}')).toEqual({
      a: ':9007199254740993',
      b: 12345678901234567890n,
    });
  });

  it('refuse what is not JSON, with long integers as without', () => {
    for (const text of [
      '',
      '{',
      '[1,]',
      '{"a":9007199254740993,}',
      '09007199254740993',
      '9007199254740993n',
    ]) {
      expect(() => parse(text), text).toThrow(SyntaxError);
    }
  });

  it('do not send undefined fields, also next to a bigint', () => {
    expect(stringify({ a: undefined, b: 1 })).toBe('{"b":1}');
    expect(stringify({ a: undefined, b: 9007199254740993n })).toBe('{"b":9007199254740993}');
  });

  it('report a value that contains itself', () => {
    const value: { big: bigint; self?: Json } = { big: 1n };
    value.self = value;
    expect(() => stringify(value)).toThrow(/circular/);
  });
});
