import { describe, expect, it } from 'vitest';
import { HistoryStream } from '../reading/history-stream.ts';
import type { Op } from '../op.ts';
import { readHistory } from '../reading/read-history.ts';

type Seen = readonly [process: Op['process'], type: Op['type'], value: Op['value']];

const seen = (source: string | Uint8Array): readonly Seen[] =>
  readHistory(typeof source === 'string' ? source : [source]).ops.map(({ process, type, value }) => [
    process,
    type,
    value,
  ]);

/** A session that writes x and then y, one that reads x, and a transaction that was aborted. */
const EXPECTED: readonly Seen[] = [
  [
    0,
    'ok',
    [
      ['w', 0, 1],
      ['r', 1, 0],
    ],
  ],
  [0, 'ok', [['w', 1, 2]]],
  [1, 'ok', [['r', 0, 1]]],
];

const PLUME = 'w(0,1,0,7)\nr(1,0,0,7)\nr(0,1,1,9)\nw(1,2,0,8)\nw(0,3,1,-1)\nr(0,3,1,-1)\n';

describe('a history of sessions', () => {
  it('of Plume has the transactions of each session in order, and an aborted one for each write of transaction -1', () => {
    const ops = seen(PLUME);
    expect(ops.filter(([, type]) => type === 'ok').toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(
      EXPECTED,
    );
    expect(ops.filter(([, type]) => type === 'fail')).toEqual([[1, 'fail', [['w', 0, 3]]]]);
    for (const spaced of [PLUME.replaceAll(',', ', '), PLUME.replaceAll('\n', '\r\n'), PLUME.toUpperCase()])
      expect(seen(spaced)).toEqual(ops);
  });

  it('of Plume is read the same in chunks of any size, and keeps numbers beyond 2^53', () => {
    const bytes = new TextEncoder().encode(PLUME);
    for (const size of [1, 7, 30]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(readHistory(chunks)).toEqual(readHistory(PLUME));
    }
    const [[, , value] = []] = seen('w(9007199254740993,18446744073709551615,0,1)\n');
    expect(value).toEqual([['w', 9007199254740993n, 18446744073709551615n]]);
  });

  it.each<readonly [string, string]>([
    ["AWDIT's notation for tests", 'w 0 1\nr 1 0\n-----\nw 1 2\n=====\nr 0 1'],
    [
      "dbcop's JSON",
      JSON.stringify({
        params: { id: 0, n_node: 2, n_variable: 2, n_transaction: 3, n_event: 4 },
        info: '',
        data: [
          [
            {
              events: [{ Write: { variable: 0, version: 1 } }, { Read: { variable: 1, version: 0 } }],
              committed: true,
            },
            { events: [['w', 1, 2]], committed: true },
          ],
          [{ events: [{ Read: { variable: 0, version: 1 } }], committed: true }],
        ],
      }),
    ],
    [
      "dbcop's JSON of its first version",
      JSON.stringify([
        [
          {
            events: [
              { write: true, variable: 0, value: 1, success: true },
              { write: false, variable: 5, value: 9, success: false },
              { write: false, variable: 1, value: 0, success: true },
            ],
            success: true,
          },
          { events: [{ write: true, variable: 1, value: 2, success: true }], success: true },
        ],
        [{ events: [{ write: false, variable: 0, value: 1, success: true }], success: true }],
      ]),
    ],
  ])('in %s is one of processes', (_name, text) => {
    expect(seen(text)).toEqual(EXPECTED);
  });

  it("in dbcop's .hist has names for keys, null for what nothing wrote, and aborted transactions", () => {
    expect(seen('// one\n[x:=1 y==?] [x:=2]!\n\n---\n[x==1] // two\n')).toEqual([
      [
        0,
        'ok',
        [
          ['w', 'x', 1],
          ['r', 'y', null],
        ],
      ],
      [0, 'fail', [['w', 'x', 2]]],
      [1, 'ok', [['r', 'x', 1]]],
    ]);
  });

  it("in dbcop's binary file is read as well, and one that is cut off is refused", () => {
    const bytes = bincode([
      [
        [
          ['w', 0, 1],
          ['r', 1, 0],
        ],
        [['w', 1, 2]],
      ],
      [[['r', 0, 1]]],
    ]);
    expect(seen(bytes)).toEqual(EXPECTED);
    for (const size of [80, 100, bytes.length - 1])
      expect(() => readHistory([bytes.subarray(0, size)])).toThrow('binary file of dbcop that is cut off');
  });

  it.each([
    ["dbcop's .hist", '// by hand\n[k9007199254740993:=1 y==?] [k9007199254740993:=2]!\n---\n[y==?]\n'],
    ["AWDIT's test", 'w 9007199254740993 1\nr 1 0\n-----\nw 1 2\n=====\nr 1 2\n'],
    ["dbcop's JSON", '[[{"events":[["w",9007199254740993,1],["r",1,null]],"committed":true}]]'],
  ])('of %s is read the same however short the first chunk is, as from a pipe', (_name, text) => {
    const bytes = new TextEncoder().encode(text);
    for (let first = 1; first < bytes.length; first++)
      expect(readHistory([bytes.subarray(0, first), bytes.subarray(first)])).toEqual(readHistory(text));
  });

  it('says which line is not of its notation', () => {
    expect(() => readHistory('w(0,1,0,7)\nx(0,1,0,7)\n')).toThrow('line 2 is no step of a transaction');
    expect(() => readHistory('w 0 1\nw 0\n')).toThrow('line 2 is not of this notation');
    expect(() => readHistory('[x:=1]\n[x:=?]\n')).toThrow('line 2 is not of this notation; expected x:=1');
    expect(() => readHistory('[[{"events":[["q",1,2]],"committed":true}]]')).toThrow('is no event');
    expect(() => readHistory('[[{"events":[["w",1,2]]}]]')).toThrow('transaction 1 is {"events"');
  });

  it('is distinguished from other histories: its realtime order is unknown', () => {
    const end = (text: string): unknown => {
      const stream = new HistoryStream(() => {});
      stream.push(new TextEncoder().encode(text));
      return stream.end().areSessions;
    };
    expect(end(PLUME)).toBe(true);
    expect(end('{"type":"ok","process":0,"f":"read"}\n')).toBe(undefined);
  });
});

it('a log of Cobra, which has one session of several, is refused with what makes a history of them', () => {
  const log = Uint8Array.from([0x53, 0, 0, 0, 0, 0, 0, 0, 1, 0x57, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(() => readHistory([log])).toThrow('awdit convert -f cobra -t plume');
});

type Event = readonly ['r' | 'w', number, number];

function bincode(sessions: readonly (readonly (readonly Event[])[])[]): Uint8Array {
  const bytes: number[] = [];
  const word = (number: number): void =>
    void bytes.push(...new Uint8Array(new BigUint64Array([BigInt(number)]).buffer));
  for (const number of [0, 2, 2, 3, 4]) word(number);
  for (const text of ['info', '2019-01-01T00:00:00+00:00', '2019-01-01T00:00:01+00:00']) {
    word(text.length);
    bytes.push(...new TextEncoder().encode(text));
  }
  word(sessions.length);
  for (const transactions of sessions) {
    word(transactions.length);
    for (const events of transactions) {
      word(events.length);
      for (const [f, variable, value] of events) {
        bytes.push(f === 'w' ? 1 : 0);
        word(variable);
        word(value);
        bytes.push(1);
      }
      bytes.push(1);
    }
  }
  return Uint8Array.from(bytes);
}
