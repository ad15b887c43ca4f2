/** `maelstrom serve`: the runs of a store, to be looked at with a browser. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { UserError } from '../../protocol/user-error.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openBrowser } from './open-browser.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { parseNumber } from '../words/parse-number.ts';
import type { Session } from '../session.ts';
import { asCalled } from '../words/as-called.ts';
import { refuseTilde } from '../words/home-path.ts';
import { withDefault } from '../words/with-default.ts';
import { commandErrorText } from '../words/command-error.ts';

interface ServeOptions {
  readonly store: string;
  readonly host: string;
  readonly port: string;
  readonly open?: boolean;
}

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const options = readOptions(words, session);
  if (options === undefined) return EXIT.valid;
  const port = parseNumber('--port', options.port, { min: 0, max: 65_535, integer: true });
  const { listen } = await import('../../server/listen.ts');
  refuseTilde('--store', options.store);
  const store = resolve(options.store);
  const server = await listen({ store, viewer: packageFile('dist/viewer'), host: options.host, port });
  const { console } = session;
  console.line(`The runs of ${store}: ${server.url}`);
  if (server.isPublic)
    console.line(
      `${console.paint('yellow', 'Warning:')} --host ${options.host} lets other machines in: everyone who reaches this port can read all runs ` +
        'of this store, with the logs and messages of its nodes. Runs cannot be deleted from the viewer meanwhile.',
    );
  if (!existsSync(store))
    console.line('There is no such folder yet; it will be looked at again whenever you reload.');
  console.line('Ctrl-C to stop.');
  if (options.open === true) openBrowser(server.url);
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop());
  });
  await server.close();
  return EXIT.valid;
}

/** Undefined when only help was asked for. */
function readOptions(words: readonly string[], session: Session): ServeOptions | undefined {
  const command = new Command('maelstrom serve')
    .description('Serves the runs of a store to a browser: list, pictures, messages, and runs as they go.')
    .addOption(
      withDefault('--store <folder>', 'where results are kept', session.env['MAELSTROM_STORE'] ?? 'store'),
    )
    .addOption(
      withDefault('-b, --host <address>', 'address to listen on; 0.0.0.0 lets others in', '127.0.0.1'),
    )
    .addOption(withDefault('-p, --port <number>', 'port to listen on; 0 for any', '8080'))
    .option('--open', 'open the browser')
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => session.console.line(asCalled(text.trimEnd(), session.program)),
      writeErr: () => {},
    });
  try {
    return command.parse([...words], { from: 'user' }).opts<ServeOptions>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UserError(commandErrorText(error), 'All options: maelstrom serve --help');
  }
}
