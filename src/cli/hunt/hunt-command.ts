/**
 * `maelstrom hunt`. Its options of a test are those of `maelstrom test`, but omitted ones are drawn at random. The hunt is
 * loaded only when needed, so that `--help` answers at once.
 */
import type { ExitCode } from '../exit-code.ts';
import { REPORTER } from '../reporters/reporter-option.ts';
import { FAULT_KINDS } from '../../nemesis/fault-registry.ts';
import { USUAL_FAULTS } from '../../hunt/usual-faults.ts';
import { FAULTS, RECOVERY, STRENGTHS } from '../test-command/options/faults.ts';
import { JUDGING, SERVICES, SETS, TRANSACTIONS } from '../test-command/options/judging.ts';
import { LATENCY } from '../test-command/options/latency.ts';
import { LOAD } from '../test-command/options/load.ts';
import { NODES } from '../test-command/options/nodes.ts';
import type { Session } from '../session.ts';
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
    `faults that may happen; of each run about half of them. usual stands for those that every program must survive (${USUAL_FAULTS.join(', ')}); ` +
      `what asks for more must be named: ${EXTRA_FAULTS.join(', ')}; all; none; or files with faults of your own`,
    { default: 'usual' },
  ),
};

const LEAST = {
  minNodes: withValue('--min-nodes <n>', 'nodes, at least', { default: '1' }),
  keep: withValue(
    '--keep <settings>',
    'what is in every run as given above, and never less: nodes, concurrency, rate, time-limit, latency, nemesis-interval',
  ),
};

const HUNTING = {
  runs: withValue('--runs <n>', 'runs, at most (default: as many as the time allows)'),
  time: withValue('--time <time>', 'how long to go on, such as 30s, 10m or 8h', { default: '60s' }),
  shrink: flag('--no-shrink', 'leave the failure that was found as it is; without it, it is made small'),
  repeats: withValue(
    '--repeats <n>',
    'with --real: how often each candidate is run as the failure is made small (default: 5)',
  ),
  shrinkTime: withValue('--shrink-time <time>', 'with --real: how long that may take (default: 2m)'),
  collect: flag('--collect', 'go on after a failure, and show one of each kind'),
  seed: withValue(
    '--seed <text>',
    'decides all runs, one after the other (default: at random; always shown)',
    {
      isAnyWord: true,
    },
  ),
  workers: withValue(
    '--workers <n>',
    'processes, or with --real clusters, at once (default: one for each processor)',
  ),
  real: flag(
    '--real',
    'real clusters side by side, of a program in any language: slower, and a seed does not give the same run again',
  ),
  queue: withValue(
    '--queue <url>',
    'a campaign: other machines carry out the runs, each by maelstrom worker, through the Redis at redis://HOST:PORT',
  ),
  resume: withValue('--resume <folder>', 'go on with that hunt, as store/hunts/latest', { isPath: true }),
};

const GROUPS = {
  'What to hunt in:': { workload, bin, ...SERVICES },
  'How large a run may be (drawn from run to run, mostly far less):': {
    ...NODE_NAMES,
    timeLimit,
    rate,
    concurrency,
    latency,
    nemesisInterval,
    ...LEAST,
  },
  'What may go wrong:': NEMESIS,
  'In every run, where given (else drawn, or as in a test):': {
    ...LATENCY_SHAPES,
    nemesisTargets,
    ...STRENGTHS,
    keyCount,
    ...RECOVERY,
    ...START,
  },
  'What counts as right:': JUDGING,
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
    'Looks for a run in which PROGRAM fails: simulates clusters of it one after the other, each of another size, with other ' +
    'faults, latencies and requests, small ones mostly, on all processors. PROGRAM is in JavaScript, TypeScript or WebAssembly, or anything with --real.',
  args: '[args...]',
  groups: GROUPS,
  helpGroup: 'Output:',
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
      hint: 'What is meant for the program goes after `--`: maelstrom hunt --bin ./node.ts -- --its-option',
    },
  },
};

export async function run(given: HuntWords, session: Session): Promise<ExitCode> {
  const { runHunt } = await import('./run-hunt.ts');
  return runHunt(given, session);
}
