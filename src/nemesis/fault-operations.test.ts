import { expect, test } from 'vitest';
import { faultBegunBy, operationsOf } from './fault-operations.ts';
import { FAULT_KINDS } from './fault-registry.ts';

test("operations have upstream's names", () => {
  expect(operationsOf('partition')).toEqual({ start: 'start-partition', stop: 'stop-partition' });
  expect(operationsOf('kill')).toEqual({ start: 'kill', stop: 'start' });
  expect(operationsOf('pause')).toEqual({ start: 'pause', stop: 'resume' });
});

test('what begins a fault names it, and what ends it does not, for all faults', () => {
  for (const { name } of FAULT_KINDS.filter(({ kind }) => kind === 'lasting')) {
    const { start, stop } = operationsOf(name);
    expect([name, faultBegunBy(start), faultBegunBy(stop)]).toEqual([name, name, undefined]);
  }
});

test('no two faults share an operation', () => {
  const all = FAULT_KINDS.flatMap(({ name }) => Object.values(operationsOf(name)));
  expect(new Set(all).size).toBe(all.length);
});

test('an unknown fault is recognized by its operations, in a history of another program', () => {
  expect(faultBegunBy('start-bitflip')).toBe('bitflip');
  expect(operationsOf('bitflip').stop).toBe('stop-bitflip');
});
