/** Options for a run from a file, instead of all options that determine what happens: see read-scenario.ts. */
import { UserError } from '../../../protocol/user-error.ts';
import { flag, withValue } from '../../words/option.ts';

export const SCENARIO = {
  scenario: withValue(
    '--scenario <file>',
    'run what a scenario says (see maelstrom scenario); --bin and --seed may differ from it',
    { isPath: true },
  ),
  expectFailure: flag(
    '--expect-failure',
    'with --scenario: exit with 0 when the run fails as the scenario says, with 1 when it does not',
  ),
};

/** Refuses an option that has no meaning without a scenario. */
export function refuseWithoutScenario(scenario: string | undefined, isFailureExpected: boolean): void {
  if (isFailureExpected && scenario === undefined)
    throw new UserError('--expect-failure needs --scenario: a scenario says how the run is to fail.');
}
