/**
 * `maelstrom hunt`. Its options of a test are those of `maelstrom test`, but omitted ones are drawn at random. The hunt is
 * loaded only when needed, so that `--help` answers at once.
 */
import type { ExitCode } from '../exit-code.ts';
import { REPORTER } from '../reporters/reporter-option.ts';
import { FAULT_KINDS } from '../../nemesis/fault-registry.ts';
import { USUAL_FAULTS } from '../../hunt/plan/usual-faults.ts';
import { FAULTS, RECOVERY, STRENGTHS } from '../test-command/options/faults.ts';
import { JUDGING, SERVICES, SETS, TRANSACTIONS } from '../test-command/options/judging.ts';
import { LATENCY } from '../test-command/options/latency.ts';
import { LOAD } from '../test-command/options/load.ts';
import { NODES } from '../test-command/options/nodes.ts';
import type { Session } from '../session.ts';
import { refusesBareWords } from '../words/bare-words.ts';
import { flag, undefaulted, withValue } from '../words/option.ts';
import type { CommandText, Words } from '../words/read-words.ts';
import { STORE } from '../words/shared-options.ts';

const { workload, bin, ...NODE_NAMES } = NODES;
const { latency, ...LATENCY_SHAPES } = undefaulted(LATENCY);
const { timeLimit, rate, concurrency, ...START } = undefaulted(LOAD);
const { nemesisInterval, nemesisTargets } = undefaulted(FAULTS);
const { keyCount, ...TXNS } = TRANSACTIONS;

const EXTRA_FAULTS = FAULT_KINDS.map(({ name }) => name).filter((name) => !USUAL_FAULTS.includes(name));

const NEMESIS = {
  nemesis: withValue(
    '--nemesis <faults>',
    `faults to choose from; each run gets about half of them. usual means those that every program must survive (${USUAL_FAULTS.join(', ')}); ` +
      `others must be named: ${EXTRA_FAULTS.join(', ')}; also all, none, or files with your own faults`,
    {
      default: 'usual',
      values: ['usual', 'all', 'none', ...FAULT_KINDS.map(({ name }) => name)],
      orFile: true,
    },
  ),
};

export const KEPT_NAMES = [
  'nodes',
  'concurrency',
  'rate',
  'time-limit',
  'latency',
  'nemesis-interval',
] as const;

const LEAST = {
  minNodes: withValue('--min-nodes <n>', 'minimum number of nodes', { default: '1' }),
  keep: withValue(
    '--keep <settings>',
    `settings that every run takes as given above, not as upper bounds: ${KEPT_NAMES.join(', ')}`,
    { values: KEPT_NAMES },
  ),
};

const HUNTING = {
  runs: withValue('--runs <n>', 'maximum number of runs (default: as many as the time allows)'),
  time: withValue('--time <time>', 'time limit, such as 30s, 10m or 8h', { default: '60s' }),
  shrink: flag('--no-shrink', 'do not shrink the failure that is found'),
  repeats: withValue(
    '--repeats <n>',
    'with --real: number of runs of each candidate while shrinking (default: 5)',
  ),
  shrinkTime: withValue('--shrink-time <time>', 'with --real: time limit for shrinking (default: 2m)'),
  collect: flag('--collect', 'continue after a failure, and show one failure of each kind'),
  seed: withValue(
    '--seed <text>',
    'seed from which the seeds of all runs are derived (default: random; always printed)',
    {
      isAnyWord: true,
    },
  ),
  workers: withValue(
    '--workers <n>',
    'number of processes, or with --real of clusters (default: one per processor)',
  ),
  real: flag(
    '--real',
    'run real clusters in parallel, with a program in any language: slower, and a seed does not reproduce a run',
  ),
  queue: withValue(
    '--queue <url>',
    'let other machines carry out the runs, each with maelstrom worker, through the Redis at redis://HOST:PORT',
  ),
  resume: withValue('--resume <folder>', 'resume this hunt, such as store/hunts/latest', { isPath: true }),
};

const GROUPS = {
  'What to test:': { workload, bin, ...SERVICES },
  'Upper bounds for runs (each run draws its own, mostly far smaller):': {
    ...NODE_NAMES,
    timeLimit,
    rate,
    concurrency,
    latency,
    nemesisInterval,
    ...LEAST,
  },
  'Faults:': NEMESIS,
  'The same for every run if given (else drawn, or the default of test):': {
    ...LATENCY_SHAPES,
    nemesisTargets,
    ...STRENGTHS,
    keyCount,
    ...RECOVERY,
    ...START,
  },
  'Correctness:': JUDGING,
  'Sets:': SETS,
  'Transactions:': TXNS,
  'Hunting:': HUNTING,
  'Output:': { store: STORE, reporter: REPORTER },
} as const;

export type HuntWords = Words<typeof GROUPS>;

export const COMMAND: CommandText<typeof GROUPS> = {
  name: 'hunt',
  usage: '--workload NAME --bin PROGRAM [options] [--] [ARGS...]',
  about:
    'Searches for a run in which PROGRAM fails: simulates one cluster after another on all processors, with varying sizes, ' +
    'faults, latencies and requests, mostly small. PROGRAM is in JavaScript, TypeScript or WebAssembly; with --real in any language.',
  args: '[args...]',
  groups: GROUPS,
  helpGroup: 'Output:',
  checkArgs: refusesBareWords({ name: 'hunt', program: './node.ts' }, GROUPS),
  epilogue: `
Examples:
  maelstrom hunt -w broadcast --bin broadcast.ts
  maelstrom hunt -w lin-kv --bin raft.ts --nemesis usual,kill --time 10m
  maelstrom hunt -w kafka --bin kafka.ts --node-count 1 --nemesis all --collect --runs 10000
  maelstrom hunt -w g-set --bin ./g-set.py --real --time 10m --recovery-time 2
  maelstrom hunt --resume store/hunts/latest --time 8h
  maelstrom hunt -w lin-kv --bin raft.ts --queue redis://10.0.0.5 --time 8h --collect

Exit codes: 0 no failure found, 1 a failure found, 2 nothing was proved, 254 bad arguments, 255 internal error.`,
  messages: {
    'commander.unknownOption': {
      hint: 'Arguments for the program go after `--`: maelstrom hunt --bin ./node.ts -- --its-option',
    },
  },
};

export async function run(given: HuntWords, session: Session): Promise<ExitCode> {
  const { runHunt } = await import('./run-hunt.ts');
  return runHunt(given, session);
}
