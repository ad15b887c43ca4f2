import { describe, expect, test } from 'vitest';
import type { Inspection, TurnWatcher, World } from '../../world/world.ts';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { InvariantWatch, invariantSentences, type Invariant, type Situation } from './invariant-watch.ts';

const watch = (...checks: readonly Invariant<never>[]) => watchWith({ checks, situations: [] });

const CLUSTER: ClusterView = {
  nodes: ['n1', 'n2'],
  condition: () => 'running',
  isCut: (from) => from === 'n2',
};

/** A watch in a world that has nothing but the states of nodes. */
function watchWith({
  checks,
  situations,
}: {
  readonly checks: readonly Invariant<never>[];
  readonly situations: readonly (readonly [string, Situation<never>])[];
}) {
  const shown = new Map<string, Inspection>();
  const log: string[] = [];
  let watcher: TurnWatcher | undefined;
  let turns = 0;
  const world = {
    clock: { nowNanos: () => 3e9 },
    inspect: (node: string) => shown.get(node),
    watchTurns: (one: TurnWatcher) => (watcher = one),
  } as unknown as World; // only the members that are used
  const invariants = [
    ...checks.map((check, at) => ({ name: `${at}.ts`, check })),
    ...(situations.length === 0 ? [] : [{ name: 's.ts', situations: new Map(situations) }]),
  ];
  const watching = new InvariantWatch({
    world,
    cluster: CLUSTER,
    invariants,
    log: (line) => log.push(line),
  });
  return {
    log,
    watching,
    turn: (node: string, state?: unknown): void => {
      if (state !== undefined) shown.set(node, { kind: 'state', json: JSON.stringify(state) });
      watcher?.turn(node, ++turns);
    },
    show: (node: string, inspection: Inspection) => shown.set(node, inspection),
    gone: (node: string): void => {
      shown.delete(node);
      watcher?.gone(node);
    },
    result: () => watching.result(1e9),
  };
}

const sumBelowFive: Invariant<number> = (states) => {
  const sum = [...states.values()].reduce((total, state) => total + state, 0);
  return sum < 5 ? undefined : `the sum is ${sum}`;
};

describe('an invariant', () => {
  test('is checked when a state has changed, and its first failure is kept with the states', () => {
    const { turn, result, log } = watch(sumBelowFive);
    turn('n1', 1);
    turn('n2', 2);
    turn('n1');
    turn('n10', 3);
    turn('n2', 7);
    expect(result()).toEqual({
      'valid?': false,
      failures: [
        {
          invariant: '0.ts',
          message: 'the sum is 6',
          node: 'n10',
          turn: 4,
          time: 2e9,
          states: { n1: 1, n2: 2, n10: 3 },
        },
      ],
      checks: 3,
      problems: [],
    });
    expect(log).toEqual(['Invariant 0.ts: the sum is 6']);
    expect(invariantSentences(result())).toEqual([
      '0.ts: the sum is 6\n  This was at 2.000 s, after turn 4, a turn of n10. The states at that point:\n  n1: 1\n  n2: 2\n  n10: 3',
    ]);
  });

  test('that holds is valid, and each of several is checked', () => {
    const { turn, result } = watch(
      sumBelowFive,
      () => undefined,
      (states) => `${states.size} nodes`,
    );
    turn('n1', 1);
    turn('n2', 1);
    expect(result().failures.map(({ invariant, message }) => `${invariant} ${message}`)).toEqual([
      '2.ts 1 nodes',
    ]);
    const right = watch(sumBelowFive);
    right.turn('n1', 1);
    expect(right.result()).toEqual({ 'valid?': true, failures: [], checks: 1, problems: [] });
  });

  test('does not see nodes that are gone, until they show a state again', () => {
    const sizes: number[] = [];
    const { turn, gone } = watch((states) => {
      sizes.push(states.size);
      return undefined;
    });
    turn('n1', 1);
    turn('n2', 1);
    gone('n1');
    turn('n2', 2);
    turn('n1', 1);
    expect(sizes).toEqual([1, 2, 1, 2]);
  });

  test('gets the same map, and the same state if it has not changed', () => {
    const maps = new Set<unknown>();
    const states = new Set<unknown>();
    const { turn } = watch((all) => {
      maps.add(all);
      states.add(all.get('n1'));
      return undefined;
    });
    turn('n1', { a: 1 });
    for (const at of [1, 2, 3]) turn('n2', at);
    expect([maps.size, states.size]).toEqual([1, 1]);
  });

  test('is not checked any more once the nodes are being stopped', () => {
    const { turn, result, watching } = watch(sumBelowFive);
    turn('n1', 1);
    watching.close();
    turn('n1', 100);
    expect(result()['valid?']).toBe(true);
  });
});

describe('a verdict is unknown', () => {
  test('if no node shows a state', () => {
    const { turn, result } = watch(sumBelowFive);
    turn('n1');
    expect(result()).toMatchObject({ 'valid?': 'unknown', checks: 0 });
    expect(invariantSentences(result())[0]).toContain(
      'No node showed a state. A program shows its state with node.inspect(',
    );
  });

  test('if a state cannot be shown, which is reported once', () => {
    const { turn, show, result } = watch(sumBelowFive);
    turn('n1', 1);
    show('n2', { kind: 'problem', message: 'TypeError: log is undefined' });
    turn('n2');
    turn('n2');
    expect(result()).toMatchObject({
      'valid?': 'unknown',
      problems: ['n2 could not show its state: TypeError: log is undefined.'],
    });
  });

  test.each([
    [
      (): string => {
        throw new TypeError('states.n1 is undefined');
      },
      'threw at turn 1, of n1: TypeError: states.n1 is undefined',
    ],
    [
      () => true as unknown as string,
      'returned a boolean at turn 1; expected a string that says what is wrong, or undefined',
    ],
    [() => null as unknown as string, 'returned null at turn 1'],
    [async () => 'x', 'returned a promise at turn 1'],
  ] as [Invariant<never>, string][])('if the invariant cannot be evaluated: %s', (check, words) => {
    const { turn, result } = watch(check);
    turn('n1', 1);
    turn('n1', 2);
    const { problems, failures } = result();
    expect(result()['valid?']).toBe('unknown');
    expect(failures).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`The invariant 0.ts ${words}`);
  });

  test('but a failure takes precedence', () => {
    const { turn, show, result } = watch(sumBelowFive);
    show('n2', { kind: 'problem', message: 'x' });
    turn('n2');
    turn('n1', 9);
    expect(result()).toMatchObject({ 'valid?': false, problems: [expect.any(String)] });
  });
});

describe('a situation', () => {
  const counts = (watching: InvariantWatch) =>
    watching.expected()?.assertions.map(({ kind, name, count }) => `${kind} ${name} ${count}`);

  test('is checked after each turn until it occurs, even if no state has changed', () => {
    let asked = 0;
    const { turn, watching, log, result } = watchWith({
      checks: [],
      situations: [
        ['third turn', () => ++asked === 3],
        ['never', () => false],
        ['a cut', (_, cluster) => cluster.isCut('n2', 'n1') && !cluster.isCut('n1', 'n2')],
      ],
    });
    turn('n1', 1);
    expect(counts(watching)).toEqual(['sometimes third turn 0', 'sometimes never 0', 'sometimes a cut 1']);
    for (let n = 0; n < 5; n++) turn('n1');
    expect(counts(watching)).toEqual(['sometimes third turn 1', 'sometimes never 0', 'sometimes a cut 1']);
    expect(asked).toBe(3);
    expect(log).toEqual([
      'Situation "a cut" occurred at turn 1, a turn of n1.',
      'Situation "third turn" occurred at turn 3, a turn of n1.',
    ]);
    expect(result()['valid?']).toBe(true);
  });

  test('of a run whose nodes are being stopped is not checked', () => {
    let isStopping = false;
    const { turn, watching } = watchWith({ checks: [], situations: [['late', () => isStopping]] });
    turn('n1', 1);
    watching.close();
    isStopping = true;
    turn('n1', 2);
    expect(counts(watching)).toEqual(['sometimes late 0']);
  });

  test.each([
    [() => 'yes' as unknown as boolean, 'returned a string at turn 1; expected true or false'],
    [() => undefined as unknown as boolean, 'returned undefined at turn 1'],
    [
      (): boolean => {
        throw new Error('none of that name');
      },
      'threw at turn 1, of n1: Error: none of that name',
    ],
  ])('that cannot be evaluated makes the verdict unknown: %s', (ask, words) => {
    const { turn, result } = watchWith({ checks: [], situations: [['one', ask]] });
    turn('n1', 1);
    turn('n1', 2);
    expect(result()['valid?']).toBe('unknown');
    expect(result().problems).toEqual([expect.stringContaining(`The situation "one" of s.ts ${words}`)]);
  });

  test('without situations nothing is expected', () => {
    expect(watch(() => undefined).watching.expected()).toBeUndefined();
  });
});

test('only a bounded part of long states and messages is kept', () => {
  const { turn, result } = watch(() => 'x'.repeat(100_000));
  turn('n1', 'y'.repeat(900_000));
  const [failure] = result().failures;
  expect(failure?.message.length).toBeLessThan(1100);
  expect(String(failure?.states['n1']).length).toBeLessThan(21_000);
  expect(invariantSentences(result())[0]?.length).toBeLessThan(2000);
  const deep = watch(() => 'deep');
  deep.show('n1', { kind: 'state', json: `${'['.repeat(5000)}${']'.repeat(5000)}` });
  deep.turn('n1');
  expect(deep.result().failures[0]?.states['n1']).toMatch(/^\[+/);
});
