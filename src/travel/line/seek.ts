/** Resolves seek targets to events. */
import type { SeekTarget } from '../../recording/travel-view.ts';
import { KIND, type EventIndex } from '../events/event-index.ts';
import { Refusal } from '../refusal.ts';

/** Returns the event of a target, which comes from outside. Throws a Refusal if there is none. */
export function eventOf(index: EventIndex, to: SeekTarget): number {
  switch (to.kind) {
    case 'event':
      return within(index, wholeNumber(to.event, 'event'));
    case 'step':
      return to.node === undefined
        ? within(index, wholeNumber(to.from, 'from') + wholeNumber(to.by, 'by'))
        : stepOf(index, to.node, wholeNumber(to.from, 'from'), wholeNumber(to.by, 'by'));
    case 'time':
      return lastUntil(index, to.nanos);
    case 'message':
      return ofMessage(index, to);
    case 'operation':
      return ofOperation(index, wholeNumber(to.index, 'index'));
    default:
      throw new Refusal(
        400,
        'The target has no kind that is known; there are: event, step, time, message, operation.',
      );
  }
}

export function wholeNumber(value: unknown, name: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw new Refusal(400, `${name} is ${JSON.stringify(value) ?? 'missing'}; expected a whole number.`);
}

function within(index: EventIndex, event: number): number {
  if (index.count === 0) throw new Refusal(409, 'Nothing happens in this run.');
  return Math.max(0, Math.min(index.count - 1, event));
}

/**
 * Returns the event `by` events of the endpoint after `from` (before it if negative); the last one found if there are
 * fewer, `from` if there are none.
 */
function stepOf(index: EventIndex, node: string, from: number, by: number): number {
  const step = by < 0 ? -1 : 1;
  let found = within(index, from);
  let left = Math.abs(by);
  for (let event = found + step; left > 0 && event >= 0 && event < index.count; event += step) {
    if (!index.concerns(event, node)) continue;
    found = event;
    left--;
  }
  return found;
}

function lastUntil(index: EventIndex, nanos: number): number {
  if (typeof nanos !== 'number' || Number.isNaN(nanos))
    throw new Refusal(400, 'nanos is no number; expected nanoseconds of the run.');
  let low = 0;
  let high = index.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (index.nanosAt(middle) <= nanos) low = middle + 1;
    else high = middle;
  }
  return within(index, low - 1);
}

function ofMessage(
  index: EventIndex,
  { id, what }: Extract<SeekTarget, { readonly kind: 'message' }>,
): number {
  if (wholeNumber(id, 'id') < 0 || id >= index.messageCount)
    throw new Refusal(
      400,
      `There is no message ${id} in this run: they are numbered from 0 to ${index.messageCount - 1}.`,
    );
  const sent = index.sentAt(id);
  switch (what) {
    case 'sent':
      return sent;
    case 'handled':
      return index.handledAt(id) ?? missing(id, 'was never handled by a node');
    case 'received':
    case 'lost':
      for (let end = index.endAfter(id, sent); end !== undefined; end = index.endAfter(id, end))
        if (index.kindAt(end) === KIND[what]) return end;
      return missing(id, what === 'lost' ? 'was not lost' : 'never arrived');
    default:
      throw new Refusal(400, 'The target of kind message needs `what`: sent, received, handled or lost.');
  }
}

function missing(id: number, what: string): never {
  throw new Refusal(400, `Message ${id} ${what}.`);
}

function ofOperation(index: EventIndex, at: number): number {
  for (let event = 0; event < index.count; event++)
    if (index.kindAt(event) === KIND.operation && index.raw(event).subject === at) return event;
  throw new Refusal(
    400,
    `There is no entry ${at} in the history of this run: it has ${index.ops.length}, from 0 on.`,
  );
}
