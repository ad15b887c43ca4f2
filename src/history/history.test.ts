import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonNumber, jsonEquals, parseJson, type Json } from '../protocol/json.ts';
import { HistoryWriter, type ByteSink } from './history-writer.ts';
import { opToEdnLine, opToJsonLine, opToTxtLine } from './op-codec.ts';
import { OpReader } from './reading/op-from.ts';
import { isTransactional, withNamedMicroOps } from './micro-ops.ts';
import type { Op } from './op.ts';
import { OpenInvocations } from './pairing.ts';
import { readHistory } from './reading/read-history.ts';
import { readEdn } from '../edn/edn-reader.ts';

const READ: Op = { index: 4, time: 1_000_123, type: 'ok', process: 3, f: 'read', value: [1, 2, 3] };

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue().map((json) => parseJson(JSON.stringify(json))),
  fc.array(fc.integer()),
  fc.bigInt().map((big) => parseJson(big.toString())),
  fc.constantFrom(new JsonNumber('1.0'), 9007199254740993n),
  fc.array(
    fc.tuple(
      fc.constantFrom('r', 'append', 'send'),
      fc.nat(),
      fc.oneof(fc.constant(null), fc.array(fc.nat())),
    ),
  ),
);

/** Any text but one like ":read", which is read as a keyword. */
const word = fc.string().filter((text) => !/^:[A-Za-z]/.test(text));

const op: fc.Arbitrary<Op> = fc
  .record({
    index: fc.nat(),
    time: fc.maxSafeInteger(),
    type: fc.constantFrom('invoke', 'ok', 'fail', 'info'),
    process: fc.oneof(fc.nat(), fc.constant('nemesis' as const)),
    f: fc.oneof(fc.constantFrom('read', 'txn', 'start-partition', 'poll'), word),
    value,
    error: fc.option(fc.oneof(fc.constantFrom('timeout', 'two words'), fc.constant([20, 'no such key'])), {
      nil: undefined,
    }),
    final: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ error, final, ...rest }): Op => ({
    ...rest,
    ...(error === undefined ? {} : { error }),
    ...(final === undefined ? {} : { final }),
  }));

function sameOp(left: Op, right: Op): boolean {
  return jsonEquals({ ...left }, { ...right });
}

describe('operations as lines', () => {
  it('have the three formats', () => {
    expect(opToJsonLine(READ)).toBe(
      '{"index":4,"time":1000123,"type":"ok","process":3,"f":"read","value":[1,2,3]}',
    );
    expect(opToEdnLine(READ)).toBe(
      '{:index 4, :time 1000123, :type :ok, :process 3, :f :read, :value [1 2 3]}',
    );
    expect(opToTxtLine(READ)).toBe('3\t:ok\t:read\t[1 2 3]');
  });

  it.each<[string, Op, string]>([
    [
      'the nemesis',
      { ...READ, type: 'info', process: 'nemesis', f: 'start-partition', value: 'majority' },
      '{:index 4, :time 1000123, :type :info, :process :nemesis, :f :start-partition, :value :majority}',
    ],
    [
      'a transaction',
      {
        ...READ,
        f: 'txn',
        value: [
          ['r', 'a', null],
          ['append', 1, 2],
          ['r', 2, [1]],
        ],
      },
      '{:index 4, :time 1000123, :type :ok, :process 3, :f :txn, :value [[:r "a" nil] [:append 1 2] [:r 2 [1]]]}',
    ],
    [
      'polls of kafka',
      { ...READ, f: 'poll', value: [['poll', { '56': [[8, 9]] }]] },
      '{:index 4, :time 1000123, :type :ok, :process 3, :f :poll, :value [[:poll {"56" [[8 9]]}]]}',
    ],
    [
      'the outcome of a partition, as sets of nodes',
      {
        ...READ,
        type: 'info',
        process: 'nemesis',
        f: 'start-partition',
        value: ['isolated', { n1: ['n2', 'n3'] }],
      },
      '{:index 4, :time 1000123, :type :info, :process :nemesis, :f :start-partition, :value [:isolated {"n1" #{"n2" "n3"}}]}',
    ],
    [
      'the outcome for each node',
      { ...READ, type: 'info', process: 'nemesis', f: 'kill', value: { n1: 'killed', n2: 'already-killed' } },
      '{:index 4, :time 1000123, :type :info, :process :nemesis, :f :kill, :value {"n1" :killed, "n2" :already-killed}}',
    ],
    [
      'the target nodes of a fault',
      { ...READ, type: 'info', process: 'nemesis', f: 'kill', value: ['n1'] },
      '{:index 4, :time 1000123, :type :info, :process :nemesis, :f :kill, :value ["n1"]}',
    ],
    [
      'a list that only begins like the outcome of a fault',
      { ...READ, type: 'info', process: 'nemesis', f: 'kill', value: ['x', {}, {}] },
      '{:index 4, :time 1000123, :type :info, :process :nemesis, :f :kill, :value ["x" {} {}]}',
    ],
    [
      'a value that only looks like a transaction',
      { ...READ, value: [['r', 1, null]] },
      '{:index 4, :time 1000123, :type :ok, :process 3, :f :read, :value [["r" 1 nil]]}',
    ],
    [
      'integers beyond 64 bits, and fractions',
      { ...READ, value: [12345678901234567890n, 9007199254740993n, new JsonNumber('1.0'), 0.5] },
      '{:index 4, :time 1000123, :type :ok, :process 3, :f :read, :value [12345678901234567890N 9007199254740993 1.0 0.5]}',
    ],
    [
      'errors and final reads',
      { ...READ, type: 'fail', value: null, error: [11, 'no leader'], final: true },
      '{:index 4, :time 1000123, :type :fail, :process 3, :f :read, :value nil, :error [11 "no leader"], :final? true}',
    ],
    [
      'errors as words',
      { ...READ, type: 'info', value: {}, error: 'timeout' },
      '{:index 4, :time 1000123, :type :info, :process 3, :f :read, :value {}, :error :timeout}',
    ],
  ])('%s, in EDN', (_name, given, line) => {
    expect(opToEdnLine(given)).toBe(line);
  });

  it('read back as the same operation, from JSON and from EDN', () => {
    fc.assert(
      fc.property(op, (given) => {
        // A micro-operation named ":append" is one named "append", as some converters write it: not what was given.
        fc.pre(!isTransactional(given.f) || withNamedMicroOps(given.value) === given.value);
        const json = opToJsonLine(given);
        expect([json, sameOp(new OpReader().ofJson(parseJson(json), 0), given)]).toEqual([json, true]);
        const edn = opToEdnLine(given);
        expect([edn, sameOp(new OpReader().ofEdn(readEdn(edn), 0), given)]).toEqual([edn, true]);
      }),
      { numRuns: 500 },
    );
  });

  it('are lines: whatever is inside, none contains a newline, and history.txt has tabs only between the fields', () => {
    const given: Op = { ...READ, f: 'a\tb\n', value: 'x\ty\n', error: 'z\t\n' };
    expect(opToTxtLine(given)).toBe('3\t:ok\t"a\\tb\\n"\t"x\\ty\\n"\t"z\\t\\n"');
    expect(opToJsonLine(given) + opToEdnLine(given)).not.toContain('\n');
  });
});

function sinkInto(texts: string[]): ByteSink {
  return { write: (text) => void texts.push(text) };
}

function collect() {
  const texts = { jsonl: [] as string[], edn: [] as string[], txt: [] as string[] };
  return {
    texts,
    sinks: { jsonl: sinkInto(texts.jsonl), edn: sinkInto(texts.edn), txt: sinkInto(texts.txt) },
  };
}

describe('HistoryWriter', () => {
  it('writes nothing until it is flushed, then all three formats', () => {
    const { texts, sinks } = collect();
    const writer = new HistoryWriter(sinks);
    writer.append(READ);
    writer.append({ ...READ, index: 5 });
    expect(texts.jsonl).toEqual([]);
    writer.flush();
    writer.flush();
    expect(texts.jsonl).toEqual([`${opToJsonLine(READ)}\n${opToJsonLine({ ...READ, index: 5 })}\n`]);
    expect(texts.edn).toEqual([`${opToEdnLine(READ)}\n${opToEdnLine({ ...READ, index: 5 })}\n`]);
    expect(texts.txt).toEqual([`${opToTxtLine(READ)}\n`.repeat(2)]);
  });

  it('writes by itself when much is buffered', () => {
    const { texts, sinks } = collect();
    const writer = new HistoryWriter(sinks);
    for (let index = 0; index < 3000; index++) writer.append({ ...READ, index });
    expect(texts.jsonl.length).toBeGreaterThan(1);
    writer.flush();
    expect(readHistory(texts.jsonl.join('')).ops).toHaveLength(3000);
    expect(readHistory(texts.edn.join('')).ops).toEqual(readHistory(texts.jsonl.join('')).ops);
  });
});

describe('reading histories', () => {
  const INVOKE = opToJsonLine({ ...READ, type: 'invoke', value: null });

  it('a truncated last line is reported, and the rest is the history', () => {
    expect(readHistory(`${INVOKE}\n${opToJsonLine(READ)}\n${opToJsonLine(READ).slice(0, 40)}\n`)).toEqual({
      ops: [{ ...READ, type: 'invoke', value: null }, READ],
      truncated: 'line 3, the last, is cut off and left out. Seen: {"index":4,"time":1000123,"type":"ok","p',
    });
  });

  it('an invalid line elsewhere is an error that names it', () => {
    expect(() => readHistory(`${INVOKE}\noops\u001b\n${INVOKE}\n`)).toThrow(
      'line 2 is not JSON: "o" at offset 0, where a value was expected. Seen: oops\\u001b',
    );
  });

  it.each([
    ['{"process":1}', '`type` is missing; expected invoke, ok, fail or info'],
    ['{"type":"done"}', '`type` is "done"; expected invoke, ok, fail or info'],
    ['{"type":"ok","process":[1],"f":"r"}', '`process` is [1]; expected an integer, a name or nemesis'],
    ['{"type":"ok","process":1}', '`f` is missing; expected the name of an operation'],
    ['{"type":"ok","process":1,"f":"r","index":-1.5}', '`index` is -1.5; expected an integer'],
  ])('%s is not an operation', (line, message) => {
    expect(() => readHistory(line)).toThrow(message);
  });

  it("Jepsen's spellings are accepted: tagged operations, vectors and lists of them, missing index and time", () => {
    const expected = [
      { index: 0, time: 5, type: 'invoke', process: 0, f: 'txn', value: [['r', 1, null]] },
      { index: 1, time: 0, type: 'info', process: 'nemesis', f: 'start', value: null },
    ];
    const first = '{:type :invoke, :f :txn, :value [[:r 1 nil]], :process 0, :time 5, :index 0, :error nil}';
    const second = '{:type :info, :process :nemesis, :f :start, :exception #object[Foo 0x1 "x"]}';
    for (const text of [
      `${first}\n${second}\n`,
      `#jepsen.history.Op${first}\n#jepsen.history.Op${second}`,
      `[${first} ${second}]`,
      `; a list\n(#jepsen.history.Op ${first}\n ${second})\n`,
    ]) {
      expect(readHistory(text)).toEqual({ ops: expected });
    }
  });

  it('an empty history has no operations', () => {
    expect(readHistory('')).toEqual({ ops: [] });
    expect(readHistory('[]\n')).toEqual({ ops: [] });
  });
});

const ops = (...types: [Op['type'], Op['process']][]): Op[] =>
  types.map(([type, process], index) => ({ index, time: index, type, process, f: 'read', value: null }));

it('a completion ends the open invocation of its process, and nothing if there is none', () => {
  const open = new OpenInvocations();
  const entries = ops(
    ['invoke', 0],
    ['invoke', 1],
    ['ok', 1],
    ['info', 'nemesis'],
    ['info', 0],
    ['invoke', 5],
    ['invoke', 1],
    ['fail', 1],
    ['ok', 1],
  );
  const ended = entries.map((entry) => open.end(entry));
  expect(ended.map((each) => each?.invocation.index)).toEqual([
    undefined,
    undefined,
    1,
    undefined,
    0,
    undefined,
    undefined,
    6,
    undefined,
  ]);
  expect(ended[2]?.completion).toBe(entries[2]);
});
