/** The options of `maelstrom check`, and the requests they make. */
import { MODEL_NAMES } from '../../checkers/models/model-table.ts';
import { readEdn } from '../../edn/edn-reader.ts';
import { EdnSymbol, ednToValue } from '../../edn/edn-value.ts';
import { parseJson, type Json } from '../../protocol/json.ts';
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
  /** Whether to print nothing but the results, as JSON. */
  readonly json?: boolean;
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
    `kind of operations in the history (known for a run's folder): ${MODEL_NAMES.join(', ')}; or the file of your own model: ./stack.ts`,
    { values: MODEL_NAMES, read: (model) => ({ model }) },
  ),
  workload: withValue(
    '--workload <file>',
    'for a run with your own workload: its file, if it has moved since',
    { isPath: true, read: (workload) => ({ workload }) },
  ),
};

const TRANSACTIONS = {
  consistencyModels: wordFor(
    'consistency-models',
    '-c, --consistency-models <names>',
    'consistency models to check (default: strict-serializable)',
  ),
  anomalies: wordFor('anomalies', '-a, --anomalies <names>', 'additional anomalies to look for'),
  decide: flagFor(
    'decide?',
    '--decide',
    'list-append, rw-register: search for an order of all transactions, instead of only inferring anomalies',
  ),
  wfrKeys: flagFor(
    'wfr-keys?',
    '--wfr-keys',
    'rw-register: infer that a transaction that reads and writes a key writes the version after the one it read',
  ),
  sequentialKeys: flagFor(
    'sequential-keys?',
    '--sequential-keys',
    'rw-register: infer version orders as if each key were sequentially consistent',
  ),
  linearizableKeys: flagFor(
    'linearizable-keys?',
    '--linearizable-keys',
    'rw-register: infer version orders as if each key were linearizable',
  ),
};

const OTHERS = {
  independent: flagFor(
    'independent?',
    '--independent',
    'registers, mutex, queues, linearizable-set: values are [key, value], and each key is checked separately',
  ),
  initialValue: withValue<unknown, ForModel>(
    '--initial-value <value>',
    'register, cas-register: value before the first write (default: nil); a read of nil then shows that there is none, and otherwise says nothing',
    { read: (word) => ({ 'initial-value': valueOf(word) }) },
  ),
  linearizable: flagFor(
    'linearizable?',
    '--linearizable',
    'set-full: an element must be visible as soon as its add completes',
  ),
  strict: flagFor(
    'strict',
    '--strict',
    'set-full: reject duplicate elements; for a run also: treat protocol warnings as violations',
  ),
  add: wordFor(
    'add',
    '--add <name>',
    'set-full: name of the operation that adds, such as broadcast (default: add)',
  ),
  subVia: wordFor('sub-via', '--sub-via <names>', 'kafka: assign or subscribe (default: assign)'),
  allowNegativeBalances: flagFor(
    'negative-balances?',
    '-n, --allow-negative-balances',
    'bank: allow balances below 0',
  ),
  totalAmount: wordFor(
    'total-amount',
    '-o, --total-amount <n>',
    'bank: total of all accounts (default: that of the first read)',
  ),
  accounts: wordFor(
    'accounts',
    '--accounts <names>',
    'bank: names of the accounts (default: those of the first read)',
  ),
  groupSize: wordFor('group-size', '-g, --group-size <n>', 'long-fork: number of keys per read (default: 2)'),
  wwDeps: flagFor('ww-deps', '--ww-deps', 'kafka: infer the order of writers from the order of a log'),
};

/** Flags of model options; some model options are available only through the API. */
export const MODEL_FLAGS: ReadonlySet<string> = new Set(
  Object.values({ ...TRANSACTIONS, ...OTHERS }).flatMap(({ flags }) => /--[\w-]+/.exec(flags) ?? []),
);

const LIMITS = {
  timeBudget: withValue(
    '--time-budget <seconds>',
    'stop after this time with the verdict unknown, and report how far the check got',
    {
      read: (word, _, option) => ({ timeLimitMs: positive(option, word, 'seconds') * 1000 }),
    },
  ),
  memoryBudget: withValue('--memory-budget <MB>', 'the same for the memory of the process', {
    read: (word, _, option) => ({ memoryLimitMb: positive(option, word, 'megabytes') }),
  }),
};

const OUTPUT = {
  out: withValue('--out <file>', 'write the full results to this .json or .edn file', {
    isPath: true,
    read: (file, _, option) => ({ out: withEnding(option, file, '.json', '.edn') }),
  }),
  report: withValue(
    '--report <file>',
    'write an HTML page with operations and findings, like the report.html of a run',
    {
      isPath: true,
      read: (file, _, option) => ({ report: withEnding(option, file, '.html') }),
    },
  ),
  certificate: withValue(
    '--certificate <file>',
    'write a proof of the verdict for maelstrom verify to this .json file (registers, kv, queues, mutex, linearizable-set, list-append, rw-register)',
    {
      isPath: true,
      read: (file, _, option) => ({ certificate: withEnding(option, file, '.json') }),
    },
  ),
  write: flag('--write', "replace results.json and results.edn in a run's folder", (write) => ({ write })),
  edn: flag('--edn', 'print all results as EDN, as when the output is not a terminal', (edn) => ({ edn })),
  output: withValue('-v, --output <format>', 'json: print nothing but the results, as JSON (default: text)', {
    values: ['text', 'json'],
    read: (format, _, option) => ({ json: isJson(option, format) }),
  }),
};

const GROUPS = {
  'Model:': MODEL,
  'For list-append and rw-register:': TRANSACTIONS,
  'For other models:': OTHERS,
  'Limits:': LIMITS,
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
    'Checks an existing history: that of a run (its folder in the store), or a file in our format or ' +
    "Jepsen's (.jsonl, .json, .edn, or - for standard input; the format is detected). Several histories are checked one by one.",
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
  maelstrom check history.jsonl --model ./stack.ts

Exit codes: 0 valid, 1 invalid, 2 unknown, 254 bad arguments or a malformed history, 255 internal error.`,
  messages: {
    'commander.missingArgument': {
      text: 'No history was given: name a folder of the store, a history file, or - for standard input.',
    },
  },
};

/** Returns a request for each history, with the same options. Throws a UserError for malformed numbers. */
export function requestsOf({ options, args }: Words<typeof GROUPS>): readonly CheckRequest[] {
  for (const path of args) refuseTilde('The history', path);
  for (const option of ['out', 'certificate'] as const) {
    if (args.length === 1 || options[option] === undefined) continue;
    throw new UserError(
      `--${option} works with one history only.`,
      `Check them one by one, each with its own --${option}.`,
    );
  }
  if (options.report !== undefined && args.length > 1) {
    throw new UserError('--report works with one history only; several were given.');
  }
  const modelOptions = readSettings({ ...TRANSACTIONS, ...OTHERS }, options, {});
  const request = readSettings({ ...MODEL, ...LIMITS, ...OUTPUT }, options, {});
  return args.map((path) => ({ ...request, path, modelOptions }));
}

/** Reads a value as JSON or EDN writes it. Another word is a string, unless it begins as no word does. */
function valueOf(word: string): Json {
  for (const read of [parseJson, parseEdnValue]) {
    try {
      return read(word);
    } catch {
      // In another notation.
    }
  }
  if (/^[[{("#]/.test(word))
    throw new UserError(`--initial-value must be a value in JSON or EDN, but is ${JSON.stringify(word)}.`);
  return word;
}

function parseEdnValue(text: string): Json {
  const form = readEdn(text);
  if (form instanceof EdnSymbol) throw new SyntaxError('no value');
  return ednToValue(form);
}

const positive = (option: string, word: string, unit: string): number =>
  parseNumber(option, word, { min: 0, minExcluded: true, unit });

function isJson(option: string, format: string): boolean {
  if (format === 'json' || format === 'text') return format === 'json';
  throw new UserError(`${option} must be text or json, but is ${JSON.stringify(format)}.`);
}

function withEnding(option: string, file: string, ...endings: readonly string[]): string {
  if (endings.some((ending) => file.endsWith(ending))) return file;
  throw new UserError(
    `${option} must name a file that ends in ${endings.join(' or ')}, but is ${JSON.stringify(file)}.`,
  );
}
