/**
 * Makes outside text safe for HTML and SVG. Output of nodes reaches pages only through here (or packed, see `pack.ts`):
 * markup is escaped, and characters that are invisible or change the text direction are spelled out.
 */
import { shownText } from '../../protocol/shown-text.ts';

const MARKUP = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Printable ASCII without markup, as is nearly all text in pictures; it needs no escaping. */
const PLAIN = /^[ !#-%(-;=?-~]*$/;

/**
 * Escapes text for element content and for quoted attribute values; the result is one line, shortened to about `limit`
 * characters.
 */
export function escapeMarkup(text: string, limit = 4000): string {
  if (text.length <= limit && PLAIN.test(text)) return text;
  return escapeKnown(
    // XML documents must not contain these two characters, even escaped.
    shownText(text, limit).replaceAll(/[\ufffe\uffff]/g, '\ufffd'),
  );
}

export function escapeLines(text: string, limit = 100_000): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}\n... (${text.length} characters)` : text;
  return cut
    .split('\n')
    .map((line) => escapeMarkup(line.replace(/\r$/, ''), limit))
    .join('\n');
}

/** Escapes text that contains no such characters except markup. */
function escapeKnown(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => MARKUP.get(character) ?? character);
}
