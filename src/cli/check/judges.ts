/** The judge of a history: a model named on the command line, or the checkers of the run's test. */
import { whyNoVerdict } from '../../checkers/check.ts';
import { isResultMap, type Checker, type CheckResult } from '../../checkers/checker.ts';
import { modelEntry, type ModelEntry } from '../../checkers/models/model-table.ts';
import type { HistoryStreamOptions } from '../../history/reading/history-stream.ts';
import type { NumberOf } from '../../history/operation-names.ts';
import { byCount } from '../../protocol/count-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { Analysis, mergeParts } from '../../run/analysis.ts';
import { checkLines, messagesFigure } from '../../run/words/check-lines.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import { judgeProtocolAgain } from '../../run/records/protocol-record.ts';
import { resultsReadBack, type TestParts, type TestResults } from '../../run/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { verdictSentence } from '../../run/words/verdict-sentence.ts';
import { workloadOptionsOf } from '../../run/workload-options.ts';
import { readClients } from '../../store/run-clients.ts';
import { openRun, type StoredResults } from '../../store/open-run.ts';
import { Random } from '../../world/random.ts';
import type { Checks } from '../show/checks-table.ts';
import { ownOfRun, type OwnOfRun } from './own-of-run.ts';
import { flagOf, MODEL_FLAGS } from './check-options.ts';
import { readNames } from '../words/read-names.ts';
import { consistencyModelNames } from '../../checkers/elle/levels/consistency-models.ts';

export interface JudgedHistory {
  readonly operations: number;
  readonly numberOf: NumberOf;
}

/** A model and its options. */
export interface JudgedModel {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Returns the model's own result within the judge's. */
  resultIn(result: CheckResult): CheckResult;
}

export interface Judge<Result extends CheckResult = CheckResult> {
  readonly name: string;
  readonly checker: Checker<Result>;
  readonly completionsOnly: boolean;
  /** How the history is to be read. */
  readonly reading: HistoryStreamOptions;
  /** True if the history is that of a run, about which more is known, such as nodes that did not start. */
  readonly isOfRun: boolean;
  readonly warnings: readonly string[];
  /** The model behind the judge and its options; undefined if `check` has no such model. */
  readonly model: JudgedModel | undefined;
  /** Returns the result as a sentence. */
  sentence(result: Result, judged: JudgedHistory): string;
  /** Returns a line for each check, and other lines with figures. */
  checks(result: Result, judged: JudgedHistory): Checks;
}

/** Throws a UserError for a model or an option that does not exist. */
export function judgeOfModel(name: string, options: Readonly<Record<string, unknown>>): Judge {
  const entry = modelEntry(name);
  refuseForeignOptions(name, entry, options);
  return {
    name,
    checker: entry.checker(options),
    completionsOnly: entry.completionsOnly,
    reading: readingOf(name, entry, options),
    isOfRun: false,
    warnings: [],
    model: { name, options, resultIn: (result) => result },
    sentence: (result, judged) => modelSentence({ name, entry, options }, result, judged),
    checks: (result, { operations }) => {
      const figure = `${operations.toLocaleString('en')} ${byCount(operations, 'operation', 'operations')}`;
      return { lines: [{ name, verdict: result['valid?'], figure }] };
    },
  };
}

/** Models of a single object without support for independent keys. */
const SINGLE: ReadonlySet<string> = new Set(['set', 'set-full', 'pn-counter', 'g-counter', 'counter']);

/** Returns how a history is read for a model with these options. */
export function readingOf(
  name: string,
  entry: ModelEntry,
  options: Readonly<Record<string, unknown>>,
): HistoryStreamOptions {
  const isKeyed = options['independent?'] === true || name === 'kv';
  const ofOne = entry.options.has('independent?') || SINGLE.has(name);
  return {
    defaultF: entry.anyOperation ? 'txn' : undefined,
    nameOf: entry.anyOperation ? undefined : (f) => entry.nameOf(f),
    keyField: isKeyed ? 'pair' : ofOne ? 'one' : undefined,
  };
}

function refuseForeignOptions(
  model: string,
  entry: ModelEntry,
  options: Readonly<Record<string, unknown>>,
): void {
  for (const option of Object.keys(options)) {
    if (entry.options.has(option)) continue;
    const own = [...entry.options.keys()]
      .map(flagOf)
      .filter((flag) => MODEL_FLAGS.has(flag))
      .join(', ');
    throw new UserError(
      `The model ${model} has no option ${flagOf(option)}.`,
      own === '' ? `${model} takes no options.` : `Options of ${model}: ${own}.`,
    );
  }
}

function modelSentence(
  { name, entry, options }: { readonly name: string; readonly entry: ModelEntry; readonly options: object },
  result: CheckResult,
  { operations, numberOf }: JudgedHistory,
): string {
  const verdict = result['valid?'];
  if (verdict === true) {
    const remark = entry.remark(result);
    const rest =
      remark === undefined ? '' : `\n${remark}${couldDecide(result, options) ? ` ${DECIDING}` : ''}`;
    const these = byCount(
      operations,
      'this operation',
      `these ${operations.toLocaleString('en')} operations`,
    );
    return `Nothing is wrong with ${these}.${rest}`;
  }
  const explained = whyNoVerdict(result) ?? entry.explain(namedByInvocation(result, numberOf));
  if (explained !== undefined) return explained;
  return verdict === 'unknown'
    ? `The history proves nothing about ${name}, for or against.`
    : `The history violates ${name}; the results say why.`;
}

const DECIDING =
  'For serializability and snapshot isolation, --decide works without one: it searches for an order of all transactions.';

const couldDecide = (result: CheckResult, options: object): boolean =>
  'unordered-keys' in result && !('decide?' in options);

/** Throws a UserError if the folder holds no run, or one that cannot be checked again. */
export async function judgeOfRun(
  folder: string,
  options: Readonly<Record<string, unknown>>,
  file?: string,
): Promise<Judge<TestResults>> {
  const run = openRun(folder);
  const { spec: asked, workload, topology, warnings } = await ownOfRun(run.test.spec, folder, file);
  const spec = withOptions(asked, options);
  const stored = run.storedResults();
  const clients = readClients(run.path);
  return {
    name: spec.workload,
    checker: runChecker(
      spec,
      { workload, topology },
      stored.kind === 'read' ? resultsReadBack(stored.results) : undefined,
    ),
    completionsOnly: false,
    reading: {},
    isOfRun: true,
    model: modelOfRun(spec),
    warnings: [...warnings, ...(stored.kind === 'read' ? [] : [whyHistoryOnly(stored)])],
    // An interrupted check has no parts.
    sentence: (result, { numberOf }) =>
      whyNoVerdict(result) ?? verdictSentence(spec, result, { workload, nodeOf: clients.nodeOf, numberOf }),
    checks: (result) => ({ lines: checkLines(spec, result, workload), messages: messagesFigure(result) }),
  };
}

/** Returns the model that checks the operations of a run's workload, if there is one. */
function modelOfRun(spec: TestSpec): JudgedModel | undefined {
  const resultIn = (result: CheckResult): CheckResult => {
    const { workload } = result;
    return isResultMap(workload) && 'valid?' in workload ? (workload as CheckResult) : result; // with that key it is one
  };
  const models = { 'consistency-models': spec.consistencyModels };
  switch (spec.workload) {
    case 'lin-kv':
      return { name: 'cas-register', options: { 'independent?': true }, resultIn };
    case 'txn-list-append':
      return { name: 'list-append', options: models, resultIn };
    case 'txn-rw-register':
      return {
        name: 'rw-register',
        options: {
          ...models,
          'wfr-keys?': spec.wfrKeys,
          'sequential-keys?': spec.sequentialKeys,
          'linearizable-keys?': spec.linearizableKeys,
          'decide?': spec.decide !== false,
        },
        resultIn,
      };
    default:
      return undefined;
  }
}

function whyHistoryOnly(stored: Exclude<StoredResults, { readonly kind: 'read' }>): string {
  const why = stored.kind === 'none' ? 'The run has no results of its own' : stored.problem;
  return `${why}, so only the history is checked; other errors of nodes are not known.`;
}

/** Model options of txn-rw-register, by the test setting they correspond to. */
const VERSION_SOURCES: Readonly<Record<string, keyof TestSpec>> = {
  'wfr-keys?': 'wfrKeys',
  'sequential-keys?': 'sequentialKeys',
  'linearizable-keys?': 'linearizableKeys',
  'decide?': 'decide',
};

function withOptions(spec: TestSpec, options: Readonly<Record<string, unknown>>): TestSpec {
  const { 'consistency-models': models, strict = spec.strict, ...others } = options;
  const sources = Object.keys(others).map((name) => {
    const setting = spec.workload === 'txn-rw-register' ? VERSION_SOURCES[name] : undefined;
    if (setting !== undefined) return [setting, others[name] === true];
    throw new UserError(
      `${flagOf(name)} needs --model; without it, a run's folder is checked with the options of its test.`,
    );
  });
  const judged: TestSpec = { ...spec, strict: strict === true, ...Object.fromEntries(sources) };
  if (typeof models !== 'string') return judged;
  const what = { option: '--consistency-models', kind: 'consistency model' };
  return { ...judged, consistencyModels: readNames(models, consistencyModelNames(), what) };
}

/** Checks the history as a test's analysis does, and takes the other parts from the results stored at the end of the run. */
function runChecker(
  spec: TestSpec,
  { workload, topology }: Pick<OwnOfRun, 'workload' | 'topology'>,
  stored: TestResults | undefined,
): Checker<TestResults> {
  const prepared = workload.prepare(
    workloadOptionsOf(spec, Random.fromSeed(spec.seed), topology === undefined ? {} : { topology }),
  );
  const checker = prepared.checker();
  const analysis = new Analysis(spec, prepared, checker);
  return {
    observe: (op) => analysis.observe(op),
    get malformed() {
      return checker.malformed;
    },
    result(budget) {
      const { workload: judged, ...others } = analysis.judgeHistory(budget, stored?.interrupted);
      return mergeParts({ ...others, ...storedParts(stored, spec), workload: judged });
    },
  };
}

/** Returns the parts of the stored results that do not follow from the history. */
function storedParts(
  stored: Partial<TestParts> = {},
  { lenient, strict = false }: TestSpec,
): Partial<TestParts> {
  const { net, protocol, nodes } = stored;
  return {
    ...(net && { net }),
    ...(protocol && { protocol: strict ? judgeProtocolAgain(protocol, { lenient, strict }) : protocol }),
    ...(nodes && { nodes }),
  };
}
