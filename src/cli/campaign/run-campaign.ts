/** Implements `maelstrom campaign`: status, pause, resume, remove. */
import {
  pauseCampaign,
  queueStatus,
  removeCampaign,
  resumeCampaign,
  type CampaignStatus,
  type QueueStatus,
} from '../../campaign/campaign-status.ts';
import { connectQueue, type QueueConnection } from '../../campaign/connect-queue.ts';
import { AWAY_AFTER_MS, type WorkerCard } from '../../campaign/worker-card.ts';
import { oneOf } from '../../harness/settings/one-of.ts';
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { UserError } from '../../protocol/user-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import type { Console } from '../show/console.ts';
import { count } from '../show/count.ts';
import { CAMPAIGN_ACTIONS } from './campaign-command.ts';

export async function runCampaign(args: readonly string[], { console }: Session): Promise<ExitCode> {
  const [action = '', url = '', named, ...others] = args;
  if (action === '' || url === '' || others.length > 0)
    throw new UserError(
      others.length > 0
        ? 'Only one campaign can be named.'
        : `${action === '' ? 'What is to be done' : 'The queue'} was not named.`,
      'maelstrom campaign status|pause|resume|remove redis://HOST:PORT [CAMPAIGN]',
    );
  const word = oneOf(action, CAMPAIGN_ACTIONS, { option: 'campaign', kind: 'action' });
  const connection = await connectQueue(url);
  try {
    const status = await queueStatus(connection);
    if (word === 'status') showStatus(status, connection, console);
    else await act(word, chosen(status, named, connection), { connection, console });
    return EXIT.valid;
  } finally {
    connection.redis.disconnect();
  }
}

function chosen(
  { campaigns }: QueueStatus,
  named: string | undefined,
  { shown }: QueueConnection,
): CampaignStatus {
  const fitting = named === undefined ? campaigns : campaigns.filter(({ id }) => id.startsWith(named));
  const [first, second] = fitting;
  if (first !== undefined && second === undefined) return first;
  const all = campaigns.map((one) => `${one.id} (${programOf(one)})`).join(', ');
  throw new UserError(
    first === undefined
      ? `There is no ${named === undefined ? '' : 'such '}campaign at ${shown}${named === undefined ? '' : `: ${shownText(named, 40)}`}.`
      : `There are ${fitting.length} campaigns at ${shown}${named === undefined ? '' : ` whose id begins with ${shownText(named, 40)}`}. Which one?`,
    all === '' ? 'To start one: maelstrom hunt --queue URL' : `Give its id or a prefix of it: ${all}`,
  );
}

async function act(
  action: 'pause' | 'resume' | 'remove',
  status: CampaignStatus,
  { connection, console }: { readonly connection: QueueConnection; readonly console: Console },
): Promise<void> {
  const { id, isPaused, isHunted } = status;
  const words = `Campaign ${id} (${programOf(status)})`;
  switch (action) {
    case 'pause':
      await pauseCampaign(connection, id);
      return console.line(
        isPaused ? `${words} was paused already.` : `${words} is paused; workers finish their current runs.`,
      );
    case 'resume':
      await resumeCampaign(connection, id);
      console.line(isPaused ? `${words} is resumed.` : `${words} was not paused.`);
      if (!isHunted)
        console.line(
          'Its hunt process is gone. To continue, resume the hunt: maelstrom hunt --resume FOLDER --queue URL',
        );
      return;
    case 'remove':
      if (isHunted)
        throw new UserError(
          `${words} still has a running hunt: its process was active a few seconds ago.`,
          'Stop the hunt with Ctrl-C, which also removes the campaign.',
        );
      await removeCampaign(connection, id);
      return console.line(`${words} is removed. Its hunt can still be resumed from its folder.`);
  }
}

function showStatus(
  { campaigns, workers, nowMs }: QueueStatus,
  { shown }: QueueConnection,
  console: Console,
): void {
  console.line(
    `${shown}: ${counted(campaigns.length, 'campaign')}, ${counted(workers.length, 'worker')} within the last hour.`,
  );
  for (const one of campaigns) {
    console.line('');
    for (const line of campaignLines(one)) console.line(line);
  }
  if (workers.length > 0) console.line('');
  for (const worker of workers) console.line(workerLine(worker, nowMs));
}

function campaignLines(status: CampaignStatus): readonly string[] {
  const { id, campaign, isHunted, isPaused, progress } = status;
  const state = [isPaused ? 'paused' : isHunted ? 'running' : '', isHunted ? '' : 'its hunt process is gone']
    .filter((word) => word !== '')
    .join(', ');
  if (campaign === undefined) return [`${id}  ${state}; created by another version, or damaged`];
  const { kind, plan, host } = campaign;
  const { runs = 0, failures = 0, rate = 0, kinds = [] } = progress ?? {};
  return [
    `${id}  ${programOf(status)} (${shownText(plan.base.workload, 60)}) of ${shownText(host, 100)}: ${state}`,
    `  ${count(runs)} runs (${count(Math.round(rate))}/s), ${count(failures)} failed${kinds.length === 0 ? '' : `: ${shownText(kinds.join('; '), 300)}`}`,
    `  for Maelstrom ${shownText(kind.maelstrom, 40)} (${shownText(kind.build, 40)}) and Node.js ${shownText(kind.node, 40)}`,
  ];
}

function workerLine(
  { host, pid, processes, kind, seenAtMs, runs, serves, refuses }: WorkerCard,
  nowMs: number,
): string {
  const silentMs = Math.max(0, nowMs - seenAtMs);
  const does =
    silentMs > AWAY_AFTER_MS
      ? `away for ${Math.round(silentMs / 1000)} s`
      : serves.length > 0
        ? `works for ${serves.map((id) => id.slice(0, 8)).join(', ')}`
        : 'waits';
  const why = refuses
    .map((one) => `; not for ${shownText(one.campaign.slice(0, 8))}: ${shownText(one.why, 300)}`)
    .join('');
  return (
    `worker ${shownText(host, 100)} ${pid}: ${counted(processes, 'process', 'processes')}, ${count(runs)} runs, ` +
    `Maelstrom ${shownText(kind.maelstrom, 40)} (${shownText(kind.build, 40)}), Node.js ${shownText(kind.node, 40)}, ${does}${why}`
  );
}

const programOf = ({ campaign }: CampaignStatus): string =>
  shownText(campaign?.program.shown ?? 'unknown', 100);
