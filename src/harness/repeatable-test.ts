/**
 * A simulated test whose nodes may fill the memory in a single turn. V8 then ends the whole process, and nothing can stop a
 * turn in time from within its own thread. So:
 *
 *     this thread             no turn takes long, as in nearly all runs: that is all
 *       | a long turn
 *     another thread          this one watches the memory, and ends that one in time
 *       | memory filled, in turn 4711
 *     another thread          the same, but the node is ended where turn 4711 would begin
 *
 * Each attempt begins anew: the same seed gives the same run up to there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../protocol/user-error.ts';
import type { TestSpec } from '../run/test-spec.ts';
import { processMemory } from '../world/simulated/memory-guard.ts';
import { LongTurnError } from '../world/simulated/turn-record.ts';
import type { RunStatus } from '../run/run-status.ts';
import type { RunningTest, StoredResults } from './running-test.ts';
import { StoredTest, type StoredTestOptions } from './stored-test.ts';
import { TestThread } from './test-thread.ts';

/** No program fills memory faster: new pages must be cleared. */
const FASTEST_BYTES_PER_MS = 4e6;
/** A turn may take so much of what it could fill the share of the memory with that nodes do not use between turns. */
const FREE_SHARE = 0.4;
/** Between two slices of events nothing is stopped, so that a shorter time would end right runs. */
const SHORTEST_MS = 80;
/** How many nodes are ended for their memory before the run itself is cut short. */
const MOST_FATAL_TURNS = 4;

export class RepeatableTest implements RunningTest {
  readonly spec: TestSpec;
  readonly folder: string;
  private first: StoredTest | undefined;
  private thread: TestThread | undefined;
  private problems: readonly string[] = [];
  private lastStatus: RunStatus;
  private interruptedBy: string | undefined;
  private aborted = false;
  /** Lines of the log that have been passed on: a repetition has the same ones. */
  private linesShown = 0;

  static async open(options: StoredTestOptions, workerFile: string): Promise<RepeatableTest> {
    const longTurnMs = longestTurnMs();
    let showLine = (line: string): void => options.onLog?.(line);
    const first = await StoredTest.open(
      { ...options, onLog: (line) => showLine(line) },
      { limits: longTurnMs === undefined ? {} : { longTurnMs } },
    );
    const test = new RepeatableTest(options, workerFile, first, longTurnMs);
    showLine = test.lineShower();
    return test;
  }

  private constructor(
    private readonly options: StoredTestOptions,
    private readonly workerFile: string,
    first: StoredTest,
    private readonly longTurnMs: number | undefined,
  ) {
    this.spec = options.spec;
    this.folder = first.folder;
    this.first = first;
    this.lastStatus = first.status();
  }

  get storeProblems(): readonly string[] {
    return this.first?.storeProblems ?? this.problems;
  }

  status(): RunStatus {
    return this.first?.status() ?? this.thread?.status ?? this.lastStatus;
  }

  async run(): Promise<StoredResults | undefined> {
    const { first } = this;
    if (first === undefined) throw new Error('this test has been run');
    const { startedAt } = first;
    if (this.longTurnMs === undefined) {
      await first.release();
    } else {
      try {
        return await first.run();
      } catch (error) {
        if (!(error instanceof LongTurnError)) throw error;
      }
    }
    return this.aborted ? undefined : this.repeat(startedAt);
  }

  interrupt(by: string): void {
    this.interruptedBy = by;
    this.first?.interrupt(by);
    this.thread?.interrupt(by);
  }

  async abort(): Promise<void> {
    this.aborted = true;
    await this.first?.abort();
    await this.thread?.abort();
  }

  private async repeat(startedAt: Date): Promise<StoredResults | undefined> {
    this.first = undefined;
    // What the turn has left must not count as the next attempt's.
    processMemory.collect();
    const tempFolder = mkdtempSync(join(tmpdir(), 'maelstrom-'));
    const fatalTurns: number[] = [];
    try {
      for (;;) {
        const isLast = fatalTurns.length === MOST_FATAL_TURNS;
        const by = this.interruptedBy ?? (isLast ? 'nodes that fill the memory' : undefined);
        const thread = new TestThread(
          this.workerFile,
          { ...this.options, onLog: this.lineShower() },
          { folder: this.folder, startedAt, tempFolder, fatalTurns, ...(by === undefined ? {} : { by }) },
        );
        this.thread = thread;
        const end = await thread.end;
        this.lastStatus = thread.status;
        if (end.kind === 'failed') throw end.error;
        if (end.kind === 'finished') {
          this.problems = end.storeProblems;
          const { results, sentence, interrupted } = end;
          return { results, sentence, folder: this.folder, interrupted };
        }
        if (this.aborted || end.kind === 'aborted') return undefined;
        if (end.turn === 0 || isLast) throw memoryIsFull();
        fatalTurns.push(end.turn);
        this.options.onLog?.(
          'A node has filled the memory in a single turn: the run is repeated, and that node ended before it.',
        );
      }
    } finally {
      this.thread = undefined;
      rmSync(tempFolder, { recursive: true, force: true });
    }
  }

  /** For one attempt: passes on the lines that none before it had. */
  private lineShower(): (line: string) => void {
    let count = 0;
    return (line) => {
      if (++count <= this.linesShown) return;
      this.linesShown = count;
      this.options.onLog?.(line);
    };
  }
}

/** How long a turn may take before its memory must be watched; undefined where the memory is too small to wait at all. */
function longestTurnMs(): number | undefined {
  const ms = Math.floor((processMemory.limitBytes * FREE_SHARE) / FASTEST_BYTES_PER_MS);
  return ms < SHORTEST_MS ? undefined : ms;
}

const memoryIsFull = (): UserError =>
  new UserError(
    `The run needs more memory than the simulation has (${Math.round(processMemory.limitBytes / 1e6)} MB), beside what single nodes take.`,
    'Allow more: NODE_OPTIONS=--max-old-space-size=8000. Or make the run smaller: --time-limit, --rate, --node-count.',
  );
