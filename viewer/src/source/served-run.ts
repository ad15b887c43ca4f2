/** A run served by `maelstrom serve`: each query is a request. */
import { safeSvg } from './safe-svg.ts';
import { get } from './get-json.ts';
import type { OpenRun, RowsQuery, RunEvents, WindowQuery } from './open-run.ts';

export const runUrl = (id: string): string => `/api/runs/${id.split('/').map(encodeURIComponent).join('/')}`;
export const zipUrl = (id: string): string => `${runUrl(id)}/zip`;

const words = (query: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)])).toString();

const stretch = ({
  from,
  to,
  query,
}: Pick<RowsQuery, 'from' | 'to' | 'query'>): Record<string, string | number> => ({
  from: Math.floor(from),
  to: Math.ceil(to),
  q: query,
});

/** Encodes the names, which may contain any character. */
const list = (names: readonly string[]): string => names.map((name) => encodeURIComponent(name)).join(',');

export function servedRun(id: string): OpenRun {
  const url = runUrl(id);
  const window = ({ clients, mark, buckets, hidden, grouped, payload, ...rest }: WindowQuery): string =>
    words({
      ...stretch(rest),
      clients,
      mark,
      buckets,
      hidden: list(hidden),
      grouped: list(grouped),
      payload,
    });
  const rows = ({ mark, skip, hidden, ...rest }: RowsQuery): string =>
    words({ ...stretch(rest), mark, skip, hidden: list(hidden) });
  const urlOf = (file: string): string => `/files/${id}/${file.split('/').map(encodeURIComponent).join('/')}`;
  return {
    id,
    page: () => get(url),
    overview: (only) => get(`${url}/overview${only === undefined ? '' : `?only=${only}`}`),
    messages: (query) => get(`${url}/messages?${window(query)}`),
    density: ({ from, to }, buckets) =>
      get(`${url}/messages?${words({ from, to, limit: 0, buckets, clients: 'one' })}`),
    counts: ({ hidden, ...rest }) =>
      get(`${url}/counts?${words({ ...stretch(rest), hidden: list(hidden) })}`),
    messageRows: (query) => get(`${url}/message-rows?${rows(query)}`),
    message: (message) => get(`${url}/messages/${message}`),
    requestTree: (message) => get(`${url}/requests/${message}`),
    states: ({ from, to, field, buckets }) =>
      get(`${url}/states?${words({ from: Math.floor(from), to: Math.ceil(to), field, buckets })}`),
    statesAt: (nanos) => get(`${url}/states-at?${words({ nanos })}`),
    operations: (query) => get(`${url}/operations?${window(query)}`),
    operationRows: (query) => get(`${url}/operation-rows?${rows(query)}`),
    operation: (index) => get(`${url}/operations/${index}`),
    propagation: () => get(`${url}/propagation`),
    log: (file, offset) => get(`${url}/log?${words({ file, offset })}`),
    results: async () => {
      // Runs of the original Maelstrom have only the second.
      for (const file of ['results.json', 'results.edn']) {
        const response = await fetch(urlOf(file));
        if (response.ok) return response.text();
      }
      return '';
    },
    picture: async (file) => {
      const response = await fetch(urlOf(file));
      return response.ok ? safeSvg(await response.text()) : undefined;
    },
    files: { zip: zipUrl(id), urlOf },
    follow: (events) => follow(`${url}/events`, events),
  };
}

/** Subscribes to server-sent events; the browser reconnects by itself. */
function follow(url: string, { onGrown, onLog, onDone }: RunEvents): () => void {
  const source = new EventSource(url);
  source.addEventListener('grown', onGrown);
  source.addEventListener('log', (event: MessageEvent<string>) => {
    // The server writes it as {text}.
    onLog((JSON.parse(event.data) as { text: string }).text);
  });
  source.addEventListener('done', () => {
    source.close();
    onDone();
  });
  return () => source.close();
}
