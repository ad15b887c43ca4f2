import { describe, expect, it } from 'vitest';
import { Random } from '../world/random.ts';
import { TxnMaker } from './txn-generator.ts';

describe('generated transactions', () => {
  const make = (seed: number, count: number) => {
    const maker = new TxnMaker({ write: 'append', keyCount: 3, maxTxnLength: 4, maxWritesPerKey: 5 });
    const random = Random.fromSeed(seed);
    return Array.from({ length: count }, () => maker.transaction(random));
  };

  it('never write a value to a key twice, nor more than the allowed number of values to a key', () => {
    const written = new Map<number, number[]>();
    for (const [f, key, value] of make(1, 2000).flat()) {
      if (f !== 'append' || value === null) continue;
      written.set(key, [...(written.get(key) ?? []), value]);
    }
    expect(written.size).toBeGreaterThan(100);
    for (const values of written.values()) {
      expect(values).toEqual(Array.from({ length: values.length }, (_, at) => at + 1));
      expect(values.length).toBeLessThanOrEqual(5);
    }
  });

  it('have one to the longest allowed number of micro-operations, of all lengths', () => {
    expect(new Set(make(2, 500).map((txn) => txn.length))).toEqual(new Set([1, 2, 3, 4]));
  });

  it('work on a window of active keys, the last of them most often', () => {
    const early = make(3, 20).flat();
    const uses = (key: number): number => early.filter((mop) => mop[1] === key).length;
    expect(uses(0)).toBeLessThan(uses(2));
    const keys = make(4, 3000)
      .flat()
      .map((mop) => mop[1]);
    expect(Math.max(...keys)).toBeGreaterThan(300);
  });
});
