/** The messages in flight at the position, with controls to drop, delay or duplicate each in a branch. */
import type { BranchChange, InFlight } from '../../../src/recording/travel-view.ts';
import { TableHead } from '../tables.tsx';
import { counted, countText, momentText, spanText } from '../time-text.ts';
import { visible } from '../visible-text.ts';
import type { StepSession } from './session.ts';
import { Scrolling } from '../scrolling.tsx';

export function InFlightTable({ session }: { readonly session: StepSession }) {
  const position = session.stepper.position.value;
  if (position === undefined) return null;
  const { inFlight, nanos } = position;
  const more = inFlight.total - inFlight.first.length;
  const canChange = inFlight.first.some((message) => message.canChange);
  return (
    <section aria-labelledby="in-flight-heading">
      <h3 id="in-flight-heading">On the way: {counted(inFlight.total, 'message')}</h3>
      {inFlight.total === 0 ? (
        <p class="faint">
          Step forward until a message between nodes is in flight: it can be dropped, delayed or duplicated.
        </p>
      ) : (
        <Scrolling label="Messages on the way">
          <table aria-label="Messages in flight">
            <TableHead columns={['Id', 'Type', 'From', 'To', 'Sent', 'Then', 'What if it is …', 'Body']} />
            <tbody>
              {inFlight.first.map((message) => (
                <Row key={message.id} session={session} message={message} nanos={nanos} />
              ))}
            </tbody>
          </table>
        </Scrolling>
      )}
      {more > 0 ? <p class="faint">… and {countText(more)} more.</p> : null}
      {inFlight.total > 0 && !canChange ? (
        <p class="faint">Only messages between servers can be dropped, delayed or doubled.</p>
      ) : null}
    </section>
  );
}

interface RowProps {
  readonly session: StepSession;
  readonly message: InFlight;
  readonly nanos: number;
}

function Row({ session, message, nanos }: RowProps) {
  const { id, type, from, to, sentNanos, body } = message;
  return (
    <tr>
      <td>{id}</td>
      <td>{visible(type)}</td>
      <td>{visible(from)}</td>
      <td>{visible(to)}</td>
      <td class="number">{momentText(sentNanos)}</td>
      <td class="number">{endText(message, nanos)}</td>
      <td>{message.canChange ? <Changes session={session} id={id} /> : null}</td>
      <td class="mono cut">{visible(body)}</td>
    </tr>
  );
}

function endText({ endsNanos, endsLost, count }: InFlight, nanos: number): string {
  const copies = count > 1 ? ` (${count} copies)` : '';
  if (endsNanos === undefined) return `never ends${copies}`;
  return `${endsLost ? 'is lost' : 'arrives'} in ${spanText(endsNanos - nanos)}${copies}`;
}

function Changes({ session, id }: { readonly session: StepSession; readonly id: number }) {
  const isBusy = session.stepper.busy.value !== '';
  const ms = session.delayMs.value;
  const button = (text: string, label: string, change: BranchChange) => (
    <button type="button" disabled={isBusy} aria-label={label} onClick={() => void session.branch(change)}>
      {text}
    </button>
  );
  return (
    <span class="together">
      {button('dropped', `Drop message ${id}`, { kind: 'drop', message: id })}{' '}
      {button('delayed', `Delay message ${id}`, { kind: 'delay', message: id, ms })}{' '}
      {button('doubled', `Double message ${id}`, { kind: 'duplicate', message: id, ms })}
    </span>
  );
}

/** Inputs for the delays that changes use. */
export function ChangeOptions({ session }: { readonly session: StepSession }) {
  const restart = session.restartAfterMs.value;
  return (
    <div class="tools" role="group" aria-label="How branches change the run">
      <label>
        A delayed message, or the copy of a doubled one, arrives{' '}
        <input
          class="number"
          type="number"
          min={0}
          max={MOST_MS}
          step="any"
          value={session.delayMs.value}
          onChange={(event) => (session.delayMs.value = millis(event.currentTarget, session.delayMs.peek()))}
        />{' '}
        ms after it was sent.
      </label>
      <label>
        A node that crashed starts again{' '}
        <select
          value={restart === undefined ? '' : String(restart)}
          onChange={({ currentTarget: { value } }) =>
            (session.restartAfterMs.value = value === '' ? undefined : Number(value))
          }
        >
          <option value="0">at once</option>
          <option value="100">after 100 ms</option>
          <option value="1000">after 1 s</option>
          <option value="5000">after 5 s</option>
          <option value="">only at the end</option>
        </select>
      </label>
    </div>
  );
}

const MOST_MS = 3_600_000;

function millis(input: HTMLInputElement, before: number): number {
  const { valueAsNumber: value } = input;
  const isFine = value >= 0 && value <= MOST_MS;
  if (!isFine) input.value = String(before);
  return isFine ? value : before;
}
