import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { isLinearizableByBruteForce, type Interval } from '../../../test/support/linearizable-brute-force.ts';
import { checkCasRegister } from './cas-register.ts';
import { explainCasRegister } from './explain-cas-register.ts';

type Row = readonly [process: number, type: Op['type'], f: string, value: Json];
const history = (rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value], index) => ({ index, time: index * 1000, process, type, f, value }));

describe('a cas register', () => {
  it('accepts a read that overlaps the write it saw', () => {
    const ops = history([
      [0, 'invoke', 'write', 1],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', 1],
      [0, 'ok', 'write', 1],
    ]);
    expect(checkCasRegister(ops)).toEqual({ 'valid?': true });
  });

  it('rejects a read of an overwritten value, and names the read and its predecessor', () => {
    const ops = history([
      [0, 'invoke', 'write', 1],
      [0, 'ok', 'write', 1],
      [0, 'invoke', 'write', 2],
      [0, 'ok', 'write', 2],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', 1],
    ]);
    expect(checkCasRegister(ops)).toMatchObject({
      'valid?': false,
      op: { index: 5, value: 1 },
      'previous-ok': { index: 3 },
      configs: [{ model: 2, pending: [{ index: 4 }] }],
    });
  });

  it('says that nothing else is pending only if nothing is in doubt either', () => {
    const wrong: Row[] = [
      [1, 'invoke', 'write', 2],
      [1, 'ok', 'write', 2],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', 3],
    ];
    const inDoubt: Row[] = [
      [0, 'invoke', 'write', 1],
      [0, 'info', 'write', 1],
    ];
    const said = (...rows: readonly Row[]): string => JSON.stringify(checkCasRegister(history(rows)));
    expect(said(...wrong)).toContain('read 3 is impossible in state 2, and nothing else is pending');
    expect(said(...inDoubt, ...wrong)).toContain(
      'read 3 is impossible in state 2, and no operation in doubt leads to a state that allows it',
    );
  });

  it('explains the key that became invalid first, and a value that comes back as a string', () => {
    const pair = (key: string, value: Json): Json => [key, value];
    const rows: readonly Row[] = [
      [0, 'invoke', 'write', pair('a', 1)],
      [0, 'ok', 'write', pair('a', 1)],
      [0, 'invoke', 'write', pair('b', 2)],
      [0, 'ok', 'write', pair('b', 2)],
      [0, 'invoke', 'read', pair('b', null)],
      [0, 'ok', 'read', pair('b', '2')],
      [0, 'invoke', 'read', pair('a', null)],
      [0, 'ok', 'read', pair('a', 7)],
    ];
    const result = checkCasRegister(history([...rows]), { 'independent?': true });
    // The state is that of one key, and so is the value next to it.
    expect(JSON.stringify(result)).toContain('read 7 is impossible in state 1');
    expect(explainCasRegister(result)).toMatch(
      /^Key b is not linearizable\. .* "2" is 2 as a string, which is a different value\. The same is true of 1 more key: a\.$/,
    );
  });

  it('lets a crashed write take effect at any later time, but only once', () => {
    const crashed: Row[] = [
      [0, 'invoke', 'write', 1],
      [0, 'info', 'write', 1],
      [1, 'invoke', 'write', 2],
      [1, 'ok', 'write', 2],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', 1],
    ];
    const again: Row[] = [
      [1, 'invoke', 'write', 2],
      [1, 'ok', 'write', 2],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', 1],
    ];
    expect(checkCasRegister(history(crashed))['valid?']).toBe(true);
    expect(checkCasRegister(history([...crashed, ...again]))['valid?']).toBe(false);
  });

  it('says that a value which nothing writes may be the initial one, and begins with it if told so', () => {
    const ops = history([
      [0, 'invoke', 'read', null],
      [0, 'ok', 'read', 0],
      [0, 'invoke', 'cas', [0, 4]],
      [0, 'ok', 'cas', [0, 4]],
    ]);
    expect(checkCasRegister(ops)).toMatchObject({
      'valid?': false,
      warnings: [
        'No operation writes 0. If that is the value before the first write, add --initial-value 0.',
      ],
    });
    expect(checkCasRegister(ops, { 'initial-value': 0 })).toEqual({ 'valid?': true });
    const later = history([
      [0, 'invoke', 'write', 4],
      [0, 'ok', 'write', 4],
      [0, 'invoke', 'read', null],
      [0, 'ok', 'read', 0],
    ]);
    // No initial value explains a read after a write.
    expect(checkCasRegister(later)).not.toHaveProperty('warnings');
    expect(checkCasRegister(later, { 'initial-value': 0 })['valid?']).toBe(false);
  });

  it('says that a read of nil after a value proves nothing, unless nil is given as the initial value', () => {
    const ops = history([
      [0, 'invoke', 'write', 1],
      [0, 'ok', 'write', 1],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', null],
    ]);
    expect(checkCasRegister(ops)).toMatchObject({
      'valid?': true,
      warnings: [expect.stringMatching(/^Operation 2 reads nil although .*add --initial-value nil\.$/)],
    });
    expect(checkCasRegister(ops, { 'initial-value': null })['valid?']).toBe(false);
    const keyed = ops.map((op) => ({ ...op, value: ['x', op.value] }));
    expect(checkCasRegister(keyed, { 'independent?': true })['warnings']).toHaveLength(1);
    // Nothing needs to be said if nil may have been written.
    const cleared = history([
      [0, 'invoke', 'cas', [1, null]],
      [0, 'info', 'cas', [1, null]],
    ]);
    expect(checkCasRegister([...cleared, ...ops.map((op) => ({ ...op, process: 2 }))])).toEqual({
      'valid?': true,
    });
  });

  it('always accepts a read of nil', () => {
    const ops = history([
      [0, 'invoke', 'write', 1],
      [0, 'ok', 'write', 1],
      [0, 'invoke', 'read', null],
      [0, 'ok', 'read', null],
    ]);
    expect(checkCasRegister(ops)['valid?']).toBe(true);
  });

  it('checks keys separately if values are [key, value]', () => {
    const ops = history([
      [0, 'invoke', 'write', ['x', 1]],
      [0, 'ok', 'write', ['x', 1]],
      [1, 'invoke', 'read', ['y', null]],
      [1, 'ok', 'read', ['y', 1]],
      [0, 'invoke', 'read', ['x', null]],
      [0, 'ok', 'read', ['x', 1]],
    ]);
    expect(checkCasRegister(ops, { 'independent?': true })).toMatchObject({
      'valid?': false,
      failures: ['y'],
      results: { x: { 'valid?': true }, y: { 'valid?': false } },
    });
  });

  it('reports a process with two open invocations as malformed, naming the line', () => {
    const ops = history([
      [0, 'invoke', 'read', null],
      [0, 'invoke', 'read', null],
    ]);
    expect(checkCasRegister(ops)).toEqual({
      'valid?': 'unknown',
      error:
        'The history is malformed: process 0 invoked read (index 1) while its previous operation was still open.',
    });
  });

  it('returns unknown, with its progress, when the budget is exhausted', () => {
    const rows: Row[] = [];
    for (let p = 0; p < 16; p++)
      rows.push([p, 'invoke', 'cas', [p % 5, (p * 3 + 1) % 5]], [p, 'info', 'cas', null]);
    for (let i = 0; i < 400; i++) {
      for (let p = 20; p < 30; p++) rows.push([p, 'invoke', 'write', (p + i) % 5]);
      for (let p = 20; p < 30; p++) rows.push([p, 'ok', 'write', (p + i) % 5]);
    }
    // More changes than there are cas that can have happened, so that no order is guessed.
    for (let i = 0; i < 40; i++) rows.push([40, 'invoke', 'read', null], [40, 'ok', 'read', i % 2]);
    expect(checkCasRegister(history(rows), {}, { exhausted: () => true })).toMatchObject({
      'valid?': 'unknown',
      error: /gave up after \d+ of/,
    });
  });
});

describe('brute force', () => {
  interface Step {
    readonly f: string;
    readonly value: Json;
  }
  const step = (state: number | null, { f, value }: Step): number | null | undefined => {
    if (f === 'read') return value === null || value === state ? state : undefined;
    if (f === 'write') return value as number;
    const [from, to] = value as [number, number];
    return from === state ? to : undefined;
  };
  const small = fc.integer({ min: 0, max: 2 });
  const operation = fc.oneof(
    fc.record({ f: fc.constant('read'), value: fc.option(small) }),
    fc.record({ f: fc.constant('write'), value: small }),
    fc.record({ f: fc.constant('cas'), value: fc.tuple(small, small) }),
  );
  const plan = fc.array(
    fc.record({
      operation,
      start: fc.nat(30),
      length: fc.nat(12),
      outcome: fc.constantFrom('ok', 'ok', 'ok', 'info', 'fail'),
    }),
    { maxLength: 8 },
  );

  it('agrees on every history of at most eight operations', () => {
    let invalid = 0;
    fc.assert(
      fc.property(plan, (operations) => {
        const events = operations.flatMap((entry, process) => [
          { at: entry.start * 100 + process, process, entry, type: 'invoke' as const },
          {
            at: (entry.start + entry.length) * 100 + 50 + process,
            process,
            entry,
            type: entry.outcome,
          },
        ]);
        events.sort((a, b) => a.at - b.at);
        const ops: Op[] = events.map((event, index) => ({
          index,
          time: event.at,
          type: event.type,
          process: event.process,
          f: event.entry.operation.f,
          value:
            event.type === 'invoke' && event.entry.operation.f === 'read'
              ? null
              : event.entry.operation.value,
        }));
        const intervals: Interval<Step>[] = [];
        operations.forEach((entry, process) => {
          if (entry.outcome === 'fail' || (entry.outcome === 'info' && entry.operation.f === 'read')) return;
          const invoked = events.findIndex((event) => event.process === process && event.type === 'invoke');
          const returned = events.findIndex((event) => event.process === process && event.type !== 'invoke');
          intervals.push({
            operation: entry.operation,
            invoked,
            returned: entry.outcome === 'ok' ? returned : undefined,
          });
        });
        const expected = isLinearizableByBruteForce<number | null, Step>(intervals, null, step);
        if (!expected) invalid++;
        expect(checkCasRegister(ops)['valid?']).toBe(expected);
      }),
      { numRuns: 3000 },
    );
    expect(invalid).toBeGreaterThan(100);
  });
});

const corpus = new URL(
  '../../../test/conformance/corpus/knossos-generated/cas-register.json',
  import.meta.url,
);
describe('Knossos', () => {
  interface Case {
    readonly id: string;
    readonly history: readonly Op[];
    readonly expected: {
      readonly 'valid?': boolean;
      readonly op: { readonly index: number } | null;
      readonly linear: { readonly 'previous-ok'?: { readonly index: number } };
    };
  }
  it('agrees on the verdict, the failing operation and the one before it', () => {
    expect(existsSync(corpus)).toBe(true);
    const cases = JSON.parse(readFileSync(corpus, 'utf8')) as readonly Case[];
    for (const { id, history: ops, expected } of cases) {
      const result = checkCasRegister(ops);
      expect({ id, valid: result['valid?'] }).toEqual({ id, valid: expected['valid?'] });
      if (expected.op === null) continue;
      expect({ id, op: result['op'] }).toMatchObject({ id, op: { index: expected.op.index } });
      const previous = result['previous-ok'];
      expect({ id, previous: previous?.index }).toEqual({
        id,
        previous: expected.linear['previous-ok']?.index,
      });
    }
    expect(cases.length).toBe(250);
  });
});
