/** Makes text from outside safe to print: hostile output may contain escape sequences that rewrite a terminal. */

/**
 * Characters that are invisible or change how the following text is shown: controls, bidirectional marks, line
 * separators, fillers, tags.
 */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff\uffa0\ufff9-\ufffb]|\udb40[\udc00-\udc7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Matches text without such characters, which most is: checked in a fraction of the time. */
const PRINTABLE = /^[ -~]*$/;

const NAMED = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** The end of a text that was shortened before, possibly quoted or with the number of a key: the length it had counts. */
const ALREADY_CUT = /(\.\.\. \(\d+ characters\))(?: #\d+)?"?$/;
const MOST_ENDING = 60;

/** Makes text from outside safe for a terminal, and shortens it to about `limit` characters. */
export function shownText(text: string, limit = 200): string {
  // Cut first, so that a line of many megabytes costs nothing.
  const cut = text.length > limit ? text.slice(0, limit) : text;
  const safe = PRINTABLE.test(cut) ? cut : cut.replaceAll(INVISIBLE, escaped);
  return text.length <= limit ? safe : `${safe}${cutMark(text)}`;
}

/** Shortens a text to about `limit` characters, and leaves its characters as they are. */
export function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}${cutMark(text)}`;
}

const cutMark = (text: string): string =>
  ALREADY_CUT.exec(text.slice(-MOST_ENDING))?.[1] ?? `... (${text.length} characters)`;

/**
 * Makes text of the harness that quotes from outside safe, line by line: invisible characters are escaped, and long
 * lines are shortened.
 */
export function shownLines(text: string, limit = 4000): string {
  return text
    .split('\n')
    .map((line) => shownText(line, limit))
    .join('\n');
}

/** Like PRINTABLE, but allows tabs and newlines. */
const PLAIN = /^[\t\n -~]*$/;

/**
 * Makes text safe for a file or a page that people read, without shortening it: invisible characters are escaped, except tabs and
 * newlines.
 */
export function plainText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replaceAll(INVISIBLE, (character) =>
    character === '\t' || character === '\n' ? character : escaped(character),
  );
}

/** A tag has two code units; all others have one. */
function escaped(character: string): string {
  const units = character.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return NAMED.get(character) ?? units.join('');
}
