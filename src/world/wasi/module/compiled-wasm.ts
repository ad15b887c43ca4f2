/**
 * A WebAssembly module as the program of simulated nodes: compiled once, and run in one of two ways with the same
 * results.
 */
import type { GuestSettings } from '../../../guest/bridge.ts';
import type { NodeProgram, Sandbox } from '../../simulated/program/node-program.ts';
import type { WasmProgram } from '../../simulated/program/program.ts';
import type { HostParts } from '../../simulated/process/host-parts.ts';
import { ProgramThreads } from '../threads/program-thread.ts';
import { FolderFiles } from '../files/folder-files.ts';
import { unpackFolder } from '../files/program-folder.ts';
import { SuspendingSandbox, type SuspendedProgram } from '../suspending-sandbox.ts';
import { ThreadSandbox } from '../threads/thread-sandbox.ts';
import { engine } from '../calls/web-assembly.ts';

/**
 * `suspended`: V8 suspends the program while it waits (JSPI: Node 24 and later). `thread`: it runs in its own thread,
 * which is slower.
 */
export type WasmWay = 'suspended' | 'thread';

export const canSuspend = engine.Suspending !== undefined;

export class CompiledWasm implements NodeProgram {
  readonly name: string;
  private readonly args: readonly string[];
  private readonly suspended: SuspendedProgram;
  private readonly threads: ProgramThreads;

  constructor(
    { name, script, thread, keeper, isGo, args, folder: packed }: WasmProgram,
    private readonly way: WasmWay,
  ) {
    this.name = name;
    this.args = args;
    const runnable = { module: new engine.Module(Buffer.from(script, 'base64')), isGo };
    const folder = packed === undefined ? undefined : unpackFolder(packed);
    this.suspended = { ...runnable, folder: folder === undefined ? undefined : new FolderFiles(folder) };
    this.threads = new ProgramThreads({ thread, keeper }, { ...runnable, folder });
  }

  open(given: GuestSettings, parts: HostParts): Sandbox {
    const [node = '', script = '', ...args] = given.argv;
    const settings = { ...given, argv: [node, script, ...this.args, ...args] };
    return this.way === 'thread'
      ? new ThreadSandbox(this.name, this.threads, settings, parts)
      : new SuspendingSandbox(this.name, this.suspended, settings, parts);
  }

  close(): void {
    this.threads.close();
  }
}
