/**
 * The server's routes: the list of runs, the parts of a run, hunts, and the viewer's files. Testable without a socket:
 * `app.request`.
 */
import { Hono } from 'hono';
import { NotPlainFileError } from '../../files/plain-file.ts';
import { UserError } from '../../protocol/user-error.ts';
import { pageOfNothing, runFileRoutes, viewerRoutes } from './file-routes.ts';
import { checkChanges, checkHost, securityHeaders } from './guard.ts';
import { notThere, OpenedRuns } from './opened-runs.ts';
import { questionRoutes } from './question-routes.ts';
import { HuntList } from '../hunts/hunt-list.ts';
import { compareRuns } from '../runs/comparison.ts';
import { RunList } from '../runs/run-list.ts';
import { travelRoutes } from '../travel/travel-routes.ts';
import { Travels } from '../../travel/travels.ts';
import { runRoutes } from './run-routes.ts';

export interface AppOptions {
  /** The store's folder. */
  readonly store: string;
  /** The viewer's built files; undefined if there are none, as in tests. */
  readonly viewer?: string;
  /** The address it listens on. */
  readonly host: string;
  /** How Maelstrom was invoked, for commands that are shown. */
  readonly program?: string;
  readonly nowMs?: () => number;
  /** The runs that are stepped through; the caller must close them. */
  readonly travels?: Travels;
}

export function makeApp({
  store,
  viewer,
  host,
  program = 'maelstrom',
  nowMs = Date.now,
  travels = new Travels(),
}: AppOptions): Hono {
  const list = new RunList(store, nowMs);
  const runs = new OpenedRuns(store);
  const hunts = new HuntList(store);
  const app = new Hono();
  app.use(securityHeaders(), checkHost(host), checkChanges(host), pageOfNothing(viewer));
  app.onError((error, context) => {
    if (error instanceof UserError) return context.json({ error: error.message }, 400);
    if (error instanceof NotPlainFileError)
      return context.json({ error: `The run cannot be read: ${error.message}.` }, 400);
    if (isUnreadable(error)) return context.json({ error: `The run cannot be read: ${error.message}.` }, 400);
    if (error.name === 'AbortError') return context.json({ error: 'stopped' }, 499 as 400);
    console.error(error);
    return context.json({ error: `Internal error of the server: ${error.message}` }, 500);
  });
  app.notFound(notThere);
  app.get('/api/program', (context) => context.json({ program }));
  app.get('/api/hunts', (context) => context.json(hunts.all()));
  app.get('/api/hunts/:name', (context) => {
    const name = context.req.param('name');
    const view = hunts.view(name);
    return view === undefined
      ? notThere(context, `There is no hunt ${name} in ${store}.`)
      : context.json(view);
  });
  app.post('/api/hunts/:name/pause', async (context) => {
    const asked: unknown = await context.req.json().catch(() => undefined);
    const paused = (asked as { readonly paused?: unknown } | null | undefined)?.paused;
    if (typeof paused !== 'boolean') throw new UserError('`paused` must be true or false.');
    const problem = hunts.wishPaused(context.req.param('name'), paused);
    return problem === undefined ? context.json({ paused }) : context.json({ error: problem }, 409);
  });
  app.get('/api/runs', (context) => context.json(list.all()));
  app.get('/api/compare', async (context) => {
    const ids = [context.req.query('a') ?? '', context.req.query('b') ?? ''];
    const [one, other] = ids.map((id) => {
      const [workload = '', name = ''] = id.split('/');
      return runs.open(workload, name);
    });
    if (one === undefined || other === undefined)
      return runs.notThere(context, ids[one === undefined ? 0 : 1] ?? '');
    return context.json(await compareRuns([one.view, other.view]));
  });
  app.route('/api/runs/:workload/:name', runRoutes({ store, list, runs, nowMs }));
  app.route('/api/runs/:workload/:name', questionRoutes(runs, nowMs));
  app.route('/api/runs/:workload/:name/travel', travelRoutes({ store, runs, travels }));
  app.route('/files', runFileRoutes(runs));
  app.route('/', viewerRoutes(viewer));
  return app;
}

/** A file is gone, is in place of a folder, or belongs to another user. */
const UNREADABLE: readonly unknown[] = [
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENAMETOOLONG',
];

const isUnreadable = (error: Error): boolean =>
  'path' in error && 'code' in error && UNREADABLE.includes(error.code);
