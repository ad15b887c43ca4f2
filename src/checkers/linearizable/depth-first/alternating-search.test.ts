import { describe, expect, it } from 'vitest';
import type { Json } from '../../../protocol/json.ts';
import { Random } from '../../../world/random.ts';
import type { Budget } from '../../checker.ts';
import { AlternatingSearch, type SearchBounds } from './alternating-search.ts';
import { ModelObject } from '../objects/model-object.ts';
import type { SequentialModel } from '../models.ts';
import type { ObjectEvents } from '../object-events.ts';

const LIST: SequentialModel = {
  name: 'list',
  init: [],
  isReadOnly: (f) => f === 'read',
  step: (state, f, value) => {
    const items = state as readonly Json[];
    if (f === 'append') return [...items, value];
    return JSON.stringify(items) === JSON.stringify(value) ? state : undefined;
  },
};

/** Appends that overlap four by four, and reads of the current list; if `wrong`, the last one is wrong. */
function appends(object: ModelObject, count: number, wrong: boolean): ObjectEvents {
  const random = Random.fromSeed('appends');
  const kinds: number[] = [];
  const events: number[] = [];
  const list: number[] = [];
  const add = (f: string, value: Json): number => kinds.push(object.kindFor(f, value)) - 1;
  for (let group = 0; group < count; group++) {
    const members = Array.from({ length: 4 }, (_, i) => group * 4 + i);
    const operations = members.map((value) => add('append', value));
    for (const operation of operations) events.push(operation * 2);
    list.push(...random.shuffle(members));
    for (const operation of operations) events.push(operation * 2 + 1);
    const read = add('read', wrong && group === count - 1 ? [-1] : [...list]);
    events.push(read * 2, read * 2 + 1);
  }
  return {
    events: Int32Array.from(events),
    eventCount: events.length,
    kindOf: Int32Array.from(kinds),
    crashed: new Uint8Array(kinds.length),
    operationCount: kinds.length,
    kindCount: object.kindCount,
  };
}

const FEW: SearchBounds = { cache: 2 ** 30, states: 2 ** 30, configurations: 1000 };

function search(history: ObjectEvents, object: ModelObject, budget?: Budget, bounds?: SearchBounds) {
  return new AlternatingSearch(history, object, bounds).run(budget);
}

describe('two alternating depth-first searches', () => {
  it('give up after very many configurations, unless a budget ends them', () => {
    // Without reads nothing settles the order of overlapping appends.
    const blind: SequentialModel = { ...LIST, isReadOnly: () => false };
    const bounds = { cache: 2 ** 30, states: 2 ** 30, configurations: 50 };
    const searched = (budget?: Budget) => {
      const object = new ModelObject(blind);
      return search(appends(object, 6, true), object, budget, bounds);
    };
    expect(searched()).toMatchObject({ valid: 'unknown', reason: expect.stringContaining('--time-budget') });
    expect(searched({ exhausted: () => false })).toMatchObject({ valid: 'unknown' });
    expect(searched({ exhausted: () => false, isFinite: true })).toMatchObject({ valid: false });
  });

  it('give up sooner if states are long, since each configuration takes longer', () => {
    const visited = (length: number): number => {
      let steps = 0;
      const long: Json = Array.from({ length }, (_, i) => `text ${i}`);
      const object = new ModelObject({
        ...LIST,
        init: long,
        isReadOnly: () => false,
        step: (state, f, value) => {
          steps++;
          // Only the last read is wrong; the others settle no order.
          if (f === 'append') return [...(state as readonly Json[]), value];
          return JSON.stringify(value) === '[-1]' ? undefined : state;
        },
      });
      const bounds = { cache: 2 ** 30, states: 2 ** 30, configurations: 20_000 };
      expect(search(appends(object, 8, true), object, undefined, bounds)).toMatchObject({ valid: 'unknown' });
      return steps;
    };
    expect(visited(200)).toBeLessThan(visited(0) / 4);
  });

  it('suggest how the model could reduce the search, unless it already does', () => {
    const reasonOf = (model: SequentialModel, isGiven = true) => {
      const object = new ModelObject(model, isGiven);
      return search(appends(object, 200, true), object, undefined, FEW);
    };
    const unnamed: SequentialModel = { name: LIST.name, init: LIST.init, step: LIST.step.bind(LIST) };
    expect(reasonOf(unnamed)).toMatchObject({ reason: expect.stringContaining('isReadOnly(f)') });
    expect(reasonOf(LIST)).toMatchObject({ reason: expect.not.stringContaining('isReadOnly') });
    // The user cannot change a built-in model.
    expect(reasonOf(unnamed, false)).toMatchObject({ reason: expect.not.stringContaining('isReadOnly') });
  });

  it('give up when the searches of all keys have reached their common limit', () => {
    const object = new ModelObject(LIST);
    const history = appends(object, 200, true);
    const shared = { configurationsLeft: 3000 };
    const all = new AlternatingSearch(history, object);
    const ended = all.run({ exhausted: () => false, shared });
    expect(ended).toMatchObject({ valid: 'unknown', reason: expect.stringContaining('all keys together') });
    // A budget that ends the search is the only limit.
    expect(all.run({ exhausted: () => false, isFinite: true, shared })).toMatchObject({ valid: false });
  });

  it('continue where the budget ended them', () => {
    const object = new ModelObject(LIST);
    const history = appends(object, 200, true);
    let asked = 0;
    const aTurn = { exhausted: () => asked++ % 2 === 1, isFinite: true };
    const begun = new AlternatingSearch(history, object);
    let outcome = begun.run(aTurn);
    for (let rounds = 0; outcome.valid === 'unknown' && rounds < 1000; rounds++) outcome = begun.run(aTurn);
    expect(asked).toBeGreaterThan(4);
    const atOnce = new ModelObject(LIST);
    expect(outcome).toMatchObject({ valid: false, operation: history.operationCount - 1 });
    expect(search(appends(atOnce, 200, true), atOnce)).toMatchObject({
      valid: false,
      operation: history.operationCount - 1,
    });
  });

  it.each([
    ['plenty of memory', { cache: 2 ** 30, states: 2 ** 30 }],
    ['a cache that is always full', { cache: 0, states: 2 ** 30 }],
    ['no room for states', { cache: 0, states: 0 }],
  ])('give the same answers with %s', (_, memory) => {
    for (const wrong of [false, true]) {
      const object = new ModelObject(LIST);
      const history = appends(object, 40, wrong);
      const outcome = search(history, object, undefined, memory);
      expect(outcome.valid).toBe(!wrong);
      if (outcome.valid !== false) continue;
      expect(outcome.operation).toBe(history.operationCount - 1);
      // Whatever the order of the last four, the beginning of the state was read before.
      for (const { state } of outcome.configurations)
        expect((object.stateOf(state) as readonly Json[]).slice(0, 156)).toEqual(
          object.valueOf(history.kindOf[history.operationCount - 6] as number),
        );
    }
  });

  it('keep configurations that reached the same state with other crashed operations', () => {
    const steps = new Map([
      ['0 a', 1],
      ['1 b', 2],
      ['0 c', 2],
      ['2 c', 3],
    ]);
    const object = new ModelObject({
      name: 'steps',
      init: 0,
      isReadOnly: (f) => f === 'read',
      step: (state, f, value) =>
        f === 'read' ? (state === value ? state : undefined) : steps.get(`${Number(state)} ${f}`),
    });
    // 2 is reached by c, and by a and b. Only the latter leaves a c for the 3 that is read next.
    const kinds = [
      ...['a', 'b', 'c'].map((f) => object.kindFor(f, null)),
      ...[2, 3].map((value) => object.kindFor('read', value)),
    ];
    const history: ObjectEvents = {
      events: Int32Array.from([0, 2, 4, 6, 7, 8, 9]),
      eventCount: 7,
      kindOf: Int32Array.from(kinds),
      crashed: Uint8Array.from([1, 1, 1, 0, 0]),
      operationCount: 5,
      kindCount: object.kindCount,
    };
    expect(search(history, object)).toMatchObject({ valid: true });
  });
});
