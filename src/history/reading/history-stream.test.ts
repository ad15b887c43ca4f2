import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEquals, parseJson, JsonNumber, stringifyJson, type Json } from '../../protocol/json.ts';
import { readEdn } from '../../edn/edn-reader.ts';
import { EdnChar } from '../../edn/edn-value.ts';
import { FastEdnOpReader } from './fast-edn-op.ts';
import { FastJsonOpReader } from './fast-json-op.ts';
import { HistoryStream, type HistoryStreamOptions } from './history-stream.ts';
import { opToEdnLine, opToJsonLine } from '../op-codec.ts';
import { HistoryClock } from './history-clock.ts';
import { OpReader } from './op-from.ts';
import type { Op, OpType } from '../op.ts';

interface Reading {
  readonly ops: readonly Op[];
  readonly lines: readonly number[];
  readonly truncated?: string;
}

/** Reads bytes in chunks of that many. */
function readBytes(bytes: Uint8Array, chunk: number, options?: HistoryStreamOptions): Reading {
  const ops: Op[] = [];
  const lines: number[] = [];
  const stream = new HistoryStream((op, line) => {
    ops.push(op);
    lines.push(line);
  }, options);
  for (let at = 0; at < bytes.length; at += chunk) stream.push(bytes.subarray(at, at + chunk));
  const { operations, truncated } = stream.end();
  expect(operations).toBe(ops.length);
  return { ops, lines, ...(truncated === undefined ? {} : { truncated }) };
}

const read = (text: string, options?: HistoryStreamOptions): Reading =>
  readBytes(new TextEncoder().encode(text), 1 << 20, options);

const OPS: readonly Op[] = [
  { index: 0, time: 10, type: 'invoke', process: 0, f: 'read', value: null },
  { index: 1, time: 20, type: 'info', process: 'nemesis', f: 'start', value: 'a "b" \\ {[( é' },
  { index: 2, time: 30, type: 'ok', process: 0, f: 'read', value: [1, -2, 'x', [true, null]], final: true },
];
const JSONL = OPS.map((op) => `${opToJsonLine(op)}\n`).join('');
const EDN = OPS.map((op) => `${opToEdnLine(op)}\n`).join('');

describe('the formats', () => {
  it.each<[string, string, readonly number[]]>([
    ['one operation per line', JSONL, [1, 2, 3]],
    ['the last line without its newline', JSONL.trimEnd(), [1, 2, 3]],
    ['blank lines and carriage returns', `\n${JSONL.replaceAll('\n', '\r\n\r\n')}`, [2, 4, 6]],
    ['a byte order mark', `\ufeff${JSONL}`, [1, 2, 3]],
    ['a JSON array on one line', JSON.stringify(OPS), [1, 1, 1]],
    ['a JSON array with one operation per line', `[${OPS.map(opToJsonLine).join(',\n')}\n]\n`, [1, 2, 3]],
    ['JSON over several lines', OPS.map((op) => JSON.stringify(op, undefined, 2)).join('\n'), [1, 9, 17]],
    ['EDN maps', EDN, [1, 2, 3]],
    ['tagged EDN maps', EDN.replaceAll(/^\{/gm, '#jepsen.history.Op{'), [1, 2, 3]],
    ['tagged EDN maps with a space', EDN.replaceAll(/^\{/gm, '#jepsen.history.Op {'), [1, 2, 3]],
    ['EDN maps whose keys are texts', EDN.replaceAll(/:([\w?]+) /g, '"$1" '), [1, 2, 3]],
    ['an EDN vector of them', `[${EDN.replaceAll(/:([\w?]+) /g, '"$1" ')}]`, [1, 2, 3]],
    ['an EDN vector', `[${EDN}]`, [1, 2, 3]],
    ['an EDN list with comments', `; "a [ comment\n(${EDN.replaceAll('\n', ' ; } "\n')})`, [2, 3, 4]],
    ['discarded EDN forms', `#_{:type :oops}\n${EDN}`, [2, 3, 4]],
    ['discarded EDN forms before a vector', `#_ "[ {" #_#_ {:a [{}]} 7 [${EDN} #_ 5] #_ 5`, [1, 2, 3]],
    ['EDN characters', EDN.replace('nil', '[\\{ \\"]').replace('[\\{ \\"]', 'nil'), [1, 2, 3]],
  ])('%s', (_name, text, lines) => {
    expect(read(text)).toEqual({ ops: OPS, lines });
  });

  it.each([
    '',
    '\n\n',
    '[]',
    ' [ ]\n',
    '()',
    '#_ 5',
    '#_5 #_{:a 1} ; 6\n',
    '#_#_ 1 2',
    '[] #_ 5',
    '[] ; 5',
    '#_ 5 []',
  ])('%j is an empty history', (text) => {
    expect(read(text)).toEqual({ ops: [], lines: [] });
  });

  it('brackets in EDN characters and strings do not count', () => {
    const [op] = read('{:type :ok :process 0 :f :x :value [\\{ "}" \\" \\]]}\n').ops;
    expect(op?.value).toEqual([new EdnChar('{'), '}', new EdnChar('"'), new EdnChar(']')]);
  });

  it('read the same in chunks of any size', () => {
    const texts = [JSONL, JSON.stringify(OPS), EDN, `[${EDN}]`];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.integer({ min: 1, max: 60 }), (text, chunk) => {
        expect(readBytes(new TextEncoder().encode(text), chunk).ops).toEqual(OPS);
      }),
    );
  });

  it('read the same when their bytes are overwritten after each chunk', () => {
    for (const text of [JSONL, EDN]) {
      const bytes = Buffer.from(text);
      const ops: Op[] = [];
      const stream = new HistoryStream((op) => ops.push(op));
      const buffer = Buffer.alloc(7);
      for (let at = 0; at < bytes.length; at += buffer.length) {
        const count = bytes.copy(buffer, 0, at);
        stream.push(buffer.subarray(0, count));
        buffer.fill('#');
      }
      stream.end();
      expect(ops).toEqual(OPS);
    }
  });

  it('missing fields are filled in', () => {
    expect(read('{"type":"ok","process":1,"value":[]}\n', { defaultF: 'txn' }).ops).toEqual([
      { index: 0, time: 0, type: 'ok', process: 1, f: 'txn', value: [] },
    ]);
  });
});

describe('a truncated end', () => {
  it.each<[string, string, string]>([
    ['a line', JSONL.slice(0, -5), 'line 3, the last, is cut off and left out. Seen: {"index":2,'],
    [
      'a line, in the middle of a character',
      `${JSONL}{"f":"é`,
      'line 4, the last, is cut off and left out. Seen: {"f":"é',
    ],
    [
      'a JSON array',
      JSON.stringify(OPS).slice(0, -5),
      'line 1, the last, is cut off and left out. Seen: {"index":2,',
    ],
    ['an EDN map', EDN.slice(0, -5), 'line 3, the last, is cut off and left out. Seen: {:index 2,'],
  ])('%s is reported, and the rest is read', (_name, text, message) => {
    const { ops, truncated } = read(text);
    expect(ops.length).toBeGreaterThanOrEqual(2);
    expect(truncated?.startsWith(message)).toBe(true);
  });

  it('a missing bracket is reported', () => {
    expect(read(`[${EDN}`)).toMatchObject({
      ops: OPS,
      truncated: 'the end is cut off: the closing bracket of the history is missing.',
    });
  });
});

describe('an invalid history', () => {
  it.each<[string, string, string]>([
    ['a line in the middle', JSONL.replace('{"index":1', '{"index"1'), 'line 2 is not JSON: '],
    ['a file of another kind', 'index,time\n0,1\n', 'line 1 is not JSON: "i" at offset 0'],
    ['one line of another kind', 'hello', 'line 1 is not JSON: "h" at offset 0'],
    [
      'a number for a type',
      '{"type":3,"process":0,"f":"x"}',
      'line 1: `type` is 3; expected invoke, ok, fail or info: invoke as an operation begins; and as it ends ok',
    ],
    [
      'an operation without f',
      `${JSONL}{"type":"ok","process":0}`,
      'line 4: `f` is missing; expected the name of an operation.',
    ],
    [
      'an array of numbers',
      '[1, 2]',
      'line 1: expected an operation, an object such as {"type":"invoke","process":0,"f":"write","value":1}; saw 1. Seen: 1',
    ],
    [
      'a row of a table',
      '[[0,"invoke","write",1],[0,"ok","write",1]]',
      'line 1: expected an operation, an object such as {"type":"invoke","process":0,"f":"write","value":1}; saw [0,',
    ],
    [
      'pairs of operations',
      '[[{:type :invoke, :process 0, :f :read} {:type :ok, :process 0, :f :read}]]',
      'line 1: expected an operation, an object such as',
    ],
    [
      'EDN with a wrong bracket',
      `${EDN}{:type :ok]\n`,
      'line 4 is not EDN: ] without its opening bracket at column 11.',
    ],
    ['a single, truncated operation', '{:type :ok', 'line 1 does not end. Seen: {:type :ok'],
    ['EDN over several lines', '{:type :ok\n :f ##Foo}', 'line 2 is not EDN: ##Foo is unknown'],
    [
      'EDN that is not an operation',
      '{:type :ok :process 0 :f :x}\n"x" ',
      'line 2: expected an operation, an object such as {"type":"invoke","process":0,"f":"write","value":1}; saw "x".',
    ],
  ])('%s is an error with its line', (_name, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('bytes that are not UTF-8 are an error', () => {
    const bytes = new Uint8Array([...new TextEncoder().encode(JSONL), 0x7b, 0xff, 0x0a, 0x7b, 0x0a]);
    expect(() => readBytes(bytes, 100)).toThrow('line 4 is not JSON: it is not UTF-8');
  });
});

const numbers = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    numbers,
    fc.string(),
    fc.constantFrom(null, true, false, 'append', 'r', new JsonNumber('1.0')),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 2 }),
  ),
})).value;

describe('the fast JSON reader', () => {
  it('returns what the exact one returns, or nothing', () => {
    const record = fc.record(
      {
        index: fc.oneof(fc.nat(), value),
        time: fc.oneof(fc.nat(), value),
        type: fc.constantFrom<Json>('invoke', 'ok', 'fail', 'info', 'other'),
        process: fc.oneof(fc.integer(), fc.constantFrom<Json>('nemesis', 'n1', null)),
        f: fc.oneof(fc.constantFrom<Json>('txn', 'read'), fc.string()),
        value,
      },
      { requiredKeys: [] },
    );
    const spaced = fc.constantFrom(0, 1, 2);
    let taken = 0;
    fc.assert(
      fc.property(record, spaced, (fields, indent) => {
        const plain = stringifyJson(fields);
        const line = indent === 0 ? plain : JSON.stringify(JSON.parse(plain), undefined, indent);
        const bytes = new TextEncoder().encode(line);
        const fast = new FastJsonOpReader(new HistoryClock()).read(bytes, 0, bytes.length, 5, 'txn');
        if (fast === undefined) return;
        taken++;
        expect(jsonEquals({ ...fast }, { ...new OpReader('txn').ofJson(parseJson(line), 5) })).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  it('accepts the usual lines of histories', () => {
    const txn: Op = {
      ...OPS[0],
      index: 7,
      time: 123456789012345,
      type: 'ok',
      process: 3,
      f: 'txn',
      value: [
        ['r', 5, [1, 2]],
        ['append', 5, 3],
      ],
    };
    const id: Op = {
      ...txn,
      f: 'generate',
      value: [7147375873228800, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
    };
    for (const op of [OPS[0], txn, id]) {
      const bytes = new TextEncoder().encode(JSON.stringify(op));
      expect(new FastJsonOpReader(new HistoryClock()).read(bytes, 0, bytes.length, 0)).toEqual(op);
    }
  });

  it.each([
    '{"type":"ok","process":01,"f":"x"}',
    '{"type":"ok","process":-0,"f":"x"}',
    '{"type":"ok","process":1.5,"f":"x"}',
    '{"type":"ok","process":1,"f":"x"',
    '{"type":"ok","process":1,"f":"x"}}',
    '{"type":"ok","process":1,"f":"x",}',
    '{"type":"ok" "process":1,"f":"x"}',
    '{"type":"ok","process":1,"f":"\\u0078"}',
    '{"type":"ok","process":1,"f":"x","error":"timeout"}',
    '{"type":"ok","process":1,"f":"x","value":nul}',
    '{"type":"ok","process":1,"f":"x","value":[1,]}',
    '{"type":"ok","process":1,"f":"x","value":9007199254740992}',
    '{"type":"ok","process":1,"f":"x","value":-9007199254740993}',
    '{"type":"ok","process":1,"f":"x","value":9999999999999999}',
    '{"type":"ok","process":1,"f":"x","value":10000000000000000}',
    '',
  ])('leaves %s to the exact one', (line) => {
    const bytes = new TextEncoder().encode(line);
    expect(new FastJsonOpReader(new HistoryClock()).read(bytes, 0, bytes.length, 0)).toBeUndefined();
  });
});

describe('the fast EDN reader', () => {
  const fastly = (text: string): Op | undefined => {
    const bytes = new TextEncoder().encode(text);
    return new FastEdnOpReader(new HistoryClock()).read(bytes, 0, bytes.length, 5, 'txn');
  };

  it('reads what it accepts like the exact one, whatever was changed in it', () => {
    const easy = fc.constantFrom<Json>(null, true, false, 0, -1, 'r', 'append', 'x y', '');
    const hard = fc.constantFrom<Json>(1.5, 10n ** 17n, 'a\nb', 'é');
    const { some } = fc.letrec<{ some: Json }>((tie) => ({
      some: fc.oneof(
        { maxDepth: 3 },
        { weight: 6, arbitrary: easy },
        { weight: 6, arbitrary: fc.integer() },
        { weight: 1, arbitrary: hard },
        { weight: 6, arbitrary: fc.array(tie('some'), { maxLength: 4 }) },
      ),
    }));
    const op = fc.record({
      index: fc.nat(),
      time: fc.nat({ max: 2 ** 31 - 1 }),
      type: fc.constantFrom<OpType>('invoke', 'ok', 'fail', 'info'),
      process: fc.oneof(fc.nat(), fc.constant<'nemesis'>('nemesis')),
      f: fc.constantFrom('txn', 'read', 'final-read', 'a b'),
      value: some,
    });
    const change = fc.record({
      at: fc.nat(),
      cut: fc.nat(2),
      put: fc.constantFrom(
        '',
        ' ',
        ',',
        ':',
        '[',
        ']',
        '(',
        ')',
        '{',
        '}',
        '"',
        '0',
        '-',
        'N',
        'x',
        '#_',
        ';',
        '.',
      ),
    });
    let taken = 0;
    let changedAndTaken = 0;
    fc.assert(
      fc.property(op, fc.boolean(), fc.array(change, { maxLength: 2 }), (fields, tagged, changes) => {
        let text = `${tagged ? '#jepsen.history.Op' : ''}${opToEdnLine(fields)}`;
        for (const { at, cut, put } of changes) {
          const from = at % text.length;
          text = text.slice(0, from) + put + text.slice(from + cut);
        }
        const fast = fastly(text);
        if (fast === undefined) return;
        taken++;
        if (changes.length > 0) changedAndTaken++;
        expect(jsonEquals({ ...fast }, { ...new OpReader('txn').ofEdn(readEdn(text), 5) })).toBe(true);
      }),
      { numRuns: 4000 },
    );
    expect(taken).toBeGreaterThan(500);
    expect(changedAndTaken).toBeGreaterThan(40);
  });

  it('accepts the usual operations of histories', () => {
    const txn = { index: 7, time: 123456789012345, type: 'ok', process: 3, f: 'txn' } as const;
    const mops = [
      ['r', 5, [1, 2]],
      ['append', 5, 3],
    ];
    expect(fastly(opToEdnLine({ ...txn, value: mops }))).toEqual({ ...txn, value: mops });
    expect(fastly('#jepsen.history.Op{:process :nemesis, :type :info, :f :start, :value nil}\n')).toEqual({
      index: 5,
      time: 0,
      type: 'info',
      process: 'nemesis',
      f: 'start',
      value: null,
    });
  });

  it.each([
    '{:type :ok :process 01}',
    '{:type :ok :process 1N}',
    '{:type :ok :process 1x}',
    '{:type :ok :process +1}',
    '{:type :ok :process 1 :process 2}',
    '{:type :ok :process 1',
    '{:type :ok :process 1}}',
    '{:type :ok :process}',
    '{:type ok :process 1}',
    '{:type :ok :process 1 :value nilly}',
    '{:type :ok :process 1 :value [1 2)}',
    '{:type :ok :process 1 :value #{1}}',
    '{:type :ok :process 1 :value 1/2}',
    '{:type :ok :process 1 :value "a"b}',
    '{:type :ok :process 1 :value :a/b}',
    '{:type :ok :process 1 :error :timeout}',
    '{:type :ok :process 1 ;}',
    '#my.Op{:type :ok :process 1}',
    '#jepsen.history.Operation{:type :ok :process 1}',
    '',
  ])('leaves %s to the exact one', (text) => {
    expect(fastly(text)).toBeUndefined();
  });
});

it.each<readonly [string, readonly number[], string]>([
  ['gzip', [0x1f, 0x8b, 8, 0, 0, 0, 10, 0], 'it is compressed (gzip). Give what is in it: gunzip -c FILE |'],
  ['zip', [0x50, 0x4b, 3, 4, 10, 10], 'it is compressed (zip). Give what is in it: unzip -p FILE |'],
  ['UTF-16 with its mark', [0xff, 0xfe, 0x7b, 0, 0x0a, 0], 'it is UTF-16 or UTF-32; expected UTF-8.'],
  ['UTF-16 without one', [0x7b, 0, 0x22, 0], 'it is UTF-16 or UTF-32; expected UTF-8.'],
  ['UTF-16, the greater byte first', [0, 0x7b, 0, 0x22], 'it is UTF-16 or UTF-32; expected UTF-8.'],
])('a file in %s is refused with how to convert it', (_, bytes, why) => {
  for (const chunk of [1, 100]) expect(() => readBytes(Uint8Array.from(bytes), chunk)).toThrow(why);
});
