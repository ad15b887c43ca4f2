/**
 * The programs of simulated worlds, compiled once. Worlds that run the same programs may share them, one run after
 * another.
 */
import { statSync } from 'node:fs';
import { cannotSimulate, findEntry } from '../../bundling/bundle.ts';
import { buildWasmProgram } from '../../wasi/module/build-wasm-program.ts';
import { canSuspend, CompiledWasm, type WasmWay } from '../../wasi/module/compiled-wasm.ts';
import { buildSimulatedProgram } from './build-program.ts';
import { KnownLives } from '../known-lives.ts';
import type { NodeProgram } from './node-program.ts';
import { readSimulatedProgram, SIMULATED_PROGRAM_SUFFIX, type SimulatedProgram } from './program.ts';
import { CompiledProgram } from '../process/sandbox.ts';

export interface ProgramsOptions {
  /** Whether processes of one program may reuse a realm one after another (realm.ts). Default: false. */
  readonly reuseRealms?: boolean;
  /**
   * Whether lives that are known already run no process (known-lives.ts), except in WebAssembly. Nodes then read other
   * ids of messages, so that no life is new because a message elsewhere is missing. Default: false.
   */
  readonly remembersLives?: boolean;
  /** How programs in WebAssembly run; the bytes are the same. Default: suspended where Node supports it. */
  readonly wasmWay?: WasmWay;
}

export class Programs {
  private readonly compiled = new Map<string, NodeProgram>();
  /** The modification time of each program's file. */
  private readonly writtenMs = new Map<string, number>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly reuseRealms: boolean;
  readonly remembersLives: boolean;
  private readonly wasmWay: WasmWay;

  constructor({
    reuseRealms = false,
    remembersLives = false,
    wasmWay = canSuspend ? 'suspended' : 'thread',
  }: ProgramsOptions = {}) {
    this.reuseRealms = reuseRealms;
    this.remembersLives = remembersLives;
    this.wasmWay = wasmWay;
  }

  /**
   * Loads a program. One prepared by `bundleNode(..., 'simulated')` is available immediately, a source after
   * `finishLoading`.
   */
  load(bin: string): void {
    if (this.compiled.has(bin) || this.loading.has(bin)) return;
    if (bin.endsWith(SIMULATED_PROGRAM_SUFFIX)) {
      this.compiled.set(bin, this.compile(readSimulatedProgram(bin)));
      return;
    }
    const entry = findEntry(bin);
    if (entry.language === 'other') throw cannotSimulate(bin);
    const built = entry.language === 'wasm' ? buildWasmProgram(entry) : buildSimulatedProgram(entry.file);
    const loaded = built.then((program: SimulatedProgram) => {
      this.compiled.set(bin, this.compile(program));
    });
    loaded.catch(() => {}); // reported by finishLoading
    this.loading.set(bin, loaded);
  }

  /** Must be called before a run: a program whose file has been rewritten is loaded again. */
  refresh(bin: string): void {
    const writtenMs = statSync(bin, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (this.writtenMs.get(bin) !== writtenMs) {
      this.compiled.get(bin)?.close();
      this.compiled.delete(bin);
    }
    this.writtenMs.set(bin, writtenMs);
  }

  get isLoading(): boolean {
    return this.loading.size > 0;
  }

  /** Waits for sources to compile. Throws the UserError of one that does not. */
  async finishLoading(): Promise<void> {
    if (!this.isLoading) return;
    try {
      await Promise.all(this.loading.values());
    } finally {
      this.loading.clear();
    }
  }

  get(bin: string): NodeProgram {
    const program = this.compiled.get(bin);
    if (program === undefined) throw new Error(`${bin} was started before it was loaded`);
    return program;
  }

  /** Releases all programs. */
  clear(): void {
    for (const program of this.compiled.values()) program.close();
    this.compiled.clear();
  }

  private compile(program: SimulatedProgram): NodeProgram {
    if (program.kind === 'wasm') return new CompiledWasm(program, this.wasmWay);
    const compiled = new CompiledProgram(program, this.reuseRealms);
    return this.remembersLives ? new KnownLives(compiled) : compiled;
  }
}
