/** A run stepped through by `maelstrom serve`: each query is a request of src/recording/travel-view.ts. */
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

/** Every promise rejects with an Error whose message can be shown: a TravelRefusal if the server answered. */
export interface TravelSource {
  open(): Promise<TravelState>;
  seek(request: SeekRequest): Promise<Position>;
  events(request: EventsRequest): Promise<EventList>;
  branch(request: BranchRequest): Promise<Branch>;
  save(request: SaveRequest): Promise<SavedBranch>;
}

/** An error answer of the server: its text, and the HTTP status that says which kind it is. */
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
    throw new Error(
      `The server does not answer (${error.message}). Is ${program.value} serve still running?`,
    );
  });
  if (!response.ok) throw new TravelRefusal(await problemOf(response), response.status);
  // recording/travel-view.ts defines its shape.
  return (await response.json()) as Answer;
}
