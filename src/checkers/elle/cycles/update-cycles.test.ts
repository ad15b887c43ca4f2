/** G-update against the definition: a cycle of which at most one transaction writes nothing. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../protocol/json.ts';
import { Random } from '../../../world/random.ts';
import { Meter } from '../../budget/meter.ts';
import { checkListAppend } from '../list-append/list-append.ts';
import { RELATION } from './cycle-types.ts';
import { updateCycle } from './update-cycles.ts';

type Transaction = readonly (readonly [f: 'r' | 'append', key: string, value: Json])[];

/** All transactions overlap. */
const concurrently = (...transactions: readonly Transaction[]) =>
  (['invoke', 'ok'] as const).flatMap((type) =>
    transactions.map((value, process) => ({ type, process, f: 'txn', value })),
  );

const judged = (...transactions: readonly Transaction[]) =>
  checkListAppend(
    concurrently(...transactions).map((op, index) => ({ ...op, index, time: index })),
    { 'consistency-models': ['update-serializable'], 'decide?': true },
  );

describe('update serializability, decided', () => {
  it('forbids that two updates miss each other', () => {
    expect(
      judged(
        [
          ['r', 'x', []],
          ['append', 'y', 1],
        ],
        [
          ['r', 'y', []],
          ['append', 'x', 1],
        ],
      ),
    ).toMatchObject({ 'valid?': false, 'anomaly-types': ['G-update'] });
  });

  it('forbids that one reader sees an update and misses one that this one missed', () => {
    const result = judged(
      [
        ['r', 'x', []],
        ['append', 'y', 1],
      ],
      [['append', 'x', 1]],
      [
        ['r', 'x', [1]],
        ['r', 'y', []],
      ],
    );
    expect(result).toMatchObject({ 'valid?': false, 'anomaly-types': ['G-update'] });
    expect(result.not).toContain('update-serializable');
    expect(result['also-not']).toContain('serializable');
  });

  it('allows that two readers see two updates in different orders', () => {
    expect(
      judged(
        [['append', 'x', 1]],
        [['append', 'y', 1]],
        [
          ['r', 'x', [1]],
          ['r', 'y', []],
        ],
        [
          ['r', 'y', [1]],
          ['r', 'x', []],
        ],
      )['valid?'],
    ).toBe(true);
  });
});

it('finds a cycle in a random graph exactly if the definition has one, and returns it', () => {
  const random = Random.fromSeed('cycles of updates');
  let wrong = 0;
  for (let run = 0; run < 3000; run++) {
    const transactions = 2 + random.int(5);
    const helpers = random.int(3);
    const size = transactions + helpers;
    const isUpdate = Array.from({ length: transactions }, () => random.boolean());
    const rows = Array.from({ length: size }, (_, from) =>
      Array.from({ length: size }, (__, to) => to).filter(
        // Helpers lead on to later ones only.
        (to) => from !== to && (from < transactions || to < transactions || to > from) && random.int(4) === 0,
      ),
    );
    const starts = Int32Array.from([0, ...rows.map((_, at) => rows.slice(0, at + 1).flat().length)]);
    const graph = {
      members: Array.from({ length: transactions }, (_, at) => at),
      size,
      starts,
      targets: Int32Array.from(rows.flat()),
      relations: Uint8Array.from(
        rows.flatMap((row, from) => row.map(() => (from < transactions ? RELATION.rw : RELATION.then))),
      ),
    };
    const next = (from: number): readonly number[] => {
      const reached = new Set(rows[from]);
      for (const to of reached) if (to >= transactions) for (const more of rows[to] ?? []) reached.add(more);
      return [...reached].filter((to) => to < transactions && to !== from);
    };
    const leadsBack = (some: ReadonlySet<number>, start: number): boolean => {
      const reached = new Set(next(start).filter((to) => some.has(to)));
      for (const to of reached) for (const more of next(to)) if (some.has(more)) reached.add(more);
      return reached.has(start);
    };
    const updates = graph.members.filter((at) => isUpdate[at]);
    const expected = graph.members.some((one) => leadsBack(new Set([...updates, one]), one));
    const found = updateCycle(graph, (at) => isUpdate[at] === true, new Meter(undefined));
    expect(found !== undefined, JSON.stringify({ rows, isUpdate })).toBe(expected);
    if (found === undefined) continue;
    wrong++;
    const { vertices } = found;
    expect(vertices.length).toBeGreaterThan(1);
    expect(new Set(vertices).size).toBe(vertices.length);
    expect(vertices.filter((at) => isUpdate[at] !== true).length).toBeLessThan(2);
    for (const [at, vertex] of vertices.entries())
      expect(next(vertex)).toContain(vertices[(at + 1) % vertices.length]);
  }
  expect(wrong).toBeGreaterThan(500);
});
