/** A run as a whole: its page, its logs, its live events, all its files as a zip, and its deletion. */
import { existsSync, readdirSync, readlinkSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { LINKS, RUN_FILES } from '../../store/layout.ts';
import { lazyBody } from './lazy-body.ts';
import { sendLiveEvents } from './live-events.ts';
import { notThere, type OpenedRuns } from './opened-runs.ts';
import { verdictOf, type RunList } from '../runs/run-list.ts';
import { zipFolder } from '../runs/zip.ts';

export interface RunRoutesOptions {
  readonly store: string;
  readonly list: RunList;
  readonly runs: OpenedRuns;
  readonly nowMs: () => number;
}

export function runRoutes({ store, list, runs, nowMs }: RunRoutesOptions): Hono {
  const app = new Hono();
  app.get('/', (context) =>
    runs.about(context, async ({ view, id, folder }) => {
      const card = list.card(id, folder);
      return card === undefined ? notThere(context) : context.json(await view.page(card));
    }),
  );
  app.get('/log', (context) =>
    runs.about(context, async ({ view }) => {
      const offset = Number(context.req.query('offset') ?? 0);
      const chunk = await view.log(
        context.req.query('file') ?? RUN_FILES.log,
        Number.isFinite(offset) ? offset : 0,
      );
      return chunk === undefined ? notThere(context) : context.json(chunk);
    }),
  );
  app.get('/events', (context) =>
    runs.about(context, ({ view }) => {
      context.header('Content-Type', 'text/event-stream');
      return stream(context, async (out) => {
        const stopping = new AbortController();
        out.onAbort(() => stopping.abort());
        await sendLiveEvents(
          view,
          context.req.header('last-event-id') ?? context.req.query('last'),
          { write: async (text) => void (await out.write(text)), signal: stopping.signal },
          nowMs,
        );
      });
    }),
  );
  app.get('/zip', (context) =>
    runs.about(context, ({ id, folder }) => {
      const name = id.replace('/', '-');
      context.header('Content-Type', 'application/zip');
      context.header('Content-Disposition', `attachment; filename="${name}.zip"`);
      return context.body(lazyBody(() => zipFolder(folder, name)));
    }),
  );
  app.delete('/', (context) =>
    runs.about(context, ({ id, folder }) => {
      if (verdictOf(folder, nowMs()) === 'running')
        return context.json({ error: 'This run is still going; stop it first.' }, 409);
      rmSync(folder, { recursive: true });
      runs.forget(id);
      removeDeadLinks(store, id.split('/')[0] ?? '');
      return context.json({ deleted: id });
    }),
  );
  return app;
}

/** Removes links that led to a deleted run. */
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
