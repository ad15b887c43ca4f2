/** One test whose results are stored: combines a world, a folder of the store, and a TestRun. */
import { rmSync } from 'node:fs';
import { evidenceOf } from '../../run/verdict/evidence-of.ts';
import { withOwnWords } from '../../run/words/own-words.ts';
import type { RunLog } from '../../run/run-outputs.ts';
import type { RunStatus } from '../../run/run-status.ts';
import type { TestResults } from '../../run/verdict/analysis.ts';
import { TestRun, type RunOutputs } from '../../run/test-run.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { verdictSentence } from '../../run/words/verdict-sentence.ts';
import { writeEvidence } from '../../store/own-evidence.ts';
import { UserError } from '../../protocol/user-error.ts';
import { RunFolder } from '../../store/writing/run-folder.ts';
import type { Workload } from '../../workloads/workload.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import { timesEndedBySignals } from '../../world/ended-by-signals.ts';
import { checkOpenFiles, makeTempFolder, tempProblem } from '../../world/real/machine-limits.ts';
import type { World } from '../../world/world.ts';
import { checkBin } from '../settings/check-bin.ts';
import { isOwnWorkload } from '../../run/guards/guarded-workload.ts';
import type { NamedInvariant } from '../../run/invariants/invariant-watch.ts';
import type { RunParts } from '../../run/run-parts.ts';
import { leftSentences } from './left-sentences.ts';
import { loadParts } from '../own/load-own.ts';
import { openWorld, type SimulationLimits } from './open-world.ts';
import type { RunningTest, StoredResults } from './running-test.ts';
import type { Surrounding } from '../simulating-child.ts';
import { whereLogs } from '../settings/short-path.ts';
import { VERSION } from '../version.ts';

export interface StoredTestOptions {
  readonly spec: TestSpec;
  readonly workload: Workload;
  /** The store's folder. */
  readonly store: string;
  /** The command line that reproduces this run. */
  readonly command?: string | undefined;
  readonly onLog?: RunLog | undefined;
  /** Invariants of the caller, in addition to those of the spec. */
  readonly invariants?: readonly NamedInvariant[];
  /** How the surroundings of the process of a simulated test differ from those of this one. */
  readonly elsewhere?: readonly Surrounding[];
}

/** Options of a run that may be repeated from its beginning. */
export interface Attempt {
  readonly limits?: SimulationLimits;
  /** The previous attempt, whose folder this one takes over. */
  readonly before?: { readonly folder: string; readonly startedAt: Date } | undefined;
  /** A folder of the caller's for temporary files. */
  readonly tempFolder?: string;
}

/** Resources of a running test. */
interface Prepared {
  /** The spec with the program as it is to be started. */
  readonly spec: TestSpec;
  readonly world: World;
  readonly parts: RunParts;
  /** Steps that release everything, in order; each may be run twice. */
  readonly release: (() => void | Promise<void>)[];
}

export class StoredTest implements RunningTest {
  readonly spec: TestSpec;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  readonly startedAt: Date;
  private readonly runFolder: RunFolder;
  private readonly prepared: Prepared;
  private readonly testRun: TestRun;
  private readonly workload: Workload;
  private readonly fileProblems: string[] = [];
  private aborted = false;
  private endAborted: () => void = () => undefined;
  private readonly abortion = new Promise<undefined>((resolve) => {
    this.endAborted = () => resolve(undefined);
  });
  private interrupted = false;
  private leftReported = false;

  /** Throws a UserError if the spec or the store cannot be used. */
  static async open(options: StoredTestOptions, attempt: Attempt = {}): Promise<StoredTest> {
    const { spec } = options;
    checkBin(spec.bin, spec.world);
    if (spec.world === 'real') checkOpenFiles(spec.nodes.length);
    const bundles = attempt.tempFolder ?? makeTempFolder('maelstrom-');
    const release: (() => void | Promise<void>)[] = [() => rmSync(bundles, { recursive: true, force: true })];
    try {
      const { bin, args } = await bundleNode(spec.bin, spec.world, bundles).catch((error: unknown) => {
        throw tempProblem(error) ?? error;
      });
      const parts = await loadParts(spec, options.invariants);
      const world = await openWorld(spec, attempt.limits);
      release.unshift(() => world.close());
      return new StoredTest(
        options,
        { spec: { ...spec, bin, args: [...args, ...spec.args] }, world, parts, release },
        attempt,
      );
    } catch (error) {
      for (const step of release) await step();
      throw error;
    }
  }

  private constructor(options: StoredTestOptions, prepared: Prepared, attempt: Attempt) {
    const { spec, command } = options;
    const { before } = attempt;
    const startedAt = before?.startedAt ?? new Date();
    this.spec = spec;
    this.workload = options.workload;
    this.startedAt = startedAt;
    this.prepared = prepared;
    this.runFolder = new RunFolder({
      store: options.store,
      spec,
      startedAt,
      again: before?.folder,
      maelstromVersion: VERSION,
      command,
      onProblem: (problem) => this.onFileProblem(problem, options.onLog),
    });
    this.folder = this.runFolder.path;
    prepared.release.push(
      () => this.reportLeft(options.onLog),
      () => this.runFolder.close(),
    );
    const outputs: RunOutputs = {
      history: this.runFolder.history,
      journal: this.runFolder.journal,
      clientOpened: (client) => this.runFolder.clientOpened(client),
      stateChanged: (change) => this.runFolder.stateChanged(change),
      log: (line, brief) => {
        this.runFolder.log(line);
        options.onLog?.(whereLogs(line, this.folder), brief);
      },
      nodeLogFile: (node) => this.runFolder.nodeLogFile(node),
      nodeLogName: (node) => this.runFolder.nodeLogName(node),
      timesBegin: (zeroNanos) => this.runFolder.timesBegin(zeroNanos),
      // A simulated node has its own disk in memory, the same wherever results are stored.
      ...(spec.world === 'simulated'
        ? {}
        : { nodeDataDir: (node: string) => this.runFolder.nodeDataDir(node) }),
    };
    const { world, parts } = prepared;
    this.testRun = new TestRun(prepared.spec, options.workload, world, outputs, parts);
  }

  status(): RunStatus {
    return this.testRun.status();
  }

  /** Files that could not be written, if any; the results are then in doubt. */
  get storeProblems(): readonly string[] {
    return this.fileProblems;
  }

  /**
   * Runs the test to its end and writes the results. Called exactly once. Resolves to undefined if it was aborted
   * meanwhile.
   */
  async run(): Promise<StoredResults | undefined> {
    const endedBefore = timesEndedBySignals();
    try {
      const running = this.testRun.run();
      // A run whose world was closed during it never ends.
      const made = await Promise.race([running, this.abortion]);
      if (made === undefined || this.aborted) return undefined;
      if (timesEndedBySignals() !== endedBefore) this.interrupted = true;
      const results = withOwnWords(this.workload, made, this.testRun.names);
      const verdict = verdictSentence(this.spec, results, {
        workload: this.workload,
        ...this.testRun.names,
      });
      const warning = this.writeResults(results, verdict);
      // For other workloads the evidence is derived from the results by the name of the workload.
      if (isOwnWorkload(this.workload))
        writeEvidence(this.folder, evidenceOf(this.workload, results, this.testRun.names));
      const sentence = warning === undefined ? verdict : `${verdict}\n${warning}`;
      const stored = { results, sentence, folder: this.folder, interrupted: this.interrupted };
      if (this.spec.world === 'real' || this.interrupted) return stored;
      return { ...stored, digest: this.runFolder.recordDigest() };
    } catch (error) {
      if (this.aborted) return undefined;
      this.runFolder.log(
        `Failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      throw error;
    } finally {
      await this.release();
    }
  }

  /** Writes the results; if that fails, the error contains the verdict. */
  private writeResults(results: TestResults, verdict: string): string | undefined {
    try {
      return this.runFolder.writeResults(results);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${error.message}\nThe verdict was: ${verdict}`, error.hint);
    }
  }

  /** Ends the requests now and analyses the history so far. */
  interrupt(by: string): void {
    this.interrupted = true;
    this.testRun.interrupt(by);
  }

  /** Ends everything now, without analysis and without leaving processes. What was recorded is kept. */
  async abort(): Promise<void> {
    this.aborted = true;
    this.testRun.interrupt();
    await this.release();
    this.endAborted();
  }

  private async release(): Promise<void> {
    for (const step of this.prepared.release) await step();
  }

  private reportLeft(onLog: ((line: string) => void) | undefined): void {
    if (this.leftReported) return;
    this.leftReported = true;
    for (const line of leftSentences(this.prepared.world.leftBehind?.() ?? [])) {
      this.runFolder.log(line);
      onLog?.(line);
    }
  }

  private onFileProblem(problem: string, onLog: ((line: string) => void) | undefined): void {
    this.fileProblems.push(problem);
    onLog?.(problem);
    // Without a history there is no point in going on. Deferred, because this is called from within the run.
    if (this.fileProblems.length === 1)
      setImmediate(() => this.interrupt('a file that could not be written'));
  }
}
