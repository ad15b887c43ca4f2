/** What a run that is stepped through is asked, in whatever process it is held. */
import type {
  Branch,
  BranchRequest,
  EventList,
  EventsRequest,
  LineId,
  Position,
  SeekRequest,
  TravelState,
} from '../recording/travel-view.ts';
import type { BranchScenario } from './travel.ts';

/** Each with what it is answered. */
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
  /** `folder`: where the scenario will lie. */
  readonly scenario: { readonly line: LineId; readonly folder: string };
}

/** Holds one run. */
export interface TravelHost {
  /** Rejects with a Refusal for what cannot be. */
  ask<Ask extends TravelAsk>(ask: Ask, request: TravelRequests[Ask]): Promise<TravelAnswers[Ask]>;
  close(): void;
}

export type ToTravelWorker =
  /** First of all. */
  | { readonly kind: 'hold'; readonly folder: string }
  | {
      readonly kind: 'ask';
      readonly number: number;
      readonly ask: TravelAsk;
      readonly request: TravelRequests[TravelAsk];
    };

/** Beside what every such process says (simulation-worker.ts). */
export type FromTravelWorker =
  | { readonly kind: 'answered'; readonly number: number; readonly answer: TravelAnswers[TravelAsk] }
  /** `status` as in recording/travel-view.ts; 500 for a mistake of ours. */
  | { readonly kind: 'refused'; readonly number: number; readonly status: number; readonly message: string };
