/**
 * Text from outside made safe for HTML and SVG. What nodes print reaches pages only through here (or packed, see
 * `pack.ts`): markup is escaped, and what does not show or turns the direction of text is spelled out.
 */
import { shownText } from '../../protocol/shown-text.ts';

const MARKUP = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Printable ASCII without markup, as nearly all text in pictures is: nothing is to be done about it. */
const PLAIN = /^[ !#-%(-;=?-~]*$/;

/** For element content and for attribute values in quotes; one line, shortened to about `limit` characters. */
export function escapeMarkup(text: string, limit = 4000): string {
  if (text.length <= limit && PLAIN.test(text)) return text;
  return escapeKnown(
    // No XML document may hold these two, not even escaped.
    shownText(text, limit).replaceAll(/[\ufffe\uffff]/g, '\ufffd'),
  );
}

/** The same for text of several lines. */
export function escapeLines(text: string, limit = 100_000): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}\n... (${text.length} characters)` : text;
  return cut
    .split('\n')
    .map((line) => escapeMarkup(line.replace(/\r$/, ''), limit))
    .join('\n');
}

/** For text that holds no such characters but markup. */
function escapeKnown(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => MARKUP.get(character) ?? character);
}
