import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isLinearizableByBruteForce,
  type Interval,
} from '../../../../test/support/linearizable-brute-force.ts';
import { followFrontier, type Pace } from './frontier.ts';
import type { ObjectEvents, SearchOutcome } from '../object-events.ts';
import { RegisterObject } from '../registers/register-object.ts';

type Value = number | null;
type Step =
  | { readonly f: 'read'; readonly value: number }
  | { readonly f: 'write'; readonly value: number }
  | { readonly f: 'cas'; readonly value: readonly [number, number] };

/** An operation with its own moments; one that crashes has no end. */
interface Planned {
  readonly step: Step;
  readonly start: number;
  readonly length: number;
  readonly crashes: boolean;
}

function step(state: Value, { f, value }: Step): Value | undefined {
  if (f === 'write') return value;
  const [from, to] = f === 'read' ? [value, value] : value;
  return from === state ? to : undefined;
}

/** Returns invocations and completions in order, no two at the same moment. */
function momentsOf(plan: readonly Planned[]): { readonly operation: number; readonly ends: boolean }[] {
  return plan
    .flatMap(({ start, length, crashes }, operation) => [
      { operation, ends: false, moment: start + operation / 100 },
      ...(crashes ? [] : [{ operation, ends: true, moment: start + length + 0.5 + operation / 100 }]),
    ])
    .sort((a, b) => a.moment - b.moment);
}

/** Returns the first operation at whose completion the history so far has no linearization. */
function firstFailureByBruteForce(plan: readonly Planned[]): number | undefined {
  const moments = momentsOf(plan);
  const end = moments.findIndex(({ ends }, now) => {
    if (!ends) return false;
    const soFar = moments.slice(0, now + 1);
    const intervals = soFar.flatMap(({ operation, ends: isEnd }, invoked): Interval<Step>[] => {
      if (isEnd) return [];
      const returned = soFar.findIndex((other) => other.ends && other.operation === operation);
      return [
        {
          operation: (plan[operation] as Planned).step,
          invoked,
          returned: returned < 0 ? undefined : returned,
        },
      ];
    });
    return !isLinearizableByBruteForce<Value, Step>(intervals, null, step);
  });
  return moments[end]?.operation;
}

function eventsOf(plan: readonly Planned[], object: RegisterObject): ObjectEvents {
  const kindOf = Int32Array.from(plan, (planned) => object.kindFor(planned.step.f, planned.step.value));
  // As in a real history, crashed reads are left out.
  const said = momentsOf(plan).filter(({ operation }) => {
    const { crashes } = plan[operation] as Planned;
    return !crashes || !object.isReadOnly(kindOf[operation] as number);
  });
  return {
    events: Int32Array.from(said, ({ operation, ends }) => operation * 2 + (ends ? 1 : 0)),
    eventCount: said.length,
    kindOf,
    crashed: Uint8Array.from(plan, ({ crashes }) => (crashes ? 1 : 0)),
    operationCount: plan.length,
    kindCount: object.kindCount,
  };
}

function failureOf(plan: readonly Planned[], pace?: Pace): number | undefined {
  const object = new RegisterObject();
  const outcome: SearchOutcome = followFrontier(eventsOf(plan, object), object, undefined, pace);
  if (outcome.valid === 'unknown') throw new Error(outcome.reason);
  return outcome.valid ? undefined : outcome.operation;
}

interface Mix {
  readonly name: string;
  readonly values: number;
  readonly operations: number;
  /** Length of the history: in short ones all operations overlap. */
  readonly moments: number;
  readonly longest: number;
  /** Number of crashes per eight operations. */
  readonly crashes: number;
  readonly fs: readonly Step['f'][];
}

/**
 * Valid histories, half of them with one lie: each operation takes effect at a moment of its own, on one register.
 * Purely random steps would nearly all fail early, for obvious reasons; so would the values near zero that fast-check
 * prefers.
 */
function planOf(mix: Mix): fc.Arbitrary<Planned[]> {
  const value = fc.nat(mix.values - 1);
  const draw = fc.record({
    f: fc.constantFrom(...mix.fs),
    value,
    start: fc.nat(mix.moments),
    length: fc.nat(mix.longest),
    effect: fc.nat(100),
    crashes: fc.nat(7).map((n) => n < mix.crashes),
    lost: fc.boolean(),
  });
  const draws = fc.array(draw, { minLength: 4, maxLength: mix.operations });
  return fc.noBias(fc.tuple(draws, fc.nat(2 * mix.operations), value)).map(([drawn, liar, lie]) => {
    let state: Value = null;
    const effects = drawn.map((one, i) => ({
      ...one,
      i,
      moment: one.start + (one.length * one.effect) / 100,
    }));
    const plan: Planned[] = [];
    for (const { i, f, value: argument, crashes, lost, start, length } of effects.sort(
      (a, b) => a.moment - b.moment,
    )) {
      const seen: Value = i === liar ? lie : state;
      const taken: Step =
        f === 'write' || seen === null
          ? { f: 'write', value: argument }
          : f === 'read'
            ? { f, value: seen }
            : { f, value: [seen, argument] };
      plan.push({ step: taken, start, length, crashes });
      if (!(crashes && lost)) state = step(state, taken) ?? state;
    }
    return plan;
  });
}

// Rules about overwrites need many writes open at once, those about crashes many of a kind, those about moves a
// sequence of cas.
const FEW: Pick<Mix, 'values' | 'operations'> = { values: 3, operations: 8 };
const MIXES: readonly Mix[] = [
  { ...FEW, name: 'everything', moments: 20, longest: 12, crashes: 2, fs: ['read', 'write', 'cas'] },
  {
    ...FEW,
    name: 'many crashes of few kinds',
    values: 2,
    moments: 15,
    longest: 8,
    crashes: 4,
    fs: ['read', 'write', 'cas'],
  },
  { ...FEW, name: 'all at once', moments: 8, longest: 20, crashes: 1, fs: ['read', 'write', 'cas'] },
  { ...FEW, name: 'writes and reads', moments: 20, longest: 20, crashes: 2, fs: ['read', 'write'] },
  {
    ...FEW,
    name: 'mostly cas',
    moments: 20,
    longest: 15,
    crashes: 2,
    fs: ['write', 'read', 'cas', 'cas', 'cas'],
  },
  {
    ...FEW,
    name: 'mostly cas that crash',
    moments: 20,
    longest: 15,
    crashes: 4,
    fs: ['write', 'read', 'cas', 'cas'],
  },
];

/**
 * The widest search, the narrowest, and one that tries long to prove from anywhere: what was left out is found again.
 */
const PACES: readonly Pace[] = [
  { narrow: Infinity, wider: 8, stepBack: 128, farther: 4, anything: 4096 },
  { narrow: 1, wider: 2, stepBack: 2, farther: 2, anything: 5 },
  { narrow: 1, wider: 1.1, stepBack: 2, farther: 1.1, anything: 4096 },
];
const failuresOf = (plan: readonly Planned[]): readonly (number | undefined)[] =>
  PACES.map((pace) => failureOf(plan, pace));
const atEachPace = (failure: number | undefined): readonly (number | undefined)[] => PACES.map(() => failure);

describe('the frontier', () => {
  it('lets a crashed write set the current value again, so that a write can come just before it', () => {
    const write = (value: number): Step => ({ f: 'write', value });
    const plan: readonly Planned[] = [
      { step: write(0), start: 0, length: 0, crashes: false },
      { step: write(0), start: 0, length: 0, crashes: true },
      { step: write(1), start: 8, length: 5, crashes: false },
      { step: { f: 'cas', value: [0, 2] }, start: 0, length: 8, crashes: false },
      { step: { f: 'read', value: 2 }, start: 14, length: 0, crashes: false },
    ];
    expect(firstFailureByBruteForce(plan)).toBe(undefined);
    expect(failuresOf(plan)).toEqual(atEachPace(undefined));
  });

  it('frees an owed write when another one sets the state, but not when a cas does', () => {
    const plan: readonly Planned[] = [
      { step: { f: 'write', value: 0 }, start: 0, length: 0, crashes: false },
      { step: { f: 'cas', value: [0, 1] }, start: 2, length: 1, crashes: false },
      { step: { f: 'write', value: 2 }, start: 2, length: 5, crashes: false },
      { step: { f: 'read', value: 1 }, start: 9, length: 0, crashes: false },
    ];
    expect(firstFailureByBruteForce(plan)).toBe(3);
    expect(failuresOf(plan)).toEqual(atEachPace(3));
  });

  it.each(MIXES)('fails at the same operation as brute force: $name', (mix) => {
    let failed = 0;
    let passed = 0;
    fc.assert(
      fc.property(planOf(mix), (plan) => {
        const expected = firstFailureByBruteForce(plan);
        if (expected === undefined) passed++;
        else failed++;
        expect(failuresOf(plan)).toEqual(atEachPace(expected));
      }),
      { numRuns: 6000 },
    );
    expect(Math.min(failed, passed)).toBeGreaterThan(30);
  });

  describe('with all kinds of crashes', () => {
    // Forty crashed cas lead from anywhere to anywhere; writes and reads overlap as if by ten threads.
    const plan: Planned[] = Array.from({ length: 40 }, (_, i) => ({
      step: { f: 'cas', value: [i % 7, (i * 3 + 1) % 7] },
      start: 0,
      length: 0,
      crashes: true,
    }));
    for (let i = 0; i < 600; i++)
      plan.push({
        step: i % 3 === 0 ? { f: 'write', value: i % 7 } : { f: 'read', value: (i - (i % 3)) % 7 },
        start: 10 + i,
        length: 9,
        crashes: false,
      });
    const outcomeOf = (history: readonly Planned[], pace?: Pace): SearchOutcome => {
      const object = new RegisterObject();
      // The budget is checked every 4096 configurations.
      let asked = 0;
      return followFrontier(eventsOf(history, object), object, { exhausted: () => ++asked === 8 }, pace);
    };

    it('a valid history is soon accepted, without following all configurations', () => {
      expect(outcomeOf(plan, PACES[0]).valid).toBe('unknown');
      expect(outcomeOf(plan)).toEqual({ valid: true });
    });

    it('a wrong value near the end is soon proved from its surroundings', () => {
      const lie: Planned = { step: { f: 'read', value: 9 }, start: 550, length: 3, crashes: false };
      const history = [...plan, lie];
      expect(outcomeOf(history)).toMatchObject({ valid: false, operation: plan.length });
    });
  });
});
