/** Entry point of the processes that hold a run to step through (dist/travel-worker.js), which travel-process.ts starts. */
import { serveParent } from '../../harness/simulations/simulation-worker.ts';
import { UserError } from '../../protocol/user-error.ts';
import { Refusal } from '../refusal.ts';
import { TravelDesk } from './travel-desk.ts';
import type { FromTravelWorker, ToTravelWorker } from './travel-messages.ts';

let desk: TravelDesk | undefined;

// Requests do not wait for each other here, since a later one may be answerable at once.
serveParent((message: ToTravelWorker) => {
  if (message.kind === 'hold') desk = new TravelDesk(message.folder);
  else void answer(message);
});

process.on('exit', () => desk?.close());

async function answer({ number, ask, request }: Extract<ToTravelWorker, { kind: 'ask' }>): Promise<void> {
  try {
    if (desk === undefined) throw new Error('something was asked before there was a run');
    send({ kind: 'answered', number, answer: await desk.ask(ask, request) });
  } catch (error) {
    send({ kind: 'refused', number, ...refusalOf(error as Error) });
  }
}

function refusalOf(error: Error): { readonly status: number; readonly message: string } {
  const hint = error instanceof UserError && error.hint !== undefined ? ` ${error.hint}` : '';
  if (error instanceof Refusal) return { status: error.status, message: `${error.message}${hint}` };
  if (error instanceof UserError) return { status: 400, message: `${error.message}${hint}` };
  return { status: 500, message: error.stack ?? error.message };
}

function send(message: FromTravelWorker): void {
  process.send?.(message);
}
