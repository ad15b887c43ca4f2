import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnvelopeScanner } from './envelope.ts';
import { DEEPEST_MESSAGE, LONGEST_MESSAGE_NUMBER } from '../json/json-limits.ts';

const scanner = new EnvelopeScanner();

const DAMAGE = [
  [
    '',
    '"',
    '\\',
    ',',
    ':',
    '{',
    '}',
    '[',
    ']',
    '0',
    '-',
    '.',
    'e',
    '+',
    't',
    'null',
    ' ',
    '\n',
    '\u0001',
    '1',
  ],
  ['é', '/', 'u', "'", '\u007f', '\u00a0', '\ufeff', '\u0000'],
].flat();

function scan(line: string, before = '', after = '') {
  const bytes = Buffer.from(before + line + after);
  const start = Buffer.byteLength(before);
  const end = start + Buffer.byteLength(line);
  const verdict = scanner.scan(bytes, start, end);
  return verdict === 'ok'
    ? {
        verdict,
        src: scanner.src,
        dest: scanner.dest,
        body: bytes.toString('utf8', scanner.bodyStart, scanner.bodyEnd),
      }
    : { verdict };
}

/** Returns the expected result of the scanner, from JSON.parse. */
function expectedOf(line: string) {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { verdict: 'not-json' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { verdict: 'not-an-object' };
  const { src, dest, body } = value as Record<string, unknown>;
  if (src === undefined) return { verdict: 'src-missing' };
  if (typeof src !== 'string') return { verdict: 'src-not-a-string' };
  if (dest === undefined) return { verdict: 'dest-missing' };
  if (typeof dest !== 'string') return { verdict: 'dest-not-a-string' };
  if (body === undefined) return { verdict: 'body-missing' };
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { verdict: 'body-not-an-object' };
  return { verdict: 'ok', src, dest, body };
}

function agrees(line: string) {
  const seen = scan(line, '"x', '}1');
  const comparable = seen.body === undefined ? seen : { ...seen, body: JSON.parse(seen.body) as unknown };
  expect(comparable).toEqual(expectedOf(line));
}

const name = fc.oneof(fc.constantFrom('n1', 'n2', 'c10', 'lin-kv', 'é', '"', '\\'), fc.string());
const anything = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, 1, 'x', {}, { a: [] }, -1.5e300, true, [[{}], {}]),
);
const field = fc.oneof(
  fc.record({ src: name, dest: name, body: fc.dictionary(fc.string(), fc.jsonValue()) }),
  fc.record({ src: anything, dest: anything, body: anything, id: anything }, { requiredKeys: [] }),
);
const space = fc.constantFrom('', ' ', '\t', '\r\n', '  ');
const line = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: field }, anything),
    fc.constantFrom(undefined, 1, '\t'),
    space,
    space,
  )
  .map(([value, indent, before, after]) => before + JSON.stringify(value, null, indent) + after);

function nested(levels: number): string {
  return `{"src":"a","dest":"b","body":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
}

describe('EnvelopeScanner', () => {
  it('finds src, dest and the body as it was written', () => {
    const body = '{"type": "echo",  "echo":[1, {"body":{}}]}';
    expect(scan(`{"src":"c1","dest":"n1","body":${body},"id":7}`, 'garbage', 'garbage')).toEqual({
      verdict: 'ok',
      src: 'c1',
      dest: 'n1',
      body,
    });
  });

  it('gives equal names as the same string, also when many names share the cache', () => {
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 3000; index++) {
        expect(scan(`{"src":"n${index}","dest":"c${index * 7}","body":{}}`)).toEqual({
          verdict: 'ok',
          src: `n${index}`,
          dest: `c${index * 7}`,
          body: '{}',
        });
      }
    }
  });

  it('accepts exactly the lines that JSON.parse accepts and whose fields are of the right kinds', () => {
    fc.assert(fc.property(line, agrees), { numRuns: 1500 });
  });

  it('agrees with JSON.parse about lines with one byte changed, added or cut', () => {
    fc.assert(
      fc.property(line, fc.nat(), fc.nat(2), fc.constantFrom(...DAMAGE), (text, place, cut, added) => {
        const at = place % (text.length + 1);
        agrees(text.slice(0, at) + added + text.slice(at + cut));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    '{"src":"a","dest":"b","body":{}}{"src":"a","dest":"b","body":{}}',
    '{"src":"a","dest":"b","body":{},}',
    '{"src":"a","dest":"b","body":{"x":[1,]}}',
    '{"src":1,"src":"a","dest":"b","body":1,"body":{"a":1},"body":{}}',
    '{"src":"a","src":1,"dest":"b","body":{}}',
    '{"sr\\u0063":"a","\\u0064est":"b","bod\\u0079":{}}',
    '{"x":{"src":"a","dest":"b","body":{}}}',
    '[{"src":"a","dest":"b","body":{}}]',
    '["src","a","dest","b","body",{}]',
    '{"src":"a","dest":"b","body":{"n":01}}',
    '{"src":"a","dest":"b","body":{"n":1.}}',
    '{"src":"a","dest":"b","body":{"n":-}}',
    '{"src":"a","dest":"b","body":{"n":1e400,"m":1E+2,"k":-0.0e-0}}',
    '{"src":"a","dest":"b","body":{"n":NaN}}',
    '{"src":"a","dest":"b","body":{"n":nul}}',
    '{"src":"\\ud800","dest":"\\n","body":{}}',
    '{"src":"a\\x","dest":"b","body":{}}',
    '{"src":"a","dest":"b","body":{}',
    '{"src":"a","dest":"b","body":[}',
    '{"src":"a","dest":"b","body":{]}}',
    "{'src':'a'}",
    '',
    '  ',
    'null',
    '"text"',
    '\u0000',
  ])('agrees with JSON.parse about %j', (text) => {
    agrees(text);
  });

  it('keeps bodies apart that end in nested values of every kind', () => {
    for (const body of ['{"a":{}}', '{"a":[]}', '{"a":[{}]}', '{"a":{"b":[1]}}', '{}', '{ }']) {
      expect(scan(`{"body":${body},"a":[[]],"src":"x","dest":"y","b":{"body":{}}}`)).toMatchObject({ body });
    }
  });

  it('refuses nesting beyond its limit, without recursion', () => {
    expect(scan(nested(DEEPEST_MESSAGE - 2)).verdict).toBe('ok');
    expect(scan(nested(DEEPEST_MESSAGE - 1)).verdict).toBe('too-deep');
    expect(scan('['.repeat(1_000_000)).verdict).toBe('too-deep');
    expect(scanner.problemAt).toBe(DEEPEST_MESSAGE);
  });

  it('refuses numbers beyond its limit, in any form', () => {
    const within = '9'.repeat(LONGEST_MESSAGE_NUMBER);
    expect(scan(`{"body":{"x":${within}},"src":"x","dest":"y"}`).verdict).toBe('ok');
    for (const number of [`${within}0`, `-${within}`, `0.${within}`, `1e${within}`, `1E-${within}`])
      expect(scan(`{"body":{"x":${number}},"src":"x","dest":"y"}`).verdict).toBe('number-too-long');
    expect(scan(`{"body":{"x":"${within}0"},"src":"x","dest":"y"}`).verdict).toBe('ok');
  });

  it('shows where the text stops being JSON', () => {
    expect(scan('{"src":"a" "dest":"b"}').verdict).toBe('not-json');
    expect(scanner.problemAt).toBe(11);
  });
});

describe('the field cause', () => {
  const causeOf = (text: string): string | undefined => {
    const bytes = Buffer.from(text);
    expect(scanner.scan(bytes, 0, bytes.length)).toBe('ok');
    expect([scanner.extraStart, scanner.extraEnd]).toEqual([0, 0]);
    return scanner.causeEnd === 0 ? undefined : bytes.toString('utf8', scanner.causeStart, scanner.causeEnd);
  };

  it.each([
    ['{"src":"n1","dest":"n2","body":{},"cause":17}', '17'],
    ['{"cause": {"timer": [1,{}]} ,"src":"n1","dest":"n2","body":{"cause":3}}', '{"timer": [1,{}]}'],
    ['{"c\\u0061use":"x","src":"n1","dest":"n2","body":{}}', '"x"'],
    ['{"cause":[],"src":"n1","dest":"n2","body":{}}', '[]'],
    ['{"cause":1,"src":"n1","dest":"n2","body":{},"cause":null}', 'null'],
    ['{"src":"n1","dest":"n2","body":{"cause":1}}', undefined],
  ])('of %s is found', (text, cause) => expect(causeOf(text)).toBe(cause));
});
