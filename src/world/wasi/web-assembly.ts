/** `WebAssembly`, as far as it is used here: the types that come with Node leave it out. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

/** Compiled; threads may share it. */
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
  /** Wraps a function that may return a promise: the program that calls it is suspended until then. Node 24 on. */
  readonly Suspending?: new (call: unknown) => unknown;
  /** Wraps an export: calling it gives a promise, and the program may be suspended. */
  readonly promising?: (exported: unknown) => () => Promise<unknown>;
}

export const engine = (globalThis as unknown as { readonly WebAssembly: WasmEngine }).WebAssembly; // as V8 has it
