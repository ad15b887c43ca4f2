/** Text from outside made safe to print: hostile output may hold escape sequences that rewrite a terminal. */

/** Characters that do not show, or that change how what follows is shown: controls, bidirectional marks, line separators. */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text that holds none of them, as most does: found out in a fraction of the time. */
const PRINTABLE = /^[ -~]*$/;

const NAMED = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** Text from outside made safe for a terminal and shortened to about `limit` characters. */
export function shownText(text: string, limit = 200): string {
  // Cut first, so that a line of many megabytes costs nothing.
  const cut = text.length > limit ? text.slice(0, limit) : text;
  const safe = PRINTABLE.test(cut) ? cut : cut.replaceAll(INVISIBLE, escaped);
  return text.length > limit ? `${safe}... (${text.length} characters)` : safe;
}

/** Text of our own that quotes from outside, line by line: what does not show is spelled out, and no line is endless. */
export function shownLines(text: string, limit = 4000): string {
  return text
    .split('\n')
    .map((line) => shownText(line, limit))
    .join('\n');
}

/** What PRINTABLE is for text with tabs and ends of lines. */
const PLAIN = /^[\t\n -~]*$/;

/** Text for a file that people read, not cut: what does not show is spelled out, but for tabs and ends of lines. */
export function plainText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replaceAll(INVISIBLE, (character) =>
    character === '\t' || character === '\n' ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return NAMED.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
