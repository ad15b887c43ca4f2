/**
 * Ctrl-C and other termination signals. The first time the run stops and is analysed, the second time it is
 * stopped where it stands; the third time, should even that hang, the process ends by itself.
 */
import { EXIT } from './exit-code.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface InterruptHandlers {
  readonly first: (signal: NodeJS.Signals) => void;
  readonly second: () => void;
}

/** Listens until the returned function is called. */
export function onInterrupt(handlers: InterruptHandlers): () => void {
  let times = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    times++;
    if (times === 1) handlers.first(signal);
    else if (times === 2) handlers.second();
    else process.exit(EXIT.interrupted);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}
