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

/** Returns undefined if there is nothing of that kind. */
type Answer = (view: RunView, context: Context) => object | undefined | Promise<object | undefined>;

export function questionRoutes(runs: OpenedRuns, nowMs: () => number): Hono {
  const app = new Hono();
  const on = (path: string, read: (view: RunView) => Promise<void>, answer: Answer): void => {
    app.get(path, (context) =>
      runs.about(context, async ({ view }) => {
        await read(view);
        const found = await answer(view, context);
        return found === undefined ? notThere(context) : context.json(found);
      }),
    );
  };
  on('/overview', readNothing, async (view, context) => {
    await (context.req.query('only') === 'messages'
      ? view.refreshJournal()
      : Promise.all([view.refreshJournal(), view.refreshHistory()]));
    return view.overviewAt(nowMs());
  });
  on('/messages', readMessages, (view, context) =>
    view.messages(
      {
        ...windowOf(context),
        clients: clientLanes(context.req.query('clients')),
        mark: context.req.query('mark') ?? '',
        hidden: namesOf(context, 'hidden'),
        grouped: namesOf(context, 'grouped'),
        payload: context.req.query('payload') ?? '',
      },
      context.req.raw.signal,
    ),
  );
  on('/message-rows', readAll, (view, context) =>
    view.messageRows(
      {
        ...rowsOf(context),
        mark: context.req.query('mark') ?? '',
        hidden: namesOf(context, 'hidden'),
      },
      context.req.raw.signal,
    ),
  );
  on('/counts', readAll, (view, context) => {
    const { from, to, query } = windowOf(context);
    return view.counts({ from, to, query, hidden: namesOf(context, 'hidden') }, context.req.raw.signal);
  });
  on('/messages/:id', readAll, (view, context) => view.message(Number(context.req.param('id'))));
  on('/states', readMessages, (view, context) => {
    const { from, to, buckets } = windowOf(context);
    return view.states({ from, to, buckets, field: context.req.query('field') ?? '' });
  });
  on('/states-at', readMessages, (view, context) => {
    const nanos = Number(context.req.query('nanos'));
    if (!Number.isFinite(nanos)) throw new UserError('`nanos` must be a number of nanoseconds.');
    return view.statesAt(nanos);
  });
  on('/requests/:id', readAll, (view, context) => view.requestTree(Number(context.req.param('id'))));
  on('/operations', readOperations, (view, context) =>
    view.operations(windowOf(context), context.req.raw.signal),
  );
  on('/operation-rows', readAll, (view, context) =>
    view.operationRows(rowsOf(context), context.req.raw.signal),
  );
  on('/operations/:index', readAll, (view, context) => view.operation(Number(context.req.param('index'))));
  on('/propagation', readAll, (view, context) => view.propagation(context.req.raw.signal));
  return app;
}

const readNothing = (): Promise<void> => Promise.resolve();

/** Reads the messages, if nothing has been read yet. */
async function readMessages(view: RunView): Promise<void> {
  if (view.journal.messageCount === 0) await view.refreshJournal();
}

/** Reads the operations, if nothing has been read yet. */
async function readOperations(view: RunView): Promise<void> {
  if (view.history.count === 0) await view.refreshHistory();
}

async function readAll(view: RunView): Promise<void> {
  await readMessages(view);
  await readOperations(view);
}

interface RowsQuery {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly query: string;
}

function windowOf(context: Context): RowsQuery & { readonly buckets: number } {
  return {
    ...askedOf(context, SHOWN_AT_ONCE, MOST_ARROWS),
    buckets: Math.max(1, numberOf(context, 'buckets', 400, MOST_BUCKETS)),
  };
}

const rowsOf = (context: Context): RowsQuery & { readonly skip: number } => ({
  ...askedOf(context, ROWS_AT_ONCE, MOST_ROWS),
  skip: numberOf(context, 'skip', 0, Infinity),
});

function askedOf(context: Context, atOnce: number, most: number): RowsQuery {
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
