/** What a history is held against: one model, named on the command line, or the test that the run was. */
import { whyNoVerdict } from '../../checkers/check.ts';
import type { Checker, CheckResult } from '../../checkers/checker.ts';
import { modelEntry, type ModelEntry } from '../../checkers/model-table.ts';
import { isJsonObject, type JsonObject } from '../../protocol/json.ts';
import { UserError } from '../../protocol/user-error.ts';
import { Analysis, mergeParts } from '../../run/analysis.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { verdictSentence } from '../../run/verdict-sentence.ts';
import { workloadOptions } from '../../run/workload-options.ts';
import { openRun } from '../../store/open-run.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';
import { Random } from '../../world/random.ts';
import { flagOf } from './check-options.ts';
import { oneOf } from '../words/suggest.ts';
import { consistencyModelNames } from '../../checkers/elle/consistency-models.ts';

export interface Judge {
  readonly name: string;
  readonly checker: Checker;
  readonly completionsOnly: boolean;
  /** Whether operations may come without a name. */
  readonly anyOperation: boolean;
  readonly warnings: readonly string[];
  /** The result in plain words. */
  sentence(result: CheckResult, operations: number): string;
}

/** Throws a UserError for a model or an option that does not exist. */
export function judgeOfModel(name: string, options: Readonly<Record<string, unknown>>): Judge {
  const entry = modelEntry(name);
  refuseForeignOptions(name, entry, options);
  return {
    name,
    checker: entry.checker(options),
    completionsOnly: entry.completionsOnly,
    anyOperation: entry.anyOperation,
    warnings: [],
    sentence: (result, operations) => modelSentence(name, entry, result, operations),
  };
}

function refuseForeignOptions(
  model: string,
  entry: ModelEntry,
  options: Readonly<Record<string, unknown>>,
): void {
  for (const option of Object.keys(options)) {
    if (entry.options.has(option)) continue;
    const own = [...entry.options]
      .filter(([, kind]) => kind !== 'function')
      .map(([name]) => flagOf(name))
      .join(', ');
    throw new UserError(
      `${flagOf(option)} means nothing to the model ${model}.`,
      own === '' ? `${model} has no options.` : `Options of ${model}: ${own}.`,
    );
  }
}

function modelSentence(name: string, entry: ModelEntry, result: CheckResult, operations: number): string {
  const verdict = result['valid?'];
  if (verdict === true) return `Nothing is wrong with these ${operations.toLocaleString('en')} operations.`;
  const explained = whyNoVerdict(result) ?? entry.explain(result);
  if (explained !== undefined) return explained;
  return verdict === 'unknown'
    ? `The history proves nothing about ${name}, for or against.`
    : `The history is not what ${name} allows; the results say why.`;
}

/** Throws a UserError when the folder holds no run, or one that cannot be judged again. */
export function judgeOfRun(folder: string, options: Readonly<Record<string, unknown>>): Judge {
  const run = openRun(folder);
  const spec = withOptions(run.test.spec, options);
  const workload = WORKLOADS.get(spec.workload);
  if (workload === undefined) {
    throw new UserError(
      `The run in ${folder} is one of ${spec.workload}, a workload that is not known here.`,
      'Say what its operations are with --model.',
    );
  }
  const stored = run.results();
  return {
    name: spec.workload,
    checker: runChecker(spec, workload, stored),
    completionsOnly: false,
    anyOperation: false,
    warnings:
      stored === undefined
        ? [
            'The run came to no results of its own, so what its nodes did wrong beside the history is not known.',
          ]
        : [],
    // A reading that was given up has no parts.
    sentence: (result) => whyNoVerdict(result) ?? verdictSentence(spec, result, workload),
  };
}

function withOptions(spec: TestSpec, options: Readonly<Record<string, unknown>>): TestSpec {
  const { 'consistency-models': models, ...others } = options;
  const [foreign] = Object.keys(others);
  if (foreign !== undefined) {
    throw new UserError(
      `${flagOf(foreign)} goes with --model; a run's folder is judged as the test that it was.`,
    );
  }
  if (typeof models !== 'string') return spec;
  const names = models.split(',').map((name) => name.trim());
  for (const name of names) {
    oneOf(name, consistencyModelNames(), { option: '--consistency-models', kind: 'consistency model' });
  }
  return { ...spec, consistencyModels: names };
}

/** What a test's analysis says of the history, and for the rest what it said when the run ended. */
function runChecker(spec: TestSpec, workload: Workload, stored: JsonObject | undefined): Checker {
  const prepared = workload.prepare(workloadOptions(spec, Random.fromSeed(spec.seed)));
  const checker = prepared.checker();
  const analysis = new Analysis(spec, checker);
  return {
    observe: (op) => analysis.observe(op),
    get malformed() {
      return checker.malformed;
    },
    result(budget) {
      const { workload: judged, ...others } = analysis.judgeHistory(budget);
      return mergeParts({ ...others, ...storedParts(stored), workload: judged });
    },
  };
}

/** What the run's own results say of things that are not in the history. */
function storedParts(stored: JsonObject | undefined): { readonly [part: string]: CheckResult } {
  return Object.fromEntries(
    ['net', 'protocol', 'nodes'].flatMap((name) => {
      const part = stored?.[name];
      // Each was written as a result, see Analysis; one without a verdict is left out.
      return isJsonObject(part) && 'valid?' in part ? [[name, part as CheckResult]] : [];
    }),
  );
}
