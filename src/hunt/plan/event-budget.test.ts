import { expect, test } from 'vitest';
import { EVENT_BUDGET } from '../../harness/simulations/simulator.ts';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import { eventBudgetOf } from './event-budget.ts';

const budget = (nodes: number, timeLimitSeconds: number, rate: number): number =>
  eventBudgetOf(
    completeSpec({
      workload: 'broadcast',
      bin: 'node.ts',
      world: 'simulated',
      nodes: Array.from({ length: nodes }, (_, i) => `n${i + 1}`),
      timeLimitSeconds,
      rate,
    }),
  );

test('a small run is given up long before a large one', () => {
  expect(budget(2, 1, 10)).toBeLessThan(500_000);
  expect(budget(25, 60, 100)).toBe(EVENT_BUDGET);
});

test('each operation may be passed on by every node to every node', () => {
  const [nodes, seconds, rate] = [10, 1, 100];
  const ofEach = (budget(nodes, seconds, rate) - budget(nodes, seconds, 0)) / (seconds * rate);
  expect(ofEach).toBeGreaterThan(5 * 3 * nodes ** 2);
});

test('nodes may gossip with all others every millisecond', () => {
  const [nodes, seconds] = [3, 2];
  const messages = 1000 * nodes * (nodes - 1) * (seconds + 10);
  expect(budget(nodes, seconds, 0)).toBeGreaterThan(3 * messages);
});
