/**
 * The process that runs simulated tests one after another, as its parent sees it. A thread would not do: V8 ends the
 * whole process if a single allocation is too large, and a thread inside a call of V8 cannot be ended.
 */
import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { TURN_NOTE, type FromChild, type ToChild } from './child-messages.ts';

/** Maximum number of characters kept of its stderr, where normally only V8 writes when it crashes. */
const KEPT_STDERR = 4_000;
/** Maximum number of idle processes kept for the next test. */
const MOST_IDLE = 2;
/**
 * Flags for the memory that V8 may take, the only ones passed on. Our other flags are for our own program, and nodes
 * would notice the rest of NODE_OPTIONS, such as --stack-trace-limit or --unhandled-rejections.
 */
const MEMORY_FLAG = /^--(?:(?:max|min)[-_]|stack[-_]size)/;

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

export interface WantedProcess {
  /** Path of dist/test-child.js. */
  readonly file: string;
  /** How its surroundings differ from those of this process. */
  readonly elsewhere: readonly Surrounding[];
}

/** How the process ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of its output. */
  readonly words: string;
}

/** Events of a process, for the test that it currently works for. */
export interface ProcessEvents {
  message(message: FromChild): void;
  died(death: Death): void;
  /** The process could not be started. */
  failed(error: Error): void;
}

export class TestProcess {
  private static readonly idle: TestProcess[] = [];
  private static readonly living = new Set<ChildProcess>();
  private readonly child: ChildProcess;
  private readonly folder = process.cwd();
  private events: ProcessEvents | undefined;
  private words = '';

  /** Returns an idle process, or a new one. */
  static take(wanted: WantedProcess, events: ProcessEvents): TestProcess {
    const { idle } = TestProcess;
    // A process keeps the working directory in which it was started, and paths are relative to it.
    const at = idle.findIndex(
      ({ wanted: one, folder }) =>
        one.file === wanted.file &&
        one.elsewhere.join() === wanted.elsewhere.join() &&
        folder === process.cwd(),
    );
    const [taken = new TestProcess(wanted)] = at < 0 ? [] : idle.splice(at, 1);
    taken.events = events;
    taken.keepsAlive(true);
    return taken;
  }

  private constructor(private readonly wanted: WantedProcess) {
    this.child = fork(wanted.file, [], {
      ...surroundings(wanted.elsewhere),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const { child } = this;
    TestProcess.keep(child);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-KEPT_STDERR);
    });
    child.on('message', (message: FromChild) => this.events?.message(message));
    child.on('error', (error) => {
      if (child.pid === undefined) this.events?.failed(error);
    });
    // Fires when all its messages and output have been read.
    child.on('close', (code, signal) => {
      TestProcess.forget(child);
      const at = TestProcess.idle.indexOf(this);
      if (at >= 0) TestProcess.idle.splice(at, 1);
      this.events?.died({ code, signal, words: this.words.trim() });
    });
  }

  send(message: ToChild): void {
    // The process's end is handled elsewhere.
    if (this.child.connected) this.child.send(message, () => {});
  }

  /** Terminates a user's checker that keeps it busy. On Windows the signal would kill the process, so nothing is sent. */
  endOwnWork(): void {
    if (process.platform !== 'win32') this.child.kill('SIGINT');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Returns it to the idle processes; it no longer keeps this process alive. */
  giveBack(): void {
    this.events = undefined;
    this.keepsAlive(false);
    const { idle } = TestProcess;
    idle.push(this);
    if (idle.length > MOST_IDLE) idle.shift()?.kill();
  }

  /** Sets whether it keeps this process alive. */
  private keepsAlive(keeps: boolean): void {
    const { child } = this;
    for (const handle of [child, child.channel, child.stderr instanceof Socket ? child.stderr : undefined]) {
      if (keeps) handle?.ref();
      else handle?.unref();
    }
  }

  /** Ensures that it does not outlive this process. (If this process is killed, the child sees its channel close.) */
  private static keep(child: ChildProcess): void {
    if (TestProcess.living.size === 0) process.on('exit', TestProcess.killAll);
    TestProcess.living.add(child);
  }

  private static forget(child: ChildProcess): void {
    TestProcess.living.delete(child);
    if (TestProcess.living.size === 0) process.off('exit', TestProcess.killAll);
  }

  private static readonly killAll = (): void => {
    for (const child of TestProcess.living) child.kill('SIGKILL');
  };
}

/**
 * Returns flags and environment of a simulating process, so that what nodes could see of them is the same wherever it
 * is started.
 */
export function surroundings(elsewhere: readonly Surrounding[]): Pick<ForkOptions, 'execArgv' | 'env'> {
  const others = elsewhere.map((surrounding) => OTHER[surrounding]);
  return {
    execArgv: [
      ...process.execArgv.filter((flag) => MEMORY_FLAG.test(flag)),
      ...others.flatMap(({ flags }) => flags),
    ],
    env: Object.assign({ ...process.env, NODE_OPTIONS: memoryOptions() }, ...others.map(({ env }) => env)),
  };
}

const memoryOptions = (): string =>
  (process.env['NODE_OPTIONS'] ?? '')
    .split(/\s+/)
    .filter((word) => MEMORY_FLAG.test(word))
    .join(' ');

/**
 * Reads the turn that was in progress when the process ended (0 for none), and why turn-watch.ts ended it (0 for no
 * reason).
 */
export function readTurnNote(tempFolder: string): { readonly turn: number; readonly endedFor: number } {
  try {
    const bytes = Uint8Array.from(readFileSync(join(tempFolder, TURN_NOTE)));
    const [turn = 0, endedFor = 0] = new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / 8));
    return { turn, endedFor };
  } catch {
    return { turn: 0, endedFor: 0 }; // It ended before the first turn.
  }
}
