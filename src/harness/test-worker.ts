/** What runs in the thread of a simulated test: dist/test-worker.js, started by test-thread.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../protocol/user-error.ts';
import { resultsToJson } from '../store/results-text.ts';
import { WORKLOADS } from '../workloads/index.ts';
import { processMemory } from '../world/simulated/memory-guard.ts';
import { TurnRecord } from '../world/simulated/turn-record.ts';
import { StoredTest } from './stored-test.ts';
import type { FromThread, TestOrder, ThrownInThread, ToThread } from './thread-messages.ts';

const STATUS_EVERY_MS = 100;

// Put there by test-thread.ts.
const order = workerData as TestOrder;

try {
  post(await runOrdered());
} catch (error) {
  post({ kind: 'failed', error: thrown(error) });
}
parentPort?.close();

async function runOrdered(): Promise<FromThread> {
  const { spec, store, command, folder, startedAt, tempFolder, running, fatalTurns, by } = order;
  const workload = WORKLOADS.get(order.workload);
  if (workload === undefined) throw new Error(`the workload ${order.workload} was found before`);
  const turns = new TurnRecord(running, fatalTurns, () => {
    if (by !== undefined) test.interrupt(by);
  });
  const test = await StoredTest.open(
    {
      spec,
      workload,
      store,
      ...(command === undefined ? {} : { command }),
      onLog: (line) => post({ kind: 'log', line }),
    },
    {
      limits: { turns, memory: { ...processMemory, limitBytes: order.memoryLimitBytes } },
      again: folder,
      startedAt,
      tempFolder,
    },
  );
  parentPort?.on('message', (message: ToThread) => {
    if (message.kind === 'abort') void test.abort();
    else test.interrupt(message.by);
  });
  const telling = setInterval(() => post({ kind: 'status', status: test.status() }), STATUS_EVERY_MS);
  try {
    const finished = await test.run();
    post({ kind: 'status', status: test.status() });
    if (finished === undefined) return { kind: 'aborted' };
    const { results, sentence, interrupted } = finished;
    const { storeProblems } = test;
    return { kind: 'finished', results: resultsToJson(results), sentence, interrupted, storeProblems };
  } finally {
    clearInterval(telling);
  }
}

function post(message: FromThread): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(message);
}

function thrown(error: unknown): ThrownInThread {
  if (!(error instanceof Error)) return { message: String(error), isUsers: false };
  const { message, stack } = error;
  if (error instanceof UserError) {
    const { hint } = error;
    return { message, isUsers: true, ...(hint === undefined ? {} : { hint }) };
  }
  return { message, isUsers: false, ...(stack === undefined ? {} : { stack }) };
}
