/** Histories as other tools and converters write them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EdnMap, EdnSet, keyword } from '../../edn/edn-value.ts';
import { stringifyJson, type Json } from '../../protocol/json.ts';
import { HistoryError } from '../history-error.ts';
import { opToTxtLine } from '../op-codec.ts';
import { HistoryStream } from './history-stream.ts';
import { readHistory } from './read-history.ts';
import type { Op } from '../op.ts';

const lines = (...ops: readonly Record<string, Json>[]): string =>
  ops.map((op) => `${stringifyJson(op)}\n`).join('');
const timesOf = (text: string): readonly number[] => readHistory(text).ops.map(({ time }) => time);
const timed = (...times: readonly string[]): string =>
  times.map((time) => `{"type":"ok","process":0,"f":"read","time":${time}}\n`).join('');

describe('times', () => {
  it('in nanoseconds since 1970 count from the first operation, to the last digit', () => {
    const json = timed('1700000000123456789', '1700000000123456790', '1700000001123456788');
    expect(timesOf(json)).toEqual([0, 1, 999_999_999]);
    const edn = json.replaceAll(/"(\w+)":/g, ':$1 ').replaceAll(/"(\w+)"/g, ':$1');
    expect(timesOf(edn)).toEqual([0, 1, 999_999_999]);
    // By way of the exact readers, which a key that is not known takes.
    expect(timesOf(json.replaceAll('}', ',"extra":{}}'))).toEqual([0, 1, 999_999_999]);
    expect(timesOf(edn.replaceAll('}', ' :extra {}}'))).toEqual([0, 1, 999_999_999]);
  });

  it('in seconds are recognized, with a fraction or without', () => {
    expect(timesOf(timed('0.0', '0.25', '1', '1.5', '2.0'))).toEqual([0, 25e7, 1e9, 15e8, 2e9]);
    expect(timesOf(timed('1700000000.5', '1700000002', '1700000003.25'))).toEqual([5e8, 2e9, 325e7]);
  });

  it('in nanoseconds may be floats, as may the index and the process', () => {
    const text = timed('0.0', '3291485.0', '20000000000.0').replaceAll(
      '"process":0',
      '"index":7.0,"process":1.0',
    );
    expect(readHistory(text).ops.map(({ index, process, time }) => [index, process, time])).toEqual([
      [7, 1, 0],
      [7, 1, 3291485],
      [7, 1, 2e10],
    ]);
  });

  it('keep their order, whatever their size and form', () => {
    const time = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
      fc.nat().map(String),
      fc.nat().map((whole) => `${whole}.0`),
    );
    const sorted = fc
      .tuple(fc.constantFrom('', '.0', '.5'), fc.array(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })))
      .map(([fraction, whole]) =>
        whole.sort((a, b) => (a < b ? -1 : 1)).map((value) => `${value}${fraction}`),
      );
    fc.assert(
      fc.property(fc.oneof(sorted, fc.tuple(time)), (times) => {
        const read = timesOf(timed(...times));
        expect(read).toEqual(read.toSorted((a, b) => a - b));
        expect(read.every(Number.isFinite)).toBe(true);
      }),
    );
  });

  it('that are invalid are refused', () => {
    expect(() => timesOf(timed('"noon"'))).toThrow(
      new HistoryError(
        'line 1: `time` is "noon"; expected nanoseconds, seconds or a date. Seen: {"type":"ok","process":0,"f":"read","time":"noon"}',
      ),
    );
    expect(() => timesOf(timed('1e400'))).toThrow('`time` is 1e400');
  });
});

describe('fields', () => {
  it('may be keywords in strings, and the last reads marked as in Jepsen', () => {
    const op = { index: 4, time: 5, process: 6, f: 'read', value: 7, type: 'ok', final: true } as const;
    const asStrings = { ...op, type: ':ok', f: ':read', 'final?': true };
    const { final: _, ...jepsen } = asStrings;
    const withColons = Object.fromEntries(Object.entries(jepsen).map(([key, value]) => [`:${key}`, value]));
    const { final: _final, 'final?': last, ...others } = asStrings;
    const withOneColon = lines({ ...others, ':final?': last });
    for (const text of [
      lines(asStrings),
      lines(jepsen),
      lines(withColons),
      withOneColon,
      lines({ op: jepsen }),
    ]) {
      expect(readHistory(text).ops).toEqual([op]);
    }
    const edn = '{:index 4 :time 5 :process 6 :f :read :value 7 :type :ok :final? true}';
    expect(readHistory(edn).ops).toEqual([op]);
    expect(readHistory(`[{:op ${edn}} {:op #jepsen.history.Op${edn}}]`).ops).toEqual([op, op]);
    expect(readHistory(lines({ ...jepsen, process: ':nemesis' })).ops[0]?.process).toBe('nemesis');
    expect(readHistory(lines({ ...jepsen, process: '12' })).ops[0]?.process).toBe(12);
  });

  it('that are integers may be written as 1.0, but not as 1.5', () => {
    expect(readHistory('{"type":"ok","process":1.0,"index":2e0,"f":"read"}').ops[0]).toMatchObject({
      process: 1,
      index: 2,
    });
    expect(() => readHistory('{"type":"ok","process":1.5,"f":"read"}')).toThrow(
      'line 1: `process` is 1.5; expected an integer, a name or nemesis.',
    );
  });

  it('keep their types where they are values, and are names in micro-operations', () => {
    const [txn, read] = readHistory(
      '{:type :ok :process 0 :f :txn :value ([:append :x #{1}] (:r "x" [:a]))}\n' +
        '{:type :ok :process 0 :f :read :value {9 [:r]}}',
    ).ops;
    expect(txn?.value).toEqual([
      ['append', keyword('x'), new EdnSet([1])],
      ['r', 'x', [keyword('a')]],
    ]);
    expect(read?.value).toEqual(new EdnMap([[9, [keyword('r')]]]));
  });
});

describe('a history without processes', () => {
  const op = (type: string): Record<string, Json> => ({ type, f: 'read' });

  it('has sequential operations', () => {
    const ops = readHistory(lines(...['invoke', 'ok', 'invoke', 'info', 'invoke', 'fail'].map(op))).ops;
    expect(ops.map(({ process }) => process)).toEqual([0, 0, 0, 0, 1, 1]);
  });

  it('may have overlapping ones: a completion ends what has its f, or its value', () => {
    const entries = (...rows: readonly (readonly [type: string, f: string, value: Json])[]) =>
      readHistory(lines(...rows.map(([type, f, value]) => ({ type, f, value })))).ops.map(
        ({ process }) => process,
      );
    // As in the history of comments that elle-cli comes with.
    const write = (value: number) => [['invoke', 'write', value] as const, ['ok', 'write', value] as const];
    expect(entries(['invoke', 'read', null], ...write(1), ...write(2), ['ok', 'read', [2]])).toEqual([
      0, 1, 1, 1, 1, 0,
    ]);
    expect(
      entries(
        ['invoke', 'write', 1],
        ['invoke', 'write', 2],
        ['info', 'write', 2],
        ['invoke', 'read', null],
        ['ok', 'write', 1],
      ),
    ).toEqual([0, 1, 1, 2, 0]);
    const txn = (value: Json): Json => [
      ['append', 'x', 1],
      ['r', 'x', value],
    ];
    expect(
      entries(['invoke', 'txn', txn(null)], ['invoke', 'txn', [['r', 'x', null]]], ['ok', 'txn', txn([1])]),
    ).toEqual([0, 1, 0]);
    expect(() => entries(['invoke', 'read', null], ['invoke', 'read', null], ['ok', 'read', 1])).toThrow(
      'line 3: no operation names its `process`, and read (ok) fits 2 of those that are open; expected `process`.',
    );
    expect(() => entries(['invoke', 'add', 1], ['invoke', 'add', 1], ['ok', 'add', 1])).toThrow(
      'fits 2 of those that are open',
    );
    expect(() => entries(['invoke', 'write', 1], ['ok', 'read', 1])).toThrow(
      'fits none of those that are open',
    );
  });

  it('has sequential operations even if it has only their completions', () => {
    const txns =
      '{:type :ok :f :txn :value [[:append :x 1] [:r :y [2]]]}\n{:type :info, :process nil, :f :txn :value nil}';
    expect(
      readHistory(`${txns}{:type :ok :f :read :value 3 :error 1}`).ops.map(({ type, process, value }) => [
        type,
        process,
        value,
      ]),
    ).toEqual([
      [
        'invoke',
        0,
        [
          ['append', keyword('x'), 1],
          ['r', keyword('y'), null],
        ],
      ],
      [
        'ok',
        0,
        [
          ['append', keyword('x'), 1],
          ['r', keyword('y'), [2]],
        ],
      ],
      ['invoke', 0, null],
      ['info', 0, null],
      ['invoke', 1, null],
      ['ok', 1, 3],
    ]);
    const [invoke, ok] = readHistory(lines({ type: 'ok', f: 'read', value: 3, error: 'x' })).ops;
    expect(invoke).toEqual({ index: 0, time: 0, type: 'invoke', process: 0, f: 'read', value: null });
    expect(ok).toMatchObject({ index: 0, type: 'ok', error: 'x' });
  });

  it('has reads that were invoked with the requested keys: a pair may belong to an independent key', () => {
    const read = (value: Json): Json | undefined =>
      readHistory(lines({ type: 'ok', f: 'read', value })).ops[0]?.value;
    expect(read(['k', 3])).toEqual(['k', null]);
    expect(read([['r', 1, 1]])).toEqual([['r', 1, null]]);
    expect(read([1, 2, 3])).toBe(null);
  });

  it('is malformed if only some are missing', () => {
    const whole = { ...op('ok'), process: 3 };
    expect(() => readHistory(lines(whole, op('ok')))).toThrow(
      'line 2: `process` is missing, but operations before have one; expected it on all, or on none.',
    );
    expect(() => readHistory(lines(op('ok'), whole))).toThrow(
      'line 2: `process` is 3, but operations before have none; expected it on all, or on none.',
    );
  });
});

describe('history.txt and jepsen.log', () => {
  it('hold values with line separators of Unicode, which end no line', () => {
    const value = 'a\u2028b\u2029c\u0085d';
    expect(readHistory(`0\t:invoke\t:write\t"${value}"\n0\t:ok\t:write\t"${value}"\n`).ops).toMatchObject([
      { type: 'invoke', value },
      { type: 'ok', value },
    ]);
  });

  const OPS: readonly Op[] = [
    { index: 0, time: 0, type: 'invoke', process: 0, f: 'txn', value: [['append', 'x', 1]] },
    { index: 1, time: 0, type: 'info', process: 'nemesis', f: 'start', value: null },
    { index: 2, time: 0, type: 'info', process: 0, f: 'txn', value: [['r', 1, [1, 2]]], error: [0, 'a b'] },
    { index: 3, time: 0, type: 'invoke', process: 12, f: 'two words', value: 'x\ty' },
  ];
  const TEXT = OPS.map((op) => `${opToTxtLine(op)}\n`).join('');

  it('are read like any other', () => {
    expect(readHistory(TEXT).ops).toEqual(OPS);
    expect(readHistory('0\t:ok\t:read\tnil\ttimed out, it seems\n').ops[0]?.error).toBe(
      'timed out, it seems',
    );
  });

  it('columns may be separated by blanks, after a prefix as in the logs of Porcupine too', () => {
    const read = (text: string) =>
      readHistory(text).ops.map(({ type, process, f, value }) => [process, type, f, value]);
    expect(read('0 :invoke :cas [0 1]\n:nemesis :info :start nil\n0  :ok  :cas  [0 1]\n')).toEqual([
      [0, 'invoke', 'cas', [0, 1]],
      ['nemesis', 'info', 'start', null],
      [0, 'ok', 'cas', [0, 1]],
    ]);
    const log =
      'INFO  jepsen.util - 10 \t:invoke :read \tnil \t:hint 0\nINFO  jepsen.util - 10 \t:ok :read \t54 \t:hint 2\n';
    expect(read(log)).toEqual([
      [10, 'invoke', 'read', null],
      [10, 'ok', 'read', 54],
    ]);
    const mixed =
      'INFO  jepsen.core - worker 0 :invoke :read nil of 5\nINFO  jepsen.util - 4\t:invoke\t:read\tnil\n';
    expect(read(mixed)).toEqual([[4, 'invoke', 'read', null]]);
  });

  it('a log is searched for operations', () => {
    const log =
      '2026-11-27 12:00:00,001{GMT}\tINFO\t[main] jepsen.core: Running test:\n {:a 1}\n' +
      '2026-11-27 12:00:00,002{GMT}\tINFO\t[jepsen worker 0] jepsen.util: 0\t:invoke\t:read\tnil\n' +
      'INFO [2026-11-27 12:00:00,003] jepsen worker 0 - jepsen.util 0\t:ok\t:read\t#{1 2}\n';
    expect(readHistory(log).ops.map(({ type, value }) => [type, value])).toEqual([
      ['invoke', null],
      ['ok', new EdnSet([1, 2])],
    ]);
    expect(() => readHistory('2026-11-27T12:49:23.044Z Phase: starting\n')).toThrow(
      'it is a log, and none of its lines is an operation. Give the history itself: history.edn,',
    );
  });

  it('are read the same in chunks of any size, and report invalid lines', () => {
    const bytes = new TextEncoder().encode(TEXT);
    const whole = readHistory([bytes]).ops;
    for (const size of [1, 7, 50]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(readHistory(chunks).ops).toEqual(whole);
    }
    expect(() => readHistory('0\t:ok\t:read\tnil\noops\n0\t:ok\t:read\tnil\n')).toThrow(
      'line 2 is no operation; expected process, type, f and value. Seen: oops',
    );
    expect(() => readHistory('0\t:ok\t:read\t[1 2\n')).toThrow('line 1 is no operation: the text ends');
  });
});

describe('rarer EDN of Clojure', () => {
  const read = (text: string) => readHistory(text).ops.map(({ type, f, value }) => [type, f, value]);
  const op = (value: string): string => `{:type :ok, :process 0, :f :read, :value ${value}}\n`;

  it.each(['jepsen.independent/tuple', 'jepsen.independent.Tuple', 'clojure.lang.MapEntry'])(
    'a pair tagged %s is that pair',
    (tag) => {
      expect(read(op(`#${tag} [1 3]`))).toEqual(read(op('[1 3]')));
      expect(read(op(`#${tag} (1 3)`))).toEqual(read(op('[1 3]')));
      expect(read(op(`#${tag} [1 3 5]`))).not.toEqual(read(op('[1 3 5]')));
    },
  );

  it('in a namespaced map the fields of `_` have no namespace', () => {
    const line = '#:x{:_/type :ok, :_/process 0, :_/f :read, :_/value 3, :type :fail}';
    expect(read(`${line}\n`)).toEqual([['ok', 'read', 3]]);
  });
});

describe('the map of an operation in EDN', () => {
  const maps = Array.from(
    { length: 6 },
    (_, at) =>
      `:index ${at}, :time ${at}, :type ${at % 2 === 0 ? ':invoke' : ':ok'}, :process 0, :f :read, :value [${at} "}"]`,
  );
  const plain = readHistory(maps.map((fields) => `{${fields}}\n`).join('')).ops;

  it('may have metadata, tags, discarded forms and a namespace, alone or in a tagged vector, map or list', () => {
    const before = fc.constantFrom(
      '',
      '#jepsen.history.Op',
      '#knossos.op.Op ',
      '^{:line 3, :at [1 "{"]} ',
      '^:private ',
      '#a.B #c/d-e_f ^{:x {}}',
      '#_{:index 99} ',
      '#_[1 {}]#_ {:a #{}} ',
      '#tag #_{:z 1} ',
      '#_skipped ',
      '; {a comment}\n',
    );
    const around = fc.constantFrom(
      ['', ''],
      ['#jepsen.history.DenseHistory[', ']'],
      ['#jepsen.history.SparseHistory (', ') :and {:more 1}'],
      ['#jepsen.history.DenseHistory{:pair-index [1 0] :ops [', '], :have-indices? true}'],
      ['^{:source "x[" :b {}} [', ']'],
      ['{:name "x" :history #jepsen.history/Dense-History_2 [', '] :valid? true}'],
      ['; a comment\n#a #b [', ']'],
    );
    fc.assert(
      fc.property(
        fc.array(before, { minLength: 6, maxLength: 6 }),
        around,
        fc.constantFrom('', ':jepsen', ':jepsen.history'),
        fc.constantFrom(1, 7, 64, 100_000),
        (prefixes, [open = '', close = ''], namespace, size) => {
          const isNamed = (prefix: string): boolean => namespace !== '' && !prefix.endsWith('Op');
          const ops = maps.map((fields, at) => {
            const prefix = prefixes[at] ?? '';
            return `${prefix}${isNamed(prefix) ? `#${namespace}` : ''}{${fields}}\n`;
          });
          const bytes = new TextEncoder().encode(`${open}${ops.join('')}${close}`);
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
            bytes.subarray(at * size, (at + 1) * size),
          );
          expect(readHistory(chunks)).toEqual({ ops: plain });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('may have fields with one namespace; two types are refused', () => {
    const named = '{:a/type :ok, :a/process 0, :a/f :read, :value 1, :a/value 2}';
    expect(readHistory(named).ops).toMatchObject([{ type: 'ok', f: 'read', value: 1 }]);
    expect(() => readHistory('{:a/type :ok, :b/type :fail, :process 0, :f :read}')).toThrow(
      '`type` is missing',
    );
  });

  it('is never evaluated', () => {
    const evaluated = '{:type :ok, :process 0, :f :read, :value #=(java.lang.System/exit 0)}';
    expect(() => readHistory(evaluated)).toThrow(
      'line 1 is not EDN: #= is code that Clojure would evaluate as it reads, which is never done here: write the value itself at column 42.',
    );
    expect(() => readHistory(evaluated.replace('#=', '#'))).toThrow('#( begins a function of Clojure');
    expect(() => readHistory('{:type :ok, :process 0, :f :read, :value ::x}')).toThrow(
      '::x is no keyword: its namespace is known only to the program that wrote it',
    );
  });
});

const WRITE = '{"type":"invoke","process":0,"f":"write","value":1}';
const WROTE = '{"type":"ok","process":0,"f":"write","value":1}';

describe('the separator between operations', () => {
  it.each<readonly [string, string]>([
    ['a comma after each line', `${WRITE},\n${WROTE},\n`],
    ['only carriage returns', `${WRITE}\r${WROTE}\r`],
    ['nothing at all', `${WRITE}${WROTE}`],
    ['only a space', `${WRITE} ${WROTE}\n`],
    ['an object around their list', `{"history":[${WRITE},${WROTE}]}`],
    [
      'other fields around their list',
      `{"name":"[{","at":{"ops":[1]},"ops":\n[${WRITE},\n${WROTE}], "more":[{}]}\n`,
    ],
    [
      'a map around their vector',
      `{:name "x" ; :history [\n :at \\[ :history [{:type :invoke, :process 0, :f :write, :value 1} {:type :ok :process 0 :f :write :value 1}] :valid? true}`,
    ],
  ])('may be %s', (_name, text) => {
    const expected = readHistory(`${WRITE}\n${WROTE}\n`);
    expect(readHistory(text)).toEqual(expected);
    const bytes = new TextEncoder().encode(text);
    expect(readHistory(Array.from(bytes, (byte) => Uint8Array.of(byte))).ops.length).toBe(2);
  });

  it('counts lines within an object as well', () => {
    expect(() => readHistory(`{"meta":1,\n"history":[\n${WRITE},\n{"type":"done"}]}`)).toThrow(
      'line 4: `type` is "done"',
    );
  });

  it('a truncated list is reported', () => {
    const { ops, truncated } = readHistory(`{"history":[${WRITE},\n${WROTE}`);
    expect([ops.length, truncated]).toEqual([
      2,
      'the end is cut off: the closing bracket of the history is missing.',
    ]);
  });
});

describe('fields under other names', () => {
  const read = (text: string): unknown =>
    readHistory(text).ops.map(({ type, process, f }) => [type, process, f]);

  it('are recognized: of structs of Go, for the process, for f', () => {
    const expected = [['invoke', 3, 'write']];
    expect(read('{"Index":0,"Time":1,"Type":"invoke","Process":3,"F":"write","Value":1}')).toEqual(expected);
    expect(read('{"type":"INVOKE","clientId":3,"op":"write"}')).toEqual(expected);
    expect(read('{:type :invoke, :client 3, :op :write, :value 1}')).toEqual(expected);
    expect(read('{"type":":invoke",":process":3,":f":":write"}')).toEqual(expected);
  });

  it('may say the type as a kind of event, if it is the word of one, and the time as a timestamp', () => {
    const expected = [['ok', 3, 'read']];
    expect(read('{"eventType":"ok","processId":3,"operation":"read","timestamp":5}')).toEqual(expected);
    expect(read('{:event-type :ok, :client 3, :op :read, :timestamp 5}')).toEqual(expected);
    expect(() => read('{"kind":"put","process":3,"f":"read"}')).toThrow('`type` is missing');
  });

  it.each([
    ['{"type":"invoke","process":0,"f":"write","input":1}', '"input": 1'],
    ['{"type":"ok","process":0,"f":"read","input":null,"output":2}', '"output": 2'],
    ['{"type":"ok","process":0,"f":"read","result":2}', '"result": 2'],
    ['{:type :ok, :process 0, :f :read, :result [2]}', '"result": [2]'],
  ])('for the value are refused: without one a read proves nothing (%s)', (text, seen) => {
    expect(() => read(text)).toThrow(`line 1: it has no \`value\`, but ${seen}; what was asked for (invoke)`);
  });

  it.each([
    '{"type":"ok","process":0,"f":"write","result":"OK"}',
    '{"type":"ok","process":0,"f":"acquire","result":true}',
    '{"type":"fail","process":0,"f":"read","result":"refused"}',
    '{"type":"info","process":"nemesis","f":"start","args":["n1"]}',
    '{"type":"ok","process":0,"f":"read","value":null,"result":2}',
  ])('for the value do no harm where none is needed: %s', (text) => {
    expect(read(text)).toHaveLength(1);
  });

  it('for the key are it as well: operations of two objects are not those of one', () => {
    for (const name of ['k', 'register', 'object', 'Lock']) {
      const ops = ['x', 'y'].map((key) => `{"type":"invoke","process":0,"f":"read","${name}":"${key}"}`);
      const readAs = (keyField: 'one' | 'pair'): readonly unknown[] => {
        const values: unknown[] = [];
        const stream = new HistoryStream(({ value }) => values.push(value), { keyField });
        stream.push(new TextEncoder().encode(ops.join('\n')));
        stream.end();
        return values;
      };
      expect(() => readAs('one')).toThrow('`key` is "y", but an earlier operation');
      expect(readAs('pair')).toEqual([
        ['x', null],
        ['y', null],
      ]);
    }
  });

  it('do not replace the field of the right name', () => {
    expect(read('{"type":"invoke","client":4,"process":3,"op":"x","f":"write"}')).toEqual([
      ['invoke', 3, 'write'],
    ]);
  });

  it('of clients keep operations concurrent that would otherwise be sequential', () => {
    expect(read('{"type":"invoke","client":0,"f":"w"}\n{"type":"invoke","client":1,"f":"w"}')).toEqual([
      ['invoke', 0, 'w'],
      ['invoke', 1, 'w'],
    ]);
  });
});

describe('times', () => {
  const times = (...given: readonly string[]): readonly number[] =>
    readHistory(
      given.map((time) => `{"time":${time},"type":"ok","process":0,"f":"read","value":1}`).join('\n'),
    ).ops.map(({ time }) => time);

  it('may be dates, counted from the first', () => {
    expect(
      times(
        '"2026-11-29T12:00:00Z"',
        '"2026-11-29T13:00:00.25+01:00"',
        '"2026-11-29 12:00:01,000000001 +0000"',
      ),
    ).toEqual([0, 250_000_000, 1_000_000_001]);
    expect(times('"2026-11-29T12:00"', '"2026-11-29T12:01"')).toEqual([0, 60_000_000_000]);
    expect(() => times('"yesterday"')).toThrow('expected nanoseconds, seconds or a date');
    expect(() => times('"2026-13-29T12:00:00Z"')).toThrow('expected nanoseconds, seconds or a date');
  });

  it('may be milliseconds since 1970; nanoseconds of the middle of a history are none', () => {
    expect(times('1764417600000', '1764417600250', '1764417599999')).toEqual([0, 250_000_000, -1_000_000]);
    const line = (index: number, time: number): string =>
      `{"index":${index},"time":${time},"type":"ok","process":0,"f":"read","value":1}\n`;
    const first = (index: number): readonly number[] =>
      readHistory(line(index, 1764417600250) + line(index + 1, 1764417600251)).ops.map(({ time }) => time);
    expect(first(0)).toEqual([250_000_000, 251_000_000]);
    expect(first(4000)).toEqual([1764417600250, 1764417600251]);
  });
});

describe('processes with names', () => {
  const processesOf = (...processes: readonly string[]): unknown =>
    readHistory(
      processes.map((process) => `{"type":"invoke","process":${process},"f":"r"}\n`).join(''),
    ).ops.map(({ process }) => process);

  it('are numbered in the order of their first operations', () => {
    expect(processesOf('"b"', '"a"', '"nemesis"', '"b"', '"0x1"')).toEqual([0, 1, 'nemesis', 0, 2]);
    expect(processesOf('9007199254740993', '9007199254740992', '9007199254740993')).toEqual([0, 1, 0]);
    expect(
      readHistory('{:type :invoke :process :client/a :f :r} {:type :ok :process :client/a :f :r}').ops,
    ).toHaveLength(2);
  });

  it('are refused next to numbers: which of them are clients is unknown', () => {
    expect(() => processesOf('1', '"a"')).toThrow(
      'line 2: `process` is "a", but an operation before has 1; expected a number for all, or a name for all',
    );
    expect(() => processesOf('"a"', '1')).toThrow('line 2: `process` is 1, but an operation before has "a"');
  });
});

it.each([
  ['w("x",1,0,0)\n', 'line 1: it looks like the text format of Plume, PolySI and AWDIT'],
  ['w(-1,1,0,0)\n', 'in which all four are integers from 0 (an aborted transaction is -1)'],
  [
    'process,type,f,value\n0,invoke,read,\n',
    'line 1: it is a table (CSV). Write each row as an object of JSON on a line',
  ],
  ["{'type': 'invoke', 'process': 0, 'f': 'read', 'value': None}", 'line 1: it is the notation of a program'],
  [
    '[{type: "invoke", process: 0, f: "read"}]',
    'line 1: it is the notation of a program (Python, JavaScript)',
  ],
  ['- type: invoke\n  process: 0\n', 'line 1: it is YAML. Write each operation as an object of JSON'],
  [
    '[{"ClientId":0,"Input":"x"}]',
    '`type` is missing; expected invoke, ok, fail or info. An operation is two entries',
  ],
])('%s is refused with how to convert it', (text, why) => {
  expect(() => readHistory(text)).toThrow(why);
});
