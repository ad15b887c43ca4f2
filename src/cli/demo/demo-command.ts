/**
 * `maelstrom demo`: runs the examples that come along, and shows a table of what came of them as it goes. Real clusters
 * run two at a time; simulated ones, which keep this process busy, one after the other.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DEMO_CASES, type DemoCase } from './demo-plan.ts';
import { DemoTable } from './demo-table.ts';
import { secondChance } from './second-chance.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { onInterrupt } from '../interrupts.ts';
import { packageFile } from '../../harness/package-folder.ts';
import type { Session } from '../session.ts';
import { withValue, type Given } from '../words/option.ts';
import { readWords, type CommandText } from '../words/read-words.ts';
import { STORE } from '../words/shared-options.ts';

const AT_ONCE = 2;

const OPTIONS = {
  store: STORE,
  seed: withValue('--seed <text>', 'decides requests, faults and latencies (default: at random)', {
    isAnyWord: true,
  }),
};

const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'demo',
  about: 'Runs the examples: right ones pass, broken ones are caught. Takes about a minute.',
  groups: { 'Options:': OPTIONS },
};

export async function run(words: readonly string[], session: Session): Promise<ExitCode> {
  const given = readWords(COMMAND, words, session);
  return given === undefined ? EXIT.valid : runDemo(given.options, session);
}

async function runDemo(options: Given<typeof OPTIONS>, session: Session): Promise<ExitCode> {
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
  const again: DemoCase[] = [];
  const runOne = async (demoCase: DemoCase, isLast = true): Promise<void> => {
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
    const patient = outcome === undefined || isLast ? undefined : secondChance(demoCase, outcome);
    if (outcome === undefined || patient === undefined) {
      table.finish(demoCase, outcome);
      return;
    }
    table.repeat(demoCase, outcome);
    again.push(patient);
  };
  try {
    await inLanes(
      DEMO_CASES.filter((demoCase) => demoCase.world === 'real'),
      AT_ONCE,
      (demoCase) => runOne(demoCase, false),
    );
    for (const demoCase of again) await runOne(demoCase);
    for (const demoCase of DEMO_CASES) if (demoCase.world === 'simulated') await runOne(demoCase);
  } finally {
    stopListening();
    table.close();
  }
  if (stopping.signal.aborted) return EXIT.interrupted;
  return table.end() ? EXIT.valid : EXIT.invalid;
}

/** Works through the items in order, `lanes` at a time. */
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
