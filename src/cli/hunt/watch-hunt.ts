/** Runs a hunt on a terminal: a status line, failures as they are found, Ctrl-C. */
import type { FoundFailure } from '../../hunt/failure-groups.ts';
import type { HuntHead } from '../../hunt/hunt-folder.ts';
import { summaryOf, type HuntSummary } from '../../hunt/hunt-summary.ts';
import { Hunt, seedOfRun, type RunInProgress } from '../../hunt/hunt.ts';
import { planRun } from '../../hunt/plan/plan-run.ts';
import { counted } from '../../protocol/count-text.ts';
import { isNotSimulated } from '../../run/verdict/signature.ts';
import { abortOnInterrupt } from '../interrupts.ts';
import { huntLine } from './hunt-line.ts';
import type { HuntLimits } from './hunt-limits.ts';
import type { HuntContext, OpenedHunt } from './open-hunt.ts';

const REDRAW_EVERY_MS = 200;
const SUMMARY_EVERY_MS = 2000;
const WISHES_EVERY_MS = 500;
/** A simulated run takes milliseconds; one that takes this long is named. */
const LONG_SECONDS = 10;

export interface WatchedHunt extends HuntContext, OpenedHunt {
  readonly limits: HuntLimits;
  readonly collect: boolean;
}

/** Runs the hunt, and closes its folder, hands and campaign. */
export async function watchHunt(watched: WatchedHunt): Promise<HuntSummary> {
  const { head, hands, limits, collect, folder, stopping, console, campaign } = watched;
  const hunt = new Hunt({
    plan: head.plan,
    seed: head.seed,
    hands,
    collect,
    mostRuns: limits.mostRuns,
    signal: stopping.signal,
    onRun: (job, ran) => {
      folder.add(job, ran);
      hands.written?.(folder.written);
    },
    onFailure: (found) => console.line(foundText(found)),
  });
  for (const ran of watched.before?.runs ?? []) hunt.resume(ran);
  const runsBefore = hunt.state.tally.runs;
  console.line(describeHunt(head, limits, runsBefore));
  const startedMs = performance.now();
  // The time while it is paused does not count.
  const seconds = (): number => (performance.now() - startedMs - (campaign?.pausedMs ?? 0)) / 1000;
  const write = (): void => {
    folder.writeSummary(summaryNow(hunt, watched, { end: 'running', seconds: seconds() }));
    hands.written?.(folder.written);
    if (campaign !== undefined) folder.writeCampaign(campaign.view());
  };
  write();
  const redraw = (): void => {
    campaign?.tell(hunt.state);
    const line = huntLine(hunt.state, runsBefore, seconds(), console, progressWords(hunt, watched));
    console.showStatus(line, performance.now());
  };
  const takeWish = (): void => {
    const paused = campaign === undefined ? undefined : folder.takeWish();
    if (paused !== undefined) void campaign?.setPaused(paused).then(write, () => {});
  };
  const timers = [
    setInterval(redraw, REDRAW_EVERY_MS),
    setInterval(write, SUMMARY_EVERY_MS),
    setInterval(takeWish, WISHES_EVERY_MS),
  ];
  const stopTime = abortAfter(limits.seconds, seconds, stopping);
  const stopListening = abortOnInterrupt(stopping, console);
  try {
    const end = await hunt.run();
    const ended = summaryNow(hunt, watched, { end, seconds: seconds() });
    folder.writeSummary(ended);
    if (campaign !== undefined) folder.writeCampaign({ ...campaign.view(), state: 'over', runsOut: 0 });
    return ended;
  } finally {
    await campaign?.close();
    for (const timer of timers) clearInterval(timer);
    stopTime();
    console.clearStatus();
    stopListening();
    folder.close();
    if (folder.storeProblem !== undefined) console.line(folder.storeProblem);
  }
}

function summaryNow(
  hunt: Hunt,
  watched: WatchedHunt,
  { end, seconds }: Pick<HuntSummary, 'end' | 'seconds'>,
): HuntSummary {
  const { head, campaign, commandOf } = watched;
  return summaryOf(hunt.state, {
    plan: head.plan,
    program: head.given.bin,
    seed: head.seed,
    startedAt: head.startedAt,
    end,
    seconds,
    cpuSeconds: watched.cpuMs() / 1000,
    workers: campaign?.mostProcesses ?? watched.limits.workers,
    ...(end === 'stopped' ? unfinishedIn(hunt, watched) : {}),
    commandOf,
  });
}

function progressWords(hunt: Hunt, watched: WatchedHunt): string | undefined {
  const slow = slowRun(hunt, watched);
  return slow === undefined
    ? watched.campaign?.words
    : `run ${slow.number} for ${Math.floor(slow.seconds)} s`;
}

/** Aborts once `elapsed` has reached that many seconds; it may stand still meanwhile. Returns a function that gives up. */
function abortAfter(seconds: number, elapsed: () => number, stopping: AbortController): () => void {
  let timer: NodeJS.Timeout;
  const look = (): void => {
    const left = seconds - elapsed();
    if (left <= 0) stopping.abort();
    else timer = setTimeout(look, Math.max(50, left * 1000));
  };
  look();
  return () => clearTimeout(timer);
}

/**
 * Returns the run that holds up the hunt, if one takes long. Real clusters always do, and a campaign gives out many at once.
 */
function slowRun(hunt: Hunt, { head, campaign }: WatchedHunt): RunInProgress | undefined {
  if (campaign !== undefined || head.plan.base.world === 'real') return undefined;
  const { oldest } = hunt;
  return oldest === undefined || oldest.seconds < LONG_SECONDS ? undefined : oldest;
}

function unfinishedIn(hunt: Hunt, watched: WatchedHunt): Pick<HuntSummary, 'unfinished'> {
  const slow = slowRun(hunt, watched);
  if (slow === undefined) return {};
  const { number, seconds } = slow;
  const { plan, seed } = watched.head;
  const command = watched.commandOf(planRun(plan, seedOfRun(seed, number)));
  return { unfinished: { run: number, seconds, command } };
}

function describeHunt({ plan, seed, given }: HuntHead, limits: HuntLimits, runsBefore: number): string {
  const { workload, nodes, nemesis, world } = plan.base;
  const faults = nemesis.length === 0 ? 'no faults' : `faults: ${nemesis.join(', ')}`;
  const most = limits.mostRuns === undefined ? '' : `${counted(limits.mostRuns, 'run')} or `;
  const goesOn = runsBefore === 0 ? '' : `, after ${counted(runsBefore, 'run')} before`;
  return (
    `Hunting in ${given.bin} (${workload}${world === 'real' ? ', real clusters' : ''}) for ${most}${limits.seconds} s${goesOn}, with up to ${counted(nodes.length, 'node')}, ${faults}. ` +
    `Seed: ${seed}`
  );
}

const foundText = ({ number, signature, operations, messages }: FoundFailure): string =>
  `Run ${number} ${isNotSimulated(signature) ? 'ends' : 'fails'}: ${signature.join(', ')} (${counted(operations, 'operation')}, ${counted(messages, 'message')})`;
