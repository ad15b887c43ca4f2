/** Options for a run from a file, instead of all options that determine what happens: see read-scenario.ts. */
import { UserError } from '../../../protocol/user-error.ts';
import { flag, withValue } from '../../words/option.ts';

export const SCENARIO = {
  scenario: withValue(
    '--scenario <file>',
    'run a scenario file (see maelstrom scenario); --bin and --seed override it',
    { isPath: true },
  ),
  expectFailure: flag(
    '--expect-failure',
    'with --scenario: exit with 0 if the run fails as the scenario says, else with 1',
  ),
};

/** Refuses an option that has no meaning without a scenario. */
export function refuseWithoutScenario(scenario: string | undefined, isFailureExpected: boolean): void {
  if (isFailureExpected && scenario === undefined)
    throw new UserError('--expect-failure needs --scenario: a scenario says how the run should fail.');
}
