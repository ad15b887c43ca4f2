/**
 * The number of events after which a run of a hunt is given up. Nodes that answer each other without end, or pass every
 * message on to everyone, fill any number of events, and the hunt would wait for them in vain.
 */
import type { TestSpec } from '../../run/test-spec.ts';
import type { GrowingBudget } from '../../world/simulated/event-budget.ts';

/** So that short runs may be busy. */
const AT_LEAST = 50_000;
/** For each pair of nodes and second: a message every millisecond, as of eager gossip, which is sent, arrives and is handled. */
const OF_SECOND = 3_000;
/** For each pair of nodes and operation, of which many may come at once. */
const OF_OPERATION = 20;

/**
 * Messages in endless chains of answers. Nodes that pass on tokens without a pause, one for each node, stay below it if
 * a message takes a millisecond.
 */
const RESTLESS_AT_ONCE = 5_000;
/** For each node and second. */
const RESTLESS = 1_000;

/** `most` is for the whole run. */
export function eventBudgetOf({ nodes, rate, timeLimitSeconds }: TestSpec, most: number): GrowingBudget {
  // Each with every other one, and with a service.
  const pairs = nodes.length ** 2;
  return {
    atOnce: AT_LEAST + pairs * OF_OPERATION * rate * timeLimitSeconds,
    perSecond: pairs * OF_SECOND,
    most,
    restless: { atOnce: RESTLESS_AT_ONCE, perSecond: nodes.length * RESTLESS },
  };
}
