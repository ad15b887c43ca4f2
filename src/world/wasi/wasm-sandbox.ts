/**
 * What both ways to run a process in WebAssembly have in common: WASI has no equivalent for most of what the simulation
 * reports.
 */
import type { Sandbox } from '../simulated/program/node-program.ts';

export abstract class WasmSandbox implements Sandbox {
  readonly isReused = false;

  abstract start(): void;
  abstract stdin(line: string): void;
  abstract fireTimer(): void;
  abstract close(): void;

  // It always waits for something, and a signal always ends it.
  endStdin(): void {}
  beforeExit(): void {}
  exitDry(): void {}
  signal(): boolean {
    return false;
  }
  look(): undefined {
    return undefined;
  }
}
