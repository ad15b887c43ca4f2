/**
 * Decides which example of the demo is run once more: one that proved nothing while the machine had no CPU time for it,
 * or while faults may by chance have kept some clients from all answers.
 *
 * A run that has shown something wrong is never repeated: a fault that shows in one of two runs is a fault.
 */
import type { DemoOutcome } from './demo-case.ts';
import type { DemoCase } from './demo-plan.ts';

/** Share of CPU time from which the machine counts as busy. */
const BUSY = 0.9;
/** Factor by which the second run is longer. */
const PATIENCE = 4;

/** Returns the example with more time, or undefined if its outcome stands. */
export function secondChance(demoCase: DemoCase, outcome: DemoOutcome): DemoCase | undefined {
  const { world, expected, settings } = demoCase;
  if (world !== 'real' || outcome.validity === expected || !outcome.provedNothing) return undefined;
  const { timeLimitSeconds = 1, recoverySeconds = 1, nemesis = [] } = settings;
  if (outcome.busyShare < BUSY && nemesis.length === 0) return undefined;
  return {
    ...demoCase,
    settings: {
      ...settings,
      timeLimitSeconds: PATIENCE * timeLimitSeconds,
      recoverySeconds: PATIENCE * recoverySeconds,
    },
  };
}

/** Returns the reason for the second run. */
export function whyAgain({ busyShare }: DemoOutcome): string {
  const why =
    busyShare < BUSY
      ? 'by chance, faults may have kept some clients from getting any answer'
      : `the machine's processors were busy for ${Math.round(100 * busyShare)} % of the time`;
  return `That proves nothing: ${why}. It is repeated alone, for ${PATIENCE} times as long.`;
}
