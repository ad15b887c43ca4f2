/** Serves files: those of a run, under a separate policy, and those of the viewer. */
import { closeSync, createReadStream, fstatSync } from 'node:fs';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { inside } from '../../files/inside.ts';
import { openPlain, readPlain, statPlain } from '../../files/plain-file.ts';
import { FILE_POLICY } from './guard.ts';
import { lazyBody } from './lazy-body.ts';
import { notThere, type OpenedRuns } from './opened-runs.ts';
import { PAGE_PICTURE_STYLE } from '../../report/svg/picture-style.ts';
import { isSafeName, isSafePath } from '../runs/run-address.ts';

export function runFileRoutes(runs: OpenedRuns): Hono {
  const app = new Hono();
  app.get('/:workload/:name/:file{.+}', (context) =>
    runs.about(context, ({ folder }) => {
      const file = context.req.param('file') ?? '';
      const path = isSafePath(file) ? inside(folder, file) : undefined;
      if (path === undefined || statPlain(path) === undefined) return notThere(context);
      return sendFile(context, path, FILE_POLICY);
    }),
  );
  return app;
}

/** Serves the viewer; `viewer` is the folder of its built files, undefined if there are none. */
export function viewerRoutes(viewer: string | undefined): Hono {
  const app = new Hono();
  app.get('/assets/:file', (context) => {
    const file = context.req.param('file');
    const path = viewer === undefined || !isSafeName(file) ? undefined : inside(viewer, `assets/${file}`);
    if (path === undefined) return notThere(context);
    // Their names change with their content.
    context.header('Cache-Control', 'public, max-age=31536000, immutable');
    return sendFile(context, path);
  });
  // The style of drawings in pages; a run's files contain their own.
  app.get('/picture.css', (context) => {
    context.header('Content-Type', 'text/css; charset=utf-8');
    return context.body(PAGE_PICTURE_STYLE);
  });
  for (const path of ['/', '/run/:workload/:name', '/compare', '/hunts', '/hunt/:name']) {
    app.get(path, (context) => {
      const page = pageOf(viewer);
      return page === undefined
        ? context.text('The viewer has not been built: run `npm run build`.', 503)
        : context.html(page);
    });
  }
  return app;
}

const pageOf = (viewer: string | undefined): string | undefined => {
  const path = viewer === undefined ? undefined : inside(viewer, 'index.html');
  return path === undefined ? undefined : readPlain(path);
};

/** Answers a person who follows a dead link with a page; programs and our own pages get JSON. */
export function pageOfNothing(viewer: string | undefined): MiddlewareHandler {
  return async (context, next) => {
    await next();
    if (context.res.status !== 404 || context.req.header('accept')?.includes('text/html') !== true) return;
    const page = pageOf(viewer);
    if (page === undefined) return;
    // Otherwise Hono keeps the headers of the JSON.
    context.res = undefined;
    context.res = context.html(page, 404);
  };
}

const TYPES = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['json', 'application/json; charset=utf-8'],
]);

function sendFile(context: Context, path: string, policy?: string): Response {
  const ending = path.slice(path.lastIndexOf('.') + 1);
  context.header('Content-Type', TYPES.get(ending) ?? 'text/plain; charset=utf-8');
  if (policy !== undefined) context.header('Content-Security-Policy', policy);
  const size = sizeOf(path);
  context.header('Content-Length', String(size));
  if (context.req.method === 'HEAD' || size === 0) return context.body(null);
  // If the file grows meanwhile, only the announced length is sent.
  return context.body(lazyBody(() => createReadStream(path, { fd: openPlain(path), end: size - 1 })));
}

function sizeOf(path: string): number {
  const fd = openPlain(path);
  try {
    return fstatSync(fd).size;
  } finally {
    closeSync(fd);
  }
}
