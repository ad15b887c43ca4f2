/** The random nemesis: the requested faults, side by side, each at random intervals. */
import { groupedBy } from '../../columns/groups.ts';
import { any, mix } from '../../generator/choosing.ts';
import type { Generator } from '../../generator/generator.ts';
import { sequence } from '../../generator/ordering.ts';
import { sleep, stagger } from '../../generator/pacing.ts';
import { nemesis as onNemesisThread, stream } from '../../generator/threads.ts';
import { afterSuccesses } from './after-successes.ts';
import { drawingNemesis } from './drawing-nemesis.ts';
import type { FaultEnvironment, FaultKind } from '../fault.ts';
import type { Nemesis } from '../nemesis.ts';
import { randomFault, type RandomFault } from './random-fault.ts';

/** Without any kind of fault it does nothing. */
export function makeRandomNemesis(kinds: readonly FaultKind[], environment: FaultEnvironment): Nemesis {
  const faults = kinds.map((kind) => randomFault(kind, environment));
  return drawingNemesis(faults, {
    generator: onNemesisThread(any(...rhythms(faults, environment))),
    finalGenerator: onNemesisThread(sequence(faults.map(({ finalGenerator }) => finalGenerator))),
  });
}

/** Returns a generator for each group, with its own random stream. Faults of one group are mixed in one sequence. */
function rhythms(
  faults: readonly RandomFault[],
  { intervalSeconds, moves, afterSuccesses: successes }: FaultEnvironment,
): readonly Generator[] {
  return [...groupedBy(faults, (fault) => fault.group)].map(([group, members]) => {
    const [first, ...others] = members;
    const isAlone = first !== undefined && others.length === 0;
    const steps = isAlone ? first.steps : mix(...members.map((member) => member.steps));
    const paced =
      successes === undefined
        ? stagger(intervalSeconds, steps)
        : afterSuccesses(successes, intervalSeconds, steps);
    // Faults that move on from a primary need one to begin with.
    const rhythm =
      moves === true && successes === undefined ? sequence([sleep(intervalSeconds), paced]) : paced;
    return stream(`nemesis/${isAlone ? first.name : group}`, rhythm);
  });
}
