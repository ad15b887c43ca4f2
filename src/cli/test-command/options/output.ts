/** Options for the seed and the world of a run, its output, and where it is stored. */
import { UserError } from '../../../protocol/user-error.ts';
import { flag, withValue, type Given } from '../../words/option.ts';
import { REPORTER } from '../../reporters/reporter-option.ts';
import { STORE } from '../../words/shared-options.ts';

export const REPRODUCING = {
  seed: withValue(
    '--seed <text>',
    'decides requests, faults and latencies (default: at random; always shown)',
    {
      isAnyWord: true,
      read: (seed) => {
        if (seed.trim() === '') throw new UserError('--seed must not be empty.');
        // A seed is printed and typed again.
        if (!/^[\x21-\x7e]{1,200}$/.test(seed))
          throw new UserError('--seed takes up to 200 printable characters, without blanks.');
        return { seed };
      },
    },
  ),
  simulate: flag(
    '--simulate',
    'run .ts or .js nodes within this process, in virtual time: all from the seed',
    (isOn): { readonly world: 'simulated' | 'real' } => ({ world: isOn ? 'simulated' : 'real' }),
  ),
  checkDeterminism: flag(
    '--check-determinism',
    'with --simulate: run it twice from the seed, and show the first difference',
  ),
};

/** Refuses --check-determinism in the real world, where the seed alone does not determine a run. */
export function refuseCheckInRealWorld({ checkDeterminism, simulate }: Given<typeof REPRODUCING>): void {
  if (!checkDeterminism || simulate) return;
  throw new UserError(
    '--check-determinism needs --simulate: in the real world time and the system decide what happens when, and no two runs are the same.',
    'Add --simulate; it runs programs in JavaScript and TypeScript.',
  );
}

export const OUTPUT = {
  store: STORE,
  open: flag('--open', 'show the run in a browser while it goes'),
  quiet: flag('--quiet', 'print nothing while a test runs, and only what came of it'),
  reporter: REPORTER,
  edn: flag('--edn', 'print all results as EDN, as where the output is no terminal'),
  report: flag('--no-report', 'write no plots, diagrams and report.html'),
  logStderr: flag('--log-stderr', 'show what nodes write to stderr', (logStderr) => ({ logStderr })),
  logNetSend: flag('--log-net-send', 'show messages as they are sent', (logNetSend) => ({ logNetSend })),
  logNetRecv: flag('--log-net-recv', 'show messages as they are received', (logNetRecv) => ({ logNetRecv })),
};

/** Options of upstream that have no meaning here. */
export const IGNORED = {
  leaveDbRunning: flag('--leave-db-running'),
  loggingJson: flag('--logging-json'),
  ssh: flag('--no-ssh'),
  username: withValue('--username <name>'),
  password: withValue('--password <word>'),
  strictHostKeyChecking: flag('--strict-host-key-checking'),
  sshPrivateKey: withValue('--ssh-private-key <file>'),
};
