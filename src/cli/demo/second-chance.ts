/**
 * Which example of the demonstration is run once more: one that proved nothing while the machine had no processor left for it, or while
 * faults came that may have kept some clients, by chance, from all answers.
 *
 * Where a run has shown something wrong it is never repeated: a fault that shows in one of two runs is a fault.
 */
import type { DemoOutcome } from './demo-case.ts';
import type { DemoCase } from './demo-plan.ts';

/** From this share on, the machine counts as busy. */
const BUSY = 0.9;
/** How much more time there is. */
const PATIENCE = 4;

/** The example with more time; undefined where its outcome stands. */
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

/** Why, in a sentence. */
export function whyAgain({ busyShare }: DemoOutcome): string {
  const why =
    busyShare < BUSY
      ? 'faults may have kept some clients from all answers, by chance'
      : `the machine's processors were busy for ${Math.round(100 * busyShare)} % of the time`;
  return `That proves nothing: ${why}. It is run once more, by itself and ${PATIENCE} times as long.`;
}
