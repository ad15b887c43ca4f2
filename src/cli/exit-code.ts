/** The exit codes of commands, as in upstream. */
import type { Validity } from '../checkers/checker.ts';

export const EXIT = {
  valid: 0,
  invalid: 1,
  unknown: 2,
  /** Stopped by a second Ctrl-C: nothing was analysed. */
  interrupted: 130,
  badArguments: 254,
  internalError: 255,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function exitCodeOf(validity: Validity): ExitCode {
  if (validity === 'unknown') return EXIT.unknown;
  return validity ? EXIT.valid : EXIT.invalid;
}
