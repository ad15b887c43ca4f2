/** Compares the ways in which registers with repeated values are decided with the search of all registers. */
import { describe, expect, it } from 'vitest';
import { checkRegisterBy, registerHistory } from '../../../../test/support/register-histories.ts';
import type { Op } from '../../../history/op.ts';
import { Random } from '../../../world/random.ts';
import { checkCasRegister } from '../cas-register.ts';
import { followFrontier } from '../frontier/frontier.ts';
import type { ObjectEvents } from '../object-events.ts';
import { refutingEvent } from './forced-writes.ts';
import { PossibleWrites } from './possible-writes.ts';
import type { RegisterObject } from './register-object.ts';
import { judgeRepeatedWrites } from './repeated-writes.ts';
import { WriteGuess } from './write-guess.ts';

/** HISTORIES=1000000 for a long run. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 3000);

/** Calls back with small histories of few values, valid and invalid. */
function eachHistory(name: string, look: (ops: readonly Op[]) => void): void {
  const random = Random.fromSeed(name);
  for (let round = 0; round < HISTORIES; round++)
    look(
      registerHistory(random, {
        length: 4 + random.int(28),
        processes: 1 + random.int(6),
        lies: random.int(3) === 0 ? 0 : 6,
        repeats: 1 + random.int(2),
        pool: 1 + random.int(3),
      }),
    );
}

/** Plays the operations one after the other. Returns whether each is possible, and none comes after one that follows it. */
function isLinearization(order: readonly number[], history: ObjectEvents, register: RegisterObject): boolean {
  const invokedAt = new Map<number, number>();
  const returnsAt = new Map<number, number>();
  for (const [at, event] of history.events.subarray(0, history.eventCount).entries())
    ((event & 1) === 0 ? invokedAt : returnsAt).set(event >> 1, at);
  let state = 0;
  let lastBegin = -1;
  for (const operation of order) {
    state = register.transition(state, history.kindOf[operation] ?? -1);
    if (state < 0 || (returnsAt.get(operation) ?? Infinity) < lastBegin) return false;
    lastBegin = Math.max(lastBegin, invokedAt.get(operation) ?? Infinity);
  }
  return new Set(order).size === order.length && [...returnsAt.keys()].every((each) => order.includes(each));
}

describe('a register with repeated values', () => {
  it('is linearizable in the order that a guess has found, mended or not', () => {
    const found = { valid: 0, atOnce: 0, mended: 0 };
    eachHistory('guesses', (ops) => {
      checkRegisterBy((history, register) => {
        const searched = followFrontier(history, register);
        if (searched.valid === true) found.valid++;
        const guess = new WriteGuess(history, register, new PossibleWrites(history, register));
        const first = guess.linearization();
        guess.mend();
        const order = guess.linearization();
        for (const each of [first, order]) {
          if (each === undefined) continue;
          expect([isLinearization(each, history, register), searched.valid], JSON.stringify(ops)).toEqual([
            true,
            true,
          ]);
        }
        if (first !== undefined) found.atOnce++;
        else if (order !== undefined) found.mended++;
        return searched;
      }, ops);
    });
    expect(found.atOnce).toBeGreaterThan(found.valid * 0.9);
    expect(found.mended).toBeGreaterThan(0);
    expect(found.atOnce + found.mended).toBeGreaterThan(found.valid * 0.97);
  });

  it('is not linearizable by the event that refutes it', () => {
    const found = { invalid: 0, refuted: 0 };
    eachHistory('refuted', (ops) => {
      checkRegisterBy((history, register) => {
        const searched = followFrontier(history, register);
        const event = refutingEvent(history, register, new PossibleWrites(history, register));
        if (searched.valid === false) found.invalid++;
        if (event !== undefined) {
          found.refuted++;
          const until = { ...history, events: history.events.subarray(0, event + 1), eventCount: event + 1 };
          expect(followFrontier(until, register).valid, JSON.stringify(ops)).toBe(false);
        }
        return searched;
      }, ops);
    });
    expect(found.refuted).toBeGreaterThan(found.invalid / 2);
  });

  it('has the verdict of the search, and its first impossible operation, where too many are open for it', () => {
    const found = { valid: 0, invalid: 0 };
    eachHistory('too wide', (ops) => {
      const searched = checkRegisterBy(followFrontier, ops);
      const wide = checkRegisterBy(
        (history, register) => judgeRepeatedWrites(history, register, undefined, 0),
        ops,
      );
      found[searched['valid?'] === true ? 'valid' : 'invalid']++;
      expect([wide['valid?'], wide['op']], JSON.stringify(ops)).toEqual([searched['valid?'], searched['op']]);
    });
    expect(Math.min(found.valid, found.invalid)).toBeGreaterThan(HISTORIES / 20);
  });

  it.each([
    ['few of the values', 5, 10],
    ['half of the values', 2, 100],
    ['all values', 1, 50],
  ])('is mostly decided however many operations are open: %s are repeated', (_, repeats, pool) => {
    const verdicts: unknown[] = [];
    for (const seed of ['a', 'b', 'c', 'd']) {
      const drawn = { length: 6000, processes: 100, repeats, pool, lies: 0 };
      const valid = registerHistory(Random.fromSeed(seed), drawn);
      const at = valid.findLastIndex(({ type, f, value }) => type === 'ok' && f === 'read' && value !== null);
      const wrong = valid.map((op, index) => (index === at ? { ...op, value: 'never written' } : op));
      for (const ops of [valid, wrong]) {
        let left = 3;
        const { 'valid?': verdict, op } = checkCasRegister(ops, {}, { exhausted: () => --left < 0 });
        verdicts.push(verdict);
        if (op !== undefined) expect(op).toMatchObject({ index: at });
      }
    }
    expect(verdicts.filter((verdict) => verdict === 'unknown').length).toBeLessThan(3);
    expect(verdicts).toEqual(verdicts.map((verdict, at) => (verdict === 'unknown' ? verdict : at % 2 === 0)));
  });
});
