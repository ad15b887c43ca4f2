/** `maelstrom serve`: shows the runs of a store in a browser. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openBrowser } from './open-browser.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { parseNumber } from '../words/parse-number.ts';
import type { Session } from '../session.ts';
import { flag, readSettings, withValue } from '../words/option.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';
import { STORE } from '../words/shared-options.ts';

const OPTIONS = {
  store: STORE,
  host: withValue('-b, --host <address>', 'address to listen on; 0.0.0.0 lets other machines in', {
    default: '127.0.0.1',
  }),
  port: withValue('-p, --port <number>', 'port to listen on; 0 for any free port', {
    default: '8080',
    read: (word, _, option) => ({ port: parseNumber(option, word, { min: 0, max: 65_535, integer: true }) }),
  }),
  open: flag('--open', 'open the browser'),
};

export const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'serve',
  about: 'Shows the runs of a store in a browser: list, diagrams, messages, and runs in progress.',
  groups: { 'Options:': OPTIONS },
};

export async function run({ options }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  const { port } = readSettings(OPTIONS, options, {});
  const { listen } = await import('../../server/http/listen.ts');
  const store = resolve(options.store);
  const { console, program } = session;
  const viewer = packageFile('dist/viewer');
  const server = await listen({ store, viewer, host: options.host, port, program });
  console.line(`The runs of ${store}: ${server.url}`);
  if (server.isPublic)
    console.line(
      `${console.paint('yellow', 'Warning:')} with --host ${options.host}, everyone who can reach this port can read all runs ` +
        'of this store, with logs and messages of the nodes. Deleting runs from the viewer is disabled.',
    );
  if (!existsSync(store)) console.line('The folder does not exist yet; reload the page once it does.');
  console.line('Ctrl-C to stop.');
  if (options.open) openBrowser(server.url);
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop());
  });
  await server.close();
  return EXIT.valid;
}
