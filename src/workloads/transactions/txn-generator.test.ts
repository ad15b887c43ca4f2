import { describe, expect, it } from 'vitest';
import { trace } from '../../../test/support/generator-trace.ts';
import { clients } from '../../generator/threads.ts';
import { Random } from '../../world/random.ts';
import { transactions, TxnMaker } from './txn-generator.ts';

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

  it('have one to the maximum number of micro-operations, of all lengths', () => {
    expect(new Set(make(2, 500).map((txn) => txn.length))).toEqual(new Set([1, 2, 3, 4]));
  });

  it('use a window of active keys, the last of them most often', () => {
    const early = make(3, 20).flat();
    const uses = (key: number): number => early.filter((mop) => mop[1] === key).length;
    expect(uses(0)).toBeLessThan(uses(2));
    const keys = make(4, 3000)
      .flat()
      .map((mop) => mop[1]);
    expect(Math.max(...keys)).toBeGreaterThan(300);
  });

  it('give most keys few writes and some the maximum, in a Zipf distribution, and the same for a seed', () => {
    const maker = new TxnMaker({ write: 'append', keyCount: 3, maxTxnLength: 4, maxWritesPerKey: 16 });
    const random = Random.fromSeed(5);
    const writes = new Map<number, number>();
    for (const [f, key] of Array.from({ length: 30_000 }, () => maker.transaction(random)).flat()) {
      if (f === 'append') writes.set(key, (writes.get(key) ?? 0) + 1);
    }
    const newest = Math.max(...writes.keys());
    const lengths = [...writes].filter(([key]) => key < newest - 100).map(([, count]) => count);
    const share = (length: number): number => lengths.filter((one) => one === length).length / lengths.length;
    const harmonic = Array.from({ length: 16 }, (_, at) => 1 / (at + 1)).reduce(
      (sum, weight) => sum + weight,
    );
    for (const length of [1, 2, 4, 16]) {
      expect(Math.abs(share(length) - 1 / (length * harmonic))).toBeLessThan(0.03);
    }
    expect(make(9, 500)).toEqual(make(9, 500));
  });

  it('name the written keys, and no others', () => {
    const maker = new TxnMaker({ write: 'w', keyCount: 8, maxTxnLength: 4, maxWritesPerKey: 4 });
    const random = Random.fromSeed(6);
    expect(maker.writtenKeys()).toEqual([]);
    const written = new Set<number>();
    for (let round = 0; round < 200; round++) {
      for (const [f, key] of maker.transaction(random)) if (f === 'w') written.add(key);
      expect(maker.writtenKeys()).toEqual([...written].toSorted((a, b) => b - a));
    }
  });

  it.each([1, 2, 3, 4, 7, 12])(
    'are followed by reads of all written keys at each node, once, with %i clients of three nodes',
    (concurrency) => {
      const { generator, finalGenerator } = transactions({
        write: 'append',
        keyCount: 3,
        maxTxnLength: 4,
        maxWritesPerKey: 5,
        concurrency,
        nodes: 3,
      });
      const written = new Set(
        trace(clients(generator), { concurrency, limit: 300 })
          .flatMap(({ value }) => value as [string, number, number | null][])
          .filter(([f]) => f === 'append')
          .map(([, key]) => key),
      );
      const readAt = new Map<number, number[]>();
      const reads = trace(clients(finalGenerator), { concurrency }).filter(({ type }) => type === 'invoke');
      for (const { process, value, final } of reads) {
        expect(final).toBe(true);
        const keys = (value as [string, number, null][]).map(([, key]) => key);
        const node = Number(process) % 3;
        readAt.set(node, [...(readAt.get(node) ?? []), ...keys]);
      }
      expect(readAt.size).toBe(Math.min(3, concurrency));
      const all = [...written].toSorted((a, b) => a - b);
      for (const keys of readAt.values()) expect(keys.toSorted((a, b) => a - b)).toEqual(all);
    },
  );
});
