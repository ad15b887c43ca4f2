import { describe, expect, it } from 'vitest';
import { stateChanges } from './state-changes.ts';

const changes = (before: unknown, after: unknown) =>
  stateChanges(
    before === undefined ? undefined : JSON.stringify(before),
    after === undefined ? undefined : JSON.stringify(after),
  );

describe('the difference of two states', () => {
  it('is named by its path, from the outside in', () => {
    expect(changes({ term: 1, log: [{ op: 'a' }] }, { term: 2, log: [{ op: 'b' }] }).first).toEqual([
      { path: ['term'], before: '1', after: '2' },
      { path: ['log', 0, 'op'], before: '"a"', after: '"b"' },
    ]);
  });

  it('is empty if they are equal', () => {
    expect(changes({ a: [1, { b: null }] }, { a: [1, { b: null }] })).toEqual({ first: [], total: 0 });
    expect(changes(undefined, undefined).total).toBe(0);
  });

  it('names what was added and what was removed', () => {
    expect(changes({ old: 1 }, { new: 2 }).first).toEqual([
      { path: ['old'], before: '1' },
      { path: ['new'], after: '2' },
    ]);
    expect(changes(undefined, [1]).first).toEqual([{ path: [], after: '[1]' }]);
  });

  it('is one element if one was added to a list in front, within or at the end', () => {
    expect(changes([1, 2, 3], [0, 1, 2, 3]).first).toEqual([{ path: [0], after: '0' }]);
    expect(changes([1, 2, 3], [1, 2, 9, 3]).first).toEqual([{ path: [2], after: '9' }]);
    expect(changes([1, 2, 3], [1, 2]).first).toEqual([{ path: [2], before: '3' }]);
    expect(changes([1, 1], [1, 1, 1]).total).toBe(1);
  });

  it('is bounded, however large and deep', () => {
    const many = changes({}, Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [at, at])));
    expect(many.first).toHaveLength(100);
    expect(many.total).toBe(5000);
    const deep = (leaf: number): unknown => JSON.parse(`${'['.repeat(3000)}${leaf}${']'.repeat(3000)}`);
    expect(changes(deep(1), deep(2))).toMatchObject({ total: 1 });
    const [long] = changes('', 'x'.repeat(100_000)).first;
    expect(long?.after?.length).toBeLessThan(2000);
  });

  it('treats property names of the language like any other key', () => {
    expect(stateChanges('{"__proto__":1}', '{"__proto__":2}').first).toEqual([
      { path: ['__proto__'], before: '1', after: '2' },
    ]);
    expect(stateChanges('{}', '{"toString":1}').first).toEqual([{ path: ['toString'], after: '1' }]);
  });
});
