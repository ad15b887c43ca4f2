/** The inside of a simulated node, in any language: the program, and a process of it. */
import type { GuestSettings } from '../../../guest/bridge.ts';
import type { HostParts } from '../process/host-parts.ts';
import type { SourcePositions } from './source-positions.ts';

/** A program, compiled once for all nodes that run it. */
export interface NodeProgram {
  readonly name: string;
  /** Translates positions in what it prints; undefined where positions are those of the source. */
  readonly positions?: SourcePositions;
  open(settings: GuestSettings, parts: HostParts): Sandbox;
  /** Releases resources outside the heap. */
  close(): void;
}

/** One process. Each call is a turn or a part of one, and returns when the process waits again or has ended. */
export interface Sandbox {
  /** Whether its realm has held other processes before. */
  readonly isReused: boolean;
  start(): void;
  /** Delivers a line, which includes its newline. */
  stdin(line: string): void;
  endStdin(): void;
  fireTimer(id: number): void;
  /** Returns whether the program listens to that signal. */
  signal(name: string): boolean;
  /** Called when nothing keeps the process alive. */
  beforeExit(): void;
  exitDry(): void;
  /**
   * Returns `=` and the state that the program shows, as JSON, or `!` and what is wrong; undefined if it shows nothing.
   */
  look(): string | undefined;
  /** Called when the process will not run again. */
  close(): void;
}
