/**
 * The process that runs simulated tests one after another, as its parent sees it. A thread would not do: V8 ends the
 * whole process if a single allocation is too large, and a thread inside a call of V8 cannot be ended.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { SimulatingChild, type Surrounding } from '../simulating-child.ts';
import { TURN_NOTE, type FromChild, type ToChild } from './child-messages.ts';

/** Maximum number of idle processes kept for the next test. */
const MOST_IDLE = 2;
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
  private readonly child: SimulatingChild<ToChild>;
  private readonly folder = process.cwd();
  private events: ProcessEvents | undefined;

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
    this.child = new SimulatingChild(wanted.file, wanted.elsewhere);
    const { process: child } = this.child;
    child.on('message', (message: FromChild) => this.events?.message(message));
    child.on('error', (error) => {
      if (child.pid === undefined) this.events?.failed(error);
    });
    // Fires when all its messages and output have been read.
    child.on('close', (code, signal) => {
      const at = TestProcess.idle.indexOf(this);
      if (at >= 0) TestProcess.idle.splice(at, 1);
      this.events?.died({ code, signal, words: this.child.words.trim() });
    });
  }

  send(message: ToChild): void {
    this.child.send(message);
  }

  /** Terminates a user's checker that keeps it busy. On Windows the signal would kill the process, so nothing is sent. */
  endOwnWork(): void {
    if (process.platform !== 'win32') this.child.process.kill('SIGINT');
  }

  kill(): void {
    this.child.kill();
  }

  /** Returns it to the idle processes; it no longer keeps this process alive. */
  giveBack(): void {
    this.events = undefined;
    this.keepsAlive(false);
    const { idle } = TestProcess;
    idle.push(this);
    if (idle.length > MOST_IDLE) idle.shift()?.kill();
  }

  private keepsAlive(keeps: boolean): void {
    const { process: child } = this.child;
    for (const handle of [child, child.channel, child.stderr instanceof Socket ? child.stderr : undefined]) {
      if (keeps) handle?.ref();
      else handle?.unref();
    }
  }
}

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
