/** Prepares a hunt: its folder, and what carries out its runs, in the simulated world or the real one. */
import { join } from 'node:path';
import { statSync } from 'node:fs';
import { loadInvariants } from '../../harness/own/load-invariants.ts';
import { pathsOf } from '../../harness/own/packed-file.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { VERSION } from '../../harness/version.ts';
import { carefulRun } from '../../hunt/workers/careful-run.ts';
import {
  digestOfProgram,
  HuntFolder,
  newHead,
  type GivenWords,
  type HuntHead,
  type StoredHunt,
} from '../../hunt/hunt-folder.ts';
import type { HuntPlan } from '../../hunt/plan/hunt-plan.ts';
import { planRun } from '../../hunt/plan/plan-run.ts';
import { seedOfRun, type JobHands } from '../../hunt/hunt.ts';
import { abortOnInterrupt } from '../interrupts.ts';
import type { HuntCampaign } from '../../campaign/hunt-campaign.ts';
import { RealHands } from '../../hunt/real-hands.ts';
import { WorkerPool } from '../../hunt/workers/worker-pool.ts';
import { counted } from '../../protocol/count-text.ts';
import { shownLines } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { bundleNode } from '../../world/bundling/bundle.ts';
import type { Workload } from '../../workloads/workload.ts';
import type { Console } from '../show/console.ts';

export interface HuntContext {
  readonly plan: HuntPlan;
  readonly given: GivenWords;
  readonly before: StoredHunt | undefined;
  /** Seed of a new hunt. */
  readonly seed: string;
  readonly workload: Workload;
  readonly workers: number;
  readonly mostRuns: number | undefined;
  /** Address of a Redis whose workers carry out the runs. */
  readonly queue: string | undefined;
  readonly store: string;
  /** Folder for the bundled program. */
  readonly tempFolder: string;
  /** Ends the hunt. */
  readonly stopping: AbortController;
  readonly commandOf: (spec: TestSpec) => string;
  readonly console: Console;
}

export interface OpenedHunt {
  readonly head: HuntHead;
  readonly folder: HuntFolder;
  readonly hands: JobHands;
  /** CPU time of what carries out the runs, so far. */
  readonly cpuMs: () => number;
  /** Set if other machines carry out the runs. */
  readonly campaign?: HuntCampaign;
}

export async function openSimulatedHunt(context: HuntContext): Promise<OpenedHunt> {
  const { plan, seed, before, workload, workers, tempFolder, stopping } = context;
  const { bin } = await bundleNode(plan.base.bin, 'simulated', tempFolder);
  // Reports errors in the user's files before a run needs them.
  await loadInvariants(plan.base);
  const programDigest = digestOfProgram(bin, pathsOf(plan.base));
  if (before !== undefined) refuseOtherProgram(before, programDigest);
  const isQueued = context.queue !== undefined;
  const pool = new WorkerPool({
    // Workers elsewhere carry out all runs but the first one.
    workers: isQueued ? 1 : workers,
    file: packageFile('dist/hunt-worker.js'),
    plan,
    bin,
    careful: (job, current) => {
      const spec = { ...planRun(current, job.seed), bin };
      if (job.number > 0) return carefulRun(spec, workload, stopping.signal);
      context.console.line(
        'The first run crashed its process or hung: it is repeated alone, to see what does not return. Press Ctrl-C if one of your own files takes too long.',
      );
      const cutting = new AbortController();
      const stopListening = abortOnInterrupt(cutting);
      return carefulRun(spec, workload, stopping.signal, cutting.signal).finally(() => {
        stopListening();
        if (cutting.signal.aborted) stopping.abort();
      });
    },
  });
  const cpuMs = (): number => pool.cpuMs;
  const opened = async (): Promise<Pick<OpenedHunt, 'head' | 'folder'>> => {
    if (before !== undefined) return resumed(before);
    const first = await pool.run({ number: 0, seed: seedOfRun(seed, 0) });
    const { readySeconds, failoverSeconds, doubt, why } = first ?? {};
    if (readySeconds === undefined) warnOfSilence(context, why);
    else if (doubt === 'too many events') warnOfStorm(context, why);
    const ready: HuntPlan = {
      ...plan,
      readySeconds: readySeconds ?? 0,
      ...(failoverSeconds === undefined ? {} : { failoverSeconds }),
    };
    pool.follow(ready);
    return begun({ ...context, plan: ready }, programDigest);
  };
  if (!isQueued) return { ...(await opened()), hands: pool, cpuMs };
  const { connectQueue, openCampaign } = await import('./open-campaign.ts');
  // Reports an unusable Redis before anything is created.
  const connection = await connectQueue(context.queue);
  const { console } = context;
  if (connection.warning !== '') console.line(`${console.paint('yellow', 'Warning:')} ${connection.warning}`);
  try {
    const hunt = await opened();
    await pool.close();
    const campaign = await openCampaign(connection, { ...context, head: hunt.head, bin });
    return { ...hunt, hands: campaign.hands, cpuMs: () => campaign.hands.cpuMs, campaign };
  } catch (error) {
    await pool.close();
    connection.redis.disconnect();
    throw error;
  }
}

export async function openRealHunt(context: HuntContext): Promise<OpenedHunt> {
  const { plan, before, workload, workers, store, commandOf } = context;
  await loadInvariants(plan.base);
  const programDigest = digestOfFile(plan.base.bin);
  if (before !== undefined) refuseOtherProgram(before, programDigest);
  const { head, folder } = before === undefined ? begun(context, programDigest) : resumed(before);
  const passing = join(folder.path, 'runs');
  const hands = new RealHands({ plan, workload, clusters: workers, store, passing, commandOf });
  return { head, folder, hands, cpuMs: () => 0 };
}

const resumed = (before: StoredHunt): Pick<OpenedHunt, 'head' | 'folder'> => ({
  head: before.head,
  folder: HuntFolder.reopen(before),
});

function begun(
  { plan, given, seed, store }: HuntContext,
  programDigest: string,
): Pick<OpenedHunt, 'head' | 'folder'> {
  const head = newHead({
    seed,
    startedAt: new Date().toISOString(),
    plan,
    given,
    programDigest,
    versions: { maelstrom: VERSION, node: process.version },
  });
  return { head, folder: HuntFolder.create(store, head) };
}

/** Does not cover folders, or files that a program loads. */
const digestOfFile = (bin: string): string => (statSync(bin).isFile() ? digestOfProgram(bin) : '');

function warnOfSilence({ plan, console }: HuntContext, why: string | undefined): void {
  console.line(
    `${console.paint('yellow', 'Warning:')} in a first run of 10 s, with ${counted(plan.base.nodes.length, 'node')} and without ` +
      `faults, not one operation succeeded.${why === undefined ? '' : ` ${shownLines(why)}`}`,
  );
}

function warnOfStorm({ plan, console }: HuntContext, why = ''): void {
  console.line(
    `${console.paint('yellow', 'Warning:')} a first run of 10 s, with ${counted(plan.base.nodes.length, 'node')} and without faults, did not come to its end. ${shownLines(why)}`,
  );
}

function refuseOtherProgram({ head }: StoredHunt, programDigest: string): void {
  if (head.programDigest === programDigest) return;
  const { bin } = head.given;
  throw new UserError(
    `${bin} or an invariant has changed since this hunt, so its runs say nothing about the current version.`,
    `Start a new hunt: maelstrom hunt -w ${head.plan.base.workload} --bin ${bin}`,
  );
}
