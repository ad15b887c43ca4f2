/** Hunts, shows it while it goes on and what came of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBin } from '../../harness/check-bin.ts';
import { openTest } from '../../harness/open-test.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { reportRun } from '../../harness/report-run.ts';
import { shortPath } from '../../harness/short-path.ts';
import { freshSeed } from '../../harness/spec-defaults.ts';
import { VERSION } from '../../harness/version.ts';
import { carefulRun } from '../../hunt/careful-run.ts';
import type { FoundFailure } from '../../hunt/failure-groups.ts';
import {
  digestOfProgram,
  HuntFolder,
  newHead,
  openHunt,
  type HuntHead,
  type StoredHunt,
} from '../../hunt/hunt-folder.ts';
import { planRun } from '../../hunt/hunt-plan.ts';
import { summaryOf, type HuntSummary, type SummarizedFailure } from '../../hunt/hunt-summary.ts';
import { Hunt, type HuntEnd } from '../../hunt/hunt.ts';
import { WorkerPool } from '../../hunt/worker-pool.ts';
import { counted } from '../../protocol/count-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { TestSpec } from '../../run/test-spec.ts';
import { bundleNode } from '../../world/bundle.ts';
import { WORKLOADS } from '../../workloads/index.ts';
import type { Workload } from '../../workloads/workload.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Session } from '../session.ts';
import { reproduceCommand } from '../test-command/reproduce.ts';
import { specWords } from '../test-command/spec-words.ts';
import { huntLine } from './hunt-line.ts';
import { readLimits, type HuntLimits } from './hunt-limits.ts';
import type { HuntWords } from './hunt-options.ts';
import { readHuntPlan } from './read-hunt-plan.ts';
import { showHunt } from './show-hunt.ts';

const REDRAW_EVERY_MS = 200;
const SUMMARY_EVERY_MS = 2000;

export async function runHunt(words: HuntWords, session: Session): Promise<ExitCode> {
  const limits = readLimits(words);
  const { resume: given, store } = words.options;
  const before = given === undefined ? undefined : openHunt(given);
  const { plan, given: wordsGiven } = before === undefined ? readHuntPlan(words) : before.head;
  checkBin(plan.base.bin, 'simulated');
  const workload = WORKLOADS.get(plan.base.workload);
  if (workload === undefined) throw new Error(`the workload ${plan.base.workload} was found before`);
  const bundles = mkdtempSync(join(tmpdir(), 'maelstrom-hunt-'));
  try {
    const program = await bundleNode(plan.base.bin, 'simulated', bundles);
    const programDigest = digestOfProgram(program.bin);
    if (before !== undefined && before.head.programDigest !== programDigest) throw programChanged(before);
    const head =
      before?.head ??
      newHead({
        seed: words.options.seed ?? freshSeed(),
        startedAt: new Date().toISOString(),
        plan,
        given: wordsGiven,
        programDigest,
        versions: { maelstrom: VERSION, node: process.version },
      });
    const folder = before === undefined ? HuntFolder.create(store, head) : HuntFolder.reopen(before);
    const commandOf = (spec: TestSpec): string =>
      reproduceCommand(
        { program: session.program, words: specWords(spec, wordsGiven.bin, wordsGiven) },
        spec.seed,
      );
    const ended = await hunting({
      head,
      program,
      workload,
      limits,
      folder,
      before,
      commandOf,
      words,
      session,
    });
    showHunt(ended, session.console);
    await keepSmallest(ended, workload, store, session);
    session.console.line(
      `Hunt: ${shortPath(folder.path)}   Go on with it: ${session.program} hunt --resume ${shortPath(folder.path)}`,
    );
    return exitCodeOfHunt(ended);
  } finally {
    rmSync(bundles, { recursive: true, force: true });
  }
}

interface Hunting {
  readonly head: HuntHead;
  readonly program: { readonly bin: string; readonly args: readonly string[] };
  readonly workload: Workload;
  readonly limits: HuntLimits;
  readonly folder: HuntFolder;
  readonly before: StoredHunt | undefined;
  readonly commandOf: (spec: TestSpec) => string;
  readonly words: HuntWords;
  readonly session: Session;
}

async function hunting(all: Hunting): Promise<HuntSummary> {
  const { head, program, workload, limits, folder, before, commandOf, words, session } = all;
  const { console } = session;
  const { plan, seed } = head;
  const stopping = new AbortController();
  const { signal } = stopping;
  const pool = new WorkerPool({
    workers: limits.workers,
    file: packageFile('dist/hunt-worker.js'),
    plan,
    program,
    careful: (job) => carefulRun({ ...planRun(plan, job.seed), ...program }, workload, signal),
  });
  const hunt = new Hunt({
    plan,
    seed,
    hands: pool,
    collect: words.options.collect,
    ...(limits.mostRuns === undefined ? {} : { mostRuns: limits.mostRuns }),
    signal,
    onRun: (job, ran) => folder.add(job, ran),
    onFailure: (found) => console.line(foundText(found)),
  });
  if (before !== undefined) for (const ran of before.runs) hunt.resume(ran);
  const startedMs = performance.now();
  const summary = (end: HuntEnd | 'running'): HuntSummary =>
    summaryOf(hunt.state, {
      plan,
      program: head.given.bin,
      seed,
      startedAt: new Date(head.startedAt),
      end,
      seconds: (performance.now() - startedMs) / 1000,
      cpuSeconds: pool.cpuMs / 1000,
      workers: limits.workers,
      commandOf,
    });
  console.line(describeHunt(head, limits, before === undefined ? 0 : hunt.state.tally.runs));
  const redraw = setInterval(() => {
    const nowMs = performance.now();
    console.showStatus(huntLine(hunt.state, (nowMs - startedMs) / 1000, console), nowMs);
  }, REDRAW_EVERY_MS);
  const writing = setInterval(() => folder.writeSummary(summary('running')), SUMMARY_EVERY_MS);
  const timeOver = setTimeout(() => stopping.abort(), limits.seconds * 1000);
  const stopListening = onInterrupt({
    first: () => {
      console.line('\rStopping.');
      stopping.abort();
    },
    second: () => process.exit(EXIT.interrupted),
  });
  try {
    const ended = summary(await hunt.run());
    folder.writeSummary(ended);
    return ended;
  } finally {
    clearInterval(redraw);
    clearInterval(writing);
    clearTimeout(timeOver);
    console.clearStatus();
    stopListening();
    folder.close();
    if (folder.storeProblem !== undefined) console.line(folder.storeProblem);
  }
}

function describeHunt({ plan, seed, given }: HuntHead, limits: HuntLimits, runsBefore: number): string {
  const { workload, nodes, nemesis } = plan.base;
  const faults = nemesis.length === 0 ? 'no faults' : `faults: ${nemesis.join(', ')}`;
  const most = limits.mostRuns === undefined ? '' : `${counted(limits.mostRuns, 'run')} or `;
  const goesOn = runsBefore === 0 ? '' : `, after ${counted(runsBefore, 'run')} before`;
  return (
    `Hunting in ${given.bin} (${workload}) for ${most}${limits.seconds} s${goesOn}, with up to ${counted(nodes.length, 'node')}, ${faults}. ` +
    `Seed: ${seed}`
  );
}

const foundText = ({ number, signature, operations, messages }: FoundFailure): string =>
  `Run ${number} fails: ${signature.join(', ')} (${counted(operations, 'operation')}, ${counted(messages, 'message')})`;

/** The smallest failure becomes a run of the store, to be looked at. */
async function keepSmallest(
  { failures }: HuntSummary,
  workload: Workload,
  store: string,
  { console }: Session,
): Promise<void> {
  const smallest = failures
    .map((group) => group.smallest)
    .reduce<SummarizedFailure | undefined>(
      (least, one) =>
        least === undefined || one.operations + one.messages < least.operations + least.messages
          ? one
          : least,
      undefined,
    );
  if (smallest === undefined) return;
  const { spec, command } = smallest;
  const test = await openTest({ spec, workload, store, command });
  const finished = await test.run();
  if (finished === undefined) return;
  await reportRun({ folder: finished.folder, sentence: finished.sentence, png: true });
  console.line(
    `Run ${smallest.number} is kept: ${shortPath(finished.folder)}   Report: ${shortPath(join(finished.folder, 'report.html'))}`,
  );
}

function exitCodeOfHunt({ tally, failures }: HuntSummary): ExitCode {
  if (failures.length > 0) return EXIT.invalid;
  return tally.runs === tally.withoutSuccess ? EXIT.unknown : EXIT.valid;
}

const programChanged = ({ head }: StoredHunt): UserError =>
  new UserError(
    `${head.given.bin} is no longer the program of this hunt: its runs say nothing about the one that is there now.`,
    `Begin a new hunt: maelstrom hunt -w ${head.plan.base.workload} --bin ${head.given.bin}`,
  );
