/**
 * Every way to deviate once, twice, three times from the calm course of each scope: by running each. Fewer deviations come before
 * more and shorter words before longer ones, so that the first failure is the shortest story.
 */
import type { SimulatedRun } from '../harness/simulate-once.ts';
import { MemoryJournal } from '../network/memory-journal.ts';
import type { Signature } from '../run/signature.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { NANOS_PER_SECOND } from '../world/clock.ts';
import type { Alphabet } from './alphabet.ts';
import { deviationsFrom, withDeviations, type Deviation, type DeviationKind } from './deviations.ts';
import { scopesOf, secondsOf, type Scope } from './scopes.ts';

/** Makes one run; what it keeps of messages goes into the journal. */
export type Execute = (spec: TestSpec, journal: MemoryJournal) => Promise<SimulatedRun>;

export interface ExploreOptions {
  /** What is the same in all runs. */
  readonly base: TestSpec;
  readonly alphabet: Alphabet;
  readonly mostNodes: number;
  readonly mostOps: number;
  readonly mostDeviations: number;
  readonly kinds: ReadonlySet<DeviationKind>;
  readonly mostExecutions?: number;
  readonly execute: Execute;
  readonly signal?: AbortSignal;
  readonly onExecution?: (progress: ExploreProgress) => void;
}

export interface ExploreProgress {
  readonly executions: number;
  readonly deviations: number;
}

export type Explored = ExploreProgress & { readonly counts: readonly number[] } & (
    | {
        readonly end: 'found';
        readonly spec: TestSpec;
        readonly signature: Signature;
        readonly run: SimulatedRun;
        readonly journal: MemoryJournal;
      }
    | { readonly end: 'complete' }
    /** By the limit of executions, or the signal. `deviations` were not all tried. */
    | { readonly end: 'cut' }
  );

/** A run that passed, by how it is made: it is made again when it is deviated from. */
interface Passed {
  readonly scope: Scope;
  readonly deviations: readonly Deviation[];
}

/** `counts` of the result: executions by number of deviations. */
export async function explore(options: ExploreOptions): Promise<Explored> {
  const { mostDeviations, mostExecutions = Infinity, signal, onExecution } = options;
  const counts: number[] = [];
  let executions = 0;
  let parents: readonly Passed[] = [];
  for (let deviations = 0; deviations <= mostDeviations; deviations++) {
    const passed: Passed[] = [];
    counts.push(0);
    const candidates = deviations === 0 ? calmCourses(options) : deviating(parents, options);
    for await (const candidate of candidates) {
      if (executions >= mostExecutions || signal?.aborted === true)
        return { end: 'cut', executions, deviations, counts };
      const spec = specOf(candidate, options.base);
      const journal = new MemoryJournal();
      const run = await options.execute(spec, journal);
      executions++;
      counts[deviations] = (counts[deviations] ?? 0) + 1;
      onExecution?.({ executions, deviations });
      const { signature } = run;
      if (signature.length > 0)
        return { end: 'found', spec, signature, run, journal, executions, deviations, counts };
      if (deviations < mostDeviations) passed.push(candidate);
    }
    parents = passed;
  }
  return { end: 'complete', executions, deviations: mostDeviations, counts };
}

function* calmCourses(options: ExploreOptions): Generator<Passed> {
  for (const scope of scopesOf(options.alphabet, options)) yield { scope, deviations: [] };
}

/** To keep all journals would take more memory than to make each run once more takes time. */
async function* deviating(
  parents: readonly Passed[],
  { base, kinds, execute }: ExploreOptions,
): AsyncGenerator<Passed> {
  for (const parent of parents) {
    const { scope, deviations } = parent;
    const journal = new MemoryJournal();
    const { history } = await execute(specOf(parent, base), journal);
    const endNanos = secondsOf(scope) * NANOS_PER_SECOND;
    const after = deviations.at(-1)?.place ?? -1;
    const run = { history, journal, nodes: scope.nodes, endNanos };
    for (const deviation of deviationsFrom(run, { after, kinds }))
      yield { scope, deviations: [...deviations, deviation] };
  }
}

const specOf = ({ scope, deviations }: Passed, base: TestSpec): TestSpec => ({
  ...base,
  nodes: scope.nodes,
  concurrency: scope.nodes.length,
  timeLimitSeconds: secondsOf(scope),
  course: withDeviations(scope.course, deviations),
});
