/**
 * A process that simulates for this one, and never outlives it. (If this process is killed, that one sees its channel
 * close.)
 */
import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { passedFlags, passedOptions } from './node-options.ts';

/** Maximum number of characters kept of its stderr, where normally only V8 writes when it crashes. */
const KEPT_STDERR = 4_000;
/** How the surroundings of a process may differ from those of this one; none of it may matter to a simulation. */
export const SURROUNDINGS = ['stack', 'locale', 'time zone'] as const;
export type Surrounding = (typeof SURROUNDINGS)[number];

const OTHER: Readonly<
  Record<Surrounding, { readonly flags: readonly string[]; readonly env: Readonly<Record<string, string>> }>
> = {
  // V8's default is 984 kB, so recursion gets less deep.
  stack: { flags: ['--stack-size=800'], env: {} },
  locale: { flags: [], env: { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' } },
  'time zone': { flags: [], env: { TZ: 'Asia/Kolkata' } },
};

export class SimulatingChild<Message extends object> {
  readonly process: ChildProcess;
  /** The end of its stderr. */
  words = '';

  /** `elsewhere` is how its surroundings differ from those of this process. */
  constructor(file: string, elsewhere: readonly Surrounding[] = []) {
    const child = fork(file, [], {
      ...surroundings(elsewhere),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.process = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-KEPT_STDERR);
    });
    living.add(child);
    child.on('close', () => living.delete(child));
  }

  send(message: Message): void {
    // The process's end is handled elsewhere.
    if (this.process.connected) this.process.send(message, () => {});
  }

  kill(): void {
    this.process.kill('SIGKILL');
  }
}

const living = new Set<ChildProcess>();
// A single listener for all processes, since Node warns of more than ten.
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/**
 * Returns flags and environment of a simulating process, so that what nodes could see of them is the same wherever it
 * is started.
 */
function surroundings(elsewhere: readonly Surrounding[]): Pick<ForkOptions, 'execArgv' | 'env'> {
  const others = elsewhere.map((surrounding) => OTHER[surrounding]);
  return {
    execArgv: [...passedFlags(process.execArgv), ...others.flatMap(({ flags }) => flags)],
    env: Object.assign(
      { ...process.env, NODE_OPTIONS: passedOptions(process.env['NODE_OPTIONS'] ?? '') },
      ...others.map(({ env }) => env),
    ),
  };
}
