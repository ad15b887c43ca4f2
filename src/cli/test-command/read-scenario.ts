/** Reads the scenario of `test --scenario`, and refuses options that the scenario determines. */
import { openScenario, type ReadyScenario } from '../../harness/stored/stored-scenario.ts';
import { UserError } from '../../protocol/user-error.ts';
import { readGivenFile } from '../words/given-file.ts';
import { longFlag, type OptionTable } from '../words/option.ts';

/** Options that do not affect what happens in the run, or may differ from the scenario. */
const BESIDE = ['bin', 'seed', 'scenario', 'expectFailure', 'simulate', 'checkDeterminism'];

export interface ScenarioWords {
  readonly scenario: string;
  readonly bin: string | undefined;
  readonly seed: string | undefined;
}

/**
 * Reads the scenario. Throws a UserError for an option that the scenario determines. `tables.all` holds all options;
 * those in `tables.output` are allowed.
 */
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
      `${word} cannot be combined with --scenario, which already determines it.`,
      `Change it in ${given.scenario}, or leave the option out.`,
    );
  }
  return openScenario(given.scenario, readGivenFile('--scenario', given.scenario), given);
}
