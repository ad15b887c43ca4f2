/** The inside of a simulated node, whatever it is written in: the program, and a process of it. */
import type { GuestSettings } from '../../guest/bridge.ts';
import type { HostParts } from './host-parts.ts';

/** Compiled once, for all nodes that run it. */
export interface NodeProgram {
  readonly name: string;
  /** From positions in what it prints to its source, as JSON; undefined where positions are those of the source. */
  readonly sourceMap?: string;
  open(settings: GuestSettings, parts: HostParts): Sandbox;
  /** Lets go of what it holds outside of the heap. */
  close(): void;
}

/** One process. Each call is a turn of it, or a part of one, and returns when the process waits again or has ended. */
export interface Sandbox {
  /** Whether other processes have been in its realm. */
  readonly isReused: boolean;
  start(): void;
  /** A line with its newline. */
  stdin(line: string): void;
  endStdin(): void;
  fireTimer(id: number): void;
  /** Says whether the program listens to that signal. */
  signal(name: string): boolean;
  /** Nothing keeps it alive. */
  beforeExit(): void;
  exitDry(): void;
  /** `=` and what the program shows of its state as JSON, or `!` and what is wrong; undefined when it shows nothing. */
  look(): string | undefined;
  /** It will not run again. */
  close(): void;
}
