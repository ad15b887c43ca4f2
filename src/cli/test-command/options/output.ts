/** Options for the seed and the world of a run, its output, and where it is stored. */
import { UserError } from '../../../protocol/user-error.ts';
import { flag, withValue, type Given } from '../../words/option.ts';
import { REPORTER } from '../../reporters/reporter-option.ts';
import { STORE } from '../../words/shared-options.ts';

export const REPRODUCING = {
  seed: withValue(
    '--seed <text>',
    'seed for requests, faults and latencies (default: random; always printed)',
    {
      isAnyWord: true,
      read: (seed) => {
        if (seed.trim() === '') throw new UserError('--seed must not be empty.');
        // A seed is printed and typed again.
        if (!/^[\x21-\x7e]{1,200}$/.test(seed))
          throw new UserError('--seed must be 1 to 200 printable characters without spaces.');
        return { seed };
      },
    },
  ),
  simulate: flag(
    '--simulate',
    'run .ts, .js or .wasm nodes inside this process in virtual time, determined by the seed',
    (isOn): { readonly world: 'simulated' | 'real' } => ({ world: isOn ? 'simulated' : 'real' }),
  ),
  checkDeterminism: flag(
    '--check-determinism',
    'with --simulate: run twice with the same seed and show the first difference',
  ),
};

/** Refuses --check-determinism in the real world, where the seed alone does not determine a run. */
export function refuseCheckInRealWorld({ checkDeterminism, simulate }: Given<typeof REPRODUCING>): void {
  if (!checkDeterminism || simulate) return;
  throw new UserError(
    '--check-determinism needs --simulate: in the real world, timing varies and no two runs are the same.',
    'Add --simulate, which runs programs in JavaScript, TypeScript and WebAssembly.',
  );
}

export const OUTPUT = {
  store: STORE,
  open: flag('--open', 'open the run in a browser while it runs'),
  quiet: flag('--quiet', 'print nothing while a test runs, only its outcome'),
  reporter: REPORTER,
  edn: flag('--edn', 'print all results as EDN, as when the output is not a terminal'),
  report: flag('--no-report', 'do not write plots, diagrams and report.html'),
  logStderr: flag('--log-stderr', 'print what nodes write to stderr', (logStderr) => ({ logStderr })),
  logNetSend: flag('--log-net-send', 'print messages as they are sent', (logNetSend) => ({ logNetSend })),
  logNetRecv: flag('--log-net-recv', 'print messages as they are received', (logNetRecv) => ({ logNetRecv })),
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
