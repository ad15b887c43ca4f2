/**
 * `maelstrom test`: its options in the order of the help, each declared in a file of `options/`. The test runner is loaded
 * only when needed, so that `--help` answers at once.
 */
import type { ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { refusesBareWords } from '../words/bare-words.ts';
import type { OptionTable } from '../words/option.ts';
import type { CommandText, Words } from '../words/read-words.ts';
import { FAULTS, RECOVERY, STRENGTHS } from './options/faults.ts';
import { JUDGING, KEYS, SERVICES, SETS, TRANSACTIONS } from './options/judging.ts';
import { LATENCY } from './options/latency.ts';
import { LOAD, REPETITION } from './options/load.ts';
import { NODES } from './options/nodes.ts';
import { IGNORED, OUTPUT, REPRODUCING } from './options/output.ts';
import { SCENARIO } from './options/scenario.ts';

const GROUPS = {
  'What to test:': { ...NODES, ...SERVICES },
  'Load and latency:': { ...LOAD, ...LATENCY, ...REPETITION },
  'Faults:': { ...FAULTS, ...STRENGTHS, ...RECOVERY },
  'Correctness:': JUDGING,
  'Keys:': KEYS,
  'Sets:': SETS,
  'Transactions:': TRANSACTIONS,
  'Reproducing:': { ...REPRODUCING, ...SCENARIO },
  'Output:': OUTPUT,
  'Accepted for compatibility, without effect:': IGNORED,
} as const;

export const TEST_OPTIONS: OptionTable = Object.assign({}, ...Object.values(GROUPS)) as OptionTable; // the merged groups

/** The given options as text, and the arguments for the program. */
export type TestWords = Words<typeof GROUPS>;

export const TEST_COMMAND: CommandText<typeof GROUPS> = {
  name: 'test',
  usage: '--workload NAME --bin PROGRAM [options] [--] [ARGS...]',
  about: 'Runs a cluster of PROGRAMs, sends it requests, injects faults, and checks the resulting history.',
  args: '[args...]',
  groups: GROUPS,
  helpGroup: 'Output:',
  epilogue: `
Examples:
  maelstrom test -w echo --bin ./echo.py --time-limit 5
  maelstrom test -w broadcast --bin broadcast.ts --node-count 25 --latency 100 --nemesis partition
  maelstrom test -w g-set --bin ./g-set --rate 100 -- --verbose
  maelstrom test -w ./lock.ts --bin ./lock-node.ts --nemesis partition,./my-fault.ts

Exit codes: 0 valid, 1 invalid, 2 unknown, 254 bad arguments, 255 internal error.`,
  checkArgs: refusesBareWords({ name: 'test', program: './node' }, GROUPS),
  messages: {
    'commander.unknownOption': {
      hint: 'Arguments for the program go after `--`: maelstrom test --bin ./node -- --its-option',
    },
  },
};

export { TEST_COMMAND as COMMAND };

export async function run(given: TestWords, session: Session): Promise<ExitCode> {
  const { runTests } = await import('./run-tests.ts');
  return runTests(given, session);
}
