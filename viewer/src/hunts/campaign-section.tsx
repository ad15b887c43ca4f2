/** The section of a hunt on many machines: its speed, its workers, and a button that pauses it. */
import { useState } from 'preact/hooks';
import type { CampaignView, CampaignWorkerView } from '../../../src/recording/hunt-view.ts';
import { problemOf } from '../source/get-json.ts';
import { program } from '../program.ts';
import { TableHead } from '../tables.tsx';
import { counted, countText } from '../time-text.ts';
import { visible } from '../visible-text.ts';
import { Scrolling } from '../scrolling.tsx';

export function CampaignSection({
  name,
  campaign,
}: {
  readonly name: string;
  readonly campaign: CampaignView;
}) {
  const [problem, setProblem] = useState('');
  /** Whether a pause or a resume was requested, until the hunt has carried it out. */
  const [asked, setAsked] = useState<boolean | undefined>(undefined);
  const isPaused = campaign.state === 'paused';
  const isOver = campaign.state === 'over';
  const { otherWorkers = 0 } = campaign;
  const isWaiting = asked !== undefined && asked !== isPaused && !isOver;
  const ask = (paused: boolean): void => {
    setAsked(paused);
    setProblem('');
    sendPaused(name, paused).catch((error: Error) => {
      setAsked(undefined);
      setProblem(error.message);
    });
  };
  return (
    <section aria-label="Campaign" class="campaign">
      <h2>Campaign</h2>
      <p>
        <strong>{STATES[campaign.state]}</strong>
        {campaign.state === 'running' ? `, ${countText(Math.round(campaign.rate))} runs a second` : ''}
        {isOver ? '' : `, ${counted(campaign.runsOut, 'run')} in the queue`},{' '}
        <span class="faint">through {visible(campaign.queue)}</span>
      </p>
      {isOver ? null : (
        <p class="tools">
          <button type="button" disabled={isWaiting} onClick={() => ask(!isPaused)}>
            {isPaused ? 'Resume' : 'Pause'}
          </button>
          <span class="faint" role="status">
            {problem !== '' ? problem : isWaiting ? (asked ? 'Pausing…' : 'Resuming…') : ''}
          </span>
        </p>
      )}
      {campaign.refused === 0 ? null : (
        <p class="faint">
          {counted(campaign.refused, 'answer')} that no worker can have given were left out.
        </p>
      )}
      {campaign.workers.length === 0 ? (
        <p>
          No worker has connected yet. On any machine with this version of Maelstrom:
          <code>
            {' '}
            {program.value} worker {visible(campaign.queue)}
          </code>
        </p>
      ) : (
        <Workers workers={campaign.workers} isOver={isOver} />
      )}
      {otherWorkers === 0 ? null : <p class="faint">{counted(otherWorkers, 'further worker')} not listed.</p>}
    </section>
  );
}

interface WorkersProps {
  readonly workers: readonly CampaignWorkerView[];
  /** What its workers did last says nothing about what they do now. */
  readonly isOver: boolean;
}

function Workers({ workers, isOver }: WorkersProps) {
  const lastSeen = isOver ? [] : ['Last seen'];
  return (
    <Scrolling label="Workers">
      <table aria-label="Workers">
        <TableHead columns={['Worker', 'Runs', ...lastSeen, 'Does', 'Processes', 'Maelstrom', 'Node.js']} />
        <tbody>
          {workers.map((worker) => (
            <tr key={`${worker.host} ${worker.pid}`}>
              <td>
                <span class="campaign-host">{visible(worker.host)}</span>{' '}
                <span class="faint">{worker.pid}</span>
              </td>
              <td>{countText(worker.runs)}</td>
              {isOver ? null : <td>{agoText(worker.silentSeconds)}</td>}
              <td class="campaign-does">
                {isOver && worker.state !== 'refuses' ? '–' : DOES[worker.state]}
                {worker.why === '' ? '' : `: ${visible(worker.why)}`}
              </td>
              <td>{countText(worker.processes)}</td>
              <td>{visible(worker.maelstrom)}</td>
              <td>{visible(worker.node)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  );
}

const STATES: Readonly<Record<CampaignView['state'], string>> = {
  running: 'Running',
  paused: 'Paused',
  away: 'Its Redis does not answer',
  over: 'Over',
};

const DOES: Readonly<Record<CampaignWorkerView['state'], string>> = {
  working: 'works',
  idle: 'waits',
  away: 'away',
  refuses: 'cannot work for it',
};

function agoText(seconds: number): string {
  if (seconds < 3) return 'now';
  return seconds < 120 ? `${Math.round(seconds)} s ago` : `${Math.round(seconds / 60)} min ago`;
}

async function sendPaused(name: string, paused: boolean): Promise<void> {
  const response = await fetch(`/api/hunts/${encodeURIComponent(name)}/pause`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-maelstrom': '1' },
    body: JSON.stringify({ paused }),
  });
  if (!response.ok) throw new Error(await problemOf(response));
}
