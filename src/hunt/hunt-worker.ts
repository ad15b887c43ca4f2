/** What runs in each process of a hunt: dist/hunt-worker.js, started by worker-process.ts. One run after the other. */
import { loadInvariants } from '../harness/load-invariants.ts';
import { openSimulator } from '../harness/simulator.ts';
import { serveParent } from '../harness/simulation-worker.ts';
import { WORKLOADS } from '../workloads/index.ts';
import { JobRunner, type Job } from './job.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const simulator = openSimulator();
let runner: JobRunner | undefined;

serveParent(obey);

async function obey(message: ToWorker): Promise<void> {
  if (message.kind === 'run') return run(message.job);
  const { plan, program } = message;
  const workload = WORKLOADS.get(plan.base.workload);
  if (workload === undefined) throw new Error(`the workload ${plan.base.workload} was found before`);
  const invariants = await loadInvariants(plan.base);
  runner = new JobRunner(plan, program, workload, simulator, invariants);
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
