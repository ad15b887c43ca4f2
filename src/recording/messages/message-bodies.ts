/** Reads single bodies of a journal: a few records and lines of files that are as large as they like. */
import { decodeMessage, HEADER_BYTES, JOURNAL_FILES, MESSAGE_BYTES } from '../../network/journal-format.ts';
import { bufferedFile } from '../files/buffered-file.ts';
import type { MessageColumns } from './message-columns.ts';
import { textOf } from '../run-source.ts';

/** As much of a body as is shown, and as is searched for ids. */
export const BODY_BYTES = 256 * 1024;

export interface BodyText {
  /** At most as many bytes as were asked for. */
  readonly text: string;
  /** Of the whole body, as the journal has it. */
  readonly bytes: number;
  /** Why there is no text, when the journal's record of it cannot be right. */
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

/** The text of a field near the beginning of a body, as it stands there: `"read"`, `7`. Enough for types and ids. */
export function fieldOf(body: string, field: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as unknown;
    if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, field)) return undefined;
    // Looked up by its own name only, and shown as text.
    const value = (parsed as Record<string, unknown>)[field];
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    // Cut off: looked for as text.
    const found = new RegExp(`"${field}"\\s*:\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(-?\\d+))`).exec(body);
    return found?.[1] ?? found?.[2];
  }
}
