import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { originOf } from '../../world/cause.ts';
import type { MessageCause, Packet } from '../../world/world.ts';
import { JOURNAL_FILES } from './journal-format.ts';
import { FileJournalReader } from './journal-file-reader.ts';
import { FileJournal } from './journal-file.ts';
import { MemoryJournal } from './memory-journal.ts';
import type { Journal, JournalEvent, JournalReader } from './journal.ts';

const root = mkdtempSync(join(tmpdir(), 'journal-test-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = (): string => join(root, String(folders++));

const packet = (id: number, body = '{"type":"x"}', src = 'n1', dest = 'n2'): Packet => ({
  id,
  src,
  dest,
  body: Buffer.from(body),
});

const causeAt = (id: number): MessageCause => ({
  id: id * 2 ** 33 + 5,
  origin: { message: id, byTimer: id % 2 === 0 },
});

const events = (reader: JournalReader): JournalEvent[] =>
  Array.from({ length: reader.eventCount }, (_, number) => reader.event(number));

interface Kind {
  readonly name: string;
  readonly open: () => { readonly journal: Journal; readonly read: () => JournalReader };
}

const KINDS: readonly Kind[] = [
  {
    name: 'the journal in memory',
    open: () => {
      const journal = new MemoryJournal();
      return { journal, read: () => journal };
    },
  },
  {
    name: 'the journal on disk',
    open: () => {
      const folder = newFolder();
      return { journal: new FileJournal(folder), read: () => new FileJournalReader(folder) };
    },
  },
];

for (const { name, open } of KINDS) {
  describe(name, () => {
    test('returns what happened, in order, and every body unchanged', () => {
      const { journal, read } = open();
      const first = packet(0, '{"type":"ä", "n": 9007199254740993}');
      const second = packet(1, '{}', 'c1', 'n"\\é');
      journal.sent(5, first);
      journal.sent(6, second);
      journal.duplicated(6, second, 2);
      journal.received(2 ** 52 + 1, second);
      journal.dropped(2 ** 52 + 2, first, 'partition');
      journal.flush();
      const reader = read();
      expect(events(reader)).toEqual([
        { kind: 'sent', timeNanos: 5, messageId: 0 },
        { kind: 'sent', timeNanos: 6, messageId: 1 },
        { kind: 'duplicated', timeNanos: 6, messageId: 1, copies: 2 },
        { kind: 'received', timeNanos: 2 ** 52 + 1, messageId: 1 },
        { kind: 'dropped', timeNanos: 2 ** 52 + 2, messageId: 0, reason: 'partition' },
      ]);
      expect(reader.messageCount).toBe(2);
      expect([reader.message(1), reader.message(0)]).toEqual([second, first]);
      journal.close();
      reader.close();
    });

    test('returns the causes of messages, also beyond 32 bits', () => {
      const { journal, read } = open();
      const causes = [
        { id: 7, origin: { message: undefined, byTimer: false } },
        { id: 2 ** 53 - 1, origin: { message: 0, byTimer: false } },
        { id: 2 ** 32, origin: { message: 2 ** 32 + 1, byTimer: true } },
      ];
      for (const [id, cause] of causes.entries()) journal.sent(id, { ...packet(id), cause });
      journal.flush();
      const reader = read();
      expect(causes.map((_, id) => reader.message(id).cause)).toEqual(causes);
      journal.close();
      reader.close();
    });

    test('returns causes reported by senders, and unknown for others', () => {
      const { journal, read } = open();
      const origins = [
        undefined,
        undefined,
        { message: undefined, byTimer: false },
        { message: 2 ** 32 + 1, byTimer: true },
        undefined,
        { message: 0, byTimer: false },
      ];
      for (const [id, origin] of origins.entries()) journal.sent(id, { ...packet(id), origin });
      journal.flush();
      const reader = read();
      expect(origins.map((_, id) => originOf(reader.message(id)))).toEqual(origins);
      expect(origins.map((_, id) => reader.message(id).cause)).toEqual(origins.map(() => undefined));
      journal.close();
      reader.close();
    });

    test('an empty journal has no events, and reading one is a RangeError', () => {
      const { journal, read } = open();
      journal.flush();
      const reader = read();
      expect([reader.eventCount, reader.messageCount]).toEqual([0, 0]);
      expect(() => reader.event(0)).toThrow(RangeError);
      expect(() => reader.message(0)).toThrow(RangeError);
      expect(() => reader.message(-1)).toThrow(RangeError);
      journal.close();
      reader.close();
    });

    test('keeps a sent body, whatever happens to its buffer', () => {
      const { journal, read } = open();
      const sent = packet(0, '{"x":1}');
      journal.sent(1, sent);
      sent.body.fill('#');
      journal.flush();
      const reader = read();
      expect(reader.message(0).body.toString()).toBe('{"x":1}');
      journal.close();
      reader.close();
    });

    test('any messages are returned, however many and however long', () => {
      const size = fc.oneof(fc.nat(200), fc.integer({ min: 50_000, max: 300_000 }));
      const message = fc.record({ size, src: fc.string(), dest: fc.string() });
      fc.assert(
        fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
          const { journal, read } = open();
          const packets = messages.map((m, id) => packet(id, 'é'.repeat(m.size), m.src, m.dest));
          for (const sent of packets) {
            journal.sent(sent.id, sent);
            journal.received(sent.id, sent);
          }
          journal.flush();
          const reader = read();
          expect(reader.messageCount).toBe(packets.length);
          for (const { id, src, dest, body } of packets) {
            const found = reader.message(id);
            // A deep comparison of large buffers takes seconds.
            expect([found.src, found.dest, found.body.equals(body)]).toEqual([src, dest, true]);
          }
          expect(reader.eventCount).toBe(2 * packets.length);
          journal.close();
          reader.close();
        }),
        { numRuns: 30 },
      );
    });
  });
}

describe('the files', () => {
  /** A closed journal of 10,000 messages, more than any buffer holds. */
  const written = (): string => {
    const folder = newFolder();
    const journal = new FileJournal(folder);
    for (let id = 0; id < 10_000; id++) {
      journal.sent(id * 10, { ...packet(id, `{"n":${id}}`), cause: causeAt(id) });
      journal.received(id * 10 + 5, packet(id));
    }
    journal.close();
    return folder;
  };
  const bytes = (folder: string): Buffer =>
    Buffer.concat(Object.values(JOURNAL_FILES).map((file) => readFileSync(join(folder, file))));

  test('are the same bytes for the same calls', () => {
    expect(bytes(written()).equals(bytes(written()))).toBe(true);
  });

  test('can be read at random, and the bodies searched with grep', () => {
    const folder = written();
    const reader = new FileJournalReader(folder);
    for (const id of [9999, 0, 5000, 4095, 4096]) {
      expect(reader.message(id).body.toString()).toBe(`{"n":${id}}`);
      expect(reader.event(2 * id + 1)).toEqual({ kind: 'received', timeNanos: id * 10 + 5, messageId: id });
    }
    reader.close();
    const lines = readFileSync(join(folder, JOURNAL_FILES.bodies), 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(10_000);
    expect(lines[7]).toBe('{"id":7,"src":"n1","dest":"n2","body":{"n":7}}');
  });

  test('have their bodies read in order, in steps and backwards, however long they are', () => {
    const folder = newFolder();
    const journal = new FileJournal(folder);
    const bodies = Array.from(
      { length: 300 },
      (_, id) => `{"n":${id},"text":"${'x'.repeat((id * 7919) % 3000)}"}`,
    );
    bodies[150] = `{"text":"${'y'.repeat(200_000)}"}`;
    for (const [id, body] of bodies.entries()) journal.sent(id, packet(id, body));
    journal.close();
    const reader = new FileJournalReader(folder);
    const forwards = [...bodies.keys()];
    const orders = [forwards, forwards.toReversed(), forwards.map((id) => (id * 7) % bodies.length)];
    for (const id of orders.flat()) expect(reader.message(id).body.toString()).toBe(bodies[id]);
    reader.close();
  });

  test('can be read while they grow', () => {
    const folder = newFolder();
    const journal = new FileJournal(folder);
    journal.sent(1, packet(0));
    journal.flush();
    const reader = new FileJournalReader(folder);
    expect(reader.eventCount).toBe(1);
    journal.received(2, packet(0));
    journal.dropped(3, packet(0), 'a new reason');
    expect(reader.eventCount).toBe(1);
    journal.flush();
    reader.refresh();
    expect(reader.event(2)).toEqual({ kind: 'dropped', timeNanos: 3, messageId: 0, reason: 'a new reason' });
    journal.close();
    reader.close();
  });

  test('can be read after a crash in the middle of any write', () => {
    for (const file of Object.values(JOURNAL_FILES)) {
      for (const lost of [1, 7, 19, 33]) {
        const folder = newFolder();
        const journal = new FileJournal(folder);
        for (let id = 0; id < 10; id++) {
          journal.sent(id, { ...packet(id, `{"n":${id}}`, `a${id}`, 'b'), cause: causeAt(id) });
        }
        journal.close();
        const path = join(folder, file);
        truncateSync(path, statSync(path).size - lost);
        const reader = new FileJournalReader(folder);
        expect(reader.messageCount).toBeGreaterThan(2);
        for (let id = 0; id < reader.messageCount; id++) {
          const { src, body, cause } = reader.message(id);
          expect([src, body.toString()]).toEqual([`a${id}`, `{"n":${id}}`]);
          expect(cause).toEqual(
            file === JOURNAL_FILES.causes && cause === undefined ? undefined : causeAt(id),
          );
        }
        expect(events(reader)).toHaveLength(reader.eventCount);
        reader.close();
      }
    }
  });

  test('of another kind, or of a newer version, are refused with advice', () => {
    const folder = written();
    const path = join(folder, JOURNAL_FILES.events);
    const header = readFileSync(path).subarray(0, 16);
    header.writeUInt32LE(2, 8);
    writeFileSync(path, header);
    expect(() => new FileJournalReader(folder)).toThrow(
      'it has version 2, and this program knows versions up to 1',
    );
    writeFileSync(path, 'something else entirely');
    expect(() => new FileJournalReader(folder)).toThrow('it is not a journal file');
    writeFileSync(path, '');
    appendFileSync(path, 'mls');
    expect(() => new FileJournalReader(folder)).toThrow('its header has 3 of 16 bytes');
  });
});
