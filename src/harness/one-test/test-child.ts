/**
 * Entry point of the process that runs simulated tests one after another (dist/test-child.js), started by
 * test-process.ts.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { boundedResult } from '../../checkers/bounded-result.ts';
import { keysToSend } from '../../checkers/result-keys.ts';
import { resultsToJson } from '../../store/results/results-text.ts';
import { letSignalsEndOwnWork } from '../../world/ended-by-signals.ts';
import { processMemory } from '../../world/simulated/process/memory-guard.ts';
import { TurnRecord } from '../../world/simulated/turn/turn-record.ts';
import { TURN_NOTE, type FromChild, type TestOrder, type ToChild } from './child-messages.ts';
import { loadWorkload } from '../own/load-own.ts';
import { belongToParent } from '../belong-to-parent.ts';
import { sentError } from '../sent-error.ts';
import { packageFile } from '../package-folder.ts';
import { StoredTest } from './stored-test.ts';
import type { WatchOrder } from './turn-watch.ts';
import { yieldLimitMs } from '../simulations/yield-limit.ts';

const STATUS_EVERY_MS = 100;

/** Shared with the watching thread: the turn in progress, and the file descriptor for its note. */
const running = new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT));
const watch: WatchOrder = {
  running,
  memoryLimitBytes: processMemory.limitBytes,
  yieldLimitMs: yieldLimitMs(),
};
new Worker(packageFile('dist/turn-watch.js'), { workerData: watch }).unref();

let test: StoredTest | undefined;

belongToParent(fail);
// The parent sends the signal when this process is too busy to receive an interruption.
letSignalsEndOwnWork('SIGINT');
process.on('message', (message: ToChild) => void obey(message).catch(fail));

async function obey(message: ToChild): Promise<void> {
  switch (message.kind) {
    case 'open':
      return open(message.order);
    case 'run':
      return run();
    case 'interrupt':
      test?.interrupt(message.by);
      return send({ kind: 'interrupted' });
    case 'abort':
      return test?.abort();
  }
}

async function open(order: TestOrder): Promise<void> {
  const { spec, store, command, tempFolder, before, fatalTurns, everyTurn, by } = order;
  const workload = await loadWorkload(spec);
  if (running[1] !== 0) closeSync(running[1] ?? 0);
  const file = openSync(join(tempFolder, TURN_NOTE), 'w');
  running[1] = file;
  const turns = new TurnRecord({
    running,
    fatal: fatalTurns,
    onLastFatal: () => {
      if (by !== undefined) test?.interrupt(by);
    },
    note: (turn) => writeSync(file, new Float64Array([turn]), 0, Float64Array.BYTES_PER_ELEMENT, 0),
    everyTurn,
  });
  test = await StoredTest.open(
    {
      spec,
      workload,
      store,
      command,
      onLog: (line, brief) => send({ kind: 'log', line, brief }),
    },
    { limits: { turns }, tempFolder, before },
  );
  if (by !== undefined && fatalTurns.length === 0) test.interrupt(by);
  send({ kind: 'opened', opened: { folder: test.folder, startedAt: test.startedAt } });
}

async function run(): Promise<void> {
  const current = test;
  if (current === undefined) throw new Error('no test has been opened');
  const sendStatus = (): void => send({ kind: 'status', status: current.status() });
  const sending = setInterval(sendStatus, STATUS_EVERY_MS);
  const finished = await current.run().finally(() => clearInterval(sending));
  sendStatus();
  // A rejected promise of a user's file is reported first if it comes at the last moment, and ends this process.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  if (finished === undefined) return send({ kind: 'aborted' });
  const { results, folder: _folder, ...rest } = finished;
  const { storeProblems } = current;
  const keys = keysToSend(boundedResult(results));
  send({ kind: 'finished', results: resultsToJson(results), keys, ...rest, storeProblems });
}

function send(message: FromChild): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  send({ kind: 'failed', error: sentError(error) });
}
