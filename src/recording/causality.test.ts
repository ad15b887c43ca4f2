import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { futureOf, pastOf } from './causality.ts';
import { storedJournal } from '../report/read/stored-run-source.ts';
import { MessageColumns } from './message-columns.ts';
import { writeSampleRun, type SampleMessage } from '../../test/support/stored-run-sample.ts';

const root = mkdtempSync(join(tmpdir(), 'causality-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const message = fc.record({
  src: fc.constantFrom('n1', 'n2', 'n3', 'n4'),
  dest: fc.constantFrom('n1', 'n2', 'n3', 'n4'),
  gap: fc.integer({ min: 1, max: 5 }),
  takes: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
  isLost: fc.boolean(),
});

/** Straight from the definition: m leads to k when m arrived where k was sent, before that; and so on. */
function leadsTo(messages: readonly SampleMessage[]): boolean[][] {
  const reaches = messages.map((m) =>
    messages.map((k) => {
      const arrival = m.arrives?.[0];
      return arrival !== undefined && m.dest === k.src && arrival <= k.sent;
    }),
  );
  // A sender's own earlier messages lead to nothing by themselves, but whatever reached the sender leads to the later ones.
  for (const [via] of messages.entries())
    for (const row of reaches)
      if (row[via] === true)
        for (const [to, reached] of (reaches[via] ?? []).entries()) if (reached) row[to] = true;
  return reaches;
}

test('the future and the past of a message are what the definition of happened-before says', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 12 }), async (drawn) => {
      let sent = 0;
      const messages = drawn.map(({ src, dest, gap, takes, isLost }): SampleMessage => {
        sent += gap;
        const end = takes === undefined ? undefined : sent + takes;
        const body = '{}';
        if (end === undefined) return { src, dest, sent, body };
        return isLost ? { src, dest, sent, lost: end, body } : { src, dest, sent, arrives: [end], body };
      });
      const folder = writeSampleRun(root, `run${runs++}`, { messages });
      const columns = new MessageColumns(storedJournal(join(folder, 'net-journal')));
      await columns.refresh();
      const expected = leadsTo(messages);
      for (const [id] of messages.entries()) {
        const future = messages.map((_, other) => (other === id || expected[id]?.[other] === true ? 1 : 0));
        const past = messages.map((_, other) => (other === id || expected[other]?.[id] === true ? 1 : 0));
        expect([...futureOf(columns, id)]).toEqual(future);
        // What reached the sender before it sent this one: see `pastOf`.
        expect([...pastOf(columns, id)]).toEqual(past);
      }
    }),
    { numRuns: 120 },
  );
});
