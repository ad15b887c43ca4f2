import { expect, it } from 'vitest';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import type { MessageException } from '../network/rules/message-exceptions.ts';
import { placeExceptions } from './message-places.ts';

const drop = (id: number, type: string, nth: number): MessageException => ({
  id,
  from: 'n1',
  to: 'n2',
  type,
  nth,
  do: 'drop',
});

function journalOf(messages: readonly (readonly [id: number, body: string])[]): MemoryJournal {
  const journal = new MemoryJournal();
  for (const [number, [cause, body]] of messages.entries()) {
    const origin = { message: undefined, byTimer: false };
    const packet = {
      id: number,
      src: 'n1',
      dest: 'n2',
      body: Buffer.from(body),
      cause: { id: cause, origin },
    };
    journal.sent(0, packet);
  }
  return journal;
}

it('an identity takes precedence over a place, and a place over nothing', () => {
  const journal = journalOf([
    [11, '{"type":"gossip"}'],
    [12, '{"type":"gossip"}'],
    [13, '{"type":"ack"}'],
  ]);
  const found = placeExceptions(
    [drop(12, 'gossip', 0), drop(99, 'ack', 0), drop(98, 'ack', 1), drop(97, 'other', 0)],
    journal,
  );
  expect(found.messages).toEqual([drop(12, 'gossip', 0), drop(13, 'ack', 0)]);
  expect(found.byPlace).toBe(1);
  expect(found.gone).toEqual([drop(98, 'ack', 1), drop(97, 'other', 0)]);
});

it('handles bodies without a type', () => {
  expect(
    placeExceptions(
      [drop(1, '', 1)],
      journalOf([
        [5, '{'],
        [6, '{"type":[]}'],
      ]),
    ).messages,
  ).toEqual([drop(6, '', 1)]);
});
