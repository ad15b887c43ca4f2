/**
 * The options of `maelstrom test`: their names, defaults and help. Values stay text here; `read-test-spec.ts` gives
 * them meaning. Nothing heavy is imported, so that `--help` answers at once.
 */
import { Command, CommanderError, Option } from 'commander';
import { UserError } from '../../protocol/user-error.ts';
import { commandErrorText } from '../words/command-error.ts';
import { withDefault } from '../words/with-default.ts';
import { SPEC_DEFAULTS } from '../../harness/spec-defaults.ts';

/** Names shown in the help; a test holds them against what there is. */
export const HELP_NAMES = {
  workloads: [
    'echo',
    'unique-ids',
    'broadcast',
    'g-set',
    'g-counter',
    'pn-counter',
    'lin-kv',
    'kafka',
    'txn-list-append',
    'txn-rw-register',
  ],
  nemeses: [
    'partition',
    'one-way',
    'loss',
    'duplicate',
    'reorder',
    'slow',
    'flap',
    'skew',
    'pause',
    'kill',
    'membership',
  ],
  topologies: ['line', 'grid', 'tree', 'tree2', 'tree3', 'tree4', 'total'],
} as const;

/** What was given, as text; undefined where nothing was and there is no default. */
export interface TestOptions {
  readonly workload: string;
  readonly bin?: string;
  readonly nodeCount?: string;
  readonly node?: readonly string[];
  readonly nodes?: string;
  readonly nodesFile?: string;
  readonly concurrency: string;
  readonly rate: string;
  readonly timeLimit: string;
  readonly recoveryTime: string;
  readonly initTimeout?: string;
  readonly latency: string;
  readonly latencyDist: string;
  readonly latencyFile?: string;
  readonly linkLatency?: string;
  readonly nemesis: string;
  readonly nemesisInterval: string;
  readonly nemesisTargets?: string;
  readonly faultScript?: string;
  readonly loss?: string;
  readonly duplicate?: string;
  readonly reorder?: string;
  readonly slow?: string;
  readonly flap?: string;
  readonly skew?: string;
  readonly topology: string;
  readonly availability?: string;
  readonly consistencyModels: string;
  readonly keyCount?: string;
  readonly repeatElements?: string;
  readonly maxTxnLength: string;
  readonly maxWritesPerKey: string;
  readonly wfrKeys?: boolean;
  readonly sequentialKeys?: boolean;
  readonly linearizableKeys?: boolean;
  readonly logStderr: boolean;
  readonly logNetSend: boolean;
  readonly logNetRecv: boolean;
  readonly testCount: string;
  readonly seed?: string;
  readonly simulate: boolean;
  readonly lenient: boolean;
  readonly strict: boolean;
  readonly store: string;
  /** Whether the run is shown in a browser while it goes. */
  readonly open: boolean;
  /** Whether plots, diagrams and report.html are written. */
  readonly report: boolean;
}

export interface TestWords {
  readonly options: TestOptions;
  /** What is passed to the program. */
  readonly args: readonly string[];
}

/** What the words ask for; `help` holds the text to show instead. Throws a UserError for options that do not exist. */
export type ParsedWords =
  { readonly kind: 'test'; readonly words: TestWords } | { readonly kind: 'help'; readonly text: string };

export function parseTestWords(words: readonly string[], helpWidth: number): ParsedWords {
  const command = testCommand(helpWidth);
  refuseSingleDashNames(words, command);
  let help = '';
  command.exitOverride().configureOutput({ writeOut: (text) => (help += text), writeErr: () => {} });
  try {
    command.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'help', text: help };
    throw explainParseError(error);
  }
  refuseWithoutDashes(words, command);
  return { kind: 'test', words: { options: withFlags(command.opts()), args: command.args } };
}

/** Commander leaves flags that were not given undefined. */
function withFlags(options: Partial<TestOptions>): TestOptions {
  const flags = {
    open: false,
    logStderr: false,
    logNetSend: false,
    logNetRecv: false,
    simulate: false,
    lenient: false,
    strict: false,
    sequentialKeys: false,
    linearizableKeys: false,
  };
  // Every other option of TestOptions that is required has a default below.
  return { ...flags, ...options } as TestOptions;
}

function explainParseError(error: CommanderError): UserError {
  const hint =
    error.code === 'commander.unknownOption'
      ? 'What is meant for the program goes after `--`: maelstrom test --bin ./node -- --its-option'
      : 'All options: maelstrom test --help';
  return new UserError(commandErrorText(error), hint);
}

/** `-nemesis partition` would be read as `-n emesis` and an argument of the program. */
function refuseSingleDashNames(words: readonly string[], command: Command): void {
  for (const word of words) {
    if (word === '--') return;
    const name = /^-([a-z][a-z-]+)(=|$)/.exec(word)?.[1];
    if (name !== undefined && command.options.some(({ long }) => long === `--${name}`)) {
      throw new UserError(`${word} has one dash too few. Did you mean -${word}?`);
    }
  }
}

/** `node-count 3` would be passed to the program, and the test be one of five nodes. */
function refuseWithoutDashes(words: readonly string[], command: Command): void {
  const end = words.indexOf('--');
  const forProgram = end === -1 ? 0 : words.length - end - 1;
  for (const word of command.args.slice(0, command.args.length - forProgram)) {
    const [name = ''] = word.split('=');
    if (!command.options.some(({ long }) => long === `--${name}`)) continue;
    throw new UserError(
      `${word} stands there without dashes. Did you mean --${word}?`,
      `What is meant for the program goes after \`--\`: maelstrom test --bin ./node -- ${word}`,
    );
  }
}

function testCommand(helpWidth: number): Command {
  const command = new Command('maelstrom test')
    .usage('--workload NAME --bin PROGRAM [options] [--] [ARGS...]')
    .description('Runs a cluster of PROGRAMs, makes requests, injects faults, and judges what came of it.')
    .argument('[args...]', 'passed to the program')
    .configureHelp({ helpWidth, visibleArguments: () => [] });
  for (const [group, options] of Object.entries(GROUPS)) {
    for (const entry of options()) command.addOption(entry.helpGroup(group));
  }
  command.addHelpOption(new Option('-h, --help', 'show this').helpGroup('Output:'));
  return command.addHelpText('after', EXAMPLES);
}

const collect = (word: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  word,
];

const GROUPS: Readonly<Record<string, () => Option[]>> = {
  'What to test:': () => [
    withDefault(
      '-w, --workload <name>',
      `what is asked of the nodes: ${HELP_NAMES.workloads.join(', ')}`,
      'lin-kv',
    ),
    new Option(
      '--bin <program>',
      'program to run as a node: any executable, or .ts, .js, .mjs, .cjs (required)',
    ),
    new Option('--node-count <n>', 'run n nodes, n0 to n(N-1); overrides the other three'),
    new Option('-n, --node <name>', 'a node; may be repeated (default: n1 to n5)').argParser(collect),
    new Option('--nodes <names>', 'nodes, separated by commas'),
    new Option('--nodes-file <file>', 'nodes, one a line'),
  ],
  'How hard:': () => [
    withDefault('--time-limit <seconds>', 'how long requests are made', SPEC_DEFAULTS.timeLimitSeconds),
    new Option(
      '--init-timeout <seconds>',
      'how long a node may take to answer init (default: 10, more while it is busy starting)',
    ),
    withDefault('--rate <hz>', 'requests per second, over all clients', SPEC_DEFAULTS.rate),
    withDefault('--concurrency <n>', 'clients at once; 4n means four for each node', '1n'),
    withDefault('--latency <ms>', 'mean latency between nodes', SPEC_DEFAULTS.latency.meanMs),
    withDefault(
      '--latency-dist <name>',
      'how it is distributed: constant, uniform, exponential, lognormal, pareto',
      SPEC_DEFAULTS.latency.distribution,
    ),
    new Option('--latency-file <file>', 'latencies to draw from, in ms: one a line, or a JSON array'),
    new Option('--link-latency <file>', 'mean latencies from region to region, as JSON'),
    withDefault(
      '--topology <name>',
      `how nodes are neighbours, in broadcast: ${HELP_NAMES.topologies.join(', ')}`,
      SPEC_DEFAULTS.topology,
    ),
    withDefault('--test-count <n>', 'repeat the test, until one fails', '1'),
  ],
  'What goes wrong:': () => [
    new Option('--nemesis <faults>', `faults, separated by commas: ${HELP_NAMES.nemeses.join(', ')}`).default(
      '',
      'none',
    ),
    withDefault(
      '--nemesis-interval <seconds>',
      'mean time between them',
      SPEC_DEFAULTS.nemesisIntervalSeconds,
    ),
    new Option(
      '--nemesis-targets <nodes>',
      'nodes that they hit: names, or one, minority-third, minority, majority, all, or primary, the node through which ' +
        'most goes (default: drawn each time)',
    ),
    new Option(
      '--fault-script <file>',
      'faults at given times instead: a JSON list of {at, fault, target, for, strength}',
    ),
    new Option('--loss <p>', 'probability that a message between nodes is lost (of the fault, else always)'),
    new Option('--duplicate <p>', 'probability that one arrives twice (of the fault, else always)'),
    new Option('--reorder <p>', 'probability that the fault reorder holds a message back (default: 0.1)'),
    new Option(
      '--slow <how>',
      'the fault slow: 20x, or 50ms..2s (default: 10x; without latency 50ms..500ms)',
    ),
    new Option('--flap <period>', 'the fault flap: from one down to the next (default: 1s)'),
    new Option(
      '--skew <size>',
      'the fault skew: a jump such as 500ms or 10ms..1s, a drift such as 2% or 0%..5%, or both: +1s,2% (default: drawn ' +
        'from 10ms..60s and 0%..5%)',
    ),
    withDefault(
      '--recovery-time <seconds>',
      'quiet period before the final reads',
      SPEC_DEFAULTS.recoverySeconds,
    ),
  ],
  'What counts as right:': () => [
    new Option('--availability <fraction>', 'requests that must succeed: total, or 0 to 1'),
    withDefault(
      '--consistency-models <names>',
      'for transactions',
      SPEC_DEFAULTS.consistencyModels.join(','),
    ),
    new Option('--lenient', 'what breaks the protocol is only a warning'),
    new Option(
      '--strict',
      'protocol warnings are violations, and an element listed twice in a read of a set is wrong',
    ),
  ],
  'Sets:': () => [
    new Option(
      '--repeat-elements <p>',
      'g-set and broadcast: how many adds repeat an element, 0 to 1 (default: 0)',
    ),
  ],
  'Transactions:': () => [
    new Option('--key-count <n>', 'keys in use at a time'),
    withDefault('--max-txn-length <n>', 'operations in a transaction, at most', SPEC_DEFAULTS.maxTxnLength),
    withDefault(
      '--max-writes-per-key <n>',
      'writes to a key, at most; most keys get fewer',
      SPEC_DEFAULTS.maxWritesPerKey,
    ),
    new Option(
      '--wfr-keys',
      'txn-rw-register: a transaction that reads and writes a key writes the next version; --no-wfr-keys: not so (default: on)',
    ),
    new Option('--no-wfr-keys').hideHelp(),
    new Option('--sequential-keys', 'txn-rw-register: each key is sequentially consistent'),
    new Option('--linearizable-keys', 'txn-rw-register: each key is linearizable'),
  ],
  'Reproducing:': () => [
    new Option('--seed <text>', 'decides requests, faults and latencies (default: at random; always shown)'),
    new Option('--simulate', 'run .ts or .js nodes within this process, in virtual time: all from the seed'),
  ],
  'Output:': () => [
    withDefault('--store <folder>', 'where results are kept', 'store').env('MAELSTROM_STORE'),
    new Option('--open', 'show the run in a browser while it goes'),
    new Option('--no-report', 'write no plots, diagrams and report.html'),
    new Option('--log-stderr', 'show what nodes write to stderr'),
    new Option('--log-net-send', 'show messages as they are sent'),
    new Option('--log-net-recv', 'show messages as they are received'),
  ],
  'Accepted for compatibility, without effect:': () => [
    new Option('--leave-db-running'),
    new Option('--logging-json'),
    new Option('--no-ssh'),
    new Option('--username <name>'),
    new Option('--password <word>'),
    new Option('--strict-host-key-checking'),
    new Option('--ssh-private-key <file>'),
  ],
};

const EXAMPLES = `
Examples:
  maelstrom test -w echo --bin ./echo.py --time-limit 5
  maelstrom test -w broadcast --bin broadcast.ts --node-count 25 --latency 100 --nemesis partition
  maelstrom test -w g-set --bin ./g-set --rate 100 -- --verbose

Exit codes: 0 valid, 1 invalid, 2 unknown, 254 bad arguments, 255 internal error.`;
