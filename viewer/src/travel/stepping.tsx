/**
 * Stepping through a simulated run on its page: the controls and the current event above the picture; the events around it,
 * the nodes, the messages in flight and the branches below. Loaded when first needed, and only with a server, which a report
 * does not have.
 */
import type { Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { countText } from '../time-text.ts';
import { changeView, type ViewState } from '../view-state.ts';
import { visible } from '../visible-text.ts';
import { Branches } from './branch-result.tsx';
import { EventsAround } from './event-list.tsx';
import { ChangeOptions, InFlightTable } from './in-flight.tsx';
import { NodeColumns } from './node-columns.tsx';
import { StepSession, type SessionOptions } from './session.ts';
import { StepBar, WhatHappened } from './step-bar.tsx';
import { pageKey, panelKey } from './step-keys.ts';
import { servedTravel } from './travel-source.ts';

export function openSession(id: string, options: Omit<SessionOptions, 'source'>): StepSession {
  return new StepSession({ ...options, source: servedTravel(id) });
}

interface PanelProps {
  readonly session: StepSession;
  readonly view: Signal<ViewState>;
}

export function StepsAbove({ session, view }: PanelProps) {
  const { stepper } = session;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => acted(event, pageKey(event, session));
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [session]);
  useEffect(() => {
    const panel = document.getElementById('stepping');
    panel?.focus({ preventScroll: true });
    panel?.scrollIntoView({ block: 'start' });
  }, [session]);
  const opening = stepper.opening.value;
  return (
    <section
      class="stepping above"
      id="stepping"
      tabIndex={-1}
      aria-label="Step through the run"
      onKeyDown={(event) => acted(event, panelKey(event, session))}
    >
      <button type="button" class="quiet close" onClick={() => close(view)}>
        ✕ Close
      </button>
      {opening.kind === 'preparing' ? <Preparing {...opening} /> : null}
      {opening.kind === 'refused' ? (
        <div class="note" role="alert">
          <p>{visible(opening.problem)}</p>
          <button type="button" onClick={() => void session.open()}>
            Try again
          </button>
        </div>
      ) : null}
      {opening.kind === 'ready' ? (
        <>
          <StepBar session={session} />
          <WhatHappened session={session} />
        </>
      ) : null}
      {stepper.busy.value === '' ? null : (
        <p class="note" role="status">
          {stepper.busy.value}
        </p>
      )}
      {stepper.problem.value === '' ? null : (
        <p class="note" role="alert">
          {visible(stepper.problem.value)}
        </p>
      )}
    </section>
  );
}

function close(view: Signal<ViewState>): void {
  changeView(view, { step: undefined });
  // It is in the page again after the next render.
  requestAnimationFrame(() => document.getElementById('step-through')?.focus());
}

function Preparing({ messages, ofMessages }: { readonly messages: number; readonly ofMessages: number }) {
  return (
    <div role="status">
      <p>
        The run is being repeated for stepping
        {ofMessages === 0 ? '…' : `: ${countText(messages)} of about ${countText(ofMessages)} messages…`}
      </p>
      {ofMessages === 0 ? null : (
        <progress aria-label="Messages made again" value={Math.min(messages, ofMessages)} max={ofMessages} />
      )}
    </div>
  );
}

export function StepsBelow({ session }: Pick<PanelProps, 'session'>) {
  const { opening, position } = session.stepper;
  if (opening.value.kind !== 'ready' || position.value === undefined) return null;
  const { remarks, differs } = opening.value.state;
  return (
    <section
      class="stepping below-picture"
      aria-label="The run at this event"
      onKeyDown={(event) => acted(event, panelKey(event, session))}
    >
      {remarks.length === 0 && differs === undefined ? null : (
        <div class="note" role="note">
          {remarks.map((remark) => (
            <p key={remark}>{visible(remark)}</p>
          ))}
          {differs === undefined ? null : (
            <p>
              At event {countText(differs.event)} the recorded run has: {visible(differs.recorded)} Made
              again, it has: {visible(differs.again)}
            </p>
          )}
        </div>
      )}
      <div class="events-and-nodes">
        <EventsAround session={session} />
        <NodeColumns session={session} />
      </div>
      <InFlightTable session={session} />
      <ChangeOptions session={session} />
      <Branches session={session} />
    </section>
  );
}

function acted(event: KeyboardEvent, act: (() => void) | undefined): void {
  if (act === undefined) return;
  event.preventDefault();
  act();
}
