/** A run as passed to reporters: plain data, the same for all commands. */
import type { Validity } from '../../checkers/checker.ts';
import { outcomeCounts } from '../../checkers/outcomes/stats.ts';
import { shortPath, whereLogs } from '../../harness/settings/short-path.ts';
import type { StoredResults } from '../../harness/one-test/running-test.ts';
import { checkLines, type CheckLine } from '../../run/words/check-lines.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

/** `unknown`: nothing was proved, or it could not be run. `stopped`: it was ended without a verdict. */
export const OUTCOMES = ['passed', 'failed', 'unknown', 'stopped'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface ReportedRun {
  /** What it belongs to: a workload, a challenge or a submission. */
  readonly suite: string;
  /** Its name within the suite. */
  readonly name: string;
  readonly outcome: Outcome;
  /** The verdict of the checkers; null if there is none. A run of a challenge may be valid and fail its limits. */
  readonly valid: Validity | null;
  /** Its result in words. */
  readonly sentence: string;
  /** Duration in real time. */
  readonly seconds: number;
  /** As given by the user. */
  readonly program: string | null;
  readonly workload: string | null;
  readonly world: TestSpec['world'] | null;
  readonly nodes: number | null;
  readonly seed: string | null;
  readonly operations: ReportedOperations | null;
  readonly checks: readonly CheckLine[];
  /** Whether its requests were ended early. */
  readonly interrupted: boolean;
  /** Absolute path. */
  readonly folder: string | null;
  /** The command that runs it again. */
  readonly command: string | null;
}

export interface ReportedOperations {
  readonly count: number;
  readonly ok: number;
  readonly failed: number;
  readonly inDoubt: number;
}

/** The end of all runs. */
export interface ReportedEnd {
  /** Number of requested runs; fewer were made if one failed or the command was stopped. */
  readonly asked: number;
  readonly exitCode: ExitCode;
}

export interface RunFacts {
  readonly suite: string;
  readonly spec: TestSpec;
  readonly seconds: number;
  readonly command: string;
}

/** Returns a completed run for reporters. `code` is its exit code after all requested checks. */
export function reportedRun(
  { spec, command, ...facts }: RunFacts,
  finished: StoredResults,
  code: ExitCode,
): ReportedRun {
  const { results, sentence, folder, interrupted } = finished;
  return {
    ...begun({ spec, command, ...facts }),
    outcome: outcomeOf(code),
    valid: results['valid?'],
    sentence: whereLogs(sentence, folder),
    operations: results.stats?.count === undefined ? null : countsOf(outcomeCounts(results.stats)),
    checks: checkLines(spec, results),
    interrupted,
    folder,
  };
}

/** Returns a run that was ended without an analysis. */
export const stoppedRun = (facts: RunFacts): ReportedRun => ({
  ...begun(facts),
  outcome: 'stopped',
  sentence: 'It was stopped and not checked.',
  interrupted: true,
});

/** Returns an entry for a run that was refused; `sentence` is the reason. */
export const refusedRun = (suite: string, sentence: string): ReportedRun => ({
  ...NOTHING,
  suite,
  name: suite,
  outcome: 'unknown',
  sentence,
});

const NOTHING = {
  valid: null,
  seconds: 0,
  program: null,
  workload: null,
  world: null,
  nodes: null,
  seed: null,
  operations: null,
  checks: [],
  interrupted: false,
  folder: null,
  command: null,
} satisfies Partial<ReportedRun>;

function begun({ suite, spec, seconds, command }: RunFacts): Omit<ReportedRun, 'outcome' | 'sentence'> {
  const program = shortPath(spec.bin);
  return {
    ...NOTHING,
    suite,
    name: `${program}, seed ${spec.seed}`,
    seconds,
    program,
    workload: spec.workload,
    world: spec.world,
    nodes: spec.nodes.length,
    seed: spec.seed,
    command,
  };
}

function countsOf({ count, ok, failed, inDoubt }: ReportedOperations): ReportedOperations {
  return { count, ok, failed, inDoubt };
}

function outcomeOf(code: ExitCode): Outcome {
  if (code === EXIT.valid) return 'passed';
  return code === EXIT.invalid ? 'failed' : 'unknown';
}

export function tally(runs: readonly ReportedRun[]): Readonly<Record<Outcome, number>> {
  const of = (outcome: Outcome): number => runs.filter((run) => run.outcome === outcome).length;
  return { passed: of('passed'), failed: of('failed'), unknown: of('unknown'), stopped: of('stopped') };
}

export const secondsOf = (runs: readonly ReportedRun[]): number =>
  runs.reduce((sum, { seconds }) => sum + seconds, 0);

export const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
