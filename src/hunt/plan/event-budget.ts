/**
 * The number of events after which a run of a hunt is given up. Nodes that answer each other without end, or pass every
 * message on to everyone, fill any number of events, and the hunt would wait for them in vain.
 */
import { EVENT_BUDGET } from '../../harness/simulations/simulator.ts';
import type { TestSpec } from '../../run/test-spec.ts';

/** So that short runs may be busy. */
const AT_LEAST = 50_000;
/** For each pair of nodes and second: a message every millisecond, as of eager gossip, which is sent, arrives and is handled. */
const OF_SECOND = 3_000;
/** For each pair of nodes and operation. */
const OF_OPERATION = 20;

export function eventBudgetOf({ nodes, rate, timeLimitSeconds, recoverySeconds }: TestSpec): number {
  // Each with every other one, and with a service.
  const pairs = nodes.length ** 2;
  const each = OF_SECOND * (timeLimitSeconds + recoverySeconds) + OF_OPERATION * rate * timeLimitSeconds;
  return Math.min(EVENT_BUDGET, Math.ceil(AT_LEAST + pairs * each));
}
