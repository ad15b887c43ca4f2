/**
 * Finds messages by a query: `type:read node:n3 value:5 "some text"`. All terms must match.
 *
 *     node:n1   src:n1   dest:n2     its sender or receiver (from: and to: are the same as src: and dest:)
 *     id:42                          the message of that number
 *     is:lost   is:duplicated   is:client   is:server
 *     value:5                        that value anywhere in the body, in any field or list
 *     FIELD:VALUE                    a field of the body, at any depth, with that value
 *     anything else                  text within the body
 *
 * Names of fields and their values are case-sensitive, since JSON is; names of endpoints, words after `is:` and text are not.
 *
 * Columns answer what they can; text is searched in the file of bodies (line-search.ts).
 */
import { present } from '../../columns/present.ts';
import type { MessageColumns } from './message-columns.ts';
import type { KindOf } from '../lanes.ts';
import { DUPLICATED, LOST } from './message-flags.ts';
import { quoted, searchLines, textPattern } from '../files/line-search.ts';

export type Term =
  | { readonly kind: 'src' | 'dest' | 'node' | 'is' | 'id'; readonly value: string }
  | { readonly kind: 'field'; readonly field: string; readonly value: string }
  | { readonly kind: 'text'; readonly value: string };

const COLUMN_TERMS = new Map<string, 'src' | 'dest' | 'node' | 'is' | 'id'>([
  ['src', 'src'],
  ['from', 'src'],
  ['dest', 'dest'],
  ['to', 'dest'],
  ['node', 'node'],
  ['is', 'is'],
  ['id', 'id'],
]);

/** Splits a query into terms; quotes hold words together. */
export function parseQuery(query: string): Term[] {
  const words = query.match(/(?:[^\s":]+:)?"[^"]*"?|\S+/g) ?? [];
  return words.map((word) => {
    const colon = word.startsWith('"') ? -1 : word.indexOf(':');
    const value = word.slice(colon + 1).replaceAll('"', '');
    if (colon <= 0) return { kind: 'text', value };
    const field = word.slice(0, colon);
    const kind = COLUMN_TERMS.get(field);
    return kind === undefined ? { kind: 'field', field, value } : { kind, value };
  });
}

/** Returns 1 for each message that matches, indexed by id; undefined if all do. Rejects if `signal` is aborted. */
export async function searchMessages(
  columns: MessageColumns,
  kindOf: KindOf,
  query: string,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const terms = parseQuery(query);
  if (terms.length === 0) return undefined;
  const count = columns.messageCount;
  let matching = new Uint8Array(count).fill(1);
  for (const term of terms) {
    if (term.kind === 'field' || term.kind === 'text') {
      const found = new Uint8Array(count);
      const search = { pattern: bodyPattern(term), start: '{"id":', mark: '"body":' };
      const mark = (id: number): void => void (found[id] = 1);
      await searchLines(columns.source.bodies, search, mark, signal);
      for (let id = 0; id < count; id++) found[id] = present(found[id]) & present(matching[id]);
      matching = found;
    } else keepByColumns(columns, kindOf, term, matching);
  }
  return matching;
}

/** Returns those of the found messages (all if undefined) that none of these endpoints sent or received. */
export function withoutEndpoints(
  { names, src, dest, messageCount }: MessageColumns,
  found: Uint8Array | undefined,
  hidden: readonly string[],
): Uint8Array {
  const isHidden = names.map((name) => hidden.includes(name));
  return Uint8Array.from({ length: messageCount }, (_, id) =>
    isHidden[present(src[id])] === true || isHidden[present(dest[id])] === true ? 0 : (found?.[id] ?? 1),
  );
}

function keepByColumns(
  columns: MessageColumns,
  kindOf: KindOf,
  term: { readonly kind: 'src' | 'dest' | 'node' | 'is' | 'id'; readonly value: string },
  matching: Uint8Array,
): void {
  const keep = columnTest(columns, kindOf, term);
  for (let id = 0; id < matching.length; id++) if (matching[id] === 1 && !keep(id)) matching[id] = 0;
}

function columnTest(
  { names, src, dest, flags }: MessageColumns,
  kindOf: KindOf,
  { kind, value }: { readonly kind: 'src' | 'dest' | 'node' | 'is' | 'id'; readonly value: string },
): (id: number) => boolean {
  const name = endpointNamed(names, value);
  switch (kind) {
    case 'src':
      return (id) => src[id] === name;
    case 'dest':
      return (id) => dest[id] === name;
    case 'node':
      return (id) => src[id] === name || dest[id] === name;
    case 'id': {
      const wanted = Number(value);
      return (id) => id === wanted;
    }
    case 'is': {
      const word = value.toLowerCase();
      if (word === 'lost') return (id) => (present(flags[id]) & LOST) !== 0;
      if (word === 'duplicated') return (id) => (present(flags[id]) & DUPLICATED) !== 0;
      const isClient = names.map((each) => kindOf(each) === 'client');
      const withClient = (id: number): boolean =>
        isClient[present(src[id])] === true || isClient[present(dest[id])] === true;
      return word === 'client' ? withClient : word === 'server' ? (id) => !withClient(id) : () => false;
    }
  }
}

/** The number of no endpoint. */
const NO_ENDPOINT = -2;

/** As it is written, or else the first that differs only in case. */
function endpointNamed(names: readonly string[], value: string): number {
  const exact = names.indexOf(value);
  if (exact !== -1) return exact;
  const wanted = value.toLowerCase();
  const near = names.findIndex((name) => name.toLowerCase() === wanted);
  return near === -1 ? NO_ENDPOINT : near;
}

function bodyPattern(
  term:
    | { readonly kind: 'field'; readonly field: string; readonly value: string }
    | { readonly kind: 'text'; readonly value: string },
): RegExp {
  if (term.kind === 'text') return textPattern(term.value);
  if (term.field === 'value') return valuePattern(term.value);
  const value = quoted(term.value);
  return new RegExp(`"${quoted(term.field)}"\\s*:\\s*(?:"${value}"|${value}(?=[,\\s\\]}]))`, 'g');
}

/**
 * Returns a pattern for a number, a text or another simple value in JSON, in any place, including elements of lists,
 * since sets and logs are sent as lists. Excludes the fields that every message has.
 */
export function valuePattern(text: string): RegExp {
  const value = quoted(text);
  return new RegExp(
    `(?<=[:,[]\\s*)(?<!"(?:msg_id|in_reply_to|type|code)"\\s*:\\s*)(?:"${value}"|${value})(?=\\s*[,\\]}])`,
    'g',
  );
}
