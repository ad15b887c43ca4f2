/** The options of `maelstrom check`, and the requests they make. */
import { MODEL_NAMES } from '../../checkers/model-table.ts';
import { UserError } from '../../protocol/user-error.ts';
import { refuseTilde } from '../words/home-path.ts';
import { flag, readSettings, withValue, type FlagOption, type ValueOption } from '../words/option.ts';
import { parseNumber } from '../words/parse-number.ts';
import type { CommandText, Words } from '../words/read-words.ts';

export interface CheckRequest {
  /** A run's folder, a history file, or `-`. */
  readonly path: string;
  readonly model?: string | undefined;
  /** The file of the run's own workload, if it has moved. */
  readonly workload?: string | undefined;
  /** Options of the model, by their names there. */
  readonly modelOptions: Readonly<Record<string, unknown>>;
  readonly timeLimitMs?: number | undefined;
  readonly memoryLimitMb?: number | undefined;
  /** Output file for the results: .json or .edn. */
  readonly out?: string | undefined;
  /** Output file for a page with the operations and the findings. */
  readonly report?: string | undefined;
  /** Output file for the certificate of the verdict: .json. */
  readonly certificate?: string | undefined;
  /** Whether to replace the results in the run's folder. */
  readonly write: boolean;
  /** Whether to print the results even on a terminal. */
  readonly edn: boolean;
}

type ForModel = Readonly<Record<string, unknown>>;

const wordFor = (name: string, flags: string, about: string): ValueOption<unknown, ForModel> =>
  withValue(flags, about, { read: (word) => ({ [name]: word }) });

const flagFor = (name: string, flags: string, about: string): FlagOption<unknown, ForModel> =>
  flag(flags, about, (isOn) => (isOn ? { [name]: true } : {}));

/** Returns the flag of a model's option: `wfr-keys?` is `--wfr-keys`. */
export const flagOf = (modelOption: string): string =>
  modelOption === 'negative-balances?' ? '--allow-negative-balances' : `--${modelOption.replace(/\?$/, '')}`;

const MODEL = {
  model: withValue(
    '-m, --model <name>',
    `what the operations are (a run's folder says so itself): ${MODEL_NAMES.join(', ')}`,
    { values: MODEL_NAMES, read: (model) => ({ model }) },
  ),
  workload: withValue(
    '--workload <file>',
    'of a run with a workload of your own: its file, where that is no longer where it was',
    { isPath: true, read: (workload) => ({ workload }) },
  ),
};

const TRANSACTIONS = {
  consistencyModels: wordFor(
    'consistency-models',
    '-c, --consistency-models <names>',
    'what must hold (default: strict-serializable)',
  ),
  anomalies: wordFor('anomalies', '-a, --anomalies <names>', 'what else to look for'),
  decide: flagFor(
    'decide?',
    '--decide',
    'list-append, rw-register: look for an order of all transactions, where otherwise anomalies are inferred',
  ),
  wfrKeys: flagFor(
    'wfr-keys?',
    '--wfr-keys',
    'rw-register: a transaction that reads and writes a key writes the next version',
  ),
  sequentialKeys: flagFor(
    'sequential-keys?',
    '--sequential-keys',
    'rw-register: each key is sequentially consistent',
  ),
  linearizableKeys: flagFor(
    'linearizable-keys?',
    '--linearizable-keys',
    'rw-register: each key is linearizable',
  ),
};

const OTHERS = {
  independent: flagFor(
    'independent?',
    '--independent',
    'registers, mutex, queues, linearizable-set: values are [key, value], and each key is judged by itself',
  ),
  linearizable: flagFor('linearizable?', '--linearizable', 'set-full: what was added must show at once'),
  strict: flagFor(
    'strict',
    '--strict',
    'set-full: an element listed twice is wrong; of a run also: protocol warnings',
  ),
  add: wordFor('add', '--add <name>', 'set-full: the operation that adds, such as broadcast (default: add)'),
  subVia: wordFor('sub-via', '--sub-via <names>', 'kafka: assign or subscribe (default: assign)'),
  allowNegativeBalances: flagFor(
    'negative-balances?',
    '-n, --allow-negative-balances',
    'bank: a balance may be less than 0',
  ),
  totalAmount: wordFor(
    'total-amount',
    '-o, --total-amount <n>',
    'bank: the total of all accounts (default: that of the first read)',
  ),
  accounts: wordFor(
    'accounts',
    '--accounts <names>',
    'bank: the accounts (default: those of the first read)',
  ),
  groupSize: wordFor(
    'group-size',
    '-g, --group-size <n>',
    'long-fork: how many keys a read shows (default: 2)',
  ),
  wwDeps: flagFor('ww-deps', '--ww-deps', 'kafka: the order of a log orders its writers'),
};

/** Flags of model options; some model options are available only through the API. */
export const MODEL_FLAGS: ReadonlySet<string> = new Set(
  Object.values({ ...TRANSACTIONS, ...OTHERS }).flatMap(({ flags }) => /--[\w-]+/.exec(flags) ?? []),
);

const LIMITS = {
  timeBudget: withValue('--time-budget <seconds>', 'then answer unknown, and how far it came', {
    read: (word, _, option) => ({ timeLimitMs: positive(option, word, 'seconds') * 1000 }),
  }),
  memoryBudget: withValue('--memory-budget <MB>', 'the same, for the memory of the process', {
    read: (word, _, option) => ({ memoryLimitMb: positive(option, word, 'megabytes') }),
  }),
};

const OUTPUT = {
  out: withValue('--out <file>', 'write the results in full, to a file that ends in .json or .edn', {
    isPath: true,
    read: (file, _, option) => ({ out: withEnding(option, file, '.json', '.edn') }),
  }),
  report: withValue('--report <file>', 'write a page of the history, as report.html is one of a run: .html', {
    isPath: true,
    read: (file, _, option) => ({ report: withEnding(option, file, '.html') }),
  }),
  certificate: withValue(
    '--certificate <file>',
    'write what proves the verdict, for maelstrom verify: .json (registers, queues, mutex, linearizable-set, list-append, rw-register)',
    {
      isPath: true,
      read: (file, _, option) => ({ certificate: withEnding(option, file, '.json') }),
    },
  ),
  write: flag('--write', "replace results.json and results.edn in a run's folder", (write) => ({ write })),
  edn: flag('--edn', 'print all results as EDN, as where the output is no terminal', (edn) => ({ edn })),
};

const GROUPS = {
  'What to check it against:': MODEL,
  'For list-append and rw-register:': TRANSACTIONS,
  'For others:': OTHERS,
  'How long:': LIMITS,
  'Output:': OUTPUT,
  "Accepted for elle-cli's command lines, without effect:": {
    format: withValue('-f, --format <name>'),
    directory: withValue('-d, --directory <folder>'),
    cycleSearchTimeout: withValue('-s, --cycle-search-timeout <ms>'),
    plotFormat: withValue('-p, --plot-format <name>'),
    plotTimeout: withValue('-t, --plot-timeout <ms>'),
    maxPlotBytes: withValue('-b, --max-plot-bytes <n>'),
    maxTransfer: withValue('--max-transfer <n>'),
    verbose: flag('--verbose'),
  },
} as const;

export const CHECK_COMMAND: CommandText<typeof GROUPS> = {
  name: 'check',
  usage: 'FOLDER|FILE|-... [options]',
  about:
    'Judges an existing history: that of a run (its folder in the store), or a bare one, ours or ' +
    "Jepsen's (.jsonl, .json, .edn, or - for standard input; the format is detected). Of several, each is judged by itself.",
  args: '<paths...>',
  groups: GROUPS,
  helpGroup: 'Output:',
  epilogue: `
Examples:
  maelstrom check store/latest
  maelstrom check store/latest --consistency-models snapshot-isolation
  maelstrom check history.edn --model list-append --consistency-models serializable
  maelstrom check history.edn --model list-append --report history.html
  maelstrom check history.jsonl.gz --model cas-register --independent

Exit codes: 0 valid, 1 invalid, 2 unknown, 254 bad arguments or a malformed history, 255 internal error.`,
  messages: {
    'commander.missingArgument': {
      text: 'Nothing to check was given: a folder of the store, a history file, or - for standard input.',
    },
  },
};

/** Returns a request for each history, with the same options. Throws a UserError for malformed numbers. */
export function requestsOf({ options, args }: Words<typeof GROUPS>): readonly CheckRequest[] {
  for (const path of args) refuseTilde('The history', path);
  for (const option of ['out', 'certificate'] as const) {
    if (args.length === 1 || options[option] === undefined) continue;
    throw new UserError(
      `--${option} takes the results of one history.`,
      `Check them one by one, each with its own --${option}.`,
    );
  }
  if (options.report !== undefined && args.length > 1) {
    throw new UserError('--report makes the page of one history; several were named.');
  }
  const modelOptions = readSettings({ ...TRANSACTIONS, ...OTHERS }, options, {});
  const request = readSettings({ ...MODEL, ...LIMITS, ...OUTPUT }, options, {});
  return args.map((path) => ({ ...request, path, modelOptions }));
}

const positive = (option: string, word: string, unit: string): number =>
  parseNumber(option, word, { min: 0, minExcluded: true, unit });

function withEnding(option: string, file: string, ...endings: readonly string[]): string {
  if (endings.some((ending) => file.endsWith(ending))) return file;
  throw new UserError(
    `${option} must name a file that ends in ${endings.join(' or ')}, but is ${JSON.stringify(file)}.`,
  );
}
