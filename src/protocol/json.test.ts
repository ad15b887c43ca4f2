import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  JsonNumber,
  canonicalJson,
  compareJson,
  jsonEquals,
  parseJson,
  stringifyJson,
  type Json,
} from './json.ts';

const numberText = fc.oneof(
  fc.constantFrom(
    '0',
    '1.0',
    '1e3',
    '1e400',
    '-1e400',
    '1e-400',
    '0.1',
    '1.50',
    '9007199254740993',
    '0.0',
    '-0.0',
  ),
  fc.bigInt().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .tuple(fc.integer(), fc.nat({ max: 999 }), fc.integer({ min: -500, max: 500 }))
    .map(([a, b, c]) => `${a}.${b}e${c}`),
);

/** Values with numbers of all kinds, as parseJson returns them. */
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(
      fc.constantFrom(null, true, false, ''),
      fc.string(),
      fc.integer(),
      fc.bigInt().map((big) => parseJson(big.toString())),
      numberText.map(parseJson),
    ),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.constantFrom('__proto__', 'a', 'b'), fc.string()), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value;

const DAMAGE = ['', '"', '\\', ',', ':', '{', '}', '[', ']', '0', '-', '.', 'e', '+', ' ', '\n', 'u', "'"];

function accepts(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    return false;
  }
}

function nested(depth: number, inside: string): string {
  return '['.repeat(depth) + inside + ']'.repeat(depth);
}

describe('parseJson', () => {
  it.each<[string, Json]>([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['[-170141183460469231731687303715884105728]', [-170141183460469231731687303715884105728n]],
    ['1.0', new JsonNumber('1.0')],
    ['{"a":1e3}', { a: new JsonNumber('1e3') }],
    ['1e400', new JsonNumber('1e400')],
    ['1e-400', new JsonNumber('1e-400')],
    ['0.1', 0.1],
    ['1.50', 1.5],
    ['-2.5e-1', -0.25],
    ['0.12345678901234567890', new JsonNumber('0.12345678901234567890')],
    ['"12345678901234567890"', '12345678901234567890'],
    ['" 1.0"', ' 1.0'],
    [' [ 1.5 , {"a" : [ ] , "b" : { } } ] ', [1.5, { a: [], b: {} }]],
    ['"\\u00e9\\n\\ud83d\\ude00"', 'é\n😀'],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it('agrees with JSON.parse on numbers that need no care', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false }),
        fc.constantFrom(undefined, 2),
        (value, indent) => {
          const careless = JSON.stringify(
            value,
            (_key, field: unknown) => (typeof field === 'number' ? 7 : field),
            indent,
          );
          expect(parseJson(careless)).toEqual(JSON.parse(careless));
          // The same through the slower parser, which the 1.5 requires.
          expect(parseJson(`[1.5,${careless}]`)).toEqual([1.5, JSON.parse(careless)]);
        },
      ),
    );
  });

  it('accepts what JSON.parse accepts, and refuses what it refuses', () => {
    fc.assert(
      fc.property(json, fc.nat(), fc.nat(2), fc.constantFrom(...DAMAGE), (value, place, cut, added) => {
        const text = stringifyJson([1.5, value]);
        const at = place % (text.length + 1);
        const damaged = text.slice(0, at) + added + text.slice(at + cut);
        expect([damaged, accepts(parseJson, damaged)]).toEqual([damaged, accepts(JSON.parse, damaged)]);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps __proto__ as a key like any other', () => {
    for (const text of ['{"__proto__":{"a":1},"b":2}', '{"\\u005f_proto__":{"a":1},"b":2.0}']) {
      const object = parseJson(text);
      expect(Object.keys(object ?? {})).toEqual(['__proto__', 'b']);
      expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    }
  });

  it('refuses deep nesting with a SyntaxError, whatever is inside', () => {
    for (const inside of ['', '1.0', '"[[["']) {
      expect(() => parseJson(nested(1_000_000, inside))).toThrow(SyntaxError);
      expect(() => parseJson(nested(1001, inside))).toThrow(
        'nested more than 1000 levels deep at offset 1000',
      );
      expect(parseJson(nested(1000, inside))).toBeInstanceOf(Array);
    }
    expect(() => parseJson('['.repeat(1_000_000))).toThrow(SyntaxError);
    expect(() => parseJson('{"a":'.repeat(1_000_000))).toThrow(SyntaxError);
    expect(parseJson(`[${'[],'.repeat(5000)}[]]`)).toHaveLength(5001);
  });

  it('reads strings of many megabytes', () => {
    const long = 'x"\\'.repeat(5_000_000);
    expect(parseJson(`[1.0,${JSON.stringify(long)}]`)).toEqual([new JsonNumber('1.0'), long]);
    expect(() => parseJson(`[1.0,"${'x'.repeat(20_000_000)}`)).toThrow(
      'the string that begins at offset 5 does not end',
    );
  });

  it('refuses numbers too long to compute with', () => {
    expect(() => parseJson('9'.repeat(1_000_000))).toThrow(
      'a number of 1000000 characters at offset 0; at most 1000 are allowed',
    );
  });

  it.each([
    ['', 'the text ends where a value was expected'],
    ['{"a":1,}', '"}" at offset 7, where a key in double quotes was expected'],
    ["{'a':1}", '"\'" at offset 1, where a key in double quotes was expected'],
    ['[1 2]', '"2" at offset 3, where a comma or ] was expected'],
    ['{"a" 1}', '"1" at offset 5, where a colon was expected'],
    ['{} {}', '"{" at offset 3, where the end of the text was expected'],
    ['NaN', '"N" at offset 0, where a value was expected'],
    ['"abc', 'the string that begins at offset 0 does not end'],
    ['"a\nb"', 'an unescaped U+000A at offset 2, inside a string'],
    ['"a\\x41"', 'an unknown escape "\\\\x" at offset 2'],
    ['\u0000', 'U+0000 at offset 0, where a value was expected'],
    ['01', '"1" at offset 1, where the end of the text was expected'],
  ])('explains what is wrong with %j', (text, message) => {
    expect(() => parseJson(text)).toThrow(message);
  });
});

describe('stringifyJson', () => {
  it('is undone by parseJson', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(parseJson(stringifyJson(value))).toEqual(value);
      }),
    );
  });

  it('keeps the text of numbers', () => {
    for (const text of ['[1.0,1e3,1e400,-0.0]', '{"a":9007199254740993,"b":[1.5]}', '"\\""']) {
      expect(stringifyJson(parseJson(text))).toBe(text);
    }
  });
});

describe('jsonEquals', () => {
  it.each([
    ['1', '1.0', false],
    ['1.0', '1.00', true],
    ['1.0', '1e0', true],
    ['100.0', '1e2', true],
    ['0.0', '-0.0', true],
    ['0', '-0', true],
    ['0', '0.0', false],
    ['9007199254740993', '9007199254740992', false],
    ['9007199254740993', '9007199254740993', true],
    ['1e400', '10e399', true],
    ['1e400', '1e401', false],
    ['1.5', '15e-1', true],
    ['{"a":1,"b":[2]}', '{"b":[2],"a":1}', true],
    ['{"a":1}', '{"a":1,"b":null}', false],
    ['{"a":null}', '{"b":null}', false],
    ['[]', '{}', false],
    ['[1,2]', '[2,1]', false],
    ['"1"', '1', false],
    ['null', 'false', false],
    ['{"__proto__":1}', '{"__proto__":2}', false],
    ['{"toString":null}', '{"a":null}', false],
  ])('%s and %s: %s', (left, right, equal) => {
    expect(jsonEquals(parseJson(left), parseJson(right))).toBe(equal);
    expect(canonicalJson(parseJson(left)) === canonicalJson(parseJson(right))).toBe(equal);
    expect(compareJson(parseJson(left), parseJson(right)) === 0).toBe(equal);
  });

  it('agrees with canonicalJson and with compareJson', () => {
    const near = fc.oneof(
      fc.tuple(json, json),
      json.map((value): [Json, Json] => [value, parseJson(stringifyJson(value))]),
    );
    fc.assert(
      fc.property(near, ([left, right]) => {
        const equal = jsonEquals(left, right);
        expect(canonicalJson(left) === canonicalJson(right)).toBe(equal);
        expect(compareJson(left, right) === 0).toBe(equal);
      }),
    );
  });
});

describe('compareJson', () => {
  it('is a total order', () => {
    fc.assert(
      fc.property(json, json, json, (a, b, c) => {
        expect(Math.sign(compareJson(a, b))).toBe(-Math.sign(compareJson(b, a)) + 0);
        if (compareJson(a, b) <= 0 && compareJson(b, c) <= 0)
          expect(compareJson(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('sorts numbers of all kinds by size', () => {
    const sorted =
      '[-1e400,-9007199254740993,-1.5,0,0.0,1e-400,1,1.0,1.5,10,9007199254740992,9007199254740993,1e400]';
    const values = parseJson(sorted) as readonly Json[];
    expect(stringifyJson(values.toReversed().toSorted(compareJson))).toBe(sorted);
  });

  it('sorts kinds apart: null, booleans, numbers, strings, arrays, objects', () => {
    const sorted: Json = [
      null,
      false,
      true,
      3,
      'a',
      'b',
      [],
      [1],
      [1, 2],
      [2],
      {},
      { a: 1 },
      { a: 2 },
      { b: 0 },
    ];
    expect(sorted.toReversed().toSorted(compareJson)).toEqual(sorted);
  });
});
