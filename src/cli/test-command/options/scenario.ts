/** A run from a file, in place of all options that decide what happens. */
import { openScenario, type ReadyScenario } from '../../../harness/stored-scenario.ts';
import { UserError } from '../../../protocol/user-error.ts';
import { readGivenFile } from '../../words/given-file.ts';
import { flag, longFlag, withValue, type OptionTable } from '../../words/option.ts';

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

/** Options that say nothing about what happens in the run, or may differ from the scenario. */
const BESIDE = ['bin', 'seed', 'scenario', 'expectFailure', 'simulate', 'checkDeterminism'];

export interface ScenarioWords {
  readonly scenario: string;
  readonly bin: string | undefined;
  readonly seed: string | undefined;
}

/** Throws a UserError for an option that the scenario has decided. `tables` hold all options; those of `output` go with it. */
export async function readScenarioOption(
  words: readonly string[],
  given: ScenarioWords,
  tables: { readonly all: OptionTable; readonly output: OptionTable },
): Promise<ReadyScenario> {
  for (const [key, option] of Object.entries(tables.all)) {
    if (BESIDE.includes(key) || key in tables.output) continue;
    const flags = [longFlag(option), ...(/^-\w(?=,)/.exec(option.flags) ?? [])];
    const word = words.find((one) => flags.some((name) => one === name || one.startsWith(`${name}=`)));
    if (word === undefined) continue;
    throw new UserError(
      `${word} cannot go with --scenario: the scenario says that.`,
      `Change it in ${given.scenario}, or leave the option out.`,
    );
  }
  return openScenario(given.scenario, readGivenFile('--scenario', given.scenario), given);
}

/** Both need a scenario to mean anything. */
export function refuseWithoutScenario(scenario: string | undefined, isFailureExpected: boolean): void {
  if (isFailureExpected && scenario === undefined)
    throw new UserError('--expect-failure needs --scenario: a scenario says how the run is to fail.');
}
