/** The programs of simulated worlds, compiled once. Worlds that run the same ones may share them, one run after another. */
import { statSync } from 'node:fs';
import { cannotSimulate, findEntry } from '../bundle.ts';
import { buildSimulatedProgram } from './build-program.ts';
import { readSimulatedProgram, SIMULATED_PROGRAM_SUFFIX } from './program.ts';
import { CompiledProgram } from './sandbox.ts';

export interface ProgramsOptions {
  /** Whether processes of one program may follow one another in the same realm (realm.ts). Default: false. */
  readonly reuseRealms?: boolean;
}

export class Programs {
  private readonly compiled = new Map<string, CompiledProgram>();
  /** When the file of each was written. */
  private readonly writtenMs = new Map<string, number>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly reuseRealms: boolean;

  constructor({ reuseRealms = false }: ProgramsOptions = {}) {
    this.reuseRealms = reuseRealms;
  }

  /** What `bundleNode(..., 'simulated')` has prepared is there at once; a source after `finishLoading`. */
  load(bin: string): void {
    if (this.compiled.has(bin) || this.loading.has(bin)) return;
    if (bin.endsWith(SIMULATED_PROGRAM_SUFFIX)) {
      this.compiled.set(bin, new CompiledProgram(readSimulatedProgram(bin), this.reuseRealms));
      return;
    }
    const entry = findEntry(bin);
    if (entry.language !== 'javascript') throw cannotSimulate(bin);
    const loaded = buildSimulatedProgram(entry.file).then((program) => {
      this.compiled.set(bin, new CompiledProgram(program, this.reuseRealms));
    });
    loaded.catch(() => {}); // reported by finishLoading
    this.loading.set(bin, loaded);
  }

  /** Before a run: a program that was written anew since is another one. */
  refresh(bin: string): void {
    const writtenMs = statSync(bin, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (this.writtenMs.get(bin) !== writtenMs) this.compiled.delete(bin);
    this.writtenMs.set(bin, writtenMs);
  }

  get isLoading(): boolean {
    return this.loading.size > 0;
  }

  /** Throws the UserError of a source that does not compile. */
  async finishLoading(): Promise<void> {
    if (!this.isLoading) return;
    try {
      await Promise.all(this.loading.values());
    } finally {
      this.loading.clear();
    }
  }

  get(bin: string): CompiledProgram {
    const program = this.compiled.get(bin);
    if (program === undefined) throw new Error(`${bin} was started before it was loaded`);
    return program;
  }

  /** Lets go of all of them. */
  clear(): void {
    this.compiled.clear();
  }
}
