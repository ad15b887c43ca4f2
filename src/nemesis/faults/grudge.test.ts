import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Grudge } from '../../network/rules/partition.ts';
import { Random } from '../../world/random.ts';
import { drawGrudge, separates, type PartitionShape } from './grudge.ts';
import { describeGrudge } from '../grudge-words.ts';

const nodesNamed = (count: number): string[] => Array.from({ length: count }, (_, at) => `n${at + 1}`);

const heardBy = (node: string, nodes: readonly string[], grudge: Grudge): string[] =>
  nodes.filter((other) => grudge.get(node)?.has(other) !== true);

/** Draws many grudges of a shape over clusters of many sizes. */
function forAll(
  shape: PartitionShape,
  claim: (nodes: readonly string[], grudge: Grudge) => void,
  sizes = { min: 1, max: 25 },
): void {
  fc.assert(
    fc.property(fc.integer(sizes), fc.string(), (count, seed) => {
      const nodes = nodesNamed(count);
      claim(nodes, drawGrudge(shape, nodes, Random.fromSeed(seed)));
    }),
    { numRuns: 200 },
  );
}

/**
 * Returns the sizes of the parts that hear each other, ascending; fails unless hearing is mutual and the parts are
 * disjoint.
 */
function partSizes(nodes: readonly string[], grudge: Grudge): number[] {
  const parts = new Set(nodes.map((node) => heardBy(node, nodes, grudge).join(' ')));
  const sizes = [...parts].map((part) => part.split(' ').length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(nodes.length);
  return sizes.toSorted((a, b) => a - b);
}

describe('grudges', () => {
  test.each(['one', 'majority', 'minority-third', 'majorities-ring'] as const)(
    '%s: every node hears itself',
    (shape) => {
      forAll(shape, (nodes, grudge) => {
        for (const node of nodes) expect(heardBy(node, nodes, grudge)).toContain(node);
      });
    },
  );

  test.each(['one', 'majority', 'minority-third', 'majorities-ring'] as const)(
    '%s: cuts something exactly if it says so',
    (shape) => {
      forAll(shape, (nodes, grudge) => expect(grudge.size > 0).toBe(separates(shape, nodes.length)));
    },
  );

  test('one: one node is alone, the rest are together', () => {
    forAll('one', (nodes, grudge) => {
      expect(partSizes(nodes, grudge)).toEqual(nodes.length === 1 ? [1] : [1, nodes.length - 1]);
    });
  });

  test('majority: two parts, the smaller half of the nodes rounded down', () => {
    forAll('majority', (nodes, grudge) => {
      const smaller = Math.floor(nodes.length / 2);
      const expected = smaller === 0 ? [1] : [smaller, nodes.length - smaller];
      expect(partSizes(nodes, grudge)).toEqual(expected);
    });
  });

  test('minority-third: less than a third is cut off, and none of three nodes', () => {
    forAll('minority-third', (nodes, grudge) => {
      const minority = Math.floor((nodes.length - 1) / 3);
      expect(minority).toBeLessThan(nodes.length / 3);
      expect(partSizes(nodes, grudge)).toEqual(
        minority === 0 ? [nodes.length] : [minority, nodes.length - minority],
      );
      if (nodes.length <= 3) expect(grudge.size).toBe(0);
    });
  });

  test('majorities-ring: every node hears a majority, and with three or more nodes none hears all', () => {
    forAll('majorities-ring', (nodes, grudge) => {
      for (const node of nodes) {
        expect(heardBy(node, nodes, grudge).length).toBeGreaterThan(nodes.length / 2);
        if (nodes.length >= 3) expect(heardBy(node, nodes, grudge).length).toBeLessThan(nodes.length);
      }
    });
  });

  test('majorities-ring: with up to five nodes, each hears exactly a majority, and no two hear the same', () => {
    forAll(
      'majorities-ring',
      (nodes, grudge) => {
        const heard = nodes.map((node) => heardBy(node, nodes, grudge));
        for (const part of heard) expect(part).toHaveLength(Math.floor(nodes.length / 2) + 1);
        expect(new Set(heard.map((part) => part.join(' '))).size).toBe(nodes.length);
      },
      { min: 3, max: 5 },
    );
  });

  test('majorities-ring: with more than five nodes hearing is mutual', () => {
    forAll(
      'majorities-ring',
      (nodes, grudge) => {
        for (const node of nodes) {
          for (const other of heardBy(node, nodes, grudge)) {
            expect(heardBy(other, nodes, grudge)).toContain(node);
          }
        }
      },
      { min: 6, max: 25 },
    );
  });

  test('primaries: each leader is alone, and the rest are together', () => {
    const nodes = nodesNamed(5);
    const grudge = drawGrudge('primaries', nodes, Random.fromSeed('p'), ['n2', 'n4']);
    expect(describeGrudge(grudge, nodes)).toBe('n1 n3 n5 | n2 | n4');
  });

  test('every node is isolated at some time', () => {
    const random = Random.fromSeed('turns');
    const nodes = nodesNamed(5);
    const alone = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const grudge = drawGrudge('one', nodes, random);
      const loner = nodes.find((node) => heardBy(node, nodes, grudge).length === 1);
      if (loner !== undefined) alone.add(loner);
    }
    expect([...alone].toSorted()).toEqual(nodes);
  });
});

test('a ring is described by what each node hears', () => {
  const nodes = nodesNamed(3);
  const grudge = new Map([
    ['n1', new Set(['n2'])],
    ['n2', new Set(['n3'])],
    ['n3', new Set(['n1'])],
  ]);
  expect(describeGrudge(grudge, nodes)).toBe('n1 hears n1 n3; n2 hears n1 n2; n3 hears n2 n3');
});

test('if only some hear less than all, those are named, with what they do not hear', () => {
  const grudge = new Map([['n1', new Set(['n2', 'n3'])]]);
  expect(describeGrudge(grudge, ['n1', 'n2', 'n3'])).toBe('n1 does not hear n2 n3');
});

test('two nodes that do not hear each other, while others hear both, are one sentence', () => {
  const grudge = new Map([
    ['n1', new Set(['n2'])],
    ['n2', new Set(['n1'])],
  ]);
  expect(describeGrudge(grudge, ['n1', 'n2', 'n3'])).toBe('n1 and n2 do not hear each other');
});
