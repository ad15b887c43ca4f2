/** The programmatic API: one test, from its settings to its results. */
import { resolve } from 'node:path';
import { UserError } from '../../protocol/user-error.ts';
import type { NamedInvariant } from '../../run/invariants/invariant-watch.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { WORKLOAD_NAMES } from '../../workloads/names.ts';
import type { Workload } from '../../workloads/workload.ts';
import { checkCourse } from '../../scenario/check-course.ts';
import { checkSettings, type RunTestOptions } from '../settings/check-settings.ts';
import { refuseUnfitting } from '../settings/fitting-settings.ts';
import { reportRun } from './report-run.ts';
import { completeSpec, type TestSettings } from '../settings/spec-defaults.ts';
import { refuseOtherRuntimes } from './node-only.ts';
import { openTest } from './open-test.ts';
import { abortBy, type StoredResults } from './running-test.ts';
import { oneOf } from '../settings/one-of.ts';
import { checkOwnFiles, loadWorkload } from '../own/load-own.ts';
import {
  checkScriptOf,
  faultsForScript,
  isFileWord,
  readFaultWords,
  readServiceWords,
  readTopologyWord,
  readWorkloadWord,
} from '../own/own-file-words.ts';

/**
 * Runs a test and judges it. Omitted settings have the defaults of the command line: five nodes, five requests per
 * second, a minute, no faults, the real world, a random seed.
 *
 * Rejects with a UserError for invalid settings; failures of nodes are in the results.
 */
export async function runTest(options: RunTestOptions): Promise<StoredResults> {
  refuseOtherRuntimes(process.versions);
  checkSettings(options);
  const {
    workload: wanted,
    invariants = [],
    store = 'store',
    report = true,
    onLog,
    onStart,
    signal,
  } = options;
  const settings = settingsOf(options);
  const named = typeof wanted === 'string' ? namedWorkload(wanted) : { workload: wanted.name };
  refuseUnfitting(settings, isKnown(wanted) ? named.workload : undefined, (name) => name);
  const spec = await checkOwnFiles(
    completeSpec({ ...settings, ...named }),
    typeof wanted === 'string' ? undefined : wanted,
  );
  const workload = typeof wanted === 'string' ? await loadWorkload(spec) : wanted;
  checkCourse(spec, workload, 'runTest: course');
  checkScriptOf(spec, 'runTest: faultScript');
  signal?.throwIfAborted();
  const test = await openTest({
    spec,
    workload,
    invariants: ownInvariants(invariants),
    store,
    onLog,
  });
  const stopListening = abortBy(test, signal);
  try {
    onStart?.(test);
    const finished = await test.run();
    if (finished === undefined) throw signal?.reason;
    const { sentence, folder } = finished;
    if (report) {
      const problem = await reportRun({ folder, sentence, png: true });
      if (problem !== undefined) onLog?.(problem);
    }
    return finished;
  } finally {
    stopListening();
  }
}

/** Returns the settings that belong to the spec, without those that are undefined. */
function settingsOf(options: RunTestOptions): Omit<TestSettings, 'workload'> {
  const {
    workload: _,
    invariants,
    services = [],
    nemesis,
    topology,
    store: _store,
    report: _report,
    onLog: _log,
    onStart: _start,
    signal: _signal,
    ...settings
  } = options;
  const files = invariants?.flatMap((one) => (typeof one === 'string' ? [resolve(one)] : []));
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  return {
    ...(given as Omit<TestSettings, 'workload'>), // as before, but for what was undefined
    ...(files === undefined || files.length === 0 ? {} : { invariants: files }),
    ...(nemesis === undefined ? {} : namedFaults(nemesis, options)),
    ...(topology === undefined ? {} : namedTopology(topology)),
    ...readServiceWords(services, 'runTest: services'),
  };
}

function namedFaults(
  words: readonly string[],
  { faultScript }: RunTestOptions,
): Pick<TestSpec, 'nemesis' | 'faultFiles'> {
  const named = readFaultWords(words, 'runTest: nemesis');
  if (faultScript === undefined) return named;
  return { ...named, ...faultsForScript(named, { script: 'runTest: faultScript', nemesis: 'nemesis' }) };
}

function namedWorkload(word: string): Pick<TestSpec, 'workload' | 'workloadFile'> {
  const own = readWorkloadWord(word, 'runTest: workload');
  return own ?? { workload: oneOf(word, WORKLOAD_NAMES, { option: 'workload', kind: 'workload' }) };
}

function namedTopology(word: string): Pick<TestSpec, 'topology' | 'topologyFile'> {
  return readTopologyWord(word, 'runTest: topology') ?? { topology: word };
}

const isKnown = (workload: string | Workload): boolean =>
  typeof workload === 'string' && !isFileWord(workload);

function ownInvariants(invariants: NonNullable<RunTestOptions['invariants']>): readonly NamedInvariant[] {
  return invariants.flatMap((check, at): NamedInvariant[] => {
    if (typeof check === 'string') return [];
    if (typeof check !== 'function')
      throw new UserError(`runTest: invariants[${at}] must be a path or a function, but is ${typeof check}.`);
    return [{ name: check.name === '' ? `invariant ${at + 1}` : check.name, check }];
  });
}
