/** What runs in each process of a hunt: dist/hunt-worker.js, started by worker-process.ts. One run after the other. */
import { Worker } from 'node:worker_threads';
import { packageFile } from '../harness/package-folder.ts';
import { openSimulator } from '../harness/simulator.ts';
import type { WatchOrder } from '../harness/turn-watch.ts';
import { WORKLOADS } from '../workloads/index.ts';
import { JobRunner, type Job } from './job.ts';
import { ALIVE_EVERY_MS, type FromWorker, type ToWorker } from './worker-messages.ts';

/** It sees that the parent is gone also where this thread never yields. */
const watch: WatchOrder = {
  running: new Float64Array(2),
  memoryLimitBytes: Infinity,
  yieldLimitMs: Infinity,
};
new Worker(packageFile('dist/turn-watch.js'), { workerData: watch }).unref();

// A run must come to a verdict: one that takes too long is seen by the parent.
const simulator = openSimulator({ eventBudget: Infinity });
let runner: JobRunner | undefined;
/** Runs are carried out in the order in which they are asked for. */
let last: Promise<void> = Promise.resolve();

// A terminal sends them to every process of the command; what they mean here is decided by the parent.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
process.on('disconnect', () => process.exit());
process.on('message', (message: ToWorker) => {
  last = last.then(() => obey(message)).catch(fail);
});
setInterval(() => send({ kind: 'alive' }), ALIVE_EVERY_MS);

async function obey(message: ToWorker): Promise<void> {
  if (message.kind === 'run') return run(message.job);
  const { plan, program } = message;
  const workload = WORKLOADS.get(plan.base.workload);
  if (workload === undefined) throw new Error(`the workload ${plan.base.workload} was found before`);
  runner = new JobRunner(plan, program, workload, simulator);
  send({ kind: 'ready' });
}

async function run(job: Job): Promise<void> {
  if (runner === undefined) throw new Error('a run was asked for before the program');
  const ran = await runner.run(job);
  const { user, system } = process.cpuUsage();
  send({ kind: 'ran', number: job.number, ran, cpuMs: (user + system) / 1000 });
}

function send(message: FromWorker): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  send({ kind: 'failed', message, ...(stack === undefined ? {} : { stack }) });
}
