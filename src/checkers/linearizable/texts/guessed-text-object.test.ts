/** Guesses from what the steps of a model do: fast where they are right, and never made where the model does more. */
import { describe, expect, it } from 'vitest';
import type { Op } from '../../../history/op.ts';
import { elementsOf, jsonEquals, type Json } from '../../../protocol/json.ts';
import { Random } from '../../../world/random.ts';
import { checkLinearizable } from '../linearizable.ts';
import type { SequentialModel } from '../models.ts';
import { ObjectHistory } from '../object-history.ts';
import { ModelObject } from '../objects/model-object.ts';
import { GuessedTextObject } from './guessed-text-object.ts';

type Row = readonly [process: number, type: Op['type'], f: string, value: Json];
const history = (rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value], index) => ({ index, time: index, process, type, f, value }));

const isReadOnly = (f: string): boolean => f === 'get';
const text = (state: Json): string => (typeof state === 'string' ? state : '');
const list = (state: Json): readonly Json[] => elementsOf(state) ?? [];

const STORE: SequentialModel = {
  name: 'store',
  init: '',
  isReadOnly,
  step(state, f, value) {
    if (f === 'get') return state === value ? state : undefined;
    return f === 'put' ? value : text(state) + text(value);
  },
};
const LOG: SequentialModel = {
  name: 'log',
  init: [],
  isReadOnly,
  step(state, f, value) {
    if (f === 'get') return jsonEquals(state, value) ? state : undefined;
    return f === 'put' ? value : [...list(state), value];
  },
};
/** Models that do something else in some states. */
const ALMOST: readonly SequentialModel[] = [
  { ...STORE, name: 'no repetition', step: (state, f, value) => (f === 'append' && text(state).endsWith(text(value)) ? state : STORE.step(state, f, value)) },
  { ...STORE, name: 'at most five', step: (state, f, value) => { const after = STORE.step(state, f, value); return after === undefined ? after : text(after).slice(0, 5); } },
  { ...STORE, name: 'only the end is kept', step: (state, f, value) => { const after = STORE.step(state, f, value); return after === undefined ? after : text(after).slice(-3); } },
  { ...STORE, name: 'any case', step: (state, f, value) => (f === 'get' && text(state).toLowerCase() === text(value).toLowerCase() ? state : STORE.step(state, f, value)) },
  { ...STORE, name: 'no append to nothing', step: (state, f, value) => (f === 'append' && state === '' ? state : STORE.step(state, f, value)) },
  { ...STORE, name: 'locked', step: (state, f, value) => (f !== 'get' && text(state).endsWith('B') ? state : STORE.step(state, f, value)) },
]; // prettier-ignore

/** Appends of which all of a group overlap; the last one may be lost. */
function overlapping(groups: number, size: number, isLost: boolean): readonly Row[] {
  const random = Random.fromSeed('overlapping');
  const rows: Row[] = [];
  let shown = '';
  for (let group = 0; group < groups; group++) {
    const values = Array.from({ length: size }, (_, i) => `${group}.${i} `);
    rows.push(...values.map((value, i): Row => [i, 'invoke', 'append', value]));
    for (const value of random.shuffle(values))
      if (!(isLost && group === groups - 1 && value === `${group}.1 `)) shown += value;
    rows.push(...values.map((value, i): Row => [i, 'ok', 'append', value]));
    rows.push([0, 'invoke', 'get', null], [0, 'ok', 'get', shown]);
  }
  return rows;
}

/** What clients of a model see that may lie, with few different values. */
function drawn(random: Random, model: SequentialModel): Op[] {
  const isList = model === LOG;
  const values = isList ? [1, 2, '1'] : ['', 'a', 'b', 'B', 'ab'];
  const rows: Row[] = [];
  const running: (Row | undefined)[] = Array.from({ length: 1 + random.int(5) }, () => undefined);
  const past: Json[] = [model.init];
  for (let begun = 0; begun < 12;) {
    const process = random.int(running.length);
    const row = running[process];
    if (row === undefined) {
      const f = random.pick(['get', 'append', 'append', 'put']);
      const value = random.pick(values);
      const asked: Row = [process, 'invoke', f, f === 'get' ? null : f === 'put' && isList ? [value] : value];
      rows.push(asked);
      running[process] = asked;
      begun++;
      continue;
    }
    const [, , f, value] = row;
    const state = past.at(-1) ?? model.init;
    if (f !== 'get') past.push(model.step(state, f, value) ?? state);
    rows.push([process, 'ok', f, f === 'get' ? (random.int(8) === 0 ? random.pick(past) : state) : value]);
    running[process] = undefined;
  }
  return history(rows);
}

function verdictBy(object: ModelObject, ops: readonly Op[]): unknown {
  const judged = new ObjectHistory(object);
  const open = new Map<unknown, number>();
  for (const op of ops) {
    if (op.type === 'invoke') open.set(op.process, judged.invoke(op, op.value));
    else judged.succeeded(open.get(op.process) ?? -1, op, op.value);
  }
  return judged.result()['valid?'];
}

describe('a model that does not say that it is a string', () => {
  it('is judged by a guess where the plain search takes long, and the verdict says so', () => {
    const result = checkLinearizable(STORE, history(overlapping(6, 9, true)));
    expect(result['valid?']).toBe(false);
    expect(result.warnings).toEqual([
      expect.stringMatching(
        /^The verdict assumes that append operations append to the string, that get operations show the string that is the state, as they did in \d+ trials\. If the model says so, text: \{ append: 'appends', get: 'shows' \}, it does not rest on a guess\.$/,
      ),
    ]);
    expect(checkLinearizable(STORE, history(overlapping(6, 9, false)))).toEqual({ 'valid?': true });
  });

  it('is judged without a guess where the plain search suffices', () => {
    const result = checkLinearizable(STORE, history(overlapping(2, 3, true)));
    expect(result['valid?']).toBe(false);
    expect(result.warnings).toBeUndefined();
  });

  it('may be a list', () => {
    const rows = (isLost: boolean): Op[] =>
      history(
        overlapping(6, 9, isLost).map(([process, type, f, value]): Row =>
          f === 'get' && typeof value === 'string'
            ? [process, type, f, value.split(' ').slice(0, -1)]
            : [process, type, f, typeof value === 'string' ? value.trim() : value],
        ),
      );
    expect(checkLinearizable(LOG, rows(true))['valid?']).toBe(false);
    expect(checkLinearizable(LOG, rows(false))['valid?']).toBe(true);
  });

  it.each([STORE, LOG, ...ALMOST].map((model) => [model.name, model] as const))(
    'has the verdict of the plain search: %s',
    (name, model) => {
      const random = Random.fromSeed(name);
      let wrong = 0;
      for (let run = 0; run < 600; run++) {
        const ops = drawn(random, model);
        const expected = verdictBy(new ModelObject(model, true), ops);
        if (expected === false) wrong++;
        expect(verdictBy(new GuessedTextObject(model, 0), ops), JSON.stringify(ops)).toBe(expected);
      }
      expect(wrong).toBeGreaterThan(30);
    },
  );
});
