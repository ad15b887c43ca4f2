/**
 * Entry point of the hunt's processes (dist/hunt-worker.js), which worker-process.ts starts. Each carries out one run
 * after another.
 */
import { loadParts, loadWorkload } from '../../harness/own/load-own.ts';
import { openSimulator } from '../../harness/simulations/simulator.ts';
import { serveParent } from '../../harness/simulations/simulation-worker.ts';
import { JobRunner, type Job } from '../job.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const simulator = openSimulator();
let runner: JobRunner | undefined;

serveParent(obey);

async function obey(message: ToWorker): Promise<void> {
  if (message.kind === 'run') return run(message.job);
  const { plan, bin } = message;
  const workload = await loadWorkload(plan.base);
  const parts = await loadParts(plan.base);
  runner = new JobRunner(plan, bin, workload, simulator, parts);
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
