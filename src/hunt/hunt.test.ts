import { expect, it } from 'vitest';
import { ECHO_HUNT as plan } from '../../test/support/echo-hunt.ts';
import { Random } from '../world/random.ts';
import type { Expectation } from './coverage/expectations.ts';
import { Hunt, type HuntEnd, type HuntOptions, type JobHands } from './hunt.ts';
import type { Job, Ran } from './job.ts';
import type { Outcome } from './outcome.ts';

const GOOD: Outcome = {
  verdict: true,
  signature: [],
  operations: 4,
  succeeded: 4,
  messages: 10,
  nanos: 1e9,
  meetings: {},
};
const bad = (number: number, ...signature: string[]): Outcome => ({
  ...GOOD,
  verdict: false,
  signature,
  messages: 1000 - number,
  failure: { sentence: `run ${number} is wrong`, problem: '' },
});

/** Hands that complete runs in random order. */
class ShuffledHands implements JobHands {
  private readonly pending: { readonly job: Job; readonly done: (ran: Ran | undefined) => void }[] = [];
  private isClosed = false;

  constructor(
    readonly capacity: number,
    private readonly outcomeOf: (number: number) => Outcome,
    private readonly random = Random.fromSeed(capacity),
  ) {}

  run(job: Job): Promise<Ran | undefined> {
    if (this.isClosed) return Promise.resolve(undefined);
    const ran = new Promise<Ran | undefined>((done) => this.pending.push({ job, done }));
    // Once all hands are busy, one of their runs completes.
    setImmediate(() => {
      const [one] = this.pending.splice(this.random.int(this.pending.length), 1);
      one?.done(this.isClosed ? undefined : { outcome: this.outcomeOf(one.job.number) });
    });
    return ran;
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

async function huntWith(
  capacity: number,
  outcomeOf: (number: number) => Outcome,
  more: Partial<HuntOptions> = {},
) {
  const counted: number[] = [];
  const hunt = new Hunt({
    plan,
    seed: 's',
    hands: new ShuffledHands(capacity, outcomeOf),
    collect: false,
    mostRuns: 300,
    signal: new AbortController().signal,
    onRun: ({ number }) => counted.push(number),
    ...more,
  });
  const end: HuntEnd = await hunt.run();
  return { end, counted, state: hunt.state };
}

const numbersTo = (last: number): readonly number[] => Array.from({ length: last }, (_, at) => at + 1);

it.each([1, 2, 7, 40])('finds the first failure in order, with %i hands', async (hands) => {
  const fails = new Set([77, 78, 80, 90]);
  const { end, counted, state } = await huntWith(hands, (n) => (fails.has(n) ? bad(n, 'lost') : GOOD));
  expect(end).toBe('found');
  expect(counted).toEqual(numbersTo(77));
  expect(state.tally).toMatchObject({ runs: 77, failures: 1, operations: 308 });
  expect(state.groups.smallest()).toMatchObject({
    number: 77,
    spec: { seed: 's-77' },
    sentence: 'run 77 is wrong',
  });
});

it.each([1, 5])('continues after failures when it collects, with %i hands', async (hands) => {
  const outcomeOf = (n: number): Outcome => (n % 10 === 0 ? bad(n, n % 20 === 0 ? 'lost' : 'stale') : GOOD);
  const found: number[] = [];
  const { end, counted, state } = await huntWith(hands, outcomeOf, {
    collect: true,
    onFailure: ({ number }) => void found.push(number),
  });
  expect(end).toBe('all runs');
  expect(counted).toEqual(numbersTo(300));
  expect(found).toEqual([10, 20]);
  const groups = state.groups.all();
  expect(groups.map(({ signature, count }) => [signature, count])).toEqual([
    [['stale'], 15],
    [['lost'], 15],
  ]);
  expect(groups.map(({ first, smallest }) => [first.number, smallest.number])).toEqual([
    [10, 290],
    [20, 300],
  ]);
});

it('waits for the handling of a failure', async () => {
  let isDone = false;
  await huntWith(3, (n) => (n === 5 ? bad(n, 'lost') : GOOD), {
    onFailure: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      isDone = true;
    },
  });
  expect(isDone).toBe(true);
});

it('neither an undecided run nor one without successes is a failure; both are counted', async () => {
  const nothing: Outcome = { ...GOOD, verdict: false, succeeded: 0 };
  const { end, state } = await huntWith(4, (n) => (n % 3 === 0 ? nothing : { ...GOOD, verdict: 'unknown' }));
  expect(end).toBe('all runs');
  expect(state.tally).toMatchObject({ runs: 300, failures: 0, undecided: 300, withoutSuccess: 100 });
});

it('stops at the signal, with the counts so far', async () => {
  const stopping = new AbortController();
  const { end, counted } = await huntWith(4, () => GOOD, {
    signal: stopping.signal,
    mostRuns: Infinity,
    onRun: ({ number }) => {
      if (number === 50) stopping.abort();
    },
  });
  expect(end).toBe('stopped');
  expect(counted.length).toBeLessThanOrEqual(50);
});

it('knows the run in progress that was given out first, also after it was stopped', async () => {
  const stopping = new AbortController();
  // Run 3 never ends.
  const given = new Map<number, (ran: undefined) => void>();
  const hands: JobHands = {
    capacity: 2,
    run: ({ number }) =>
      number === 3
        ? new Promise((resolve) => given.set(number, resolve))
        : new Promise((resolve) => setImmediate(() => resolve({ outcome: GOOD }))),
    close: () => Promise.resolve(given.forEach((resolve) => resolve(undefined))),
  };
  const hunt = new Hunt({ plan, seed: 's', hands, collect: false, mostRuns: 10, signal: stopping.signal });
  const ended = hunt.run();
  await expect.poll(() => hunt.oldest?.number).toBe(3);
  stopping.abort();
  expect(await ended).toBe('stopped');
  expect([hunt.oldest?.number, hunt.state.tally.runs]).toEqual([3, 2]);
});

it('a resumed hunt ends like one that was not interrupted', async () => {
  const expected = (n: number): readonly Expectation[] => [
    { kind: 'sometimes', name: 'in the first half', count: n < 50 ? 1 : 0 },
    { kind: 'reachable', name: 'at no time', count: 0 },
  ];
  const outcomeOf = (n: number): Outcome => ({
    ...(n === 120 ? bad(n, 'lost') : GOOD),
    ...(n % 10 === 0 ? {} : { expected: expected(n) }),
  });
  const whole = await huntWith(3, outcomeOf);
  const hunt = new Hunt({
    plan,
    seed: 's',
    hands: new ShuffledHands(3, outcomeOf),
    collect: false,
    signal: new AbortController().signal,
  });
  for (let n = 1; n <= 60; n++) hunt.resume({ outcome: outcomeOf(n) });
  expect(await hunt.run()).toBe('found');
  expect(hunt.state.tally).toEqual(whole.state.tally);
  expect(hunt.state.tally.expected.map(({ count }) => count)).toEqual([45, 0]);
  expect(hunt.state.groups.all()).toEqual(whole.state.groups.all());
});

it('a bug of ours in the hands ends the hunt', async () => {
  const hands: JobHands = {
    capacity: 2,
    run: ({ number }) =>
      number === 3 ? Promise.reject(new Error('ours')) : Promise.resolve({ outcome: GOOD }),
    close: () => Promise.resolve(),
  };
  await expect(huntWith(2, () => GOOD, { hands })).rejects.toThrow('ours');
});
