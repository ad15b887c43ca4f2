/** What `onOps` keeps of many findings. */
import { expect, it } from 'vitest';
import { workloadOptionsOf } from '../run/workload-options.ts';
import { runOf } from '../../test/support/story-by-hand.ts';
import { Random } from '../world/random.ts';
import { onOps, type Wrong } from './on-ops.ts';

const judged = (found: readonly Wrong[]) => {
  const judge = onOps(() => found);
  const result = judge.checker(workloadOptionsOf(runOf([]).spec, Random.fromSeed(1))).result();
  const evidence = judge.evidence?.(result);
  return { result, anomalies: evidence?.kind === 'anomalies' ? evidence.anomalies : [] };
};
const many = (kind: string, count: number): readonly Wrong[] =>
  Array.from({ length: count }, (_, at) => ({ kind, text: `${kind} ${at}` }));

it('hundreds of findings of one kind do not hide those of another, and all are counted', () => {
  const { result, anomalies } = judged([...many('lost', 240), ...many('two leaders', 2), ...many('lost', 3)]);
  expect(result).toMatchObject({
    'valid?': false,
    'wrong-count': 245,
    kinds: { lost: 243, 'two leaders': 2 },
  });
  expect(anomalies.map(({ type, count }) => [type, count])).toEqual([
    ['lost', 243],
    ['two leaders', 2],
  ]);
  expect(result.wrong).toHaveLength(101);
});

it('a kind of its own for each finding stays within bounds', () => {
  const { result, anomalies } = judged(
    Array.from({ length: 300 }, (_, at) => ({ kind: `kind ${at}`, text: 'x' })),
  );
  expect(result['wrong-count']).toBe(300);
  expect(Object.keys(result.kinds ?? {})).toHaveLength(20);
  expect(anomalies).toHaveLength(100);
  expect(anomalies.every(({ count }) => count === 1)).toBe(true);
});
