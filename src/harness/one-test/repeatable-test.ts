/**
 * A simulated test whose nodes may kill the process they run in: by a single turn that exhausts the memory, or by a
 * call inside V8 that cannot be interrupted. It therefore runs in another process, and is repeated when that one has
 * died:
 *
 *     attempt 1     died in turn 4711, or in an unknown one: it was too short to be noted
 *     attempt 2     only if it is unknown: each turn is noted, however short
 *     attempt 3     the node is ended where turn 4711 would begin
 *
 * Each attempt starts from the beginning: the same seed gives the same run up to that turn.
 */
import { rmSync } from 'node:fs';
import { UserError } from '../../protocol/user-error.ts';
import type { RunStatus } from '../../run/run-status.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { makeTempFolder } from '../../world/real/machine-limits.ts';
import { processMemory } from '../../world/simulated/process/memory-guard.ts';
import type { FatalTurn } from '../../world/simulated/turn/turn-record.ts';
import type { Opened } from './child-messages.ts';
import type { RunningTest, StoredResults } from './running-test.ts';
import type { StoredTestOptions } from './stored-test.ts';
import { TestAttempt, type AttemptEnd } from './test-attempt.ts';

/** Maximum number of turns skipped before the run itself is cut short. */
const MOST_FATAL_TURNS = 3;

export class RepeatableTest implements RunningTest {
  readonly spec: TestSpec;
  storeProblems: readonly string[] = [];
  private readonly tempFolder = makeTempFolder('maelstrom-');
  private attempt: TestAttempt;
  private opened: Opened | undefined;
  private readonly fatalTurns: FatalTurn[] = [];
  private everyTurn = false;
  private interruptedBy: string | undefined;
  private aborted = false;
  /** Number of log lines already passed on; a repetition prints the same ones again. */
  private linesShown = 0;

  /** Opens the test; `childFile` is dist/test-child.js. */
  static async open(options: StoredTestOptions, childFile: string): Promise<RepeatableTest> {
    const test = new RepeatableTest(options, childFile);
    test.opened = await test.attempt.opened;
    if (test.opened !== undefined) return test;
    test.close();
    throw errorOf(await test.attempt.end);
  }

  private constructor(
    private readonly options: StoredTestOptions,
    private readonly childFile: string,
  ) {
    this.spec = options.spec;
    this.attempt = this.begin();
  }

  get folder(): string {
    return this.opened?.folder ?? '';
  }

  status(): RunStatus {
    return this.attempt.status;
  }

  async run(): Promise<StoredResults | undefined> {
    try {
      for (;;) {
        if ((await this.attempt.opened) !== undefined) this.attempt.run();
        const end = await this.attempt.end;
        if (end.kind === 'finished') return this.finished(end);
        if (end.kind === 'aborted' || this.aborted) return undefined;
        if (end.kind === 'failed' || !this.learn(end)) throw errorOf(end);
        this.attempt = this.begin();
      }
    } finally {
      this.close();
    }
  }

  interrupt(by: string): void {
    this.interruptedBy = by;
    this.attempt.interrupt(by);
  }

  async abort(): Promise<void> {
    this.aborted = true;
    await this.attempt.abort();
  }

  private begin(): TestAttempt {
    const { spec, store, command, onLog } = this.options;
    const { tempFolder, opened, fatalTurns, everyTurn } = this;
    const isLast = fatalTurns.length === MOST_FATAL_TURNS;
    const by = this.interruptedBy ?? (isLast ? 'nodes that end the simulation' : undefined);
    let lines = 0;
    return new TestAttempt(
      { file: this.childFile, elsewhere: this.options.elsewhere ?? [] },
      {
        spec,
        store,
        command,
        tempFolder,
        before: opened,
        fatalTurns,
        everyTurn,
        by,
      },
      (line, brief) => {
        if (++lines <= this.linesShown) return;
        this.linesShown = lines;
        onLog?.(line, brief);
      },
    );
  }

  /** Returns whether the next attempt may get further than the one that died. */
  private learn({ turn, cause }: Extract<AttemptEnd, { kind: 'died' }>): boolean {
    const { onLog } = this.options;
    if (turn === 0 && !this.everyTurn) {
      this.everyTurn = true;
      onLog?.('The memory was filled too fast to see which node did it: the run is repeated.');
      return true;
    }
    if (turn === 0 || this.fatalTurns.length === MOST_FATAL_TURNS) return false;
    this.fatalTurns.push({ turn, kind: cause });
    const did = { memory: 'has filled the memory in a single turn', time: 'does not yield' }[cause];
    onLog?.(`A node ${did}: the run is repeated, and that node is stopped before it.`);
    return true;
  }

  private finished(end: Extract<AttemptEnd, { kind: 'finished' }>): StoredResults {
    const { kind: _kind, storeProblems, ...results } = end;
    this.storeProblems = storeProblems;
    return { ...results, folder: this.folder };
  }

  private close(): void {
    rmSync(this.tempFolder, { recursive: true, force: true });
  }
}

function errorOf(end: AttemptEnd): Error {
  if (end.kind === 'failed') return end.error;
  if (end.kind === 'died' && end.words.includes('out of memory'))
    return new UserError(
      `The run needs more memory than the simulation has (${Math.round(processMemory.limitBytes / 1e6)} MB), not counting that of single nodes.`,
      'Allow more: NODE_OPTIONS=--max-old-space-size=8000. Or make the run smaller: --time-limit, --rate, --node-count.',
    );
  return new Error(`the process of the simulation died: ${end.kind === 'died' ? end.words : end.kind}`);
}
