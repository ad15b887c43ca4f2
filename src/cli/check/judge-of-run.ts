/** The judge of a stored run: the checkers of its test. */
import { whyNoVerdict } from '../../checkers/check.ts';
import type { Checker } from '../../checkers/checker.ts';
import { consistencyModelNames } from '../../checkers/elle/levels/consistency-models.ts';
import { UserError } from '../../protocol/user-error.ts';
import { Analysis, mergeParts } from '../../run/verdict/analysis.ts';
import { judgeProtocolAgain } from '../../run/records/protocol-record.ts';
import { resultsReadBack, type TestParts, type TestResults } from '../../run/verdict/test-results.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { checkLines, messagesFigure } from '../../run/words/check-lines.ts';
import { verdictSentence } from '../../run/words/verdict-sentence.ts';
import { workloadOptionsOf } from '../../run/workload-options.ts';
import { openRun, type StoredResults } from '../../store/open-run.ts';
import { readClients } from '../../store/run-clients.ts';
import { Random } from '../../world/random.ts';
import { readNames } from '../words/read-names.ts';
import { flagOf } from './check-options.ts';
import type { Judge, JudgedModel } from './judge.ts';
import { ownOfRun, type OwnOfRun } from './own-of-run.ts';

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
  const models = { 'consistency-models': spec.consistencyModels };
  switch (spec.workload) {
    case 'lin-kv':
      return { name: 'cas-register', options: { 'independent?': true } };
    case 'txn-list-append':
      return { name: 'list-append', options: models };
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
