/**
 * Packs a recorded run for a page. Of a run that is too large it takes the first interval, as long as the limits for
 * both messages and operations allow, so that both cover the same time. Of long bodies and values it keeps the
 * beginning and the end, which usually contain the fields that match requests and replies.
 */
import { present } from '../../columns/present.ts';
import { lowerBound } from '../../columns/lower-bound.ts';
import {
  decodeMessage,
  HEADER_BYTES,
  KIND_NUMBERS,
  MESSAGE_BYTES,
} from '../../network/journal/journal-format.ts';
import { stateChangeIn, stateLine } from '../../protocol/state-change.ts';
import { ByteWriter, encoded } from '../files/byte-writer.ts';
import { PieceReader, type Cut } from '../files/cut-pieces.ts';
import { HEAD_BYTES, OPERATION_TYPES } from '../operations/entry-head.ts';
import { originCode } from './packed-origins.ts';
import { MessageOrigins } from '../messages/message-origins.ts';
import type { MessageColumns } from '../messages/message-columns.ts';
import { differences, toPlanes } from './number-planes.ts';
import type { RunOperations } from '../operations/operation-columns.ts';
import { joinPacked, type PackedCounts, type PackedLog, type Section } from './packed-run.ts';
import { textOf, type LookedFile, type RunSource } from '../run-source.ts';
import type { RunPage } from '../views.ts';

/**
 * Candidates for the number of bytes kept of a body or value: the largest that keeps all of them together within the
 * limit is used.
 */
const LEAST_CAP = 256;
const CAPS = [256 * 1024, 32_768, 8192, 2048, 1024, 512, LEAST_CAP];
const WHOLE: Cut = { head: 48 * 1024, tail: 16 * 1024 };
const LOG_MARKS = 1000;
/** Maximum number of bytes of the nodes' states. */
const STATE_BYTES = 2 << 20;
const NEWLINE = 0x0a;
const BLANK = 0x20;

export interface PackLimits {
  readonly messages: number;
  readonly operations: number;
  /** Limit for all bodies together, and for all entries of the history together. */
  readonly bytes: number;
}

export interface PackedParts {
  readonly source: RunSource;
  /** Both must have been read. */
  readonly journal: MessageColumns;
  readonly history: RunOperations;
  readonly nodes: readonly string[];
  readonly page: RunPage;
  readonly logs: readonly PackedLog[];
}

export interface Packed {
  readonly bytes: Uint8Array;
  readonly counts: PackedCounts;
}

export async function packRun(parts: PackedParts, limits: PackLimits): Promise<Packed> {
  const { source, journal, history, nodes, page, logs } = parts;
  const { untilNanos, messages, operations } = stretchWithin(parts, limits);
  const counts = {
    messages,
    operations,
    allMessages: journal.recordedCount,
    allOperations: history.count,
    untilNanos,
  };
  const entries = packEntries(source, history, { untilNanos, operations, bytes: limits.bytes });
  const head = {
    page,
    results: source.results() ?? '',
    clients: source.clients.all(),
    logMarks: source.logMarks({ nodes, from: -Infinity, to: untilNanos ?? Infinity, limit: LOG_MARKS }),
    logs,
    names: journal.names,
    functions: entries.functions,
    zeroNanos: journal.zeroNanos,
    counts,
  };
  const bytes = joinPacked(head, {
    messageSrc: toPlanes(Float64Array.from(journal.src.subarray(0, messages))),
    messageDest: toPlanes(Float64Array.from(journal.dest.subarray(0, messages))),
    bodies: packBodies(source, messages, limits.bytes),
    ...(await packEvents(journal, messages)),
    origins: packOrigins(await originsOf(journal), messages),
    ...entries.sections,
    states: packStates(source, untilNanos),
  });
  return { bytes, counts };
}

/** Packs the states of the interval as lines; if there are too many, the first ones, with an entry that marks the end. */
function packStates({ states, journal }: RunSource, untilNanos: number | null): Uint8Array {
  let text: string;
  try {
    text = states.look(({ size, read }) => {
      const bytes = new Uint8Array(Math.min(size, STATE_BYTES));
      return textOf(bytes.subarray(0, read(bytes, 0)));
    });
  } catch {
    return new Uint8Array(0);
  }
  const until = untilNanos === null ? Infinity : untilNanos + journal.zeroNanos();
  const lines: string[] = [];
  const nodes = new Set<string>();
  let last = 0;
  for (const line of text.split('\n')) {
    const change = stateChangeIn(line);
    if (change === undefined) continue;
    if (change.time >= until) return encoded(lines.join(''));
    lines.push(`${line}\n`);
    nodes.add(change.node);
    last = change.time;
  }
  if (text.length >= STATE_BYTES)
    for (const node of nodes) lines.push(stateLine({ node, time: last, kind: 'cut' }));
  return encoded(lines.join(''));
}

/**
 * Returns the whole run if it is within the limits, else the interval up to the first message or operation beyond them.
 */
function stretchWithin(
  { journal, history }: PackedParts,
  limits: PackLimits,
): { readonly untilNanos: number | null; readonly messages: number; readonly operations: number } {
  const { messageCount, sent } = journal;
  const invoked = history.columns.invoked.values;
  const ends = [
    ...(messageCount > limits.messages ? [present(sent[limits.messages])] : []),
    ...(journal.recordedCount > messageCount && messageCount <= limits.messages ? [journal.endNanos] : []),
    ...(history.count > limits.operations ? [present(invoked[limits.operations])] : []),
  ];
  if (ends.length === 0) return { untilNanos: null, messages: messageCount, operations: history.count };
  const untilNanos = Math.min(...ends);
  return {
    untilNanos,
    messages: lowerBound(sent, untilNanos, messageCount),
    operations: lowerBound(invoked, untilNanos, history.count),
  };
}

/** Returns the largest cut that keeps the texts within the limit, and their approximate total in bytes. */
function cutFor(lengths: Float64Array, limit: number): { readonly cut: Cut; readonly bytes: number } {
  const sumOf = (cap: number): number => {
    let sum = 0;
    for (const length of lengths) sum += Math.min(cap, length);
    return sum;
  };
  const cap = CAPS.find((one) => sumOf(one) <= limit) ?? LEAST_CAP;
  return { cut: { head: cap * 0.75, tail: cap * 0.25 }, bytes: sumOf(cap) };
}

/** Packs the bodies of the first messages, one per line. */
function packBodies({ journal }: RunSource, count: number, limit: number): Uint8Array {
  if (count === 0) return new Uint8Array(0);
  const offsets = new Float64Array(count);
  const lengths = new Float64Array(count);
  journal.messages.look(({ read }) => {
    const bytes = new Uint8Array(count * MESSAGE_BYTES);
    read(bytes, HEADER_BYTES);
    const view = new DataView(bytes.buffer);
    for (let id = 0; id < count; id++) {
      const { bodyOffset, bodyBytes } = decodeMessage(view, id * MESSAGE_BYTES);
      offsets[id] = bodyOffset;
      lengths[id] = bodyBytes;
    }
  });
  const { cut, bytes: most } = cutFor(lengths, limit);
  const lines = new ByteWriter(most + count);
  journal.bodies.look((file) => {
    const reader = new PieceReader(file);
    for (let id = 0; id < count; id++) {
      const [at, length] = [present(offsets[id]), present(lengths[id])];
      const start = lines.length;
      // A record that points beyond the file has no body, as in message-bodies.ts.
      if (at + length <= file.size) reader.piece(at, length, cut, lines);
      // A body with newlines is invalid, but must not become several lines here.
      lines.replace(start, NEWLINE, BLANK);
      lines.byte(NEWLINE);
    }
  });
  return lines.bytes;
}

async function originsOf(journal: MessageColumns): Promise<MessageOrigins> {
  const origins = new MessageOrigins(journal);
  await origins.refresh();
  return origins;
}

/** Packs the origins of the first messages; empty if none is known. */
function packOrigins(origins: MessageOrigins, messages: number): Uint8Array {
  const count = Math.min(origins.known, messages);
  if (count === 0) return new Uint8Array(0);
  const codes = new Float64Array(count);
  for (let id = 0; id < count; id++) codes[id] = originCode(id, origins.of(id), origins.isByTimer(id));
  return toPlanes(codes);
}

/** Packs the events of the first messages, in the order of the journal. */
async function packEvents(
  journal: MessageColumns,
  messages: number,
): Promise<Record<'eventTimes' | 'eventKinds' | 'eventIds' | 'eventDetails', Uint8Array>> {
  const columns = (): Float64Array => new Float64Array(journal.eventCount);
  const [times, kinds, ids, details] = [columns(), columns(), columns(), columns()];
  let count = 0;
  let sent = -1;
  await journal.eachEvent((time, kind, id, detail) => {
    if (id < messages) {
      times[count] = time;
      kinds[count] = kind;
      // Messages are sent in the order of their ids; other events concern a recent message.
      if (kind === KIND_NUMBERS.sent) sent++;
      ids[count] = sent - id;
      details[count] = detail;
      count++;
    }
  });
  return {
    eventTimes: toPlanes(differences(times.subarray(0, count))),
    eventKinds: toPlanes(kinds.subarray(0, count)),
    eventIds: toPlanes(ids.subarray(0, count)),
    eventDetails: toPlanes(details.subarray(0, count)),
  };
}

interface PackedEntries {
  readonly functions: readonly string[];
  readonly sections: Record<Extract<Section, `entry${string}`>, Uint8Array>;
}

/** Packs the entries of the first operations and of the nemesis as their fields, with the rest after `f` as text. */
function packEntries(
  { history: file }: RunSource,
  history: RunOperations,
  { untilNanos, operations, bytes }: { untilNanos: number | null; operations: number; bytes: number },
): PackedEntries {
  const offsets = entryOffsets(history, operations, untilNanos);
  const functions: string[] = [];
  const numbers = new Map<string, number>();
  const column = (): Float64Array => new Float64Array(offsets.length);
  const [indexes, times, types, processes, fs] = [column(), column(), column(), column(), column()];
  let count = 0;
  const { heads } = history;
  const take = (looked: LookedFile): Uint8Array => {
    const reader = new PieceReader(looked);
    const lengths = offsets.map((offset, at) => (offsets[at + 1] ?? looked.size) - offset);
    const { cut, bytes: most } = cutFor(lengths, bytes);
    const rests = new ByteWriter(most);
    // Entries of the nemesis are kept in full, since their values show what faults did.
    const whole = new Set(history.nemesis.map(({ at }) => at));
    for (const offset of offsets) {
      const start = reader.place(offset, HEAD_BYTES);
      const head = heads.read(reader.chunk, start, reader.filled);
      if (head === undefined) continue;
      let f = numbers.get(head.f);
      if (f === undefined) numbers.set(head.f, (f = functions.push(head.f) - 1));
      indexes[count] = head.index;
      times[count] = head.time;
      types[count] = OPERATION_TYPES.indexOf(head.type);
      processes[count] = head.process === 'nemesis' ? 0 : head.process + 1;
      fs[count] = f;
      count++;
      const rest = offset + heads.bytes;
      reader.piece(rest, reader.lineEnd(rest) - rest, whole.has(offset) ? WHOLE : cut, rests);
      rests.byte(NEWLINE);
    }
    return rests.bytes;
  };
  const entryRests = offsets.length > 0 ? file.look(take) : new Uint8Array(0);
  return {
    functions,
    sections: {
      entryIndexes: toPlanes(differences(indexes.subarray(0, count))),
      entryTimes: toPlanes(differences(times.subarray(0, count))),
      entryTypes: toPlanes(types.subarray(0, count)),
      entryProcesses: toPlanes(processes.subarray(0, count)),
      entryFunctions: toPlanes(fs.subarray(0, count)),
      entryRests,
    },
  };
}

/** Returns the offsets of the entries that belong to the interval, in the order of the file. */
function entryOffsets(
  { columns, nemesis }: RunOperations,
  operations: number,
  untilNanos: number | null,
): Float64Array {
  const offsets = new Float64Array(2 * operations + nemesis.length);
  let count = 0;
  for (let row = 0; row < operations; row++) {
    const completion = columns.completeAt.at(row);
    offsets[count++] = columns.invokeAt.at(row);
    if (completion !== -1) offsets[count++] = completion;
  }
  for (const { at, time } of nemesis) if (untilNanos === null || time < untilNanos) offsets[count++] = at;
  return offsets.subarray(0, count).sort();
}
