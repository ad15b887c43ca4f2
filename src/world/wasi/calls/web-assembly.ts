/** The parts of `WebAssembly` that are used here: Node's types leave it out. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** A compiled module; threads may share it. */
export type WasmModule = object;

export interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface WasmEngine {
  readonly compile: (bytes: Uint8Array) => Promise<WasmModule>;
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => WasmInstance;
  readonly CompileError: new () => Error;
  readonly RuntimeError: new () => Error;
  /** Wraps a function that may return a promise, which suspends the program until it settles. Node 24 and later. */
  readonly Suspending?: new (call: unknown) => unknown;
  /** Wraps an export: calling it returns a promise, and the program may be suspended. */
  readonly promising?: (exported: unknown) => () => Promise<unknown>;
}

export const engine = (globalThis as unknown as { readonly WebAssembly: WasmEngine }).WebAssembly; // V8's global
