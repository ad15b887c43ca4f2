/** Answers requests about one run in this process. It starts preparing the run when it is constructed. */
import { UserError } from '../../protocol/user-error.ts';
import { Refusal } from '../refusal.ts';
import type { TravelAnswers, TravelAsk, TravelHost, TravelRequests } from './travel-messages.ts';
import { Travel } from '../travel.ts';

/** A request to open is answered after this time at the latest, ready or not. */
const PATIENCE_MS = 1_500;

export class TravelDesk implements TravelHost {
  private readonly travel: Travel | undefined;
  private readonly prepared: Promise<void>;
  private failure: Error | undefined;

  constructor(folder: string) {
    try {
      this.travel = Travel.open(folder);
    } catch (error) {
      this.failure = error as Error; // only errors are thrown
    }
    this.prepared = (this.travel?.prepare() ?? Promise.resolve()).catch((error: Error) => {
      this.failure = error;
    });
  }

  async ask<Ask extends TravelAsk>(ask: Ask, request: TravelRequests[Ask]): Promise<TravelAnswers[Ask]> {
    if (ask === 'open') await Promise.race([this.prepared, pause(PATIENCE_MS)]);
    if (this.failure !== undefined) throw refusalOf(this.failure);
    if (this.travel === undefined) throw new Error('it was opened, or there is a failure');
    return answerOf(this.travel, ask, request);
  }

  close(): void {
    this.travel?.close();
  }
}

async function answerOf<Ask extends TravelAsk>(
  travel: Travel,
  ask: Ask,
  request: TravelRequests[Ask],
): Promise<TravelAnswers[Ask]> {
  const answers: {
    readonly [One in TravelAsk]: (
      given: TravelRequests[One],
    ) => TravelAnswers[One] | Promise<TravelAnswers[One]>;
  } = {
    open: () => travel.opened(),
    seek: (given) => travel.seek(given),
    events: (given) => travel.events(given),
    branch: (given) => travel.branch(given),
    scenario: ({ line, folder }) => travel.scenario(line, folder),
  };
  return answers[ask](request);
}

/** Turns user errors about a run into refusals, since they are not errors of the server. */
const refusalOf = (error: Error): Error =>
  error instanceof UserError && !(error instanceof Refusal)
    ? new Refusal(409, `This run cannot be stepped through. ${error.message}`, error.hint)
    : error;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
