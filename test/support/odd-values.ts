/**
 * Values that are rare in histories, for laws about equality: each of a different kind, many nearly equal to another
 * one.
 */
import fc from 'fast-check';
import { readEdn } from '../../src/edn/edn-reader.ts';
import { ednToValue } from '../../src/edn/edn-value.ts';
import { JsonNumber, parseJson, type Json } from '../../src/protocol/json.ts';

/** At these values tables and columns change how they store integers. */
const EDGES = [
  0,
  32,
  256,
  500,
  1024,
  2000,
  2 ** 16,
  2 ** 22,
  2 ** 30,
  2 ** 31,
  2 ** 32,
  2 ** 52,
  2 ** 53,
  2 ** 63,
];

const integer: fc.Arbitrary<Json> = fc
  .tuple(fc.constantFrom(...EDGES), fc.integer({ min: -3, max: 3 }), fc.boolean())
  .map(([edge, offset, negative]) => {
    const value = BigInt(edge) + BigInt(offset);
    return parseJson(String(negative ? -value : value));
  });

const fraction: fc.Arbitrary<Json> = fc.constantFrom(
  -0,
  0.5,
  -0.5,
  1e-7,
  new JsonNumber('0.0'),
  new JsonNumber('-0.0'),
  new JsonNumber('1.0'),
  new JsonNumber('1.00'),
  new JsonNumber('1e0'),
  new JsonNumber('0.50'),
  new JsonNumber('2e3'),
  new JsonNumber('2000.0'),
  new JsonNumber('9007199254740992.0'),
  new JsonNumber('1e400'),
);

/** Numbers that no reader produces, but a caller of the library may. */
const unusualNumber: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  0n,
  1n,
  2000n,
  BigInt(2 ** 30),
  BigInt(2 ** 52 + 1),
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  1e300,
  NaN,
  Infinity,
  -Infinity,
);

/** Includes texts that look like the canonical text of another value. */
const text: fc.Arbitrary<Json> = fc.constantFrom(
  '',
  '0',
  '1',
  '-1',
  '1.0',
  '0.5',
  '2000',
  'null',
  'true',
  'NaN',
  'Infinity',
  '##NaN',
  '##Inf',
  '[1]',
  '[]',
  '{}',
  '{"a":1}',
  '"1"',
  '"',
  ':a',
  'a',
  '#a',
  '0.1e1',
  '\ud800',
  '\\ud800',
  '__proto__',
);

/** Values that only EDN has, some of them equal to each other or to plain ones. */
const edn: fc.Arbitrary<Json> = fc
  .constantFrom(
    ...[
      ':a :b/a a \\a \\1 :1 1/2 -1/2 1M 1.0M 1.00M 0.5M 2000M ##NaN ##-Inf',
      '#{} #{1} #{1.0} #{1_2} #{2_1} #{"1"} #{:a} #{[1]} #{(1)} #{#{1_2}} [#{2_1}] (#{1_2}) () (1)',
      '{1_2} {"1"_2} {:a_1} {"a"_1} {a_1} {:a_1_"a"_2} {"a"_2_:a_1} {[1]_nil} {} {"a"_{1_2}} {"a"_{"1"_2}}',
      '#"a" #"[a" #inst_"2020" #inst_"2020-01-01T00:00:00Z" #uuid_"ab" #uuid_"AB" #r{:a_1} #s{:a_1}',
    ].flatMap((line) => line.split(' ').map((form) => form.replaceAll('_', ' '))),
  )
  .chain((form) => fc.constantFrom(readEdn(form), ednToValue(readEdn(form))));

const atom = fc.oneof(
  { weight: 4, arbitrary: integer },
  { weight: 2, arbitrary: fraction },
  { weight: 1, arbitrary: unusualNumber },
  { weight: 3, arbitrary: text },
  { weight: 2, arbitrary: edn },
  { weight: 1, arbitrary: fc.constantFrom<Json>(null, true, false) },
);

/** Any value: numbers of all kinds and sizes, texts, arrays, objects with keys in any order, and EDN values. */
export const oddValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'odd' },
    { weight: 6, arbitrary: atom },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 2 }) },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(fc.constantFrom('a', 'b', '1', '__proto__'), tie('value')), { maxLength: 3 })
        .map((fields) => Object.fromEntries(fields)),
    },
  ),
})).value;

/** Sequences of single values and runs of consecutive integers in any order, with repetitions. */
export const oddSequence: fc.Arbitrary<readonly Json[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: oddValue.map((value) => [value]) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.nat({ max: 3000 }), fc.nat({ max: 300 }))
          .map(([start, length]) => Array.from({ length }, (_, at) => start + at)),
      },
    ),
    { maxLength: 25 },
  )
  .map((pieces) => pieces.flat());
