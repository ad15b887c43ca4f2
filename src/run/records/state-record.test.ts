import { describe, expect, test } from 'vitest';
import { ViolationLog } from '../../network/violations.ts';
import type { StateChange } from '../../protocol/state-change.ts';
import { LONGEST_FIELD, LONGEST_VALUE, MOST_FIELDS, StateRecord, type StateLimits } from './state-record.ts';

function record(limits?: StateLimits) {
  const violations = new ViolationLog();
  const log: string[] = [];
  const changes: StateChange[] = [];
  const states = new StateRecord({
    violations,
    log: (line) => log.push(line),
    onChange: (change) => changes.push(change),
    ...(limits === undefined ? {} : { limits }),
  });
  return {
    log,
    changes,
    states,
    warnings: () => violations.list().map(({ node, kind, count }) => `${node} ${kind} ${count}`),
    say: (node: string, line: object | string, nanos = 0, by: 'key' | 'marker' = 'key'): boolean => {
      const text = typeof line === 'string' ? line : JSON.stringify({ maelstrom: 'state', ...line });
      return states.read(node, { kind: 'line', by, text, nanos });
    },
  };
}

test('only changes are kept; a null field is removed, and others stay', () => {
  const { say, changes } = record();
  say('n1', { role: 'follower', term: 0, leader: null }, 1);
  say('n1', { role: 'follower', term: 0 }, 2);
  say('n1', { role: 'leader' }, 3);
  say('n1', { role: null, term: 0 }, 4);
  say('n1', { role: null }, 5);
  expect(changes).toEqual([
    { node: 'n1', time: 1, kind: 'set', fields: { role: 'follower', term: 0 } },
    { node: 'n1', time: 3, kind: 'set', fields: { role: 'leader' } },
    { node: 'n1', time: 4, kind: 'set', fields: { role: null } },
  ]);
});

test('the state ends with its process; later lines have no effect, and the next life begins anew', () => {
  const { say, states, changes } = record();
  say('n1', { role: 'leader' }, 1);
  states.ended('n1', 2);
  say('n1', { role: 'follower' }, 3);
  states.ended('n1', 4);
  states.began('n1');
  say('n1', { role: 'leader' }, 5);
  states.ended('n2', 6);
  expect(changes.map(({ node, time, kind }) => `${node} ${time} ${kind}`)).toEqual([
    'n1 1 set',
    'n1 2 end',
    'n1 5 set',
  ]);
});

describe('an invalid state line', () => {
  test('is left to others if it is marked, and to the log if it merely has such a key', () => {
    const { say, changes, warnings } = record();
    expect(say('n1', '{"assert":"always","name":"x","holds":true}', 0, 'marker')).toBe(false);
    expect(say('n1', '{"maelstrom":"something else"}')).toBe(true);
    expect(say('n1', '{"maelstrom" is what I am called')).toBe(true);
    expect(say('n1', '{"maelstrom":"state","x":1}', 0, 'marker')).toBe(true);
    expect(changes).toHaveLength(1);
    expect(warnings()).toEqual([]);
  });

  test('is a warning if it was meant as one, and is truncated, too long or wrong', () => {
    const { say, states, warnings, changes } = record();
    say('n1', '{"maelstrom":"state","role":');
    states.read('n1', { kind: 'too-long', by: 'key', beginning: '{"maelstrom":"state"', limitBytes: 9 });
    say('n1', { ['x'.repeat(LONGEST_FIELD + 1)]: 1, '': 2, ok: 3 });
    expect(warnings()).toEqual(['n1 bad-state 4']);
    expect(changes).toMatchObject([{ fields: { ok: 3 } }]);
  });
});

describe('bounds', () => {
  test('fields beyond the limit are a warning', () => {
    const { say, warnings, changes } = record();
    for (let at = 0; at < MOST_FIELDS + 5; at++) say('n1', { [`f${at}`]: at });
    expect(changes).toHaveLength(MOST_FIELDS);
    expect(warnings()).toEqual(['n1 bad-state 5']);
  });

  test('only the beginning of a long value is kept, as text', () => {
    const { say, changes } = record();
    say('n1', { a: 'x'.repeat(5000), b: [['y'.repeat(5000)]] });
    say('n1', { a: `${'x'.repeat(4999)}z` });
    expect(changes).toEqual([
      {
        node: 'n1',
        time: 0,
        kind: 'set',
        fields: { a: `${'x'.repeat(LONGEST_VALUE)}…`, b: `[["${'y'.repeat(LONGEST_VALUE - 3)}…` },
      },
    ]);
  });

  test.each([
    ['changes of a node', { changes: 10, ofNode: 1e6, ofAll: 1e6 }],
    ['characters of a node', { changes: 1e6, ofNode: 750, ofAll: 1e6 }],
    ['characters of all', { changes: 1e6, ofNode: 1e6, ofAll: 750 }],
  ])('beyond the limit of %s one line says so, and nothing more is kept', (_, limits) => {
    const { say, changes, log, states } = record(limits);
    for (let at = 0; at < 1000; at++) say('n1', { count: at }, at);
    states.ended('n1', 1000);
    expect(changes.at(-1)?.kind).toBe('cut');
    expect(changes.filter(({ kind }) => kind === 'cut')).toHaveLength(1);
    expect(changes.length).toBeLessThanOrEqual(11);
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(/^n1 has changed its state \d+ times; later changes are not kept\.$/);
  });
});
