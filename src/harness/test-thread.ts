/**
 * An attempt at a simulated test in another thread, whose memory is watched from here. What V8 itself does when a thread's
 * heap is full is no help: where one piece is large, it ends the process.
 */
import { freemem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { parseJson } from '../protocol/json.ts';
import { UserError } from '../protocol/user-error.ts';
import type { TestResults } from '../run/analysis.ts';
import type { RunStatus } from '../run/run-status.ts';
import { unmarkRunning } from '../store/running-mark.ts';
import { processMemory } from '../world/simulated/memory-guard.ts';
import type { StoredTestOptions } from './stored-test.ts';
import type { FromThread, TestOrder, ThrownInThread, ToThread } from './thread-messages.ts';

const LOOK_EVERY_MS = 10;
/** The thread is ended when the process has grown by this multiple of the memory that nodes may use, buffers and garbage included. */
const ENDED_AT = 1.05;
/**
 * V8's own limit, which must lie above by more than a turn takes between two looks. Not by much more: the larger it is, the
 * more garbage V8 lets lie, and that counts as well.
 */
const HEAP_LIMIT = 1.3;
/** Of the memory that the machine has left. */
const MOST_OF_FREE = 0.9;
/** After that an abortion waits no longer for the thread's own good order. */
const ABORT_PATIENCE_MS = 2_000;

export type ThreadEnd =
  | {
      readonly kind: 'finished';
      readonly results: TestResults;
      readonly sentence: string;
      readonly interrupted: boolean;
      readonly storeProblems: readonly string[];
    }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'failed'; readonly error: Error }
  /** It was ended because of its memory, in that turn; 0 between turns. */
  | { readonly kind: 'memory'; readonly turn: number };

export type AttemptFacts = Pick<TestOrder, 'folder' | 'startedAt' | 'tempFolder' | 'fatalTurns' | 'by'>;

export class TestThread {
  /** Never rejects. */
  readonly end: Promise<ThreadEnd>;
  status: RunStatus = {
    phase: 'starting',
    invoked: 0,
    ok: 0,
    fail: 0,
    info: 0,
    messages: 0,
    activeFaults: [],
  };
  private readonly worker: Worker;
  private readonly running = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));

  constructor(workerFile: string, options: StoredTestOptions, facts: AttemptFacts) {
    const { spec, workload, store, command } = options;
    const { limitBytes } = processMemory;
    const order: TestOrder = {
      ...facts,
      spec,
      workload: workload.name,
      store,
      ...(command === undefined ? {} : { command }),
      memoryLimitBytes: limitBytes,
      running: this.running,
    };
    this.worker = new Worker(workerFile, {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil((HEAP_LIMIT * limitBytes) / 2 ** 20) },
    });
    this.end = this.watch(options, facts.folder);
  }

  interrupt(by: string): void {
    this.post({ kind: 'interrupt', by });
  }

  async abort(): Promise<void> {
    this.post({ kind: 'abort' });
    const giveUp = setTimeout(() => void this.worker.terminate(), ABORT_PATIENCE_MS);
    await this.end;
    clearTimeout(giveUp);
  }

  private post(message: ToThread): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.worker.postMessage(message);
  }

  private watch({ onLog }: StoredTestOptions, folder: string): Promise<ThreadEnd> {
    const { worker } = this;
    const before = process.memoryUsage.rss();
    const mayGrowBytes = Math.min(ENDED_AT * processMemory.limitBytes, MOST_OF_FREE * freemem());
    return new Promise((resolve) => {
      let end: ThreadEnd | undefined;
      const looking = setInterval(() => {
        if (end !== undefined || process.memoryUsage.rss() - before < mayGrowBytes) return;
        end = this.memoryEnd();
        void worker.terminate();
      }, LOOK_EVERY_MS);
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'log') onLog?.(message.line);
        else if (message.kind === 'status') this.status = message.status;
        else end ??= readEnd(message);
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        end ??= error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? this.memoryEnd() : { kind: 'failed', error };
      });
      worker.on('exit', () => {
        clearInterval(looking);
        unmarkRunning(folder);
        resolve(end ?? { kind: 'aborted' });
      });
    });
  }

  private memoryEnd(): ThreadEnd {
    return { kind: 'memory', turn: this.running[0] ?? 0 };
  }
}

function readEnd(message: Exclude<FromThread, { kind: 'log' | 'status' }>): ThreadEnd {
  switch (message.kind) {
    case 'aborted':
      return message;
    case 'failed':
      return { kind: 'failed', error: readError(message.error) };
    case 'finished': {
      const { sentence, interrupted, storeProblems } = message;
      // Written by the thread, from results.
      const results = parseJson(message.results) as unknown as TestResults;
      return { kind: 'finished', results, sentence, interrupted, storeProblems };
    }
  }
}

function readError({ message, stack, isUsers, hint }: ThrownInThread): Error {
  if (isUsers) return new UserError(message, hint);
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
