import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { futureOf, pastOf } from './causality.ts';
import { storedJournal } from '../../report/read/stored-run-source.ts';
import { MessageOrigins } from '../messages/message-origins.ts';
import { MessageColumns } from '../messages/message-columns.ts';
import { writeSampleRun, type SampleMessage } from '../../../test/support/stored-run-sample.ts';

const root = mkdtempSync(join(tmpdir(), 'causality-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const message = fc.record({
  src: fc.constantFrom('n1', 'n2', 'n3', 'n4'),
  dest: fc.constantFrom('n1', 'n2', 'n3', 'n4'),
  gap: fc.integer({ min: 1, max: 5 }),
  takes: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
  isLost: fc.boolean(),
  /** Index of the received message that the sender names as origin; it may name none. */
  says: fc.option(fc.nat(), { nil: undefined, freq: 1 }),
});

/** Straight from the definition: m leads to k if m arrived where k was sent, before that; and transitively. */
function leadsTo(messages: readonly SampleMessage[]): boolean[][] {
  const reaches = messages.map((m, id) =>
    messages.map((k) => {
      const arrival = m.arrives?.[0];
      if (k.origin !== undefined) return k.origin.message === id;
      return arrival !== undefined && m.dest === k.src && arrival <= k.sent;
    }),
  );
  // A sender's own earlier messages are not causes by themselves, but whatever reached the sender leads to its later
  // messages.
  for (const [via] of messages.entries())
    for (const row of reaches)
      if (row[via] === true)
        for (const [to, reached] of (reaches[via] ?? []).entries()) if (reached) row[to] = true;
  return reaches;
}

test('the future and the past of a message follow from what senders report, and otherwise from the definition of happened-before', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 12 }), async (drawn) => {
      let sent = 0;
      const messages: SampleMessage[] = [];
      for (const { src, dest, gap, takes, isLost, says } of drawn) {
        sent += gap;
        const end = takes === undefined ? undefined : sent + takes;
        const received = messages.flatMap(({ dest: to, arrives }, id) =>
          to === src && (arrives?.[0] ?? Infinity) <= sent ? [id] : [],
        );
        const origin =
          says === undefined
            ? {}
            : { origin: { message: received[says % (received.length + 1)], byTimer: says % 2 === 0 } };
        messages.push({
          src,
          dest,
          sent,
          body: '{}',
          ...origin,
          ...(end === undefined ? {} : isLost ? { lost: end } : { arrives: [end] }),
        });
      }
      const folder = writeSampleRun(root, `run${runs++}`, { messages });
      const columns = new MessageColumns(storedJournal(join(folder, 'net-journal')));
      await columns.refresh();
      const origins = new MessageOrigins(columns);
      await origins.refresh();
      const expected = leadsTo(messages);
      for (const [id] of messages.entries()) {
        const future = messages.map((_, other) => (other === id || expected[id]?.[other] === true ? 1 : 0));
        const past = messages.map((_, other) => (other === id || expected[other]?.[id] === true ? 1 : 0));
        expect([...futureOf(columns, origins, id)]).toEqual(future);
        // Includes what reached the sender before it sent this message; see `pastOf`.
        expect([...pastOf(columns, origins, id)]).toEqual(past);
      }
    }),
    { numRuns: 200 },
  );
});
