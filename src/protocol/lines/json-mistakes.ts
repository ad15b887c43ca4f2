/** Says what is wrong at the place where a line stops being JSON, and what JSON has instead. */

export interface Mistake {
  /** The line, or its beginning if it is very long. */
  readonly text: string;
  /** The last characters before the mistake. */
  readonly before: string;
  /** The first characters from the mistake on; empty if the line ends there. */
  readonly rest: string;
  /** Whether the line ends before its JSON does. */
  readonly isCut: boolean;
}

/** Returns advice for a line that begins as a JSON object does. */
export function jsonMistakeHint({ text, before, rest, isCut }: Mistake): string {
  if (/^[-+]?(?:NaN|nan|Inf|inf)/.test(rest) || (text[0] === '{' && /^I?nfinity/.test(rest)))
    return 'JSON has no NaN and no Infinity: send null or a string instead.';
  if (/^(?:True|False|None|TRUE|FALSE|NULL|NA|nil|undefined|#[tf])\b/.test(rest))
    return 'JSON writes true, false and null: use a JSON library, such as json.dumps in Python.';
  if (before.endsWith('\\'))
    return 'The escapes of JSON are \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits: use a JSON library to write messages.';
  if (rest.startsWith("'") || /^[\u201c\u201d]/.test(rest))
    return 'JSON strings need double quotes: use a JSON library to write messages.';
  // Two threads have printed at once: one message begins within another.
  if ((text.match(/"body"\s*:/g) ?? []).length > 1 || /\{\s*\{\s*"src"/.test(text))
    return 'The output of two messages is interleaved: threads must print one at a time, under a lock, and each message in a single call.';
  if (/^\$[A-Za-z_{(]/.test(rest) || /"\$[A-Za-z_]\w*"/.test(text))
    return 'It contains the name of a variable instead of its value: a shell expands variables only within double quotes.';
  if (text.trim() === '{')
    return 'It seems to begin a message that is spread over several lines, and a message must be a single line: print it without indentation, in JavaScript by JSON.stringify(message), with jq by jq -c.';
  if (isCut)
    return 'Is the message truncated, or spread over several lines? A message must be a single line.';
  // A newline ends a line, so it is none.
  if (rest.charCodeAt(0) < 0x20)
    return 'A control character stands within a string as it is: JSON escapes it, a tab as \\t. Use a JSON library to write messages.';
  if (/:\s*$/.test(before) && /^[,}\]]/.test(rest))
    return 'A value is missing after the colon: was a variable empty?';
  if (/,\s*$/.test(before) && /^[}\]]/.test(rest))
    return 'JSON does not allow a comma before a closing bracket.';
  if (isNumber(before, rest))
    return 'JSON writes numbers as in 5, -5, 0.5 or 5e3: without leading zeros, plus signs or suffixes, and with digits on both sides of the point.';
  return 'Use a JSON library to write messages, and print each with a single call.';
}

/** A number in a notation that JSON does not know: .5, 5., +5, 05, 0x5, 5n, 5_000. */
const isNumber = (before: string, rest: string): boolean =>
  /^(?:\.\d|\+[\d.])/.test(rest) ||
  /[:[,\s]-?\d+\.$/.test(before) ||
  (/[:[,\s]-?\d+$/.test(before) && /^\w/.test(rest));
