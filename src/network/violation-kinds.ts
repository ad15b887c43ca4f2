/**
 * The kinds of protocol violations by nodes, with their severity.
 *
 * A `violation` makes a run invalid. A `warning` is odd, but upstream accepts it or it does no harm: it is reported,
 * and makes a run invalid only under `--strict`. A `remark` is only reported, because the node is not at fault: an
 * answer that comes too late may have been delayed by the network.
 */
export type Severity = 'violation' | 'warning' | 'remark';

const KINDS = {
  // Lines that are not messages: the verdicts of the envelope scanner, and other malformed output.
  'not-json': 'violation',
  'too-deep': 'violation',
  'number-too-long': 'violation',
  'not-an-object': 'violation',
  'src-missing': 'violation',
  'src-not-a-string': 'violation',
  'dest-missing': 'violation',
  'dest-not-a-string': 'violation',
  'body-missing': 'violation',
  'body-not-an-object': 'violation',
  'not-utf8': 'violation',
  'byte-order-mark': 'violation',
  'line-too-long': 'violation',
  'line-unfinished': 'violation',
  // An unfinished line was never sent: upstream does not see it either.
  'line-left-open': 'warning',
  'blank-line': 'remark',

  // Messages with an odd envelope.
  'wrong-src': 'violation',
  'client-src': 'warning',
  'unknown-dest': 'violation',
  'extra-envelope-field': 'warning',
  'unknown-cause': 'remark',

  // Pipes.
  'stdout-closed': 'violation',
  'stdin-closed': 'warning',
  'not-reading': 'violation',

  // Answers to clients.
  'bad-reply': 'violation',
  'wrong-structure': 'violation',
  'uncommitted-offset': 'warning',
  'null-for-empty': 'warning',
  'odd-msg-id': 'warning',
  'unknown-field': 'warning',
  'unknown-error-code': 'warning',
  'bad-in-reply-to': 'violation',
  'contradicting-answer': 'violation',
  'second-answer': 'warning',
  'wrong-in-reply-to': 'warning',
  'no-in-reply-to': 'warning',
  'late-answer': 'remark',

  // Assertions that nodes report on stderr.
  'bad-assertion': 'warning',

  // States that nodes report on stderr.
  'bad-state': 'warning',

  // Services.
  'service-full': 'warning',
} as const satisfies { readonly [kind: string]: Severity };

export type ViolationKind = keyof typeof KINDS;

/** Describes each kind, in Markdown. */
export const VIOLATION_WORDS: Readonly<Record<ViolationKind, string>> = {
  'not-json': 'a line on stdout that is not JSON',
  'too-deep': 'a message that is nested too deep',
  'number-too-long': 'a number with too many characters',
  'not-an-object': 'JSON that is not an object',
  'src-missing': 'a message without `src`',
  'src-not-a-string': 'a `src` that is not a string',
  'dest-missing': 'a message without `dest`',
  'dest-not-a-string': 'a `dest` that is not a string',
  'body-missing': 'a message without `body`',
  'body-not-an-object': 'a `body` that is not an object',
  'not-utf8': 'bytes that are not UTF-8',
  'byte-order-mark': 'a byte order mark before a message',
  'line-too-long': 'a line that exceeds the maximum length of a message',
  'line-unfinished': 'a line without a newline when stdout was closed',
  'line-left-open': 'a line without a newline when the run ended',
  'blank-line': 'an empty line',
  'wrong-src': 'a `src` that is not the name of the node',
  'client-src': 'a message with a client as its `src`',
  'unknown-dest': 'a `dest` that does not exist',
  'extra-envelope-field': 'a field other than `src`, `dest` and `body`',
  'unknown-cause': 'a [cause](../protocol.md#causes) that the node has not received',
  'stdin-closed': 'a node that closed its stdin and keeps running',
  'stdout-closed': 'a node that closed its stdout and keeps running',
  'not-reading': 'a node that does not read its stdin',
  'bad-reply': 'an answer with a field of the wrong type',
  'wrong-structure': 'an answer that does not match its request',
  'uncommitted-offset': 'a committed offset in kafka that no client has committed',
  'null-for-empty': 'null instead of an empty list or map',
  'odd-msg-id': 'a `msg_id` that is null in an answer, or not an integer in `init_ok`',
  'unknown-field': 'a field that this type of answer does not have',
  'unknown-error-code': 'an error code below 1000 that is not [listed](errors.md)',
  'bad-in-reply-to': 'an `in_reply_to` that is not an integer',
  'contradicting-answer': 'a second answer to a request that contradicts the first',
  'second-answer': 'a second answer that says the same, or settles an open outcome',
  'wrong-in-reply-to': 'an answer to a request that the client did not make',
  'no-in-reply-to': 'a message to a client without `in_reply_to`',
  'late-answer': 'an answer that came after the client had given up',
  'bad-assertion': 'a marked line on stderr that is not a valid [assertion](../protocol.md#what-must-hold)',
  'bad-state': 'a line on stderr that should report [a state](../protocol.md#its-state) but cannot be parsed',
  'service-full': 'a request that a service refused because it was full',
};

/** The words of the reference, without its links. */
export const violationWords = (kind: ViolationKind): string =>
  VIOLATION_WORDS[kind].replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');

export const severityOf = (kind: ViolationKind): Severity => KINDS[kind];

/** Whether a word, for example from the results of a run, is the name of a kind. */
export const isViolationKind = (word: unknown): word is ViolationKind =>
  typeof word === 'string' && Object.hasOwn(KINDS, word);

export interface Strictness {
  /** Violations count as warnings. */
  readonly lenient: boolean;
  /** Warnings count as violations. */
  readonly strict: boolean;
}

/** Whether this kind makes a run invalid. */
export function isViolation(kind: ViolationKind, { lenient, strict }: Strictness): boolean {
  const severity: Severity = KINDS[kind];
  if (severity === 'violation') return !lenient;
  return severity === 'warning' && strict;
}
