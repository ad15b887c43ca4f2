/** Runs work on a terminal that Ctrl-C stops at once. */
import type { ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Console } from '../show/console.ts';

export async function stoppable(
  console: Console,
  work: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  const stopping = new AbortController();
  const stopListening = onInterrupt({
    first: () => {
      console.clearStatus();
      console.line('\rStopping.');
      stopping.abort();
    },
  });
  try {
    return await work(stopping.signal);
  } finally {
    stopListening();
    console.clearStatus();
  }
}
