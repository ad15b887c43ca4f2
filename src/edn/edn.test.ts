import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  JsonNumber,
  canonicalJson,
  compareJson,
  jsonEquals,
  stringifyJson,
  valueText,
  type Json,
} from '../protocol/json.ts';
import { EdnReader, EdnSyntaxError, readEdn } from './edn-reader.ts';
import {
  EdnChar,
  EdnDecimal,
  EdnList,
  EdnMap,
  EdnRatio,
  EdnRegex,
  EdnSet,
  EdnSymbol,
  EdnTagged,
  Keyword,
  ednToJson,
  ednToValue,
  keyword,
  writeEdn,
  type Edn,
} from './edn-value.ts';
import { writePrettyEdn } from './pretty-edn.ts';
import { isKeywordName, jsonToEdn, writeJsonAsEdn } from './json-to-edn.ts';

const name = fc.stringMatching(/^[a-zA-Z*!_?<>=.][\w*!?<>=.-]{0,8}(\/[a-z][a-z-]{0,4})?$/);

function unique(values: readonly Edn[]): readonly Edn[] {
  const seen = new Set<string>();
  return values.filter((value) => {
    const text = canonicalJson(value);
    return seen.has(text) ? false : seen.add(text);
  });
}

/** Every kind of EDN value, in the form that the reader returns. */
const edn: fc.Arbitrary<Edn> = fc.letrec<{ value: Edn }>((tie) => {
  const many = fc.array(tie('value'), { maxLength: 5 });
  return {
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(
        fc.constantFrom<Edn>(
          null,
          true,
          false,
          0,
          Infinity,
          -Infinity,
          NaN,
          new JsonNumber('1.0'),
          new JsonNumber('-1e400'),
        ),
        fc.string({ unit: 'binary' }),
        fc.maxSafeInteger().map((value) => value + 0),
        fc.double({ noNaN: true }).filter((value) => !Number.isInteger(value)),
        fc.bigInt().map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value)),
        name.map(keyword),
        name.filter((text) => !['nil', 'true', 'false'].includes(text)).map((text) => new EdnSymbol(text)),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).map((text) => new EdnChar(text)),
        fc.tuple(fc.bigInt(), fc.bigInt({ min: 2n })).map(([above, below]) => readEdn(`${above}/${below}`)),
        fc.tuple(fc.integer(), fc.nat()).map(([whole, part]) => new EdnDecimal(`${whole}.${part}`)),
        fc
          .array(fc.constantFrom('a', '[', '}', '(', ';', '\n', ' ', '\\d', '\\"', '\\\\'))
          .map((parts) => new EdnRegex(parts.join(''))),
      ),
      many,
      many.map((items) => new EdnList(items)),
      many.map((items) => new EdnSet(unique(items))),
      fc
        .tuple(many, many)
        .map(([keys, values]) => new EdnMap(unique(keys).map((key, at) => [key, values[at] ?? null]))),
      fc
        .tuple(fc.constantFrom('inst', 'jepsen.history.Op', 'a/b'), tie('value'))
        .map(([tag, value]) => new EdnTagged(tag, value)),
    ),
  };
}).value;

describe('readEdn', () => {
  it('undoes writeEdn', () => {
    fc.assert(
      fc.property(edn, (value) => {
        expect(readEdn(writeEdn(value))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  it('undoes writePrettyEdn, however narrow', () => {
    fc.assert(
      fc.property(edn, fc.integer({ min: 1, max: 60 }), (value, width) => {
        expect(readEdn(writePrettyEdn(value, width))).toEqual(value);
      }),
    );
  });

  it.each<[string, Edn]>([
    ['nil', null],
    ['42N', 42],
    ['+7', 7],
    ['-0', 0],
    ['0x1F', 31],
    // As Clojure reads them.
    ['017', 15],
    ['-00', 0],
    ['0777777777777777777777N', 0o777777777777777777777n],
    ['36rZz', 1295],
    ['-2r101', -5],
    ['16Rffffffffffffffff', 2n ** 64n - 1n],
    ['017.5', 17.5],
    ['017/2', new EdnRatio(17n, 2n)],
    ['9007199254740993', 9007199254740993n],
    ['-12345678901234567890N', -12345678901234567890n],
    ['1.0', new JsonNumber('1.0')],
    ['1.', new JsonNumber('1.0')],
    ['+1e3', new JsonNumber('1e3')],
    ['1.25', 1.25],
    ['0.1M', new EdnDecimal('0.1')],
    ['3M', new EdnDecimal('3')],
    ['6/4', new EdnRatio(3n, 2n)],
    ['-4/2', -2],
    [':elle.list-append/init', keyword('elle.list-append/init')],
    [':valid?', keyword('valid?')],
    ['foo/bar', new EdnSymbol('foo/bar')],
    ['/', new EdnSymbol('/')],
    ['-', new EdnSymbol('-')],
    ['...', new EdnSymbol('...')],
    [
      '[\\a \\newline \\( \\u00e9 \\o101 \\, \\😀 \\\\]',
      ['a', '\n', '(', 'é', 'A', ',', '😀', '\\'].map((char) => new EdnChar(char)),
    ],
    ['"a\nb\\n\\"\\\\\\u00e9\\101"', 'a\nb\n"\\éA'],
    ['#{1 2}', new EdnSet([1, 2])],
    ['[#"a\\d+\\"\\\\"]', [new EdnRegex('a\\d+\\"\\\\')]],
    ['(1 [2] {})', new EdnList([1, [2], new EdnMap([])])],
    [
      '{:a 1, "b" 2 3 4}',
      new EdnMap([
        [keyword('a'), 1],
        ['b', 2],
        [3, 4],
      ]),
    ],
    [
      '#:x{:a 1 :y/b 2}',
      new EdnMap([
        [keyword('x/a'), 1],
        [keyword('y/b'), 2],
      ]),
    ],
    ['#inst "2020"', new EdnTagged('inst', '2020')],
    [
      '#object[java.lang.Thread 0x1f "t"]',
      new EdnTagged('object', [new EdnSymbol('java.lang.Thread'), 31, 't']),
    ],
    ['[#_ 1 2 #_#_ 3 4 5 #_[:a]]', [2, 5]],
    ['^{:line 1} [1]', [1]],
    ['; before\n[1 ; inside ]\n 2] ; after', [1, 2]],
    ['[##Inf ##-Inf ##NaN]', [Infinity, -Infinity, NaN]],
  ])('reads %s', (text, value) => {
    expect(readEdn(text)).toEqual(value);
  });

  it.each([
    ['', 'there is no value in the text at line 1, column 1'],
    ['#_1', 'there is no value in the text at line 1, column 1'],
    ['1 2', 'a second value where one was expected at line 1, column 3'],
    ['[1\n 2', 'the text ends inside what [ began at line 1, column 1 at line 2, column 3'],
    ['{:a "x', 'a string that does not end, begun at line 1, column 5'],
    ['{:a 1\n :b}', 'a map with a key that has no value at line 1, column 1'],
    ['{:a 1 :a 2}', 'the key :a twice at line 1, column 1'],
    ['#{1 1}', 'the element 1 twice at line 1, column 2'],
    ['[1}', '} without its opening bracket at line 1, column 3'],
    ['"\\q"', 'an unknown escape in a string at line 1, column 2'],
    ['[\n  1x]', '1x is no number at line 2, column 3'],
    ['018', '018 is no number at line 1, column 1'],
    ['2r12', '2r12 is no number at line 1, column 1'],
    ['2r101N', '2r101N is no number at line 1, column 1'],
    ['1r0', '1r0 is no number at line 1, column 1'],
    ['37rZ', '37rZ is no number at line 1, column 1'],
    ['00r0', '00r0 is no number at line 1, column 1'],
    ['1/0', '1/0 is no number at line 1, column 1'],
    [':', ': is no keyword at line 1, column 1'],
    [
      '::a',
      '::a is no keyword: its namespace is known only to the program that wrote it at line 1, column 1',
    ],
    ['\\abc', '\\abc is no character at line 1, column 1'],
    ['##Infinity', '##Infinity is unknown; there are ##Inf, ##-Inf and ##NaN at line 1, column 1'],
    ['[#"a\\"]', 'a regular expression that does not end, begun at line 1, column 2'],
    ["#'a", "#'a is a variable of Clojure, which is no EDN at line 1, column 1"],
    ['@a', '"@" cannot begin a value at line 1, column 1'],
    ['#foo', 'the text ends where a value was expected at line 1, column 5'],
  ])('refuses %j', (text, message) => {
    expect(() => readEdn(text)).toThrow(message);
  });

  it('refuses deep nesting of every kind without overflowing the stack', () => {
    for (const opener of ['[', '(', '{', '#{', '#a ', '#_', '^', '[{:a ']) {
      expect(() => readEdn(opener.repeat(1_000_000))).toThrow(EdnSyntaxError);
    }
    expect(readEdn('['.repeat(1000) + ']'.repeat(1000))).toBeInstanceOf(Array);
  });

  it('fails only with an EdnSyntaxError', () => {
    fc.assert(
      fc.property(edn, fc.nat(), fc.nat(2), fc.string({ maxLength: 2 }), (value, place, cut, added) => {
        const text = writeEdn(value);
        const at = place % (text.length + 1);
        try {
          readEdn(text.slice(0, at) + added + text.slice(at + cut));
        } catch (error) {
          expect(error).toBeInstanceOf(EdnSyntaxError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('EdnReader', () => {
  it('returns forms one after another, with their positions', () => {
    const reader = new EdnReader('{:a 1}\n; comment\n  #_ignored [2]\n\n3');
    expect([reader.next(), reader.next(), reader.next(), reader.next()]).toEqual([
      { value: new EdnMap([[keyword('a'), 1]]), line: 1, column: 1 },
      { value: [2], line: 3, column: 13 },
      { value: 3, line: 5, column: 1 },
      undefined,
    ]);
  });
});

describe('Keyword', () => {
  it('is the same object for the same name', () => {
    expect(Keyword.of('a-b')).toBe(readEdn(':a-b'));
  });
});

/** In the lines that upstream breaks it into: a collection may end at column 70, with a comma behind it. */
const AS_UPSTREAM = `{:perf {:latency-graph {:valid? true},
        :rate-graph {:valid? true},
        :valid? true},
 :net {:all {:send-count 8091,
             :recv-count 4282,
             :msg-count 8091,
             :msgs-per-op 42.361256},
       :clients {:send-count 5402, :recv-count 5402, :msg-count 5402},
       :servers {:send-count 0,
                 :recv-count 0,
                 :msg-count 0,
                 :msgs-per-op 0.0},
       :valid? true},
 :others {:send-count 56412,
          :recv-count 56412,
          :msg-count 56412,
          :none ()},
 :stale (10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 290),
 :staler (10
          11
          12
          13
          14
          15
          16
          17
          18
          19
          20
          21
          22
          23
          24
          25
          26
          27
          28
          290),
 :also-not #{:strict-serializable
             :strong-session-serializable
             :update-serializable},
 :valid? true}`;

describe('writePrettyEdn', () => {
  it('breaks lines where upstream does', () => {
    expect(writePrettyEdn(readEdn(AS_UPSTREAM))).toBe(AS_UPSTREAM);
  });

  it('breaks lines that do not fit', () => {
    const lost = Array.from({ length: 30 }, (_, index) => index * 10).join(' ');
    const result = readEdn(
      `{:stats {:valid? true, :count 1200, :ok-count 1100}, :workload {:lost-count 3, :lost [${lost}], :valid? false}, :valid? false}`,
    );
    expect(writePrettyEdn(result, 60)).toMatchInlineSnapshot(`
      "{:stats {:valid? true, :count 1200, :ok-count 1100},
       :workload {:lost-count 3,
                  :lost [0
                         10
                         20
                         30
                         40
                         50
                         60
                         70
                         80
                         90
                         100
                         110
                         120
                         130
                         140
                         150
                         160
                         170
                         180
                         190
                         200
                         210
                         220
                         230
                         240
                         250
                         260
                         270
                         280
                         290],
                  :valid? false},
       :valid? false}"
    `);
  });
});

describe('jsonToEdn', () => {
  it('turns keys and words into strings, and omits undefined values', () => {
    const value = {
      'valid?': 'unknown',
      by: { read: { count: 1 }, '5': 'ok', 'a b': undefined },
      types: ['G0', 'G1'],
    };
    expect(writeEdn(jsonToEdn(value))).toBe(
      '{"valid?" "unknown", "by" {"5" "ok", "read" {"count" 1}}, "types" ["G0" "G1"]}',
    );
  });

  it('turns into keywords only what reads back as one', () => {
    fc.assert(
      fc.property(fc.oneof(name, fc.string()), (text) => {
        if (isKeywordName(text)) expect(readEdn(`:${text}`)).toBe(keyword(text));
      }),
    );
    for (const text of ['', '1a', 'a b', 'a/', '/a', 'a:b', 'a"', '-'])
      expect(isKeywordName(text)).toBe(false);
  });
});

/** Writes integers as EDN reads them: no -0, and beyond 2^53 as bigint. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'bigint' || (typeof field === 'number' && Number.isInteger(field))
      ? BigInt(field).toString()
      : field,
  );
}

describe('writeJsonAsEdn', () => {
  const json: fc.Arbitrary<Json> = fc
    .jsonValue()
    .map((value) => [value as Json, 9007199254740993n, new JsonNumber('1.0')]); // JSON values are Json

  it('writes what jsonToEdn and writeEdn write', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(writeJsonAsEdn(value)).toBe(writeEdn(jsonToEdn(value)));
      }),
    );
  });

  it('is undone by ednToJson', () => {
    const plain = fc.jsonValue().map((value) => value as Json); // JSON values are Json
    fc.assert(
      fc.property(plain, (value) => {
        expect(canonical(ednToJson(readEdn(writeJsonAsEdn(value))))).toBe(canonical(value));
      }),
    );
  });
});

describe('ednToJson', () => {
  it('turns what JSON lacks into its nearest equivalent', () => {
    expect(
      ednToJson(
        readEdn('{:a #{:b c}, 1 (2 3), [4] 1.5M, "s" \\x, nil 1/3, "n" ##NaN, "t" #foo 7, __proto__ 5M}'),
      ),
    ).toEqual(
      JSON.parse('{"a":["b","c"],"1":[2,3],"[4]":1.5,"s":"x","nil":"1/3","n":"##NaN","t":7,"__proto__":5}'),
    );
  });
});

describe('values of EDN', () => {
  // By Clojure's `=`: each line is a set of equal values, which differ from those of all other lines.
  const CLASSES = [
    ['1', '1N', '+1', '2/2', '0x1'],
    ['1.0', '1.00', '1e0'],
    ['1.0M', '1M', '1.00M', '10E-1M'],
    ['"1"'],
    ['\\1'],
    ['0', '-0'],
    ['0.0', '-0.0'],
    ['0M', '0.00M', '-0M'],
    ['1/2', '2/4'],
    ['0.5', '0.50'],
    ['9007199254740993', '9007199254740993N'],
    ['nil'],
    ['false'],
    ['##NaN'],
    ['##Inf'],
    ['##-Inf'],
    ['"##Inf"'],
    ['"a"'],
    [':a'],
    ['a'],
    ['\\a', '\\u0061'],
    ['":a"'],
    [':b/a', '#_1 :b/a'],
    ['[1 2]', '(1 2)', '[1N 2]'],
    ['[2 1]'],
    ['#{1 2}', '#{2 1}', '#{2N 1}'],
    ['#{#{1 2} :a}', '#{:a #{2 1}}'],
    ['#{[1 2]}', '#{(1 2)}'],
    ['[#{1 2}]', '(#{2 1})'],
    ['{1 2}', '{1N 2}'],
    ['{"1" 2}'],
    ['{:a 1, :b 2}', '{:b 2, :a 1}', '{:a 1N :b 2}'],
    ['{"a" 1, "b" 2}', '{"b" 2, "a" 1}'],
    ['{"a" {1 2}}'],
    ['{"a" {"1" 2}}'],
    ['{[1 {:x #{1 2}}] nil}', '{(1 {:x #{2 1}}) nil}'],
    ['[]', '()'],
    ['#{}'],
    ['{}'],
    ['""'],
    ['#inst "2020-01-01T00:00:00.000-00:00"', '#inst "2020-01-01T01:00:00+01:00"', '#inst "2020"'],
    ['#inst "2020-01-01T00:00:00.001-00:00"'],
    ['"2020-01-01T00:00:00.000-00:00"'],
    ['#uuid "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"', '#uuid "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"'],
    ['#jepsen.some.Record{:a 1}', '#jepsen.some.Record {:a 1N}'],
    ['#jepsen.other.Record{:a 1}'],
    ['#"a"', '#"a"'],
    ['#"a "'],
  ] as const;

  it('are equal exactly if they are in Clojure, read alone or in a history', () => {
    const all = CLASSES.flatMap((texts, at) =>
      texts.flatMap((text) => [
        { text, at, value: readEdn(text) },
        { text, at, value: ednToValue(readEdn(text)) },
      ]),
    );
    for (const left of all) {
      for (const right of all) {
        const wanted = left.at === right.at;
        const seen = [
          jsonEquals(left.value, right.value),
          canonicalJson(left.value) === canonicalJson(right.value),
          compareJson(left.value, right.value) === 0,
        ];
        expect(seen, `${left.text} and ${right.text}`).toEqual([wanted, wanted, wanted]);
      }
    }
  });

  it('are the same value in a history, and are written back unchanged', () => {
    fc.assert(
      fc.property(edn, (value) => {
        const held = ednToValue(value);
        expect(canonicalJson(held)).toBe(canonicalJson(value));
        expect(canonicalJson(readEdn(writeJsonAsEdn(held)))).toBe(canonicalJson(value));
        expect(stringifyJson(held)).toBe(stringifyJson(ednToJson(value)));
      }),
      { numRuns: 500 },
    );
  });

  it('are refused as duplicates in a set, and as keys of a map', () => {
    for (const text of ['#{[1] (1)}', '#{1.0 1.00}', '{#{1 2} 0 #{2 1} 0}', '#{1 1N}', '{:a 1 :a 2}']) {
      expect(() => readEdn(text)).toThrow(/ twice at line 1, column \d$/);
    }
    expect(readEdn('#{1 1.0 1M "1" :1}')).toBeInstanceOf(EdnSet);
  });
});

it('in sentences values are JSON, except what only EDN has', () => {
  const value = ednToValue(readEdn('[:a "a" {"b" #{1 2}} {1 2.0} 1.0]'));
  expect(valueText(value)).toBe('[:a,"a",{"b":#{1 2}},{1 2.0},1.0]');
  expect(stringifyJson(value)).toBe('["a","a",{"b":[1,2]},{"1":2.0},1.0]');
});
