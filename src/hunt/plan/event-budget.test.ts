import { expect, test } from 'vitest';
import { completeSpec } from '../../harness/settings/spec-defaults.ts';
import { allowedEvents } from '../../world/simulated/event-budget.ts';
import { eventBudgetOf } from './event-budget.ts';

const MOST = 5_000_000;

/** Returns the number of events that such a run may have until a time. */
function allowed(nodes: number, timeLimitSeconds: number, rate: number, untilSeconds: number): number {
  const spec = completeSpec({
    workload: 'broadcast',
    bin: 'node.ts',
    world: 'simulated',
    nodes: Array.from({ length: nodes }, (_, i) => `n${i + 1}`),
    timeLimitSeconds,
    rate,
  });
  return allowedEvents(eventBudgetOf(spec, MOST), untilSeconds);
}

test('a small run is given up long before a large one, and a storm long before the end of the run', () => {
  expect(allowed(2, 1, 10, 11)).toBeLessThan(200_000);
  expect(allowed(3, 1, 10, 0.5)).toBeLessThan(70_000);
  expect(allowed(25, 60, 100, 70)).toBe(MOST);
});

test('each operation may be passed on by every node to every node', () => {
  const [nodes, seconds, rate] = [10, 1, 100];
  const ofEach = (allowed(nodes, seconds, rate, 0) - allowed(nodes, seconds, 0, 0)) / (seconds * rate);
  expect(ofEach).toBeGreaterThan(5 * 3 * nodes ** 2);
});

test.each([0, 1, 12])('nodes may gossip with all others every millisecond, until %i s', (seconds) => {
  const nodes = 3;
  const messages = 1000 * nodes * (nodes - 1) * seconds;
  expect(allowed(nodes, 2, 0, seconds)).toBeGreaterThan(3 * messages);
});
