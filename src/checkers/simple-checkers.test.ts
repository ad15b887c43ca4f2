import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Op } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import { checkAvailability, explainAvailability } from './outcomes/availability.ts';
import { checkCounter, explainCounter } from './counters/counter.ts';
import { checkEcho, echoFigure, explainEcho } from './replies/echo.ts';
import { checkStats, explainStats } from './outcomes/stats.ts';
import { checkUniqueIds } from './replies/unique-ids.ts';

type Row = readonly [process: Op['process'], type: Op['type'], f: string, value?: Json];
const history = (...rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value = null], index) => ({
    index,
    time: index * 1e6,
    process,
    type,
    f,
    value,
  }));

describe('stats', () => {
  const ops = history(
    [0, 'invoke', 'read'],
    [0, 'ok', 'read'],
    [1, 'invoke', 'add'],
    [1, 'fail', 'add'],
    [1, 'invoke', 'add'],
    [1, 'info', 'add'],
    ['nemesis', 'info', 'start-partition'],
  );

  it('counts completions of clients, in all and by operation', () => {
    expect(checkStats(ops)).toEqual({
      'valid?': false,
      count: 3,
      'ok-count': 1,
      'fail-count': 1,
      'info-count': 1,
      'by-f': {
        add: { 'valid?': false, count: 2, 'ok-count': 0, 'fail-count': 1, 'info-count': 1 },
        read: { 'valid?': true, count: 1, 'ok-count': 1, 'fail-count': 0, 'info-count': 0 },
      },
    });
  });

  it('explains that an operation which never succeeded proved nothing', () => {
    expect(explainStats(checkStats(ops))).toBe(
      'Not one of 2 add operations succeeded (1 failed, 1 ended in doubt), so the run proved nothing about them.',
    );
    expect(explainStats(checkStats(ops.slice(0, 2)))).toBeUndefined();
  });

  it('a crash or a debug operation need not succeed, unless every operation is checked', () => {
    const kafka = history([0, 'info', 'crash'], [0, 'fail', 'debug-topic-partitions'], [0, 'ok', 'poll']);
    expect(checkStats(kafka)['valid?']).toBe(true);
    expect(checkStats(kafka, { judgeAll: true })['valid?']).toBe(false);
  });

  it("is not confused by operations with the names of Object's members", () => {
    const result = checkStats(history([0, 'ok', '__proto__'], [0, 'ok', 'constructor']));
    expect(Object.keys(result['by-f'] as object)).toEqual(['__proto__', 'constructor']);
  });
});

describe('availability', () => {
  const ops = history([0, 'invoke', 'read'], [0, 'ok', 'read'], [0, 'invoke', 'read'], [0, 'fail', 'read']);

  it('is the fraction of invocations that succeeded, 1 when there are none', () => {
    expect(checkAvailability(ops)).toEqual({ 'valid?': true, 'ok-fraction': 0.5 });
    expect(checkAvailability([])).toEqual({ 'valid?': true, 'ok-fraction': 1 });
  });

  it('must reach the required value', () => {
    expect(checkAvailability(ops, { availability: 0.5 })['valid?']).toBe(true);
    expect(checkAvailability(ops, { availability: 0.51 })['valid?']).toBe(false);
    expect(checkAvailability(ops, { availability: 'total' })['valid?']).toBe(false);
    expect(checkAvailability(ops.slice(0, 2), { availability: 'total' })['valid?']).toBe(true);
  });

  it('never shows 100 % for less than all', () => {
    const result = { 'valid?': false, 'ok-fraction': 0.999999999 };
    expect(explainAvailability(result, { availability: 'total' })).toBe(
      '99.999 % of the requests succeeded; all had to.',
    );
  });
});

describe('echo', () => {
  it('accepts an equal payload, whatever else the reply contains', () => {
    const ops = history(
      [0, 'invoke', 'echo', [1, { a: 2 }]],
      [0, 'ok', 'echo', { echo: [1, { a: 2 }], type: 'echo_ok' }],
    );
    expect(checkEcho(ops)).toEqual({ 'valid?': true, errors: [] });
  });

  it('accepts the bare payload as the value, and reports another one as answered, not as failed', () => {
    const bare = history([0, 'invoke', 'echo', 'a'], [0, 'ok', 'echo', 'a']);
    expect(checkEcho(bare)['valid?']).toBe(true);
    const wrong = checkEcho(history([0, 'invoke', 'echo', 'a'], [0, 'ok', 'echo', 'b']));
    expect(explainEcho(wrong)).toBe('1 request was not echoed: "a" was answered by "b".');
  });

  it('rejects another payload, a missing one, and a failure; a request in doubt is not checked', () => {
    const ops = history(
      [0, 'invoke', 'echo', 'a'],
      [0, 'ok', 'echo', { echo: 'b' }],
      [0, 'invoke', 'echo', null],
      [0, 'ok', 'echo', {}],
      [0, 'invoke', 'echo', 'c'],
      [0, 'fail', 'echo', 'c'],
      [0, 'invoke', 'echo', 'd'],
      [0, 'info', 'echo', 'd'],
    );
    const result = checkEcho(ops);
    expect(result).toMatchObject({ 'valid?': false, errors: { length: 3 } });
    expect(explainEcho(result)).toBe(
      '2 requests were not echoed, for example "a" was answered by {"echo":"b"}. 1 request failed, which no echo has a reason for.',
    );
  });

  it('of more errors than it keeps, the count is a lower bound', () => {
    const rows = Array.from({ length: 1001 }, (): readonly Row[] => [
      [0, 'invoke', 'echo', 'a'],
      [0, 'ok', 'echo', { echo: 'b' }],
    ]);
    const result = checkEcho(history(...rows.flat()));
    expect(explainEcho(result)).toMatch(/^At least 1000 requests were not echoed, for example/);
    expect(echoFigure(result)).toBe('at least 1000 wrong answers');
  });

  it('shows text without the escape sequences of a node', () => {
    const ops = history([0, 'invoke', 'echo', 'a'], [0, 'ok', 'echo', { echo: '\u009b2J' }]);
    expect(explainEcho(checkEcho(ops))).toContain('\\u009b2J');
  });
});

describe('counter', () => {
  it('ignores a failed add, even in a read that ended before it failed', () => {
    const ops = history(
      [0, 'invoke', 'add', 1],
      [1, 'invoke', 'read'],
      [1, 'ok', 'read', 1],
      [0, 'fail', 'add', 1],
    );
    expect(checkCounter(ops)).toEqual({ 'valid?': false, reads: [[0, 1, 0]], errors: [[0, 1, 0]] });
  });

  it('describes which reads are out of bounds', () => {
    const read = (value: number): readonly Row[] => [
      [1, 'invoke', 'read'],
      [1, 'ok', 'read', value],
    ];
    const added: readonly Row[] = [[0, 'invoke', 'add', 3], [0, 'ok', 'add', 3]]; // prettier-ignore
    expect(explainCounter(checkCounter(history(...added, ...read(3))))).toBeUndefined();
    expect(explainCounter(checkCounter(history(...added, ...read(4))))).toMatch(
      /^1 of 1 read is out of bounds: the first returned 4, when the counter can have been exactly 3 /,
    );
    const more: Row = [2, 'invoke', 'add', 2];
    expect(explainCounter(checkCounter(history(...added, more, ...read(6), ...read(2), ...read(5))))).toMatch(
      /^2 of 3 reads are out of bounds: the first returned 6, when the counter can have been 3 to 5 /,
    );
  });

  it('keeps every digit', () => {
    const big = 9007199254740993n;
    const ops = history(
      [0, 'invoke', 'add', big],
      [0, 'ok', 'add', big],
      [1, 'invoke', 'read'],
      [1, 'ok', 'read', big],
    );
    expect(checkCounter(ops)).toEqual({ 'valid?': true, reads: [[big, big, big]], errors: [] });
  });

  it('refuses amounts that it cannot check, and names their operation', () => {
    expect(checkCounter(history([0, 'invoke', 'add', -1]))).toEqual({
      'valid?': 'unknown',
      error: 'The history is malformed: operation 0 adds -1; expected an integer that is not negative.',
    });
  });
});

interface Case {
  readonly id: string;
  readonly history: readonly Op[];
  readonly expected: Json;
}

// Not part of this repository: compared only if it lies beside the project.
describe.each([
  ['stats', (ops: readonly Op[]) => checkStats(ops, { judgeAll: true })],
  ['unique-ids', checkUniqueIds],
  ['counter', checkCounter],
])('the corpus of %s', (name, check) => {
  const file = new URL(`../../../shared/corpus/jepsen-unit/${name}.json`, import.meta.url);
  it.runIf(existsSync(file))('every case agrees in everything', () => {
    const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[];
    expect(cases.length).toBeGreaterThan(0);
    for (const { id, history: ops, expected } of cases) expect([id, check(ops)]).toEqual([id, expected]);
  });
});
