/** A column for each node at the position: its condition, inbox, timers and state. */
import type { MessageView, NodeView, TimerView } from '../../../src/recording/travel-view.ts';
import { spanText } from '../time-text.ts';
import { visible } from '../visible-text.ts';
import { NodeState } from './node-state.tsx';
import { MoreOf } from './more-of.tsx';
import type { StepSession } from './session.ts';

export function NodeColumns({ session }: { readonly session: StepSession }) {
  const { position } = session.stepper;
  const now = position.value;
  if (now === undefined) return null;
  return (
    <section aria-labelledby="nodes-heading">
      <h3 id="nodes-heading">Nodes</h3>
      {now.nodes.length === 0 ? <p class="faint">No node has been started yet.</p> : null}
      <div class="nodes">
        {now.nodes.map((node) => (
          <NodeColumn
            key={node.name}
            session={session}
            node={node}
            nanos={now.nanos}
            isConcerned={now.concerns.includes(node.name)}
          />
        ))}
      </div>
    </section>
  );
}

const CONDITIONS: Readonly<Record<NodeView['condition'], string>> = {
  starting: '… starting',
  running: '● running',
  paused: '❚❚ paused',
  ended: '■ ended by itself',
  killed: '✕ killed',
  stopped: '■ stopped',
};

interface NodeColumnProps {
  readonly session: StepSession;
  readonly node: NodeView;
  readonly nanos: number;
  readonly isConcerned: boolean;
}

function NodeColumn({ session, node, nanos, isConcerned }: NodeColumnProps) {
  const { condition, inbox, timers, life } = node;
  const name = visible(node.name);
  const isUp = condition === 'running' || condition === 'paused' || condition === 'starting';
  return (
    <article class={isConcerned ? 'node concerned' : 'node'} aria-label={name}>
      <header>
        <h4>
          {name}
          {isConcerned ? <span class="here"> ◀ this step</span> : null}
        </h4>
        <span class={`condition ${condition}`}>
          {CONDITIONS[condition]}
          {life > 1 ? `, life ${life}` : ''}
        </span>
        <div class="tools">
          <button
            type="button"
            aria-label={`Step back of ${name}`}
            title={`Previous step of ${name}`}
            onClick={() => session.step(-1, node.name)}
          >
            ◀
          </button>
          <button
            type="button"
            aria-label={`Step forward of ${name}`}
            title={`Next step of ${name}`}
            onClick={() => session.step(1, node.name)}
          >
            ▶
          </button>
          {isUp ? (
            <button
              type="button"
              disabled={session.stepper.busy.value !== ''}
              aria-label={`Crash ${name} here`}
              onClick={() => void session.branch(crashOf(session, node.name))}
            >
              ⚡ Crash here
            </button>
          ) : null}
        </div>
      </header>
      <h5>Inbox{inbox.total === 0 ? ': empty' : ` (${inbox.total})`}</h5>
      <ul>
        {inbox.first.map((message, at) => (
          <li key={at}>
            <Waiting message={message} />
          </li>
        ))}
        <MoreOf list={inbox} />
      </ul>
      <h5>Timers{timers.total === 0 ? ': none' : ` (${timers.total})`}</h5>
      <ul>
        {timers.first.map((timer, at) => (
          <li key={at}>{timerText(timer, nanos)}</li>
        ))}
        <MoreOf list={timers} />
      </ul>
      <NodeState node={node} />
    </article>
  );
}

function crashOf(session: StepSession, node: string) {
  const restartAfterMs = session.restartAfterMs.peek();
  return { kind: 'crash' as const, node, ...(restartAfterMs === undefined ? {} : { restartAfterMs }) };
}

function Waiting({ message }: { readonly message: MessageView }) {
  return (
    <span class="mono" title={visible(message.body)}>
      {message.id}: {visible(message.type)} from {visible(message.from)}
    </span>
  );
}

function timerText({ dueNanos, isDue, delayNanos, isAgain, message }: TimerView, nanos: number): string {
  const due = isDue || dueNanos <= nanos ? 'due now' : `in ${spanText(dueNanos - nanos)}`;
  const kind = isAgain ? `every ${spanText(delayNanos)}` : `of ${spanText(delayNanos)}`;
  return `${due} (${kind}${message === undefined ? '' : `, set in message ${message}`})`;
}
