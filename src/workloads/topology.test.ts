import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOPOLOGIES, topology } from './topology.ts';

const nodes = (count: number) => Array.from({ length: count }, (_, n) => `n${n + 1}`);
const asObject = (name: string, count: number) => Object.fromEntries(topology(name, nodes(count)) ?? []);

describe('topologies', () => {
  it("there are upstream's seven, and no others", () => {
    expect(TOPOLOGIES).toEqual(['line', 'grid', 'tree', 'tree2', 'tree3', 'tree4', 'total']);
    expect(topology('ring', nodes(3))).toBeUndefined();
    expect(topology('constructor', nodes(3))).toBeUndefined();
  });

  it.each(TOPOLOGIES)(
    '%s: neighbours are mutual, no node is its own, and every node can be reached',
    (name) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 40 }), (count) => {
          const network = topology(name, nodes(count)) ?? new Map<string, readonly string[]>();
          expect([...network.keys()]).toEqual(nodes(count));
          // Each `expect` takes longer than all comparisons for a node.
          const odd = [...network].filter(
            ([node, neighbours]) =>
              new Set(neighbours).size !== neighbours.length ||
              neighbours.includes(node) ||
              !neighbours.every((other) => network.get(other)?.includes(node)),
          );
          expect(odd).toEqual([]);
          const reached = new Set(['n1']);
          for (const node of reached) for (const other of network.get(node) ?? []) reached.add(other);
          expect(reached.size).toBe(count);
        }),
      );
    },
  );

  it('a line of four', () => {
    expect(asObject('line', 4)).toEqual({ n1: ['n2'], n2: ['n1', 'n3'], n3: ['n2', 'n4'], n4: ['n3'] });
  });

  it('a grid of five: rows of three', () => {
    expect(asObject('grid', 5)).toEqual({
      n1: ['n2', 'n4'],
      n2: ['n1', 'n3', 'n5'],
      n3: ['n2'],
      n4: ['n1', 'n5'],
      n5: ['n2', 'n4'],
    });
  });

  it('a tree has as many branches as its name says', () => {
    expect(asObject('tree', 5)).toEqual({
      n1: ['n2', 'n3'],
      n2: ['n1', 'n4', 'n5'],
      n3: ['n1'],
      n4: ['n2'],
      n5: ['n2'],
    });
    expect(asObject('tree4', 9)).toMatchObject({
      n1: ['n2', 'n3', 'n4', 'n5'],
      n2: ['n1', 'n6', 'n7', 'n8', 'n9'],
    });
  });
});
