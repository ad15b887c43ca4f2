/** Begins a hunt or goes on with one, and says what came of it. */
import { rmSync } from 'node:fs';
import { checkBin } from '../../harness/check-bin.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { shortPath } from '../../harness/short-path.ts';
import { freshSeed } from '../../harness/spec-defaults.ts';
import { VERSION } from '../../harness/version.ts';
import { carefulRun } from '../../hunt/careful-run.ts';
import {
  digestOfProgram,
  HuntFolder,
  newHead,
  openHunt,
  type GivenWords,
  type HuntHead,
  type StoredHunt,
} from '../../hunt/hunt-folder.ts';
import { planRun, type HuntPlan } from '../../hunt/hunt-plan.ts';
import type { HuntSummary } from '../../hunt/hunt-summary.ts';
import { seedOfRun } from '../../hunt/hunt.ts';
import type { HuntedProgram } from '../../hunt/job.ts';
import { WorkerPool } from '../../hunt/worker-pool.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { bundleNode } from '../../world/bundle.ts';
import { makeTempFolder } from '../../world/real/machine-limits.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { reproduceCommand } from '../test-command/reproduce.ts';
import { specWords } from '../test-command/spec-words.ts';
import { readLimits, type HuntLimits } from './hunt-limits.ts';
import type { HuntWords } from './hunt-options.ts';
import { keepSmallest } from './keep-smallest.ts';
import { readHuntPlan } from './read-hunt-plan.ts';
import { showHunt } from './show-hunt.ts';
import { watchHunt } from './watch-hunt.ts';

export async function runHunt(words: HuntWords, session: Session): Promise<ExitCode> {
  const limits = readLimits(words);
  const { resume, store, collect } = words.options;
  const before = resume === undefined ? undefined : openHunt(resume);
  const { plan, given } = before?.head ?? readHuntPlan(words);
  checkBin(plan.base.bin, 'simulated');
  const workload = WORKLOADS.get(plan.base.workload);
  if (workload === undefined) throw new Error(`the workload ${plan.base.workload} was found before`);
  const bundles = makeTempFolder('maelstrom-');
  try {
    const program = await bundleNode(plan.base.bin, 'simulated', bundles);
    const stopping = new AbortController();
    const pool = openPool({ plan, program, workload, limits, signal: stopping.signal });
    const head =
      before === undefined
        ? await beginHunt({ plan, given, program, pool, seed: words.options.seed ?? freshSeed(), session })
        : goOnWith(before, program);
    const folder = before === undefined ? HuntFolder.create(store, head) : HuntFolder.reopen(before);
    const summary = await watchHunt({
      head,
      runs: before?.runs ?? [],
      pool,
      limits,
      collect,
      folder,
      stopping,
      commandOf: (spec) => commandOf(spec, given, session),
      console: session.console,
    });
    showHunt(summary, session.console);
    const kept = await keepSmallest(summary, { workload, store }, session.console);
    if (kept !== undefined) folder.writeSummary({ ...summary, kept });
    session.console.line(
      `Hunt: ${shortPath(folder.path)}   Go on with it: ${session.program} hunt --resume ${shortPath(folder.path)}`,
    );
    return exitCodeOfHunt(summary);
  } finally {
    rmSync(bundles, { recursive: true, force: true });
  }
}

function openPool(options: {
  readonly plan: HuntPlan;
  readonly program: HuntedProgram;
  readonly workload: Workload;
  readonly limits: HuntLimits;
  readonly signal: AbortSignal;
}): WorkerPool {
  const { plan, program, workload, limits, signal } = options;
  return new WorkerPool({
    workers: limits.workers,
    file: packageFile('dist/hunt-worker.js'),
    plan,
    program,
    careful: ({ seed }, current) => carefulRun({ ...planRun(current, seed), ...program }, workload, signal),
  });
}

interface Beginning {
  readonly plan: HuntPlan;
  readonly given: GivenWords;
  readonly program: HuntedProgram;
  readonly pool: WorkerPool;
  readonly seed: string;
  readonly session: Session;
}

/** A first run shows how long the program takes to get ready. */
async function beginHunt({ plan, given, program, pool, seed, session }: Beginning): Promise<HuntHead> {
  const first = await pool.run({ number: 0, seed: seedOfRun(seed, 0) });
  if (first?.readySeconds === undefined) {
    session.console.line(
      `${session.console.paint('yellow', 'Warning:')} in a first run of 10 s, with ${plan.base.nodes.length} nodes and without ` +
        'faults, not one operation succeeded.',
    );
  }
  const ready: HuntPlan = { ...plan, readySeconds: first?.readySeconds ?? 0 };
  pool.follow(ready);
  return newHead({
    seed,
    startedAt: new Date().toISOString(),
    plan: ready,
    given,
    programDigest: digestOfProgram(program.bin),
    versions: { maelstrom: VERSION, node: process.version },
  });
}

function goOnWith({ head }: StoredHunt, program: HuntedProgram): HuntHead {
  if (head.programDigest === digestOfProgram(program.bin)) return head;
  throw new UserError(
    `${head.given.bin} is no longer the program of this hunt: its runs say nothing about the one that is there now.`,
    `Begin a new hunt: maelstrom hunt -w ${head.plan.base.workload} --bin ${head.given.bin}`,
  );
}

const commandOf = (spec: TestSpec, given: GivenWords, { program }: Session): string =>
  reproduceCommand({ program, words: specWords(spec, given.bin, given) }, spec.seed);

function exitCodeOfHunt({ tally, failures }: HuntSummary): ExitCode {
  if (failures.length > 0) return EXIT.invalid;
  return tally.runs === tally.withoutSuccess ? EXIT.unknown : EXIT.valid;
}
