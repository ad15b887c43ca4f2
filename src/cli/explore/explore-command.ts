/** `maelstrom explore`. The explorer is loaded only when needed, so that `--help` answers at once. */
import { DEVIATIONS } from '../../explore/deviations.ts';
import type { ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { JUDGING, SERVICES } from '../test-command/options/judging.ts';
import { NODES } from '../test-command/options/nodes.ts';
import { refusesBareWords } from '../words/bare-words.ts';
import { withValue } from '../words/option.ts';
import type { CommandText, Words } from '../words/read-words.ts';

const { workload, bin } = NODES;

const { consistencyModels, invariant, lenient, strict } = JUDGING;

export const EXPLORE_JUDGING = { consistencyModels, lenient, strict };

const GROUPS = {
  'What to test:': { workload, bin, ...SERVICES },
  'Bounds:': {
    deviations: withValue('--deviations <n>', 'maximum number of deviations from the run without faults', {
      default: '3',
    }),
    nodes: withValue('--nodes <n>', 'maximum number of nodes; starts with two', { default: '3' }),
    ops: withValue('--ops <n>', 'maximum number of operations, not counting final reads', { default: '3' }),
    kinds: withValue('--kinds <kinds>', `kinds of deviation: ${DEVIATIONS.join(', ')}`, {
      default: 'drop,duplicate,delay,cut',
    }),
    time: withValue('--time <time>', 'time limit, such as 30s, 10m or 8h', { default: '60s' }),
    workers: withValue('--workers <n>', 'number of processes (default: one per processor)'),
    maxRuns: withValue(
      '--max-runs <n>',
      'maximum number of executions (default: as many as the time allows)',
    ),
  },
  'Correctness:': { ...EXPLORE_JUDGING, invariant },
  'Output:': {
    out: withValue('-o, --out <file>', 'output file for the scenario of a failure', {
      default: 'scenario.json',
      isPath: true,
    }),
  },
} as const;

export type ExploreWords = Words<typeof GROUPS>;

export const COMMAND: CommandText<typeof GROUPS> = {
  name: 'explore',
  usage: '--workload NAME --bin PROGRAM [options] [--] [ARGS...]',
  about:
    'Tries every way to deviate from a run without faults: each message lost, duplicated or overtaken by the next, each node cut off from the others ' +
    'when an operation begins, or crashed and restarted after a turn; first one deviation, then two, then three; with all short sequences of operations. ' +
    'PROGRAM is in JavaScript, TypeScript or WebAssembly.',
  args: '[args...]',
  groups: GROUPS,
  helpGroup: 'Output:',
  checkArgs: refusesBareWords({ name: 'explore', program: './node.ts' }, GROUPS),
  epilogue: `
Examples:
  maelstrom explore -w broadcast --bin broadcast.ts --nodes 2 --ops 2
  maelstrom explore -w g-set --bin g-set.ts --kinds drop,crash --deviations 2 --time 10m

Exit codes: 0 nothing found, 1 a failure found, 2 nothing was tested, 254 bad arguments, 255 internal error.`,
};

export async function run(given: ExploreWords, session: Session): Promise<ExitCode> {
  const { runExplore } = await import('./run-explore.ts');
  return runExplore(given, session);
}
