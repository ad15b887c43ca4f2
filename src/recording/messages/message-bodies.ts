/** Reads single bodies of a journal: a few records and lines of files of any size. */
import {
  decodeMessage,
  HEADER_BYTES,
  JOURNAL_FILES,
  MESSAGE_BYTES,
} from '../../network/journal/journal-format.ts';
import { bufferedFile } from '../files/buffered-file.ts';
import type { MessageColumns } from './message-columns.ts';
import { textOf } from '../run-source.ts';

/** Maximum number of bytes of a body that are shown and searched for ids. */
export const BODY_BYTES = 256 * 1024;

export interface BodyText {
  /** At most as many bytes as were requested. */
  readonly text: string;
  /** Size of the whole body in the journal. */
  readonly bytes: number;
  /** Why there is no text, if the journal's record of the body is invalid. */
  readonly problem?: string;
}

/** Opens the files, lets `use` read bodies by id, and closes them. */
export function withBodies<T>(
  { source }: MessageColumns,
  use: (read: (id: number, maxBytes: number) => BodyText) => T,
): T {
  const record = new Uint8Array(MESSAGE_BYTES);
  const view = new DataView(record.buffer);
  return source.messages.look((records) =>
    source.bodies.look((texts) => {
      const [messages, bodies] = [bufferedFile(records), bufferedFile(texts)];
      return use((id, maxBytes) => {
        if (messages.read(record, HEADER_BYTES + id * MESSAGE_BYTES) < MESSAGE_BYTES)
          return { text: '', bytes: 0, problem: `the journal has no record of message ${id}` };
        const { bodyOffset, bodyBytes } = decodeMessage(view, 0);
        if (bodyOffset + bodyBytes > bodies.size)
          return {
            text: '',
            bytes: 0,
            problem: `its record in the journal points to byte ${bodyOffset} of ${JOURNAL_FILES.bodies}, which has ${bodies.size}`,
          };
        const bytes = new Uint8Array(Math.min(bodyBytes, maxBytes));
        return { text: textOf(bytes.subarray(0, bodies.read(bytes, bodyOffset))), bytes: bodyBytes };
      });
    }),
  );
}

/** Returns a field near the beginning of a body as text: `"read"`, `7`. Sufficient for types and ids. */
export function fieldOf(body: string, field: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as unknown;
    if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, field)) return undefined;
    // An own property, and used only as text.
    const value = (parsed as Record<string, unknown>)[field];
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    // The body is cut off, so the field is searched as text.
    const found = new RegExp(`"${field}"\\s*:\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(-?\\d+))`).exec(body);
    return found?.[1] ?? found?.[2];
  }
}
