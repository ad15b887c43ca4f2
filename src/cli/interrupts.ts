/**
 * Ctrl-C and other termination signals. The first stops the run, which is then analysed; the second stops everything at
 * once; the third, if even that hangs, exits the process.
 */
import { letSignalsEndOwnWork } from '../world/ended-by-signals.ts';
import { EXIT } from './exit-code.ts';
import type { Console } from './show/console.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface InterruptHandlers {
  readonly first: (signal: NodeJS.Signals) => void;
  /** Exits by default. */
  readonly second?: () => void;
  /** True when the first signal also ends a checker of the user's, which would keep this process from noticing it. */
  readonly endsCheckers?: boolean;
}

/** Listens until the returned function is called. */
export function onInterrupt(handlers: InterruptHandlers): () => void {
  let times = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    times++;
    if (times === 1) handlers.first(signal);
    else if (times === 2 && handlers.second !== undefined) handlers.second();
    else process.exit(EXIT.interrupted);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const stopEnding = handlers.endsCheckers === true ? letSignalsEndOwnWork('all') : undefined;
  return () => {
    stopEnding?.();
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

/** Ends tests that are shown: the first signal ends their requests, the second ends everything. */
export const endOnInterrupt = (
  tests: { interrupt(signal: NodeJS.Signals): void; abort(): unknown },
  console: Console,
): (() => void) =>
  onInterrupt({
    endsCheckers: true,
    first: (signal) => {
      console.line('\rStopping, then analysing what was recorded. Press Ctrl-C again to stop at once.');
      tests.interrupt(signal);
    },
    second: () => {
      console.line('\rStopping at once, without an analysis.');
      void tests.abort();
    },
  });

/** Aborts at the first signal, and says so on the console if given. Listens until the returned function is called. */
export const abortOnInterrupt = (stopping: AbortController, console?: Console): (() => void) =>
  onInterrupt({
    first: () => {
      console?.line('\rStopping.');
      stopping.abort();
    },
  });
