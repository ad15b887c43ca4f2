/** The controls for stepping: back and forward, by all events or one endpoint's, to an event, the selection, the decisive moment. */
import type { SeekTarget } from '../../../src/recording/travel-view.ts';
import { useEffect, useState } from 'preact/hooks';
import { countText, momentText } from '../time-text.ts';
import { visible } from '../visible-text.ts';
import { changeText, happeningText } from './happening-text.ts';
import type { StepSession } from './session.ts';

export function StepBar({ session }: { readonly session: StepSession }) {
  const { stepper } = session;
  const position = stepper.position.value;
  const line = stepper.line.value;
  const node = session.node.value;
  const isFirst = position?.event === 0;
  const isLast = position !== undefined && position.event >= position.events - 1;
  const ofNode = node === '' ? '' : ` of ${visible(node)}`;
  return (
    <div class="tools" role="toolbar" aria-label="Steps">
      <button
        type="button"
        disabled={isFirst}
        onClick={() => session.go({ kind: 'event', event: 0 })}
        title="To the first event (Home)"
      >
        « Start
      </button>
      <button
        type="button"
        disabled={isFirst}
        onClick={() => session.step(-1)}
        title="One step back (← or ,)"
      >
        ◀ Back{ofNode}
      </button>
      <button
        type="button"
        class="strong"
        id="step-forward"
        disabled={isLast}
        onClick={() => session.step(1)}
        title="One step forward (→ or .)"
      >
        Forward{ofNode} ▶
      </button>
      <button type="button" disabled={isLast} onClick={() => session.toEnd()} title="To the last event (End)">
        End »
      </button>
      <label>
        Steps of{' '}
        <select value={node} onChange={(event) => session.chooseNode(event.currentTarget.value)}>
          <option value="">everything</option>
          {(line?.nodes ?? []).map((name) => (
            <option key={name} value={name}>
              {visible(name)}
            </option>
          ))}
          {node === '' || line === undefined || line.nodes.includes(node) ? null : (
            <option value={node}>{visible(node)}</option>
          )}
        </select>
      </label>
      <EventNumber session={session} />
      <Jumps session={session} />
    </div>
  );
}

/** Chooses the event by number, typed or with a slider. */
function EventNumber({ session }: { readonly session: StepSession }) {
  const { stepper } = session;
  const position = stepper.position.value;
  const [typed, setTyped] = useState('');
  useEffect(() => setTyped(position === undefined ? '' : String(position.event)), [position]);
  if (position === undefined) return null;
  const go = (text: string): void => {
    if (/^\s*\d{1,15}\s*$/.test(text)) session.go({ kind: 'event', event: Number(text) });
    else setTyped(String(position.event));
  };
  return (
    <>
      <label>
        Event{' '}
        <input
          class="number"
          type="text"
          inputMode="numeric"
          size={7}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onChange={(event) => go(event.currentTarget.value)}
        />
        <span class="faint">of 0 to {countText(position.events - 1)}</span>
      </label>
      <input
        class="grow"
        type="range"
        aria-label="Event"
        aria-valuetext={`${position.event}, at ${momentText(position.nanos)}`}
        min={0}
        max={position.events - 1}
        value={position.event}
        onChange={(event) => go(event.currentTarget.value)}
      />
    </>
  );
}

function Jumps({ session }: { readonly session: StepSession }) {
  const selection = session.selection.value;
  const decisiveNanos = session.decisiveNanos.value;
  const jump = (text: string, to: SeekTarget) => (
    <button type="button" onClick={() => session.go(to)}>
      {text}
    </button>
  );
  // The picture shows the recorded run, so its numbers are only valid there.
  const isRecorded = session.stepper.forks.value.length === 0;
  return (
    <>
      {selection?.kind === 'message' && isRecorded ? (
        <span class="together" role="group" aria-label={`To message ${selection.id}`}>
          To message {selection.id}: {jump('sent', { kind: 'message', id: selection.id, what: 'sent' })}{' '}
          {jump('arrived', { kind: 'message', id: selection.id, what: 'received' })}{' '}
          {jump('handled', { kind: 'message', id: selection.id, what: 'handled' })}
        </span>
      ) : null}
      {selection?.kind === 'operation' && isRecorded
        ? jump(`To operation ${selection.index}`, { kind: 'operation', index: selection.index })
        : null}
      {decisiveNanos === undefined
        ? null
        : jump('◆ To the decisive moment', { kind: 'time', nanos: decisiveNanos })}
    </>
  );
}

export function WhatHappened({ session }: { readonly session: StepSession }) {
  const { stepper } = session;
  const position = stepper.position.value;
  if (position === undefined) return null;
  const { event, events, nanos, happening } = position;
  const last = stepper.forks.value.at(-1);
  const turn = position.nodes.find(({ isTurn }) => isTurn);
  return (
    <div class="happened">
      <p class="faint">
        {last === undefined ? 'The run as it was recorded' : `A branch: ${changeText(last.change)}`} · event{' '}
        {countText(event)} of {countText(events - 1)} · {momentText(nanos)}
        {last === undefined ? '' : ' · the picture below is of the recorded run'}
      </p>
      <p class="happening" role="status">
        {happeningText(happening)}
        {turn === undefined || turn.state.kind === 'none'
          ? ''
          : turn.changes.total === 0
            ? ' It did not change its state.'
            : turn.changes.total === 1
              ? ' It changed one place in its state.'
              : ` It changed ${countText(turn.changes.total)} places of its state.`}
      </p>
    </div>
  );
}
