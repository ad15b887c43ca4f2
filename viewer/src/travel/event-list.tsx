/** The events around the position, each a link to it, and the message that the position concerns. */
import type { EventRow } from '../../../src/recording/travel-view.ts';
import { prettyJson } from '../pretty-json.ts';
import { countText, momentText } from '../time-text.ts';
import { visible } from '../visible-text.ts';
import { happeningSign, happeningText } from './happening-text.ts';
import type { StepSession } from './session.ts';

export function EventsAround({ session }: { readonly session: StepSession }) {
  const { position, around } = session.stepper;
  const now = position.value;
  if (now === undefined) return null;
  return (
    <section aria-labelledby="events-heading">
      <h3 id="events-heading">Events</h3>
      <ol class="events">
        {around.value.map((row) => (
          <Row key={row.event} row={row} isHere={row.event === now.event} session={session} />
        ))}
      </ol>
      {now.message === undefined ? null : (
        <>
          <h4>
            Message {now.message.id}: {visible(now.message.type)}
          </h4>
          <pre class="body" tabIndex={0} role="region" aria-label="Body of the message">
            {visible(prettyJson(now.message.body))}
          </pre>
          {now.message.bodyBytes > now.message.body.length + 1000 ? (
            <p class="faint">Shortened: the body has {countText(now.message.bodyBytes)} bytes.</p>
          ) : null}
        </>
      )}
    </section>
  );
}

interface RowProps {
  readonly row: EventRow;
  readonly isHere: boolean;
  readonly session: StepSession;
}

function Row({ row: { event, nanos, happening }, isHere, session }: RowProps) {
  return (
    <li class={isHere ? 'here' : ''} aria-current={isHere ? 'step' : undefined}>
      <button
        type="button"
        class="event"
        title={`Event ${event}, at ${momentText(nanos)}`}
        onClick={() => session.go({ kind: 'event', event })}
      >
        <span class="number">
          <span aria-hidden="true">{isHere ? '▶' : ' '}</span> {event}
        </span>{' '}
        <span aria-hidden="true" class="sign">
          {happeningSign(happening)}
        </span>{' '}
        <span>{happeningText(happening)}</span>
      </button>
    </li>
  );
}
