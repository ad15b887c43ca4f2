/**
 * Who may ask, and what a page may do. A server on this machine can be reached by any page the browser shows: so hosts are
 * checked (a name that leads to 127.0.0.1 is not ours), changes need our own origin, and pages get a policy under which
 * only our files run.
 */
import type { MiddlewareHandler } from 'hono';

/** For our own pages: scripts and styles from files of ours only. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** For files of a run: they may draw and, within a page of their own, run; they reach nothing. */
export const FILE_POLICY =
  "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; " +
  "font-src data:; frame-ancestors 'none'";

export function securityHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    const { headers } = context.res;
    if (!headers.has('Content-Security-Policy')) headers.set('Content-Security-Policy', PAGE_POLICY);
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Referrer-Policy', 'no-referrer');
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store');
  };
}

/** Answers only requests to a host of this machine, when `isLocal`. */
export function checkHost(isLocal: boolean): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host') ?? new URL(context.req.url).host;
    if (isLocal && !/^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(host))
      return context.json(
        { error: `This server answers to localhost, not to ${JSON.stringify(host)}.` },
        403,
      );
    return next();
  };
}

/** Changes only from our own pages: the browser tells the origin, and no other page can send the header unasked. */
export function checkOrigin(): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    if (method === 'GET' || method === 'HEAD') return next();
    const host = context.req.header('host') ?? new URL(context.req.url).host;
    const origin = context.req.header('origin');
    const site = context.req.header('sec-fetch-site');
    const isOurs =
      origin !== undefined &&
      URL.canParse(origin) &&
      new URL(origin).host === host &&
      (site === undefined || site === 'same-origin') &&
      context.req.header('x-maelstrom') === '1';
    return isOurs
      ? next()
      : context.json({ error: 'Changes can be made only from the pages of this server.' }, 403);
  };
}
