/** The viewer's queries about a run: its size, the content of an interval, one message, one operation. */
import { Hono, type Context } from 'hono';
import { UserError } from '../../protocol/user-error.ts';
import type { ClientLanes } from '../../recording/lanes.ts';
import { ROWS_AT_ONCE, SHOWN_AT_ONCE } from '../../recording/recorded-run.ts';
import { notThere, type OpenedRuns } from './opened-runs.ts';
import type { RunView } from '../runs/run-view.ts';

const MOST_ARROWS = 20_000;
const MOST_BUCKETS = 4000;
const MOST_ROWS = 2000;
const MOST_NAMES = 1000;

export function questionRoutes(runs: OpenedRuns, nowMs: () => number): Hono {
  const app = new Hono();
  app.get('/overview', (context) =>
    runs.about(context, async ({ view }) => {
      await (context.req.query('only') === 'messages'
        ? view.refreshJournal()
        : Promise.all([view.refreshJournal(), view.refreshHistory()]));
      return context.json(view.overviewAt(nowMs()));
    }),
  );
  app.get('/messages', (context) =>
    runs.about(context, async ({ view }) => {
      if (view.journal.messageCount === 0) await view.refreshJournal();
      const clients = clientLanes(context.req.query('clients'));
      const asked = {
        ...windowOf(context),
        clients,
        mark: context.req.query('mark') ?? '',
        hidden: namesOf(context, 'hidden'),
        grouped: namesOf(context, 'grouped'),
        payload: context.req.query('payload') ?? '',
      };
      return context.json(await view.messages(asked, context.req.raw.signal));
    }),
  );
  app.get('/message-rows', (context) =>
    runs.about(context, async ({ view }) => {
      await readAll(view);
      const asked = {
        ...rowsOf(context),
        mark: context.req.query('mark') ?? '',
        hidden: namesOf(context, 'hidden'),
      };
      return context.json(await view.messageRows(asked, context.req.raw.signal));
    }),
  );
  app.get('/counts', (context) =>
    runs.about(context, async ({ view }) => {
      await readAll(view);
      const { from, to, query } = windowOf(context);
      const asked = { from, to, query, hidden: namesOf(context, 'hidden') };
      return context.json(await view.counts(asked, context.req.raw.signal));
    }),
  );
  app.get('/messages/:id', (context) =>
    runs.about(context, async ({ view }) => {
      await readAll(view);
      const found = view.message(Number(context.req.param('id')));
      return found === undefined ? notThere(context) : context.json(found);
    }),
  );
  app.get('/states', (context) =>
    runs.about(context, async ({ view }) => {
      if (view.journal.messageCount === 0) await view.refreshJournal();
      const { from, to, buckets } = windowOf(context);
      return context.json(view.states({ from, to, buckets, field: context.req.query('field') ?? '' }));
    }),
  );
  app.get('/states-at', (context) =>
    runs.about(context, async ({ view }) => {
      if (view.journal.messageCount === 0) await view.refreshJournal();
      const nanos = Number(context.req.query('nanos'));
      if (!Number.isFinite(nanos)) throw new UserError('`nanos` must be a number of nanoseconds.');
      return context.json(view.statesAt(nanos));
    }),
  );
  app.get('/requests/:id', (context) =>
    runs.about(context, async ({ view }) => {
      await readAll(view);
      const found = await view.requestTree(Number(context.req.param('id')));
      return found === undefined ? notThere(context) : context.json(found);
    }),
  );
  app.get('/operations', (context) =>
    runs.about(context, async ({ view }) => {
      if (view.history.count === 0) await view.refreshHistory();
      return context.json(await view.operations(windowOf(context), context.req.raw.signal));
    }),
  );
  app.get('/operation-rows', (context) =>
    runs.about(context, async ({ view }) => {
      await readAll(view);
      return context.json(await view.operationRows(rowsOf(context), context.req.raw.signal));
    }),
  );
  app.get('/operations/:index', (context) =>
    runs.about(context, async ({ view }) => {
      await readAll(view);
      const found = view.operation(Number(context.req.param('index')));
      return found === undefined ? notThere(context) : context.json(found);
    }),
  );
  app.get('/propagation', (context) =>
    runs.about(context, async ({ view }) => {
      await readAll(view);
      const found = await view.propagation(context.req.raw.signal);
      return found === undefined ? notThere(context) : context.json(found);
    }),
  );
  return app;
}

/** Reads everything for a query about both messages and operations, if it is the first one. */
async function readAll(view: RunView): Promise<void> {
  if (view.journal.messageCount === 0) await view.refreshJournal();
  if (view.history.count === 0) await view.refreshHistory();
}

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly query: string;
}

function windowOf(context: Context): Asked & { readonly buckets: number } {
  return {
    ...askedOf(context, SHOWN_AT_ONCE, MOST_ARROWS),
    buckets: Math.max(1, numberOf(context, 'buckets', 400, MOST_BUCKETS)),
  };
}

const rowsOf = (context: Context): Asked & { readonly skip: number } => ({
  ...askedOf(context, ROWS_AT_ONCE, MOST_ROWS),
  skip: numberOf(context, 'skip', 0, Infinity),
});

function askedOf(context: Context, atOnce: number, most: number): Asked {
  const from = Number(context.req.query('from') ?? Number.MIN_SAFE_INTEGER);
  const to = Number(context.req.query('to') ?? Number.MAX_SAFE_INTEGER);
  if (!(Number.isFinite(from) && Number.isFinite(to) && from <= to))
    throw new UserError('`from` and `to` must be numbers of nanoseconds, in this order.');
  const query = context.req.query('q') ?? '';
  return { from, to, limit: numberOf(context, 'limit', atOnce, most), query };
}

function numberOf(context: Context, name: string, byDefault: number, max: number): number {
  const value = Number(context.req.query(name) ?? byDefault);
  return Number.isFinite(value) ? Math.max(0, Math.min(max, Math.floor(value))) : byDefault;
}

/** Parses names, each URL-encoded, separated by commas. */
function namesOf(context: Context, name: string): readonly string[] {
  const text = context.req.query(name) ?? '';
  if (text === '') return [];
  try {
    return text.split(',', MOST_NAMES).map((each) => decodeURIComponent(each));
  } catch {
    throw new UserError(`\`${name}\` must be names of nodes, each encoded as in an address.`);
  }
}

function clientLanes(text: string | undefined): ClientLanes {
  return text === 'one' || text === 'each' ? text : 'auto';
}
