/** Messages as rows of a table, from the columns and the beginnings of their bodies. */
import { present } from '../../columns/present.ts';
import type { MessageColumns } from './message-columns.ts';
import { fieldOf, withBodies, type BodyText } from './message-bodies.ts';
import { endOf } from './message-window.ts';
import type { MessageRow } from '../views.ts';

const PREVIEW_BYTES = 300;
/** Number of bytes of a body searched for its type. */
const TYPED_BYTES = 100_000;
const TYPE_LENGTH = 60;

export function messageTable(journal: MessageColumns, ids: readonly number[]): MessageRow[] {
  if (ids.length === 0) return [];
  return withBodies(journal, (read) =>
    ids.map((id) => {
      const preview = read(id, PREVIEW_BYTES).text;
      return {
        id,
        src: journal.names[present(journal.src[id])] ?? '?',
        dest: journal.names[present(journal.dest[id])] ?? '?',
        sent: present(journal.sent[id]),
        end: endOf(journal.end, id),
        flags: present(journal.flags[id]),
        type: typeOf(read, id),
        preview,
      };
    }),
  );
}

/** Returns a message's type, which is usually at the beginning of its body. */
export function typeOf(read: (id: number, maxBytes: number) => BodyText, id: number): string {
  const { text, bytes } = read(id, PREVIEW_BYTES);
  const early = /^\s*\{\s*"type"\s*:\s*"([^"\\]*)"\s*[,}]/.exec(text)?.[1];
  if (early !== undefined) return early.slice(0, TYPE_LENGTH);
  const body = bytes > PREVIEW_BYTES ? read(id, TYPED_BYTES).text : text;
  return fieldOf(body, 'type')?.slice(0, TYPE_LENGTH) ?? '';
}
