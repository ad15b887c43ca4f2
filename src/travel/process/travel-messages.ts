/** The requests about a run that is stepped through and their answers, whichever process holds it. */
import type {
  Branch,
  BranchRequest,
  EventList,
  EventsRequest,
  LineId,
  Position,
  SeekRequest,
  TravelState,
} from '../../recording/travel-view.ts';
import type { BranchScenario } from '../travel.ts';

/** The answer to each kind of request. */
export interface TravelAnswers {
  readonly open: TravelState;
  readonly seek: Position;
  readonly events: EventList;
  readonly branch: Branch;
  readonly scenario: BranchScenario;
}

export type TravelAsk = keyof TravelAnswers;

export interface TravelRequests {
  readonly open: object;
  readonly seek: SeekRequest;
  readonly events: EventsRequest;
  readonly branch: BranchRequest;
  /** `folder` is the folder that the scenario is for. */
  readonly scenario: { readonly line: LineId; readonly folder: string };
}

/** Holds one run to step through. */
export interface TravelHost {
  /** Rejects with a Refusal if the request cannot be fulfilled. */
  ask<Ask extends TravelAsk>(ask: Ask, request: TravelRequests[Ask]): Promise<TravelAnswers[Ask]>;
  close(): void;
}

export type ToTravelWorker =
  /** Sent first. */
  | { readonly kind: 'hold'; readonly folder: string }
  | {
      readonly kind: 'ask';
      readonly number: number;
      readonly ask: TravelAsk;
      readonly request: TravelRequests[TravelAsk];
    };

/** In addition to the messages of every simulation process (simulation-worker.ts). */
export type FromTravelWorker =
  | { readonly kind: 'answered'; readonly number: number; readonly answer: TravelAnswers[TravelAsk] }
  /** `status` as in recording/travel-view.ts; 500 for a bug in Maelstrom. */
  | { readonly kind: 'refused'; readonly number: number; readonly status: number; readonly message: string };
