/** Opens the server on a port of this machine, or of a requested address. */
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { UserError } from '../../protocol/user-error.ts';
import { Travels } from '../../travel/travels.ts';
import { makeApp } from './app.ts';
import { isLoopback } from './guard.ts';

export interface ListenOptions {
  readonly store: string;
  readonly viewer: string;
  readonly host: string;
  /** How Maelstrom was invoked, for commands that are shown. */
  readonly program?: string;
  /** 0 for any free port. */
  readonly port: number;
}

export interface Listening {
  readonly url: string;
  /** True if other machines can reach it. */
  readonly isPublic: boolean;
  close(): Promise<void>;
}

/** Resolves when requests are answered. Rejects with a UserError if the address is unavailable. */
export async function listen({ port, ...options }: ListenOptions): Promise<Listening> {
  const travels = new Travels();
  const { host } = options;
  const app = makeApp({ ...options, travels });
  // Without options it creates a server of node:http.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/`,
    isPublic: !isLoopback(host),
    close: () =>
      new Promise((resolve) => {
        travels.closeAll();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new UserError(
        `Port ${port} of ${host} is in use already, perhaps by another \`maelstrom serve\`.`,
        `Choose another with --port ${port + 1}, or any that is free with --port 0.`,
      );
    case 'EACCES':
      return new UserError(
        `Port ${port} may not be used by this user.`,
        'Choose one above 1023 with --port.',
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(
        `${host} is no address of this machine.`,
        'Leave --host out to serve this machine only.',
      );
    default:
      return error;
  }
}
