/** `maelstrom demo`: runs the bundled examples, and shows a table of their outcomes as it goes. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DEMO_CASES } from './demo-plan.ts';
import { runCases } from './run-cases.ts';
import { DemoTable } from './demo-table.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { abortOnInterrupt } from '../interrupts.ts';
import { packageFile } from '../../harness/package-folder.ts';
import { shortPath } from '../../harness/settings/short-path.ts';
import { shellWord } from '../../protocol/shell-word.ts';
import type { Session } from '../session.ts';
import { isOnPath } from '../../files/access.ts';
import { defaultWords, withValue } from '../words/option.ts';
import type { CommandText, WordsOf } from '../words/read-words.ts';
import { STORE } from '../words/shared-options.ts';

const OPTIONS = {
  store: STORE,
  seed: withValue('--seed <text>', 'seed for requests, faults and latencies (default: random)', {
    isAnyWord: true,
  }),
};

export const COMMAND: CommandText<{ readonly 'Options:': typeof OPTIONS }> = {
  name: 'demo',
  about: 'Runs the examples: correct ones pass, broken ones are caught. Takes about a minute.',
  groups: { 'Options:': OPTIONS },
};

export async function run({ options }: WordsOf<typeof COMMAND>, session: Session): Promise<ExitCode> {
  const { runDemoCase } = await import('./demo-case.ts');
  const seed = options.seed ?? randomBytes(4).toString('hex');
  const table = new DemoTable(session.console);
  table.begin(seed, DEMO_CASES);
  const stopping = new AbortController();
  const stopListening = abortOnInterrupt(stopping, session.console);
  const { signal } = stopping;
  try {
    await runCases(
      DEMO_CASES,
      {
        whyNot: ({ needs }) =>
          needs === undefined || isOnPath(needs, session.env) ? undefined : `${needs} is not installed`,
        run: (demoCase) =>
          runDemoCase({
            demoCase,
            program: packageFile(join('examples', demoCase.program)),
            seed,
            store: options.store,
            signal,
          }),
        isStopped: () => signal.aborted,
      },
      table,
    );
  } finally {
    stopListening();
    table.close();
  }
  if (stopping.signal.aborted) return EXIT.interrupted;
  const isAsExpected = table.end();
  tellWhatComesNext(options.store, session);
  return isAsExpected ? EXIT.valid : EXIT.invalid;
}

function tellWhatComesNext(store: string, { console, program }: Session): void {
  const words = store === defaultWords(OPTIONS).store ? '' : ` --store ${shellWord(store)}`;
  console.line('');
  console.line(`Write your own node:  ${program} new ../my-node`);
  console.line(`Read the guide:       ${shortPath(packageFile(join('docs', 'guide', 'README.md')))}`);
  console.line(`Look at these runs:   ${program} serve${words}`);
}
