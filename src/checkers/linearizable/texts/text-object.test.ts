import { describe, expect, it } from 'vitest';
import type { Op } from '../../../history/op.ts';
import type { Json } from '../../../protocol/json.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { Random } from '../../../world/random.ts';
import type { Budget } from '../../checker.ts';
import { checkLinearizable, type LinearizableResult } from '../linearizable.ts';
import { keyValue, type SequentialModel } from '../models.ts';

/** The same rules without what `text` says of them: they are searched in the ordinary way. */
const PLAIN: SequentialModel = {
  name: 'plain',
  init: '',
  isReadOnly: (f) => f === 'get',
  step: (state, f, value) => keyValue.step(state, f, value ?? ''),
};
const STORE: SequentialModel = { ...PLAIN, name: 'store', text: keyValue.text ?? {} };

type Row = readonly [process: number, type: Op['type'], f: string, value: Json];
const history = (rows: readonly Row[]): Op[] =>
  rows.map(([process, type, f, value], index) => ({ index, time: index, process, type, f, value }));

/** A budget that runs out after this many checks; the search checks it at least every thousand steps. */
function few(checks: number): Budget {
  let left = checks;
  return { isFinite: true, exhausted: () => left-- <= 0 };
}

/** Appends of which all of a group overlap and take effect in another order than they began; the last one may be lost. */
function overlapping(groups: number, size: number, isLost: boolean): Op[] {
  const random = Random.fromSeed('overlapping');
  const rows: Row[] = [];
  let text = '';
  for (let group = 0; group < groups; group++) {
    const values = Array.from({ length: size }, (_, i) => `${group}.${i} `);
    rows.push(...values.map((value, i): Row => [i, 'invoke', 'append', value]));
    for (const value of random.shuffle(values))
      if (!(isLost && group === groups - 1 && value === `${group}.1 `)) text += value;
    rows.push(...values.map((value, i): Row => [i, 'ok', 'append', value]));
    rows.push([0, 'invoke', 'get', null], [0, 'ok', 'get', text]);
  }
  return history(rows);
}

/** What processes that overlap ask of a store that may lie, with values of which many are equal or parts of others. */
function drawn(random: Random): Op[] {
  const ops: Op[] = [];
  const processes = 1 + random.int(5);
  const names = Array.from({ length: processes }, (_, process) => process);
  const running: (undefined | { readonly f: string; readonly value: Json; answer?: Json })[] = names.map(
    () => undefined,
  );
  const isDistinct = random.boolean();
  const lies = random.pick([0, 0, 0.1]);
  const past = [''];
  let fresh = 0;
  const takeEffect = (request: { readonly f: string; readonly value: Json; answer?: Json }): void => {
    const state = past.at(-1) ?? '';
    const isLie = random.float() < lies;
    request.answer = request.f !== 'get' ? request.value : isLie ? random.pick(past) : state;
    if (request.f !== 'get' && !isLie)
      past.push(request.f === 'put' ? String(request.value) : state + String(request.value));
  };
  for (let left = 30; left > 0; left--) {
    const at = random.int(processes);
    const process = names[at] ?? 0;
    const request = running[at];
    const add = (type: Op['type'], f: string, value: Json): void =>
      void ops.push({ index: ops.length, time: ops.length, process, type, f, value });
    if (request === undefined) {
      const f = random.pick(['get', 'get', 'append', 'append', 'put']);
      const text = isDistinct ? `${fresh++};` : random.pick(['', 'a', 'b', 'ab', 'aa']);
      const value = f === 'get' ? null : text;
      running[at] = { f, value };
      add('invoke', f, value);
    } else if (request.answer === undefined) takeEffect(request);
    else {
      const isCrash = random.int(12) === 0;
      add(isCrash ? 'info' : 'ok', request.f, isCrash ? request.value : request.answer);
      if (isCrash) names[at] = process + processes;
      running[at] = undefined;
    }
  }
  return ops;
}

const operationOf = (result: LinearizableResult): unknown => (result as { readonly op?: Op }).op;

describe('a store of strings', () => {
  it('that lost one of many overlapping appends is found out in a few steps', () => {
    const lost = overlapping(30, 10, true);
    const result = checkLinearizable(STORE, lost, {}, few(3));
    expect(result).toMatchObject({ 'valid?': false, op: { f: 'get', index: lost.length - 1 } });
    expect(checkLinearizable(PLAIN, lost, {}, few(3))).toMatchObject({
      'valid?': 'unknown',
      error: expect.stringContaining('naming in text which does what makes the search much smaller'),
    });
    expect(checkLinearizable(keyValue, overlapping(30, 10, false), {}, few(3))).toEqual({ 'valid?': true });
  });

  it('is judged as by its steps alone, with the same first impossible operation', () => {
    let invalid = 0;
    for (let seed = 0; seed < 3000; seed++) {
      const ops = drawn(Random.fromSeed(`texts ${seed}`));
      const plain = checkLinearizable(PLAIN, ops);
      const result = checkLinearizable(STORE, ops);
      expect([seed, result['valid?'], operationOf(result)]).toEqual([
        seed,
        plain['valid?'],
        operationOf(plain),
      ]);
      if (plain['valid?'] === false) invalid++;
    }
    expect(invalid).toBeGreaterThan(150);
  });

  it('shows a state that was possible before the impossible operation', () => {
    const ops = history([
      [0, 'invoke', 'put', 'a'],
      [0, 'ok', 'put', 'a'],
      [1, 'invoke', 'append', 'b'],
      [0, 'invoke', 'get', null],
      [0, 'ok', 'get', 'c'],
      [1, 'ok', 'append', 'b'],
    ]);
    expect(checkLinearizable(STORE, ops)).toMatchObject({
      op: { index: 4 },
      configs: [{ model: 'a', pending: [{ index: 3 }, { index: 2 }] }],
    });
  });
});

describe('what a model says of its texts', () => {
  const ops = overlapping(2, 3, false);

  it('is refused if a step does something else', () => {
    const trimming: SequentialModel = {
      ...STORE,
      step: (state, f, value) =>
        f === 'append' ? `${String(state)}${String(value)}`.trim() : PLAIN.step(state, f, value),
    };
    expect(() => checkLinearizable(trimming, ops)).toThrow(UserError);
    expect(() => checkLinearizable(trimming, ops)).toThrow(
      /append appends its value to the state, but its step/,
    );
  });

  it('is refused if a step does something else only in the states of the history', () => {
    const short: SequentialModel = {
      ...STORE,
      step: (state, f, value) =>
        f === 'append' ? `${String(state)}${String(value)}`.slice(0, 12) : PLAIN.step(state, f, value),
    };
    expect(() => checkLinearizable(short, ops)).toThrow(
      /append appends its value to the state, but its step/,
    );
  });

  it.each<[text: unknown, seen: string]>([
    ['get', 'get'],
    [null, 'null'],
    [{ get: 'reads' }, 'get: reads'],
    [{ get: 'shows', put: 7 }, 'put: 7'],
  ])('is refused if it is %j', (text, seen) => {
    const odd = { ...PLAIN, text } as unknown as SequentialModel; // as from JavaScript
    expect(() => checkLinearizable(odd, ops)).toThrow(UserError);
    expect(() => checkLinearizable(odd, ops)).toThrow(
      `has the text ${seen}; expected what each operation does`,
    );
  });

  it('is not used for other operations, other values and other beginnings', () => {
    const odd: SequentialModel = {
      ...STORE,
      step: (state, f, value) =>
        f === 'clear' ? '' : typeof value === 'number' ? String(value) : PLAIN.step(state, f, value),
    };
    const rows: Row[] = [
      [0, 'invoke', 'append', 'a'],
      [0, 'ok', 'append', 'a'],
      [0, 'invoke', 'clear', null],
      [0, 'ok', 'clear', null],
      [0, 'invoke', 'put', 7],
      [0, 'ok', 'put', 7],
      [0, 'invoke', 'get', null],
      [0, 'ok', 'get', '7'],
    ];
    expect(checkLinearizable(odd, history(rows))).toEqual({ 'valid?': true });
    const begun: SequentialModel = { ...STORE, init: 'x' };
    const shown: Row[] = [
      [0, 'invoke', 'get', null],
      [0, 'ok', 'get', 'x'],
    ];
    expect(checkLinearizable(begun, history(shown))).toEqual({ 'valid?': true });
  });
});
