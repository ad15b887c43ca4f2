/**
 * `maelstrom scenario`: writes a simulated run, operation by operation and fault by fault, as a file that can be edited
 * and run.
 */
import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scenarioOfRun } from '../../harness/stored/stored-scenario.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { counted } from '../../protocol/count-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { scenarioSchema, scenarioText } from '../../scenario/scenario.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { flag, withValue } from '../words/option.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';

const OPTIONS = {
  out: withValue('-o, --out <file>', `output file (default: ${RUN_FILES.scenario} in the run's folder)`, {
    isPath: true,
  }),
  schema: flag('--schema', 'print the JSON schema of such files'),
};

export const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'scenario',
  usage: 'RUN [options]',
  about:
    'Saves a simulated run as a file: its operations, its faults, and the fate of its messages. The file can be edited, and run with test --scenario.',
  args: '[run]',
  groups: { 'Options:': OPTIONS },
  epilogue: `
Example:
  maelstrom scenario store/latest
  maelstrom scenario store/latest --out lost.json
  maelstrom test --scenario lost.json`,
};

export async function run({ args, options }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  if (options.schema) {
    session.console.line(JSON.stringify(scenarioSchema(), undefined, 2));
    return EXIT.valid;
  }
  const [named] = args;
  if (named === undefined)
    throw new UserError('No run was named.', 'For the last one: maelstrom scenario store/latest');
  const folder = ownFolder(named);
  const file = options.out ?? join(folder, RUN_FILES.scenario);
  const { scenario, isExact } = await scenarioOfRun(folder, file);
  writeFileSync(resolve(file), scenarioText(scenario));
  const { console } = session;
  const { ops, finalOps, faults = [], expect, settings } = scenario;
  const { faultScript } = settings;
  console.line(
    `${counted(ops.length + finalOps.length, 'operation')}, ${faultScript === undefined ? `${counted(faults.length, 'operation')} of the nemesis` : `${counted(faultScript.length, 'fault')} by a script`}` +
      `${expect === undefined ? '' : `; what is wrong: ${expect.signature.join(', ')}`}.`,
  );
  console.line(
    isExact
      ? 'Running it again gives the same run: same operations, same answers, same times.'
      : `${console.paint('yellow', 'Warning:')} running it again does not give the same run: the program or Maelstrom has changed since.`,
  );
  console.line(`Scenario: ${shortPath(resolve(file))}`);
  console.line(`Again: ${session.program} test --scenario ${shortPath(resolve(file))}`);
  return EXIT.valid;
}

/**
 * Resolves a link such as `latest`, which would point to another run once the scenario has been run; paths in the file
 * are relative to its own folder.
 */
const ownFolder = (named: string): string => (existsSync(named) ? realpathSync(named) : named);
