/**
 * Which requests are answered, and what a page may do. Any page in the browser can reach a server on this machine: so
 * hosts are checked (a foreign name that resolves to 127.0.0.1 is refused), changes require our own origin, and pages
 * get a policy under which only our files run.
 */
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { MiddlewareHandler } from 'hono';

/** For our own pages: only scripts and styles from our files. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** For files of a run: they may draw and, within a sandboxed page, run scripts; they cannot reach anything. */
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

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/** Addresses that stand for all addresses of this machine. */
const isEveryAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/**
 * Answers only requests that name this machine. A foreign page can make its own name resolve to this machine (DNS
 * rebinding), and the browser then treats our responses as that page's own. A numeric address cannot be redirected;
 * among names only those of this machine and the requested one are accepted.
 */
export function checkHost(listensOn: string): MiddlewareHandler {
  const machine = hostname().toLowerCase();
  const own = new Set(['localhost', machine, `${machine}.local`, listensOn.toLowerCase()]);
  const isOwn = (name: string): boolean => {
    if (isLoopback(name)) return true;
    if (isLoopback(listensOn)) return false;
    if (isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0)
      return isEveryAddress(listensOn) || own.has(name.replace(/^\[(.*)\]$/, '$1'));
    return own.has(name);
  };
  return async (context, next) => {
    const host = context.req.header('host') ?? new URL(context.req.url).host;
    if (!isOwn(host.replace(/:\d+$/, '').toLowerCase()))
      return context.json(
        {
          error: `This server answers to ${isLoopback(listensOn) ? 'localhost' : 'the addresses and the name of its machine'}, not to ${JSON.stringify(host)}.`,
        },
        403,
      );
    return next();
  };
}

/**
 * Allows changes only on this machine and from our own pages: the browser sends the origin, and no other page can send
 * the header without our permission. A server reachable from other machines shows runs and changes nothing.
 */
export function checkChanges(listensOn: string): MiddlewareHandler {
  return async (context, next) => {
    const { method } = context.req;
    if (method === 'GET' || method === 'HEAD') return next();
    if (!isLoopback(listensOn))
      return context.json(
        {
          error: `This server can be reached from other machines (it listens on ${listensOn}), so it refuses to change or run anything. Start it without --host for that.`,
        },
        403,
      );
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
