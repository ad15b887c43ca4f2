/** What is wrong with a line on a node's stdout, as the functions that explain it return it. */

/** Why a line on a node's stdout is not a message. Every part is safe to print on a terminal. */
export interface LineExplanation {
  /** The line, at most about 200 characters, control characters and invalid UTF-8 made visible. */
  readonly seen: string;
  /** What is wrong with the line: a clause such as `it is not JSON: ...`. */
  readonly problem: string;
  /** What was expected instead. */
  readonly expected: string;
  /** What to do about it, if that can be guessed. */
  readonly hint?: string;
}

export type LineProblem = Omit<LineExplanation, 'seen'>;

export const MESSAGE =
  'one JSON object per line, such as {"src": "n1", "dest": "c1", "body": {"type": "echo_ok", ...}}';

/** Maximum number of bytes of a line that are examined; a line may have many megabytes. */
export const LOOKED_AT = 64 * 1024;

/** Returns the text of a line, or of its beginning if it is very long. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, LOOKED_AT));
}
