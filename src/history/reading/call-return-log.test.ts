/** Histories whose entries have both times, or are the events of Porcupine. */
import { describe, expect, it } from 'vitest';
import { stringifyJson, valueText, type Json } from '../../protocol/json.ts';
import type { Op } from '../op.ts';
import { HistoryStream, type HistoryStreamOptions } from './history-stream.ts';

const read = (entries: readonly Json[], options: HistoryStreamOptions = {}): readonly Op[] => {
  const ops: Op[] = [];
  const stream = new HistoryStream((op) => ops.push(op), options);
  stream.push(new TextEncoder().encode(stringifyJson(entries)));
  stream.end();
  return ops;
};
const shown = (ops: readonly Op[]): readonly string[] =>
  ops.map(({ process, type, f, value }) => `${process} ${type} ${f} ${stringifyJson(value)}`);

describe('operations with call and return', () => {
  it('become invocations and completions in the order of their times, whatever their own order', () => {
    const ops = read([
      { client: 2, op: 'read', value: 5, start_ns: 25, end_ns: 40 },
      { client: 1, op: 'write', value: 5, start_ns: 10, end_ns: 30 },
    ]);
    expect(shown(ops)).toEqual(['1 invoke write 5', '2 invoke read null', '1 ok write 5', '2 ok read 5']);
    expect(ops.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });

  it('of Go have what was asked in Input and what was seen in Output', () => {
    const entries = [
      {
        ClientId: 0,
        Input: { Op: 'Put', Key: 'x', Value: '1' },
        Call: 10,
        Output: { Value: '' },
        Return: 20,
      },
      {
        ClientId: 1,
        Input: { Op: 'Get', Key: 'x', Value: '' },
        Call: 15,
        Output: { Value: '1' },
        Return: 30,
      },
    ];
    const options: HistoryStreamOptions = { keyField: 'pair', nameOf: (f) => f.toLowerCase() };
    expect(shown(read(entries, options))).toEqual([
      '0 invoke put ["x","1"]',
      '1 invoke get ["x",null]',
      '0 ok put ["x","1"]',
      '1 ok get ["x","1"]',
    ]);
  });

  it('may be events, each with the Id of its operation', () => {
    const entries = [
      { ClientId: 0, Kind: false, Value: { Op: 'append', Key: 'x', Value: 'a' }, Id: 7 },
      { ClientId: 1, Kind: false, Value: { Op: 'get', Key: 'x' }, Id: 8 },
      { ClientId: 1, Kind: true, Value: { Value: 'a' }, Id: 8 },
      { ClientId: 0, Kind: true, Value: { Value: '' }, Id: 7 },
      { ClientId: 0, Kind: 0, Value: { Op: 'put', Key: 'x', Value: 'b' }, Id: 7 },
    ];
    expect(shown(read(entries, { keyField: 'pair' }))).toEqual([
      '0 invoke append ["x","a"]',
      '1 invoke get ["x",null]',
      '1 ok get ["x","a"]',
      '0 ok append ["x","a"]',
      '0 invoke put ["x","b"]',
    ]);
    expect(() => read([entries[2] ?? null])).toThrow('no operation with the Id 8 is open');
  });

  it('that touch at one time may have overlapped', () => {
    const ops = read([
      { process: 0, f: 'write', value: 1, start: 0, end: 10 },
      { process: 1, f: 'read', value: null, start: 10, end: 20 },
    ]);
    expect(shown(ops).slice(0, 3)).toEqual(['0 invoke write 1', '1 invoke read null', '0 ok write 1']);
  });

  it('are in doubt after an error, and open without a return', () => {
    const ops = read([
      { client: 'a', op: 'write', value: 1, start: 1, end: 2, error: 'timeout' },
      { client: 'a', op: 'write', value: 2, start: 3, end: null },
      { client: 'a', op: 'cas', from: 1, to: 2, start: 4, end: 5, ok: false },
      { client: 'b', op: 'cas', old: 1, new: 3, start: 6, end: 0 },
      { client: 'b', op: 'write', value: 4, start: 7, end: 8, status: 'fail' },
    ]);
    expect(shown(ops)).toEqual([
      '0 invoke write 1',
      '0 info write 1',
      '2 invoke write 2',
      '3 invoke cas [1,2]',
      '3 info cas [1,2]',
      '1 invoke cas [1,3]',
      '4 invoke write 4',
      '4 fail write 4',
    ]);
  });

  it('of a client that overlaps itself, or of none, get processes that are free', () => {
    const entries = [0, 1, 2].map((at) => ({ op: 'write', value: at, start: at, end: at + 1.5 }));
    expect(read(entries).map(({ process }) => process)).toEqual([0, 1, 0, 0, 1, 0]);
    const ofOne = entries.map((entry) => ({ ...entry, client: 0 }));
    expect(read(ofOne).map(({ process }) => process)).toEqual([0, 1, 0, 2, 1, 2]);
  });

  it('may be written in EDN, whose values keep their types', () => {
    const ops: Op[] = [];
    const stream = new HistoryStream((op) => ops.push(op), { keyField: 'pair' });
    stream.push(
      new TextEncoder().encode(
        '{:process 1 :f :read :key :x :value :a :start 3 :end 4}\n{:process 0 :f :write :key :x :value :a :start 1 :end 2}\n',
      ),
    );
    stream.end();
    expect(ops.map(({ type, f, value }) => `${type} ${f} ${valueText(value)}`)).toEqual([
      'invoke write [:x,:a]',
      'ok write [:x,:a]',
      'invoke read [:x,null]',
      'ok read [:x,:a]',
    ]);
  });

  it('of transactions are invoked without what they read', () => {
    const ops = read(
      [
        {
          process: 0,
          value: [
            ['r', 'x', 1],
            ['w', 'y', 2],
          ],
          start: 1,
          end: 2,
        },
      ],
      {
        defaultF: 'txn',
      },
    );
    expect(shown(ops)).toEqual([
      '0 invoke txn [["r","x",null],["w","y",2]]',
      '0 ok txn [["r","x",1],["w","y",2]]',
    ]);
  });

  it('of the nemesis are left out', () => {
    expect(read([{ process: 'nemesis', op: 'kill', start: 1, end: 2 }])).toEqual([]);
  });

  it.each([
    [{ op: 'write', value: 1, start: 5, end: 3 }, 'line 1: it returns before it is called: 5, 3'],
    [
      { op: 'read', start: 1, end: 3 },
      'line 1: read has no `value` and no `output`; expected what it returned',
    ],
    [{ value: 1, start: 1, end: 3 }, 'line 1: its operation is missing; expected a name'],
    [
      { Input: { Op: 1, Value: 'x' }, Output: {}, Call: 1, Return: 3 },
      'line 1: its operation is 1, and what',
    ],
  ])('%j are refused', (entry, message) => {
    expect(() => read([entry])).toThrow(message);
  });

  it('named by numbers are refused where their values contradict the usual meaning', () => {
    const nameOf = (f: string): string => (f === '0' ? 'get' : f);
    const get = { Input: { Op: 0, Value: 'x' }, Output: { Value: 'y' }, Call: 1, Return: 3 };
    expect(() => read([get], { nameOf })).toThrow('what that stands for is not known');
    const asked = { Op: 0, Value: '' };
    expect(shown(read([{ ...get, Input: asked }], { nameOf }))).toEqual([
      '0 invoke get null',
      '0 ok get "y"',
    ]);
  });

  it('do not mix with single entries', () => {
    const entries = [
      { process: 0, f: 'write', value: 1, start: 1, end: 2 },
      { process: 0, f: 'write', value: 1, type: 'invoke' },
    ];
    expect(() => read(entries)).toThrow('it lacks the time of its call or of its return');
    // Completions may have both times beside their invocations.
    const events = [
      { process: 0, f: 'write', value: 1, type: 'invoke', start: 1 },
      { process: 0, f: 'write', value: 1, type: 'ok', start: 1, end: 2 },
    ];
    expect(shown(read(events))).toEqual(['0 invoke write 1', '0 ok write 1']);
  });
});
