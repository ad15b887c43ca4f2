import fc from 'fast-check';
import { expect, test } from 'vitest';
import { saysState, stateChangeIn, stateLine, type StateChange } from './state-change.ts';

test('what is written is read back', () => {
  const change = fc.oneof(
    fc.record({
      node: fc.string(),
      time: fc.nat(),
      kind: fc.constant('set' as const),
      fields: fc.dictionary(
        fc.string(),
        fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
        { noNullPrototype: true },
      ),
    }),
    fc.record({ node: fc.string(), time: fc.nat(), kind: fc.constantFrom('end' as const, 'cut' as const) }),
  );
  fc.assert(
    fc.property(change, (one: StateChange) => {
      const line = stateLine(one);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(stateChangeIn(line.trimEnd())).toEqual(one);
    }),
  );
});

test('other lines are ignored', () => {
  for (const line of [
    '',
    '{',
    '[]',
    '{}',
    '{"node":1,"time":2,"end":true}',
    '{"node":"n1","time":2,"set":3}',
  ])
    expect(stateChangeIn(line)).toBeUndefined();
});

test('a state line is recognized by its label, whatever the order of its fields', () => {
  for (const line of [
    '{"maelstrom":"state","role":"x"}',
    '{"count": 1, "maelstrom": "state"}',
    'start+0.001 {"maelstrom":"state"}',
    '12.345 {"maelstrom" : "state"}',
  ])
    expect(saysState(line)).toBe(true);
  for (const line of ['{"maelstrom":"other"}', 'see {"maelstrom":"state"}', '"maelstrom":"state"', ''])
    expect(saysState(line)).toBe(false);
});
