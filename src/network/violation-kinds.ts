/**
 * The kinds of things a node may do that the protocol does not provide for, each with how much it weighs.
 *
 * A `violation` makes a run invalid. A `warning` is odd, but upstream accepts it, or it harms nothing: it is reported, and
 * makes a run invalid only under `--strict`. A `remark` is reported and no more, for it is no fault of the node: an answer
 * that comes too late may have been delayed by the network.
 */
export type Severity = 'violation' | 'warning' | 'remark';

const KINDS = {
  // Lines that are no messages: the verdicts of the envelope scanner, and what lies outside of it.
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
  'blank-line': 'remark',

  // Messages whose envelope is odd.
  'wrong-src': 'violation',
  'client-src': 'warning',
  'unknown-dest': 'violation',
  'extra-envelope-field': 'warning',
  'unknown-cause': 'remark',

  // Pipes.
  'stdout-closed': 'violation',
  'not-reading': 'violation',

  // Answers to clients.
  'bad-reply': 'violation',
  'wrong-structure': 'violation',
  'null-for-empty': 'warning',
  'unknown-field': 'warning',
  'unknown-error-code': 'warning',
  'bad-in-reply-to': 'violation',
  'contradicting-answer': 'violation',
  'second-answer': 'warning',
  'wrong-in-reply-to': 'warning',
  'no-in-reply-to': 'warning',
  'late-answer': 'remark',

  // What nodes say must hold, on their stderr.
  'bad-assertion': 'warning',

  // What nodes say of their state there.
  'bad-state': 'warning',

  // Services.
  'service-full': 'warning',
} as const satisfies { readonly [kind: string]: Severity };

export type ViolationKind = keyof typeof KINDS;

/** Whether a word, from the results of a run perhaps, is the name of a kind. */
export const isViolationKind = (word: unknown): word is ViolationKind =>
  typeof word === 'string' && Object.hasOwn(KINDS, word);

export interface Strictness {
  /** What would be a violation is a warning only. */
  readonly lenient: boolean;
  /** Warnings are violations. */
  readonly strict: boolean;
}

/** Whether something of that kind makes a run invalid. */
export function isViolation(kind: ViolationKind, { lenient, strict }: Strictness): boolean {
  const severity: Severity = KINDS[kind];
  if (severity === 'violation') return !lenient;
  return severity === 'warning' && strict;
}
