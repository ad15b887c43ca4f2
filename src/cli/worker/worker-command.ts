/** `maelstrom worker`: carries out runs for the hunts of a queue. The worker is loaded only when needed. */
import type { ExitCode } from '../exit-code.ts';
import type { Session } from '../session.ts';
import { withValue } from '../words/option.ts';
import type { CommandText, Words } from '../words/read-words.ts';

const GROUPS = {
  'Work:': {
    workers: withValue('--workers <n>', 'number of processes (default: one per processor)'),
  },
} as const;

export type WorkerWords = Words<typeof GROUPS>;

export const COMMAND: CommandText<typeof GROUPS> = {
  name: 'worker',
  usage: 'redis://HOST:PORT [options]',
  about:
    'Carries out runs for hunts started with maelstrom hunt --queue, on all processors, until Ctrl-C. It can be ' +
    'started before the hunt, and needs the packages bullmq and ioredis. The program to run comes through the queue, from anyone who can reach it: ' +
    'use a Redis that only people you trust can reach.',
  args: '[urls...]',
  groups: GROUPS,
  epilogue: `
Example:
  redis-server --appendonly yes
  maelstrom worker redis://127.0.0.1:6379
  maelstrom hunt -w broadcast --bin broadcast.ts --queue redis://127.0.0.1:6379

Exit codes: 0 ended, 130 ended with unfinished runs, 254 bad arguments or no Redis, 255 internal error.`,
};

export async function run(given: WorkerWords, session: Session): Promise<ExitCode> {
  const { runWorker } = await import('./run-worker.ts');
  return runWorker(given, session);
}
