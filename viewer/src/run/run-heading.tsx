/** The heading of a run's page: its verdict, the conditions of its test, its size, and the command that repeats it. */
import type { Overview, RunCard, RunPage } from '../../../src/recording/views.ts';
import type { RunFiles } from '../source/open-run.ts';
import { counted, countText, spanText } from '../time-text.ts';
import { Verdict } from '../verdict.tsx';
import { visible } from '../visible-text.ts';
import { verdictNow } from './use-run.ts';

export interface RunHeadingProps {
  readonly page: RunPage;
  readonly overview: Overview | undefined;
  readonly files: RunFiles | undefined;
}

export function RunHeading({ page, overview, files }: RunHeadingProps) {
  const { card, test } = page;
  return (
    <div class="heading">
      <h1>
        {visible(card.workload)} <Verdict verdict={verdictNow(page, overview)} />
      </h1>
      <p class="faint">
        <RunFacts card={card} overview={overview} />
        {files === undefined ? null : (
          <>
            {' '}
            · <a href={files.zip}>download as zip</a>
          </>
        )}
      </p>
      {test.command === undefined ? null : (
        <p class="faint">
          To run it again: <code>{visible(test.command)}</code>
        </p>
      )}
    </div>
  );
}

/** Where a run comes from, and its size. */
export function RunFacts({ card, overview }: Pick<RunHeadingProps, 'overview'> & { readonly card: RunCard }) {
  return (
    <>
      <Origin {...card} />
      {overview === undefined
        ? ''
        : ` · ${spanText(overview.endNanos - overview.startNanos)}, ${isHistoryOnly(card) ? '' : `${messagesText(overview)}, `}${counted(overview.operations, 'operation')}`}
    </>
  );
}

/** Each run has messages, since the nodes are initialized: if it has none, their record is missing. */
function messagesText({ messages, lost, isRunning }: Overview): string {
  if (messages === 0 && !isRunning) return 'no record of messages';
  return `${counted(messages, 'message')}${lost > 0 ? ` (${countText(lost)} lost)` : ''}`;
}

/** True for runs whose messages are unknown. */
const isHistoryOnly = (card: RunCard): boolean => card.program === '' || card.nodes === 0;

/** Where the run comes from. The conditions of an imported history, or of a run recorded by the original Maelstrom, are unknown. */
function Origin(card: RunCard) {
  if (card.nodes === 0 && card.program !== '')
    return <>the history {visible(card.program)}, without messages</>;
  if (card.program === '')
    return (
      <>
        {new Date(card.startedAt).toLocaleString()}
        {card.nodes === 0 ? '' : ` · ${counted(card.nodes, 'node')}`} · not written by this Maelstrom: shown
        from history.edn and results.edn, without messages
      </>
    );
  return <Conditions {...card} />;
}

function Conditions(card: RunCard) {
  return (
    <>
      {new Date(card.startedAt).toLocaleString()} · {visible(card.program)} · {counted(card.nodes, 'node')},{' '}
      {counted(card.clients, 'client')}, {countText(card.rate)}/s for {countText(card.timeLimitSeconds)} s,{' '}
      {card.latencyMs > 0 ? `latency ${card.latencyMs} ms` : 'no latency'}
      {card.world === 'simulated' ? ', simulated' : ''} ·{' '}
      {card.nemesis.length === 0 ? 'no faults' : visible(card.nemesis.join(', '))}
      {card.ownFiles === undefined ? '' : ` · with ${card.ownFiles.map(visible).join(', ')}`} · seed{' '}
      <code>{visible(card.seed)}</code>
    </>
  );
}
