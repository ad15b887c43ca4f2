/**
 * Which example of the demonstration is run once more: one that proved nothing while the machine had no processor left for it.
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
  if (outcome.busyShare < BUSY) return undefined;
  const { timeLimitSeconds = 1, recoverySeconds = 1 } = settings;
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
export const whyAgain = ({ busyShare }: DemoOutcome): string =>
  `That proves nothing: the machine's processors were busy for ${Math.round(100 * busyShare)} % of the time. ` +
  `It is run once more, by itself and ${PATIENCE} times as long.`;
