/**
 * A recorded run, or its first stretch, as one piece of bytes that fits into a page: what pack-run.ts writes and
 * unpack-run.ts reads.
 *
 *     length of the head u32 | head: JSON, UTF-8 | sections one after the other, their lengths are in the head
 *
 * The page that holds it brings the script that reads it. `maelstrom serve` opens pages of other versions, too: it reads those of
 * its own format only.
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
  /** The end of it. */
  readonly text: string;
  /** Of the whole log. */
  readonly bytes: number;
}

export interface PackedHead {
  readonly page: RunPage;
  /** Of results.json; empty when there are none. */
  readonly results: string;
  readonly clients: readonly OpenedClient[];
  readonly logMarks: readonly LogMark[];
  readonly logs: readonly PackedLog[];
  /** Names of the journal, and functions of the history. */
  readonly names: readonly string[];
  readonly functions: readonly string[];
  /** What is subtracted from the times of events. */
  readonly zeroNanos: number;
  readonly counts: PackedCounts;
}

/** How much of the run is there. */
export interface PackedCounts {
  readonly messages: number;
  readonly operations: number;
  /** In the whole run. */
  readonly allMessages: number;
  readonly allOperations: number;
  /** Where the stretch ends that is there; null when it is the whole run. */
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

/** Throws a UserError when the bytes are no packed run, or one of another version. */
export function splitPacked(bytes: Uint8Array): { readonly head: PackedHead; readonly sections: Sections } {
  let at = LENGTH_BYTES;
  let read: { readonly version?: unknown; readonly head: PackedHead; readonly lengths: readonly number[] };
  try {
    at += new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    // Written by joinPacked, which the version says.
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
