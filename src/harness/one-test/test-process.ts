/**
 * The process that simulated tests run in, one after the other, as its parent sees it. A thread would not do: V8 ends the whole process
 * when a single piece of memory is too large, and a thread inside a call of V8's own cannot be ended.
 */
import { fork, type ChildProcess, type ForkOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { TURN_NOTE, type FromChild, type ToChild } from './child-messages.ts';

/** Of what the process prints, which is nothing but V8's last words. */
const KEPT_STDERR = 4_000;
/** After a test its process waits for the next one; more than these are not kept. */
const MOST_IDLE = 2;
/**
 * What says how much memory V8 may take. The rest of our own flags is for our own program, and what else NODE_OPTIONS has, such as
 * --stack-trace-limit or --unhandled-rejections, nodes would see.
 */
const MEMORY_FLAG = /^--(?:(?:max|min)[-_]|stack[-_]size)/;

/** In what the surroundings of a process may differ from this one's: none of it must matter to a simulation. */
export const SURROUNDINGS = ['stack', 'locale', 'time zone'] as const;
export type Surrounding = (typeof SURROUNDINGS)[number];

const OTHER: Readonly<
  Record<Surrounding, { readonly flags: readonly string[]; readonly env: Readonly<Record<string, string>> }>
> = {
  // V8's usual one has 984 kB: recursions do not come as deep.
  stack: { flags: ['--stack-size=800'], env: {} },
  locale: { flags: [], env: { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' } },
  'time zone': { flags: [], env: { TZ: 'Asia/Kolkata' } },
};

export interface WantedProcess {
  /** dist/test-child.js. */
  readonly file: string;
  /** In what its surroundings differ. */
  readonly elsewhere: readonly Surrounding[];
}

/** How the process ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it printed. */
  readonly words: string;
}

/** What a process says to the one test that it works for. */
export interface ProcessEvents {
  message(message: FromChild): void;
  died(death: Death): void;
  /** It could not be started. */
  failed(error: Error): void;
}

export class TestProcess {
  private static readonly idle: TestProcess[] = [];
  private static readonly living = new Set<ChildProcess>();
  private readonly child: ChildProcess;
  private readonly folder = process.cwd();
  private events: ProcessEvents | undefined;
  private words = '';

  /** One that has nothing to do, or a new one. */
  static take(wanted: WantedProcess, events: ProcessEvents): TestProcess {
    const { idle } = TestProcess;
    // A process has the folder in which it was started, by which paths are read.
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
    // When everything that it sent and printed has been read.
    child.on('close', (code, signal) => {
      TestProcess.forget(child);
      const at = TestProcess.idle.indexOf(this);
      if (at >= 0) TestProcess.idle.splice(at, 1);
      this.events?.died({ code, signal, words: this.words.trim() });
    });
  }

  send(message: ToChild): void {
    // That it is gone is seen elsewhere.
    if (this.child.connected) this.child.send(message, () => {});
  }

  /** Ends a checker of the user's that keeps it busy; there is no such signal on Windows, which would kill it. */
  endOwnWork(): void {
    if (process.platform !== 'win32') this.child.kill('SIGINT');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** It may work for another test, and keeps this process alive no longer. */
  giveBack(): void {
    this.events = undefined;
    this.keepsAlive(false);
    const { idle } = TestProcess;
    idle.push(this);
    if (idle.length > MOST_IDLE) idle.shift()?.kill();
  }

  /** Whether this process waits for it. */
  private keepsAlive(keeps: boolean): void {
    const { child } = this;
    for (const handle of [child, child.channel, child.stderr instanceof Socket ? child.stderr : undefined]) {
      if (keeps) handle?.ref();
      else handle?.unref();
    }
  }

  /** None outlives this process. (Should it be killed, they see that their channel is closed.) */
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

/** Flags and environment of a process that simulates: what nodes could see of them is the same wherever it is started. */
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

/** The turn that was in progress when the process ended, 0 for none, and what turn-watch.ts ended it for, 0 for nothing. */
export function readTurnNote(tempFolder: string): { readonly turn: number; readonly endedFor: number } {
  try {
    const bytes = Uint8Array.from(readFileSync(join(tempFolder, TURN_NOTE)));
    const [turn = 0, endedFor = 0] = new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / 8));
    return { turn, endedFor };
  } catch {
    return { turn: 0, endedFor: 0 }; // It ended before the first.
  }
}
