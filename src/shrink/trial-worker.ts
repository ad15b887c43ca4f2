/** What runs in each process that carries out trials: dist/trial-worker.js, started by trial-processes.ts. */
import { Worker } from 'node:worker_threads';
import { packageFile } from '../harness/package-folder.ts';
import { openSimulator } from '../harness/simulator.ts';
import type { WatchOrder } from '../harness/turn-watch.ts';
import { WORKLOADS } from '../workloads/index.ts';
import { trialOf } from './one-trial.ts';
import { ALIVE_EVERY_MS, type FromTrials, type ToTrials } from './trial-messages.ts';

/** It sees that the parent is gone also where this thread never yields. */
const watch: WatchOrder = {
  running: new Float64Array(2),
  memoryLimitBytes: Infinity,
  yieldLimitMs: Infinity,
};
new Worker(packageFile('dist/turn-watch.js'), { workerData: watch }).unref();

const simulator = openSimulator();
let last: Promise<void> = Promise.resolve();

// A terminal sends them to every process of the command; what they mean here is decided by the parent.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
process.on('message', (message: ToTrials) => {
  last = last.then(() => carryOut(message)).catch(fail);
});
setInterval(() => send({ kind: 'alive' }), ALIVE_EVERY_MS);

async function carryOut({ number, spec }: ToTrials): Promise<void> {
  const workload = WORKLOADS.get(spec.workload);
  if (workload === undefined) throw new Error(`there is no workload ${spec.workload}`);
  const run = await simulator.run(spec, workload, spec.seed);
  send({ kind: 'tried', number, trial: trialOf(run) });
}

function send(message: FromTrials): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  send({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
