/**
 * A packed run as the source of a recorded run: the files of a run's folder made again in memory, for the stretch that is
 * there. What reads a stored run reads this one, by the same code.
 */
import { ClientBook } from '../history/client-book.ts';
import {
  encodeEvent,
  encodeHeader,
  encodeMessage,
  EVENT_BYTES,
  EVENT_KINDS,
  HEADER_BYTES,
  JOURNAL_FILES,
  MESSAGE_BYTES,
} from '../network/journal-format.ts';
import { memoryFile } from './memory-file.ts';
import { fromPlanes, sums } from './number-planes.ts';
import { OPERATION_TYPES } from './operation-columns.ts';
import { splitPacked, type PackedHead, type Sections } from './packed-run.ts';
import { textOf, type JournalSource, type LogMarkRequest, type RunSource } from './run-source.ts';
import { spreadMarks } from './spread-marks.ts';
import type { LogMark } from './views.ts';

export interface UnpackedRun {
  readonly head: PackedHead;
  readonly source: RunSource;
}

export function unpackRun(bytes: Uint8Array): UnpackedRun {
  const { head, sections } = splitPacked(bytes);
  const clients = new ClientBook();
  for (const client of head.clients) clients.add(client);
  return {
    head,
    source: {
      test: head.page.test,
      journal: journalOf(head, sections),
      history: memoryFile('history.jsonl', historyOf(head, sections)),
      clients,
      refreshClients: () => undefined,
      logMarks: (asked) => marksWithin(head.logMarks, asked),
      results: () => (head.results === '' ? undefined : head.results),
    },
  };
}

const NEWLINE = 0x0a;
const UTF_8 = new TextEncoder();

function journalOf({ names, zeroNanos }: PackedHead, sections: Sections): JournalSource {
  const { messages, bodies } = messagesOf(names, sections);
  return {
    messages: memoryFile(JOURNAL_FILES.messages, messages),
    events: memoryFile(JOURNAL_FILES.events, eventsOf(sections)),
    bodies: memoryFile(JOURNAL_FILES.bodies, bodies),
    names: memoryFile(
      JOURNAL_FILES.names,
      UTF_8.encode(names.map((name) => `${JSON.stringify(name)}\n`).join('')),
    ),
    zeroNanos: () => zeroNanos,
  };
}

/** A line for each body, as the journal has it, and where in it the body stands. */
function messagesOf(
  names: readonly string[],
  sections: Sections,
): { readonly messages: Uint8Array; readonly bodies: Uint8Array } {
  const src = fromPlanes(sections.messageSrc);
  const dest = fromPlanes(sections.messageDest);
  const count = src.length;
  const quoted = names.map((name) => JSON.stringify(name));
  const messages = new Uint8Array(HEADER_BYTES + count * MESSAGE_BYTES);
  messages.set(encodeHeader(MESSAGE_BYTES));
  const view = new DataView(messages.buffer);
  const heads = Array.from(
    { length: count },
    (_, id) =>
      `{"id":${id},"src":${quoted[src[id] ?? 0] ?? '""'},"dest":${quoted[dest[id] ?? 0] ?? '""'},"body":`,
  );
  // A character has three bytes at most (or two and a half, where it takes two).
  const room = heads.reduce((sum, { length }) => sum + 3 * length + 2, sections.bodies.length);
  const bodies = new Uint8Array(room);
  let [at, from] = [0, 0];
  for (let id = 0; id < count; id++) {
    const end = sections.bodies.indexOf(NEWLINE, from);
    const body = sections.bodies.subarray(from, end);
    from = end + 1;
    at += UTF_8.encodeInto(heads[id] ?? '', bodies.subarray(at)).written;
    bodies.set(body, at);
    encodeMessage(view, HEADER_BYTES + id * MESSAGE_BYTES, src[id] ?? 0, dest[id] ?? 0, at, body.length);
    at += body.length;
    bodies[at++] = 0x7d;
    bodies[at++] = NEWLINE;
  }
  return { messages, bodies: bodies.subarray(0, at) };
}

function eventsOf(sections: Sections): Uint8Array {
  const times = sums(fromPlanes(sections.eventTimes));
  const kinds = fromPlanes(sections.eventKinds);
  const ids = fromPlanes(sections.eventIds);
  const details = fromPlanes(sections.eventDetails);
  const bytes = new Uint8Array(HEADER_BYTES + times.length * EVENT_BYTES);
  bytes.set(encodeHeader(EVENT_BYTES));
  const view = new DataView(bytes.buffer);
  let sent = -1;
  for (let at = 0; at < times.length; at++) {
    const kind = EVENT_KINDS[kinds[at] ?? 0] ?? 'sent';
    if (kind === 'sent') sent++;
    const id = sent - (ids[at] ?? 0);
    encodeEvent(view, HEADER_BYTES + at * EVENT_BYTES, kind, times[at] ?? 0, id, details[at] ?? 0);
  }
  return bytes;
}

function historyOf({ functions }: PackedHead, sections: Sections): Uint8Array {
  const indexes = sums(fromPlanes(sections.entryIndexes));
  const times = sums(fromPlanes(sections.entryTimes));
  const types = fromPlanes(sections.entryTypes);
  const processes = fromPlanes(sections.entryProcesses);
  const fs = fromPlanes(sections.entryFunctions);
  const quoted = functions.map((f) => JSON.stringify(f));
  const rests = textOf(sections.entryRests).split('\n');
  const lines = Array.from(
    indexes,
    (index, at) =>
      `{"index":${index},"time":${times[at]},"type":"${OPERATION_TYPES[types[at] ?? 0] ?? 'invoke'}",` +
      `"process":${processes[at] === 0 ? '"nemesis"' : (processes[at] ?? 0) - 1},"f":${quoted[fs[at] ?? 0] ?? '""'}${rests[at] ?? '}'}\n`,
  );
  return UTF_8.encode(lines.join(''));
}

function marksWithin(marks: readonly LogMark[], { nodes, from, to, limit }: LogMarkRequest): LogMark[] {
  return nodes.flatMap((node) =>
    spreadMarks(
      marks.filter((mark) => mark.node === node && mark.time >= from && mark.time <= to),
      limit,
    ),
  );
}
