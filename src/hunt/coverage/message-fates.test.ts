import { expect, it } from 'vitest';
import type { Packet } from '../../world/world.ts';
import { fateSentences } from './fate-sentences.ts';
import { addedFates, FateJournal } from './message-fates.ts';

let id = 0;
const packet = (src: string, dest: string, body: unknown): Packet => ({
  id: id++,
  src,
  dest,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const vote = (): Packet => packet('n1', 'n2', { type: 'vote' });

it('counts by type what happened to messages between servers', () => {
  const journal = new FateJournal();
  const [lost, twice, early, late] = [vote(), vote(), vote(), vote()];
  for (const one of [lost, twice, early, late]) journal.sent(0, one);
  journal.dropped(1, lost, 'partition');
  journal.duplicated(1, twice);
  for (const one of [twice, late, early, twice]) journal.received(2, one);
  expect(journal.fates()).toEqual({
    vote: { sent: 4, fates: { partition: 1, doubled: 1, overtaken: 2 } },
  });
});

it('ignores messages of clients, and accepts any body', () => {
  const journal = new FateJournal();
  journal.sent(0, packet('c3', 'n1', { type: 'read' }));
  journal.sent(0, packet('n1', 'c3', { type: 'read_ok' }));
  for (const body of ['no JSON', 'null', '[]', '{"type":7}']) journal.sent(0, packet('n1', 'n2', body));
  for (let n = 0; n < 100; n++) journal.sent(0, packet('n1', 'lin-kv', { type: `type ${n}` }));
  const fates = journal.fates();
  expect(fates['(without a type)']).toEqual({ sent: 4, fates: {} });
  expect(Object.keys(fates)).toHaveLength(40);
});

it('lists what each fault affected, and what it never did', () => {
  const fates = addedFates(
    { hello: { sent: 5, fates: {} }, vote: { sent: 9, fates: { partition: 2 } } },
    { vote: { sent: 1, fates: { partition: 1, gone: 4 } } },
  );
  expect(fates).toEqual({
    hello: { sent: 5, fates: {} },
    vote: { sent: 10, fates: { partition: 3, gone: 4 } },
  });
  expect(fateSentences(fates, ['partition', 'pause', 'duplicate'])).toEqual([
    'lost by a partition: vote 3; never: hello',
    'came twice: never',
    'lost, as the receiver was down: vote 4; never: hello',
  ]);
  expect(fateSentences({}, ['partition'])).toEqual([]);
});
