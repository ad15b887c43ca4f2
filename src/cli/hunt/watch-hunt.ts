/** A hunt on a terminal: the status in a line, failures as they are found, Ctrl-C from the keyboard. */
import type { FoundFailure } from '../../hunt/failure-groups.ts';
import type { HuntHead } from '../../hunt/hunt-folder.ts';
import { summaryOf, type HuntSummary } from '../../hunt/hunt-summary.ts';
import { Hunt } from '../../hunt/hunt.ts';
import { counted } from '../../protocol/count-text.ts';
import { EXIT } from '../exit-code.ts';
import { onInterrupt } from '../interrupts.ts';
import { huntLine } from './hunt-line.ts';
import type { HuntLimits } from './hunt-limits.ts';
import type { HuntContext, OpenedHunt } from './open-hunt.ts';

const REDRAW_EVERY_MS = 200;
const SUMMARY_EVERY_MS = 2000;

export interface WatchedHunt extends HuntContext, OpenedHunt {
  readonly limits: HuntLimits;
  readonly collect: boolean;
}

/** Closes the folder and the hands. */
export async function watchHunt(watched: WatchedHunt): Promise<HuntSummary> {
  const { head, hands, limits, collect, folder, stopping, console } = watched;
  const { plan, seed } = head;
  const hunt = new Hunt({
    plan,
    seed,
    hands,
    collect,
    ...(limits.mostRuns === undefined ? {} : { mostRuns: limits.mostRuns }),
    signal: stopping.signal,
    onRun: (job, ran) => folder.add(job, ran),
    onFailure: (found) => console.line(foundText(found)),
  });
  for (const ran of watched.before?.runs ?? []) hunt.resume(ran);
  console.line(describeHunt(head, limits, hunt.state.tally.runs));
  const startedMs = performance.now();
  const seconds = (): number => (performance.now() - startedMs) / 1000;
  const summary = (end: HuntSummary['end']): HuntSummary =>
    summaryOf(hunt.state, {
      plan,
      program: head.given.bin,
      seed,
      startedAt: head.startedAt,
      end,
      seconds: seconds(),
      cpuSeconds: watched.cpuMs() / 1000,
      workers: limits.workers,
      commandOf: watched.commandOf,
    });
  const runsBefore = hunt.state.tally.runs;
  folder.writeSummary(summary('running'));
  const redraw = setInterval(
    () => console.showStatus(huntLine(hunt.state, runsBefore, seconds(), console), performance.now()),
    REDRAW_EVERY_MS,
  );
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
  `Run ${number} fails: ${signature.join(', ')} (${counted(operations, 'operation')}, ${counted(messages, 'message')})`;
