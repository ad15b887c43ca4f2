/**
 * `maelstrom demo`: runs the examples that come along, and shows a table of what came of them as it goes. Real clusters
 * run two at a time; simulated ones, which keep this process busy, one after the other.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { UserError } from '../../protocol/user-error.ts';
import { DEMO_CASES, type DemoCase } from './demo-plan.ts';
import { DemoTable } from './demo-table.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../interrupts.ts';
import { packageFile } from '../../harness/package-folder.ts';
import type { Session } from '../session.ts';
import { asCalled } from '../words/as-called.ts';
import { withDefault } from '../words/with-default.ts';
import { commandErrorText } from '../words/command-error.ts';

const AT_ONCE = 2;

interface DemoOptions {
  readonly store: string;
  readonly seed?: string;
}

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const options = readOptions(words, session);
  if (options === undefined) return EXIT.valid;
  return runDemo(options, session);
}

/** Undefined when only help was asked for. */
function readOptions(words: readonly string[], session: Session): DemoOptions | undefined {
  const command = new Command('maelstrom demo')
    .description('Runs the examples: right ones pass, broken ones are caught. Takes about a minute.')
    .addOption(
      withDefault('--store <folder>', 'where results are kept', session.env['MAELSTROM_STORE'] ?? 'store'),
    )
    .option('--seed <text>', 'decides requests, faults and latencies (default: at random)')
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({
      writeOut: (text) => session.console.line(asCalled(text.trimEnd(), session.program)),
      writeErr: () => {},
    });
  try {
    return command.parse([...words], { from: 'user' }).opts<DemoOptions>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UserError(commandErrorText(error), 'All options: maelstrom demo --help');
  }
}

async function runDemo(options: DemoOptions, session: Session): Promise<ExitCode> {
  const { runDemoCase } = await import('./demo-case.ts');
  const seed = options.seed ?? randomBytes(4).toString('hex');
  const table = new DemoTable(session.console);
  table.begin(seed, DEMO_CASES);
  const stopping = new AbortController();
  const stopListening = onInterrupt({
    first: () => {
      session.console.line('\rStopping.');
      stopping.abort();
    },
    second: () => process.exit(EXIT.interrupted),
  });
  const runOne = async (demoCase: DemoCase): Promise<void> => {
    if (stopping.signal.aborted) return;
    if (demoCase.needs !== undefined && !isOnPath(demoCase.needs, session.env)) {
      table.skip(demoCase, `${demoCase.needs} is not installed`);
      return;
    }
    const program = packageFile(join('examples', demoCase.program));
    table.start(demoCase);
    const outcome = await runDemoCase({
      demoCase,
      program,
      seed,
      store: options.store,
      signal: stopping.signal,
    });
    table.finish(demoCase, outcome);
  };
  try {
    await inLanes(
      DEMO_CASES.filter((demoCase) => demoCase.world === 'real'),
      AT_ONCE,
      runOne,
    );
    await inLanes(
      DEMO_CASES.filter((demoCase) => demoCase.world === 'simulated'),
      1,
      runOne,
    );
  } finally {
    stopListening();
    table.close();
  }
  if (stopping.signal.aborted) return EXIT.interrupted;
  return table.end() ? EXIT.valid : EXIT.invalid;
}

/** Works through the items, so many at a time, in order. */
async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const lane = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function isOnPath(program: string, env: Session['env']): boolean {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
