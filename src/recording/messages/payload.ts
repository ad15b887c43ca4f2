/** The content of messages in a few words for their arrows: `key 0, value 5`, or one selected field. */
import { parseJson, stringifyJson, isJsonObject, type Json } from '../../protocol/json.ts';
import { withBodies } from './message-bodies.ts';
import type { MessageColumns } from './message-columns.ts';
import { typeOf } from './message-table.ts';

const BODY_BYTES = 4096;
const LONGEST_VALUE = 24;
const LONGEST_PAYLOAD = 60;
/** Maximum number of field names that a page lists. */
const MOST_FIELDS = 60;
const LONGEST_FIELD = 40;
/** Fields of every message, or that are shown elsewhere. */
const ENVELOPE: ReadonlySet<string> = new Set(['type', 'msg_id', 'in_reply_to']);

export interface MessageWords {
  readonly type: readonly string[];
  readonly payload: readonly string[];
  readonly fields: readonly string[];
}

export interface WordsAsked {
  /** A field of the bodies, or empty for all of them. */
  readonly field: string;
  /** Ids of the messages whose words are read; those of the others are empty. */
  readonly worded: ReadonlySet<number>;
}

/** Returns a row for each message. */
export function messageWords(
  journal: MessageColumns,
  ids: readonly number[],
  { field, worded }: WordsAsked,
): MessageWords {
  const fields = new Set<string>();
  const type: string[] = [];
  const payload: string[] = [];
  withBodies(journal, (read) => {
    for (const id of ids) {
      if (!worded.has(id)) {
        type.push('');
        payload.push('');
        continue;
      }
      type.push(typeOf(read, id));
      const body = bodyIn(read(id, BODY_BYTES).text);
      for (const name of Object.keys(body))
        if (!ENVELOPE.has(name) && name.length <= LONGEST_FIELD && fields.size < MOST_FIELDS)
          fields.add(name);
      payload.push(field === '' ? payloadOf(body) : fieldText(body, field));
    }
  });
  return { type, payload, fields: [...fields].toSorted() };
}

/**
 * Parses a body. If it is cut off, returns the simple fields at its beginning; if it is not an object, returns no
 * fields.
 */
export function bodyIn(text: string): { readonly [field: string]: Json } {
  try {
    const body = parseJson(text);
    return isJsonObject(body) ? body : {};
  } catch {
    return firstFields(text);
  }
}

const FIRST = /^\s*\{/;
const SIMPLE_FIELD =
  /\s*("(?:[^"\\]|\\.){1,40}")\s*:\s*("(?:[^"\\]|\\.){0,200}"|-?\d[\d.eE+-]{0,40}|true|false|null)\s*,/y;

function firstFields(text: string): { readonly [field: string]: Json } {
  const found: [string, Json][] = [];
  SIMPLE_FIELD.lastIndex = FIRST.exec(text)?.[0].length ?? text.length;
  for (let match = SIMPLE_FIELD.exec(text); match !== null; match = SIMPLE_FIELD.exec(text)) {
    try {
      const name = parseJson(match[1] ?? '');
      if (typeof name === 'string') found.push([name, parseJson(match[2] ?? '')]);
    } catch {
      break;
    }
  }
  return Object.fromEntries(found);
}

/** Leaves out the name of a field that the type, shown before it, already says: `txn [["r",1,null]]`. */
export function payloadOf(body: { readonly [field: string]: Json }): string {
  const parts: string[] = [];
  let length = 0;
  for (const [name, value] of Object.entries(body)) {
    if (ENVELOPE.has(name) || value === null) continue;
    const isSaid = body['type'] === name || body['type'] === `${name}_ok`;
    const part = isSaid ? short(value) : `${name.slice(0, LONGEST_FIELD)} ${short(value)}`;
    length += part.length + 2;
    if (length > LONGEST_PAYLOAD && parts.length > 0) return `${parts.join(', ')}, …`;
    parts.push(part);
  }
  return parts.join(', ');
}

const fieldText = (body: { readonly [field: string]: Json }, field: string): string => {
  const value = Object.hasOwn(body, field) ? body[field] : undefined;
  return value === undefined ? '' : `${field} ${short(value)}`;
};

function short(value: Json): string {
  const text = typeof value === 'string' ? value : stringifyJson(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
