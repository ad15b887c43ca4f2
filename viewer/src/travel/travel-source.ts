/** A run that is stepped through behind `maelstrom serve`: each question is a request of src/recording/travel-view.ts. */
import type {
  Branch,
  BranchRequest,
  EventList,
  EventsRequest,
  Position,
  SavedBranch,
  SaveRequest,
  SeekRequest,
  TravelState,
} from '../../../src/recording/travel-view.ts';
import { problemOf } from '../source/get-json.ts';
import { program } from '../program.ts';
import { runUrl } from '../source/served-run.ts';

/** All reject with an Error whose message can be shown: a TravelRefusal where the server answered. */
export interface TravelSource {
  open(): Promise<TravelState>;
  seek(request: SeekRequest): Promise<Position>;
  events(request: EventsRequest): Promise<EventList>;
  branch(request: BranchRequest): Promise<Branch>;
  save(request: SaveRequest): Promise<SavedBranch>;
}

/** The server's answer when it does not do what it was asked: its words, and the status that says what kind they are of. */
export class TravelRefusal extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export function servedTravel(id: string): TravelSource {
  const ask = <Answer>(route: string, request: object): Promise<Answer> =>
    post<Answer>(`${runUrl(id)}/travel/${route}`, request);
  return {
    open: () => ask('open', {}),
    seek: (request) => ask('seek', request),
    events: (request) => ask('events', request),
    branch: (request) => ask('branch', request),
    save: (request) => ask('save', request),
  };
}

async function post<Answer>(url: string, request: object): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-maelstrom': '1' },
    body: JSON.stringify(request),
  }).catch((error: Error) => {
    throw new Error(`The server does not answer (${error.message}). Does ${program.value} serve still run?`);
  });
  if (!response.ok) throw new TravelRefusal(await problemOf(response), response.status);
  // Its shape is that of recording/travel-view.ts.
  return (await response.json()) as Answer;
}
