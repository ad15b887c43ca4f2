/**
 * A packed run as the source of a recorded run: recreates the files of a run's folder in memory, for the included
 * interval, so that the same code reads stored and packed runs.
 */
import { present } from '../../columns/present.ts';
import { ClientBook } from '../../history/client-book.ts';
import {
  CAUSE_BYTES,
  encodeCause,
  encodeEvent,
  encodeHeader,
  encodeMessage,
  EVENT_BYTES,
  EVENT_KINDS,
  HEADER_BYTES,
  JOURNAL_FILES,
  MESSAGE_BYTES,
} from '../../network/journal/journal-format.ts';
import { ByteWriter, encoded } from '../files/byte-writer.ts';
import { OPERATION_TYPES } from '../operations/entry-head.ts';
import { memoryFile } from '../files/memory-file.ts';
import { fromPlanes, sums } from './number-planes.ts';
import { splitPacked, type PackedHead, type Sections } from './packed-run.ts';
import { originOfCode } from './packed-origins.ts';
import type { JournalSource, LogMarkRequest, RunSource } from '../run-source.ts';
import { spreadMarks } from './spread-marks.ts';
import type { LogMark } from '../views.ts';

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
      states: memoryFile('states.jsonl', sections.states),
      refreshClients: () => undefined,
      logMarks: (asked) => marksWithin(head.logMarks, asked),
      results: () => (head.results === '' ? undefined : head.results),
    },
  };
}

const NEWLINE = 0x0a;

function journalOf({ names, zeroNanos }: PackedHead, sections: Sections): JournalSource {
  const { messages, bodies } = messagesOf(names, sections);
  return {
    messages: memoryFile(JOURNAL_FILES.messages, messages),
    events: memoryFile(JOURNAL_FILES.events, eventsOf(sections)),
    bodies: memoryFile(JOURNAL_FILES.bodies, bodies),
    names: memoryFile(
      JOURNAL_FILES.names,
      encoded(names.map((name) => `${JSON.stringify(name)}\n`).join('')),
    ),
    causes: memoryFile(JOURNAL_FILES.causes, causesOf(sections)),
    zeroNanos: () => zeroNanos,
  };
}

function causesOf({ origins }: Sections): Uint8Array {
  if (origins.length === 0) return new Uint8Array(0);
  const codes = fromPlanes(origins);
  const bytes = new Uint8Array(HEADER_BYTES + codes.length * CAUSE_BYTES);
  bytes.set(encodeHeader(CAUSE_BYTES));
  const view = new DataView(bytes.buffer);
  for (const [id, code] of codes.entries())
    encodeCause(view, HEADER_BYTES + id * CAUSE_BYTES, { origin: originOfCode(id, code) });
  return bytes;
}

/** Recreates the journal's line for each body, and the body's place in it. */
function messagesOf(
  names: readonly string[],
  sections: Sections,
): { readonly messages: Uint8Array; readonly bodies: Uint8Array } {
  const src = fromPlanes(sections.messageSrc);
  const dest = fromPlanes(sections.messageDest);
  const count = src.length;
  const froms = names.map((name) => encoded(`,"src":${JSON.stringify(name)},"dest":`));
  const tos = names.map((name) => encoded(`${JSON.stringify(name)},"body":`));
  const messages = new Uint8Array(HEADER_BYTES + count * MESSAGE_BYTES);
  messages.set(encodeHeader(MESSAGE_BYTES));
  const view = new DataView(messages.buffer);
  const lines = new ByteWriter(sections.bodies.length + 50 * count);
  const [begin, end] = [encoded('{"id":'), encoded('}\n')];
  let from = 0;
  for (let id = 0; id < count; id++) {
    const stop = sections.bodies.indexOf(NEWLINE, from);
    const [srcName, destName] = [present(src[id]), present(dest[id])];
    lines.piece(begin);
    lines.number(id);
    lines.piece(present(froms[srcName]));
    lines.piece(present(tos[destName]));
    encodeMessage(view, HEADER_BYTES + id * MESSAGE_BYTES, srcName, destName, lines.length, stop - from);
    lines.piece(sections.bodies.subarray(from, stop));
    lines.piece(end);
    from = stop + 1;
  }
  return { messages, bodies: lines.bytes };
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
    const kind = present(EVENT_KINDS[present(kinds[at])]);
    if (kind === 'sent') sent++;
    const id = sent - present(ids[at]);
    encodeEvent(view, HEADER_BYTES + at * EVENT_BYTES, kind, present(times[at]), id, present(details[at]));
  }
  return bytes;
}

function historyOf({ functions }: PackedHead, sections: Sections): Uint8Array {
  const indexes = sums(fromPlanes(sections.entryIndexes));
  const times = sums(fromPlanes(sections.entryTimes));
  const types = fromPlanes(sections.entryTypes);
  const processes = fromPlanes(sections.entryProcesses);
  const fs = fromPlanes(sections.entryFunctions);
  const rests = sections.entryRests;
  const words = {
    index: encoded('{"index":'),
    time: encoded(',"time":'),
    types: OPERATION_TYPES.map((type) => encoded(`,"type":"${type}","process":`)),
    nemesis: encoded('"nemesis"'),
    fs: functions.map((f) => encoded(`,"f":${JSON.stringify(f)}`)),
  };
  const lines = new ByteWriter(rests.length + 80 * indexes.length);
  let from = 0;
  for (let at = 0; at < indexes.length; at++) {
    const process = present(processes[at]);
    lines.piece(words.index);
    lines.number(present(indexes[at]));
    lines.piece(words.time);
    lines.number(present(times[at]));
    lines.piece(present(words.types[present(types[at])]));
    if (process === 0) lines.piece(words.nemesis);
    else lines.number(process - 1);
    lines.piece(present(words.fs[present(fs[at])]));
    const stop = rests.indexOf(NEWLINE, from) + 1;
    lines.piece(rests.subarray(from, stop));
    from = stop;
  }
  return lines.bytes;
}

function marksWithin(marks: readonly LogMark[], { nodes, from, to, limit }: LogMarkRequest): LogMark[] {
  return nodes.flatMap((node) =>
    spreadMarks(
      marks.filter((mark) => mark.node === node && mark.time >= from && mark.time <= to),
      limit,
    ),
  );
}
