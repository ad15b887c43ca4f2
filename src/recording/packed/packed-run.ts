/**
 * A recorded run, or its first interval, as a single sequence of bytes that fits into a page; pack-run.ts writes it and
 * unpack-run.ts reads it.
 *
 *     length of the head u32 | head: JSON, UTF-8 | sections one after the other, their lengths are in the head
 *
 * A page with a packed run also contains the script that reads it. `maelstrom serve` opens pages of other versions as
 * well, but reads only those of its own format.
 */
import { present } from '../../columns/present.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { OpenedClient } from '../../history/client-book.ts';
import type { LogMark, RunPage } from '../views.ts';

/** The sections, in this order. Columns are planes of number-planes.ts; texts are separated by newlines. */
export const SECTIONS = [
  'messageSrc',
  'messageDest',
  'bodies',
  'eventTimes',
  'eventKinds',
  'eventIds',
  'eventDetails',
  'origins',
  'entryIndexes',
  'entryTimes',
  'entryTypes',
  'entryProcesses',
  'entryFunctions',
  'entryRests',
  'states',
] as const;

export type Section = (typeof SECTIONS)[number];
export type Sections = Readonly<Record<Section, Uint8Array>>;

export interface PackedLog {
  readonly name: string;
  /** The end of the log. */
  readonly text: string;
  /** Size of the whole log. */
  readonly bytes: number;
}

export interface PackedHead {
  readonly page: RunPage;
  /** Text of results.json; empty if there is none. */
  readonly results: string;
  readonly clients: readonly OpenedClient[];
  readonly logMarks: readonly LogMark[];
  readonly logs: readonly PackedLog[];
  /** Names of the journal, and functions of the history. */
  readonly names: readonly string[];
  readonly functions: readonly string[];
  /** Subtracted from the times of events. */
  readonly zeroNanos: number;
  readonly counts: PackedCounts;
}

/** How much of the run is included. */
export interface PackedCounts {
  readonly messages: number;
  readonly operations: number;
  /** Numbers in the whole run. */
  readonly allMessages: number;
  readonly allOperations: number;
  /** End of the included interval; null if it is the whole run. */
  readonly untilNanos: number | null;
}

const PACKED_VERSION = 1;
const LENGTH_BYTES = 4;

export function joinPacked(head: PackedHead, sections: Sections): Uint8Array {
  const pieces = SECTIONS.map((name) => sections[name]);
  const lengths = pieces.map(({ length }) => length);
  const text = new TextEncoder().encode(JSON.stringify({ version: PACKED_VERSION, head, lengths }));
  const start = LENGTH_BYTES + text.length;
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, start));
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, LENGTH_BYTES);
  let at = start;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** Throws a UserError if the bytes are not a packed run, or one of another version. */
export function splitPacked(bytes: Uint8Array): { readonly head: PackedHead; readonly sections: Sections } {
  let at = LENGTH_BYTES;
  let read: { readonly version?: unknown; readonly head: PackedHead; readonly lengths: readonly number[] };
  try {
    at += new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    // Written by joinPacked, as the version shows.
    read = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, at))) as typeof read;
  } catch {
    throw new UserError('It holds no run of Maelstrom.');
  }
  const { version, head, lengths } = read;
  if (version !== PACKED_VERSION)
    throw new UserError(
      'It was written by another version of Maelstrom; a browser shows it when it is opened by itself.',
    );
  const sections = Object.fromEntries(
    SECTIONS.map((name, number) => {
      const piece = bytes.subarray(at, at + present(lengths[number]));
      at += piece.length;
      return [name, piece];
    }),
  ) as Sections;
  return { head, sections };
}
