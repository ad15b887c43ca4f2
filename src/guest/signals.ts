/** Signals by name and number, and their default actions. */

const NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGSYS: 31,
};

/** Signals ignored by default; Node itself handles SIGPIPE and SIGUSR1. */
const IGNORED: ReadonlySet<string> = new Set([
  'SIGCHLD',
  'SIGCONT',
  'SIGURG',
  'SIGWINCH',
  'SIGPIPE',
  'SIGUSR1',
]);

/** Signals that no process can handle. */
const UNHANDLED: ReadonlySet<string> = new Set(['SIGKILL', 'SIGSTOP']);

/** Returns the name of a signal, or undefined if it does not exist. */
export function signalName(signal: unknown): string | undefined {
  if (typeof signal === 'string') return signal in NUMBERS ? signal : undefined;
  return Object.keys(NUMBERS).find((name) => NUMBERS[name] === signal);
}

export const canBeHandled = (signal: string): boolean => !UNHANDLED.has(signal);
export const isIgnored = (signal: string): boolean => IGNORED.has(signal);
