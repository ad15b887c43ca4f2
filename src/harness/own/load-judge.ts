/** Loads what judges a history from the user's file: a sequential model, a judge such as `onOps(...)`, or a workload. */
import { basename } from 'node:path';
import type { Checker, CheckResult } from '../../checkers/checker.ts';
import { KnownOperations } from '../../checkers/guards/known-operations.ts';
import type { Judge } from '../../own/judge.ts';
import { linearizable, type Model } from '../../own/linearizable.ts';
import { UserError } from '../../protocol/user-error.ts';
import { workloadOptionsOf } from '../../run/workload-options.ts';
import type { Workload } from '../../workloads/workload.ts';
import { Random } from '../../world/random.ts';
import { completeSpec } from '../settings/spec-defaults.ts';
import { exported, whatIs } from './exported.ts';
import { guardedWords } from './guarded-words.ts';
import { OwnChecker } from './own-checker.ts';
import { OwnModule } from './own-module.ts';

/** A judge for one history, and what it says of its result. */
export interface LoadedJudge extends ReturnType<typeof guardedWords> {
  readonly checker: Checker;
  /** Whether it is a model of one object, of which there can be one for each key. */
  readonly isModel: boolean;
}

/**
 * Throws a UserError if the file's default export judges nothing. `keys` is for models: values are `[key, value]`, and each
 * key is a separate object.
 */
export async function loadJudge(path: string, { keys }: { readonly keys: boolean }): Promise<LoadedJudge> {
  const value = exported(await OwnModule.load(path, 'The model'), `The model ${path}`);
  const { init, step, checker: own, prepare } = Object(value) as Readonly<Record<string, unknown>>;
  // Judges and workloads may look at the settings of a test; a history from elsewhere has the defaults.
  const spec = completeSpec({ workload: path, bin: '', nodes: [], seed: '' });
  const options = workloadOptionsOf(spec, Random.fromSeed(spec.seed));
  const guarded = (make: () => Checker): Checker => new OwnChecker<CheckResult>(make, path);
  if (init !== undefined && typeof step === 'function') {
    // Their results go back to the judge that they are from.
    const judge = linearizable(value as Model, { keys }) as Judge;
    return { ...judge, checker: guarded(() => judge.checker(options)), isModel: true };
  }
  if (typeof own === 'function') {
    const judge = value as Judge; // what `checker` returns is checked
    return { ...guardedWords(judge, path), checker: guarded(() => judge.checker(options)), isModel: false };
  }
  if (typeof prepare === 'function') {
    const workload = value as Workload; // by its method
    const checker = guarded(() => workload.prepare(options).checker());
    const operations = workload.operations?.map(({ f }) => f);
    return {
      ...guardedWords(workload, path),
      // Operations of other workloads would prove nothing.
      checker: operations === undefined ? checker : new KnownOperations(basename(path), operations, checker),
      isModel: false,
    };
  }
  throw new UserError(
    `The model ${path} has ${whatIs(value)} as its default export; expected a model, or what judges a workload.`,
    'For example: export default { init: 0, step: (state, f, value) => (f === "add" ? state + value : state === value ? state : undefined) }',
  );
}
