import { describe, expect, test } from 'vitest';
import { Random } from '../world/random.ts';
import { chooseTargets, DEFAULT_TARGETS, targetsThatHit, type TargetSpec } from './targets.ts';

const NODES = ['n1', 'n2', 'n3', 'n4', 'n5'];

/** Returns how many nodes a target has hit in many draws. */
function sizes(spec: TargetSpec, nodes: readonly string[] = NODES): readonly number[] {
  const random = Random.fromSeed('targets');
  const seen = new Set<number>();
  for (let i = 0; i < 300; i++) seen.add(chooseTargets(spec, nodes, random).length);
  return [...seen].sort((a, b) => a - b);
}

describe('a target', () => {
  test.each([
    ['one', [1], [1], [1]],
    ['minority-third', [1], [0], [0]],
    ['minority', [2], [1], [0]],
    ['majority', [3], [2], [1]],
    ['all', [5], [3], [1]],
    [null, [1, 2, 3, 4, 5], [1, 2, 3], [1]],
  ] as const)('%s: its number of nodes out of five, three and one', (spec, ofFive, ofThree, ofOne) => {
    expect(sizes(spec)).toEqual(ofFive);
    expect(sizes(spec, ['a', 'b', 'c'])).toEqual(ofThree);
    expect(sizes(spec, ['a'])).toEqual(ofOne);
  });

  test('that matches no node in so small a cluster is not chosen', () => {
    for (let size = 1; size <= 6; size++) {
      const nodes = Array.from({ length: size }, (_, at) => `n${at + 1}`);
      for (const target of targetsThatHit(DEFAULT_TARGETS, size))
        expect(sizes(target, nodes)).not.toContain(0);
    }
    expect(targetsThatHit(DEFAULT_TARGETS, 5)).toEqual(DEFAULT_TARGETS);
  });

  test('a minority of four is one, a majority three', () => {
    const four = NODES.slice(0, 4);
    expect([sizes('minority', four), sizes('majority', four)]).toEqual([[1], [3]]);
  });

  test('is any node, in the order of the nodes', () => {
    const random = Random.fromSeed('order');
    const seen = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const chosen = chooseTargets('majority', NODES, random);
      expect(chosen).toEqual(NODES.filter((node) => chosen.includes(node)));
      for (const node of chosen) seen.add(node);
    }
    expect(seen.size).toBe(5);
  });

  test('given by names consists of the existing ones', () => {
    expect(chooseTargets(['n4', 'n9', 'n1'], NODES, Random.fromSeed(1))).toEqual(['n1', 'n4']);
  });

  test('primary is the leading nodes', () => {
    expect(chooseTargets('primary', NODES, Random.fromSeed(1), ['n3'])).toEqual(['n3']);
    expect(chooseTargets('primary', NODES, Random.fromSeed(1))).toEqual([]);
  });
});
