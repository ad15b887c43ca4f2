/**
 * The server's routes: the list of runs, one run's parts, and the viewer's files. Testable without a socket: `app.request`.
 */
import {
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  readdirSync,
  readlinkSync,
  rmSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Hono, type Context } from 'hono';
import { stream } from 'hono/streaming';
import { NotPlainFileError, openPlain, readPlain, statPlain } from '../files/plain-file.ts';
import { UserError } from '../protocol/user-error.ts';
import { LINKS, RUN_FILES } from '../store/layout.ts';
import { checkChanges, checkHost, FILE_POLICY, securityHeaders } from './guard.ts';
import type { ClientLanes } from '../recording/lanes.ts';
import { tellLiveEvents } from './live-events.ts';
import { Recent } from '../recording/recent.ts';
import { ROWS_AT_ONCE, SHOWN_AT_ONCE } from '../recording/recorded-run.ts';
import { inside } from '../files/inside.ts';
import { isSafeName, isSafePath, runFolderOf } from './run-address.ts';
import { RunList, verdictOf } from './run-list.ts';
import { RunView } from './run-view.ts';
import { zipFolder } from './zip.ts';

/** Opened runs that are kept in memory. */
const OPEN_RUNS = 4;
const MOST_ARROWS = 20_000;

export interface AppOptions {
  /** The store's folder. */
  readonly store: string;
  /** The viewer's built files; undefined where there are none, as in tests. */
  readonly viewer?: string;
  /** The address it listens on. */
  readonly host: string;
  readonly nowMs?: () => number;
}

const TYPES = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['json', 'application/json; charset=utf-8'],
]);

export function makeApp(options: AppOptions): Hono {
  const { store, viewer, host, nowMs = Date.now } = options;
  const list = new RunList(store, nowMs);
  const opened = new Recent<RunView>(OPEN_RUNS);
  const app = new Hono();
  app.use(securityHeaders(), checkHost(host), checkChanges(host));
  app.onError((error, context) => {
    if (error instanceof UserError) return context.json({ error: error.message }, 400);
    if (error instanceof NotPlainFileError)
      return context.json({ error: `The run cannot be read: ${error.message}.` }, 400);
    if (error.name === 'AbortError') return context.json({ error: 'stopped' }, 499 as 400);
    console.error(error);
    return context.json({ error: `The server made a mistake: ${error.message}` }, 500);
  });
  app.notFound((context) => context.json({ error: 'There is nothing at this address.' }, 404));

  app.get('/api/runs', (context) => context.json(list.all()));

  const run = '/api/runs/:workload/:name';
  app.get(run, (context) =>
    withRun(context, (view, id, folder) => {
      const card = list.card(id, folder);
      return card === undefined ? gone(context) : context.json(view.page(card));
    }),
  );
  app.get(`${run}/overview`, (context) =>
    withRun(context, async (view) => {
      await (context.req.query('only') === 'messages'
        ? view.refreshJournal()
        : Promise.all([view.refreshJournal(), view.refreshHistory()]));
      return context.json(view.overviewAt(nowMs()));
    }),
  );
  app.get(`${run}/messages`, (context) =>
    withRun(context, async (view) => {
      if (view.journal.messageCount === 0) await view.refreshJournal();
      return context.json(
        await view.messages(
          {
            ...timesOf(context),
            limit: numberOf(context, 'limit', SHOWN_AT_ONCE, MOST_ARROWS),
            buckets: Math.max(1, numberOf(context, 'buckets', 400, 4000)),
            query: context.req.query('q') ?? '',
            clients: clientLanes(context.req.query('clients')),
            mark: context.req.query('mark') ?? '',
          },
          context.req.raw.signal,
        ),
      );
    }),
  );
  app.get(`${run}/message-rows`, (context) =>
    withRun(context, async (view) => {
      await readAll(view);
      return context.json(
        await view.messageRows(
          {
            ...timesOf(context),
            limit: numberOf(context, 'limit', ROWS_AT_ONCE, 2000),
            skip: numberOf(context, 'skip', 0, Infinity),
            query: context.req.query('q') ?? '',
            mark: context.req.query('mark') ?? '',
          },
          context.req.raw.signal,
        ),
      );
    }),
  );
  app.get(`${run}/messages/:id`, (context) =>
    withRun(context, async (view) => {
      await readAll(view);
      const found = view.message(Number(context.req.param('id')));
      return found === undefined ? gone(context) : context.json(found);
    }),
  );
  app.get(`${run}/operations`, (context) =>
    withRun(context, async (view) => {
      if (view.history.count === 0) await view.refreshHistory();
      return context.json(
        await view.operations(
          {
            ...timesOf(context),
            limit: numberOf(context, 'limit', SHOWN_AT_ONCE, MOST_ARROWS),
            buckets: Math.max(1, numberOf(context, 'buckets', 400, 4000)),
            query: context.req.query('q') ?? '',
          },
          context.req.raw.signal,
        ),
      );
    }),
  );
  app.get(`${run}/operation-rows`, (context) =>
    withRun(context, async (view) => {
      await readAll(view);
      return context.json(
        await view.operationRows(
          {
            ...timesOf(context),
            limit: numberOf(context, 'limit', ROWS_AT_ONCE, 2000),
            skip: numberOf(context, 'skip', 0, Infinity),
            query: context.req.query('q') ?? '',
          },
          context.req.raw.signal,
        ),
      );
    }),
  );
  app.get(`${run}/operations/:index`, (context) =>
    withRun(context, async (view) => {
      await readAll(view);
      const found = view.operation(Number(context.req.param('index')));
      return found === undefined ? gone(context) : context.json(found);
    }),
  );
  app.get(`${run}/log`, (context) =>
    withRun(context, async (view) => {
      const offset = Number(context.req.query('offset') ?? 0);
      const chunk = await view.log(
        context.req.query('file') ?? RUN_FILES.log,
        Number.isFinite(offset) ? offset : 0,
      );
      return chunk === undefined ? gone(context) : context.json(chunk);
    }),
  );
  app.get(`${run}/events`, (context) =>
    withRun(context, (view) => {
      context.header('Content-Type', 'text/event-stream');
      return stream(context, async (out) => {
        const stopping = new AbortController();
        out.onAbort(() => stopping.abort());
        await tellLiveEvents(
          view,
          context.req.header('last-event-id') ?? context.req.query('last'),
          { write: async (text) => void (await out.write(text)), signal: stopping.signal },
          nowMs,
        );
      });
    }),
  );
  app.get(`${run}/zip`, (context) =>
    withRun(context, (_, id, folder) => {
      const name = id.replace('/', '-');
      context.header('Content-Type', 'application/zip');
      context.header('Content-Disposition', `attachment; filename="${name}.zip"`);
      return stream(context, async (out) => {
        for await (const part of zipFolder(folder, name)) {
          if (out.aborted) return;
          await out.write(part);
        }
      });
    }),
  );
  app.delete(run, (context) =>
    withRun(context, (_, id, folder) => {
      if (verdictOf(folder, nowMs()) === 'running')
        return context.json({ error: 'This run is still going; stop it first.' }, 409);
      rmSync(folder, { recursive: true });
      opened.delete(id);
      removeDeadLinks(store, id.split('/')[0] ?? '');
      return context.json({ deleted: id });
    }),
  );
  app.get('/files/:workload/:name/:file{.+}', (context) =>
    withRun(context, (_, __, folder) => {
      const file = context.req.param('file') ?? '';
      const path = isSafePath(file) ? inside(folder, file) : undefined;
      if (path === undefined || statPlain(path) === undefined) return gone(context);
      return sendFile(context, path, FILE_POLICY);
    }),
  );

  app.get('/assets/:file', (context) => {
    const file = context.req.param('file');
    const path = viewer === undefined || !isSafeName(file) ? undefined : inside(viewer, `assets/${file}`);
    if (path === undefined) return gone(context);
    // Their names change with their content.
    context.header('Cache-Control', 'public, max-age=31536000, immutable');
    return sendFile(context, path);
  });
  for (const path of ['/', '/run/:workload/:name', '/compare']) {
    app.get(path, (context) => {
      const page = viewer === undefined ? undefined : inside(viewer, 'index.html');
      return page === undefined
        ? context.text('The viewer has not been built: run `npm run build`.', 503)
        : context.html(readPlain(page));
    });
  }
  return app;

  async function withRun(
    context: Context,
    answer: (view: RunView, id: string, folder: string) => Response | Promise<Response>,
  ): Promise<Response> {
    const workload = context.req.param('workload') ?? '';
    const name = context.req.param('name') ?? '';
    const folder = runFolderOf(store, workload, name);
    if (folder === undefined) return gone(context);
    const id = `${workload}/${name}`;
    let view = opened.get(id);
    if (view === undefined) {
      view = new RunView(folder);
      opened.set(id, view);
    }
    return answer(view, id, folder);
  }
}

/** For what concerns both messages and operations, when it is the first that is asked. */
async function readAll(view: RunView): Promise<void> {
  if (view.journal.messageCount === 0) await view.refreshJournal();
  if (view.history.count === 0) await view.refreshHistory();
}

function gone(context: Context): Response {
  return context.json({ error: 'There is nothing at this address.' }, 404);
}

function timesOf(context: Context): { readonly from: number; readonly to: number } {
  const from = Number(context.req.query('from') ?? Number.MIN_SAFE_INTEGER);
  const to = Number(context.req.query('to') ?? Number.MAX_SAFE_INTEGER);
  if (!(Number.isFinite(from) && Number.isFinite(to) && from <= to))
    throw new UserError('`from` and `to` must be numbers of nanoseconds, in this order.');
  return { from, to };
}

function numberOf(context: Context, name: string, byDefault: number, max: number): number {
  const value = Number(context.req.query(name) ?? byDefault);
  return Number.isFinite(value) ? Math.max(0, Math.min(max, Math.floor(value))) : byDefault;
}

function clientLanes(text: string | undefined): ClientLanes {
  return text === 'one' || text === 'each' ? text : 'auto';
}

function sendFile(context: Context, path: string, policy?: string): Response {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  context.header('Content-Type', TYPES.get(ending) ?? 'text/plain; charset=utf-8');
  if (policy !== undefined) context.header('Content-Security-Policy', policy);
  const fd = openPlain(path);
  context.header('Content-Length', String(fstatSync(fd).size));
  if (context.req.method === 'HEAD') {
    closeSync(fd);
    return context.body(null);
  }
  // The two kinds of web stream are the same thing at run time.
  return context.body(Readable.toWeb(createReadStream(path, { fd })) as ReadableStream);
}

/** Links that led to a run that is no more. */
function removeDeadLinks(store: string, workload: string): void {
  for (const link of [
    join(store, LINKS.latest),
    join(store, LINKS.current),
    join(store, workload, LINKS.latest),
  ]) {
    try {
      readlinkSync(link);
      if (!existsSync(link)) unlinkSync(link);
    } catch {
      // There is no such link.
    }
  }
  const folder = join(store, workload);
  if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}
