import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { checkEcho, echoFigure, explainEcho } from './echo.ts';

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
