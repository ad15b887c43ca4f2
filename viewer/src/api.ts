/** What the viewer asks the server for. Runs are named by their ids: `broadcast/20261121T033319.799Z`. */
import type { LogChunk, RunCard, RunPage } from '../../src/recording/views.ts';
import type {
  MessageDetails,
  MessageRow,
  MessageWindow,
  OperationDetails,
  OperationRow,
  OperationWindow,
  Overview,
} from '../../src/recording/views.ts';

export interface WindowQuery {
  readonly from: number;
  readonly to: number;
  readonly query: string;
  readonly clients: string;
  readonly mark: string;
  readonly buckets: number;
}

const runUrl = (id: string): string => `/api/runs/${id.split('/').map(encodeURIComponent).join('/')}`;

const words = (query: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString();

export const zipUrl = (id: string): string => `${runUrl(id)}/zip`;
export const eventsUrl = (id: string): string => `${runUrl(id)}/events`;
export const fileUrl = (id: string, file: string): string =>
  `/files/${id}/${file.split('/').map(encodeURIComponent).join('/')}`;

export const api = {
  runs: () => get<RunCard[]>('/api/runs'),
  run: (id: string) => get<RunPage>(runUrl(id)),
  /** Without the history, which takes longer, when only messages are needed to begin. */
  overview: (id: string, only?: 'messages') =>
    get<Overview>(`${runUrl(id)}/overview${only === undefined ? '' : `?only=${only}`}`),
  messages: (id: string, { from, to, query, clients, mark, buckets }: WindowQuery, signal?: AbortSignal) =>
    get<MessageWindow>(
      `${runUrl(id)}/messages?${words({ from: Math.floor(from), to: Math.ceil(to), q: query, clients, mark, buckets })}`,
      signal,
    ),
  /** How many messages were sent when, over the whole run. */
  density: (id: string, { from, to }: { from: number; to: number }, buckets: number) =>
    get<MessageWindow>(`${runUrl(id)}/messages?${words({ from, to, limit: 0, buckets, clients: 'one' })}`),
  messageRows: (id: string, { from, to, query, mark }: Omit<WindowQuery, 'clients' | 'buckets'>) =>
    get<MessageRow[]>(
      `${runUrl(id)}/message-rows?${words({ from: Math.floor(from), to: Math.ceil(to), q: query, mark })}`,
    ),
  message: (id: string, message: number) => get<MessageDetails>(`${runUrl(id)}/messages/${message}`),
  operations: (id: string, { from, to, query, buckets }: Omit<WindowQuery, 'clients' | 'mark'>) =>
    get<OperationWindow>(
      `${runUrl(id)}/operations?${words({ from: Math.floor(from), to: Math.ceil(to), q: query, buckets })}`,
    ),
  operationRows: (id: string, { from, to, query }: { from: number; to: number; query: string }) =>
    get<OperationRow[]>(
      `${runUrl(id)}/operation-rows?${words({ from: Math.floor(from), to: Math.ceil(to), q: query })}`,
    ),
  operation: (id: string, index: number) => get<OperationDetails>(`${runUrl(id)}/operations/${index}`),
  log: (id: string, file: string, offset: number) =>
    get<LogChunk>(`${runUrl(id)}/log?${words({ file, offset })}`),
  remove: async (id: string): Promise<void> => {
    const response = await fetch(runUrl(id), { method: 'DELETE', headers: { 'X-Maelstrom': '1' } });
    if (!response.ok) throw new Error(await problemOf(response));
  },
  results: async (id: string): Promise<string> => {
    const response = await fetch(fileUrl(id, 'results.json'));
    return response.ok ? response.text() : '';
  },
};

async function get<T>(url: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(url, signal === undefined ? {} : { signal });
  if (!response.ok) throw new Error(await problemOf(response));
  // The server's answers have the shapes of view-types.ts.
  return (await response.json()) as T;
}

async function problemOf(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error?: string };
    return error ?? `The server answered ${response.status}.`;
  } catch {
    return `The server answered ${response.status}.`;
  }
}
