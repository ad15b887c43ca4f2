/**
 * A process in WebAssembly in the thread of the simulation. V8 suspends it while it waits (JSPI). A suspended program
 * continues in a promise's reaction, so each call into it runs pending reactions.
 */
import { setFlagsFromString } from 'node:v8';
import type { GuestSettings } from '../../guest/bridge.ts';
import { settlePromises } from '../rejections.ts';
import type { HostParts } from '../simulated/process/host-parts.ts';
import { timedDisk } from '../simulated/process/sandbox-host.ts';
import type { FolderFiles } from './files/folder-files.ts';
import { runSuspending, type RunnableModule } from './calls/run-instance.ts';
import { fillWithWords, makeSimulatedSystem } from './simulated-system.ts';
import type { WasiSystem, Woken } from './calls/wasi-system.ts';
import { factsOf, WasmProcess } from './wasm-process.ts';
import { WasmSandbox } from './wasm-sandbox.ts';

/** Thrown into the program to unwind it. */
class Ended extends Error {}

const isEnd = (error: unknown): boolean => error instanceof Ended;

export interface SuspendedProgram extends RunnableModule {
  readonly folder: FolderFiles | undefined;
}

interface Waiting {
  readonly wake: (woken: Woken) => void;
  readonly unwind: (error: Ended) => void;
}

/** Stack size in KB, as large as a thread's, so that deep recursion fails at about the same depth in both ways. */
const STACK_KB = 3904;
let hasLargeStacks = false;

/**
 * Raises V8's own stack size setting, which limits the stacks of suspended programs. The existing stack of this thread
 * is not affected.
 */
function enlargeStacks(): void {
  if (hasLargeStacks) return;
  hasLargeStacks = true;
  for (const name of ['stack-size', 'wasm-stack-switching-stack-size'])
    setFlagsFromString(`--${name}=${STACK_KB}`);
}

export class SuspendingSandbox extends WasmSandbox {
  private readonly process: WasmProcess;
  private readonly system: WasiSystem;
  private waiting: Waiting | undefined;

  constructor(
    name: string,
    private readonly program: SuspendedProgram,
    settings: GuestSettings,
    parts: HostParts,
  ) {
    super();
    enlargeStacks();
    this.process = new WasmProcess(parts);
    const { turn, wallClock, chance, disk } = parts;
    this.system = makeSimulatedSystem(factsOf(name, settings, parts), program.folder, {
      disk: timedDisk(disk, turn, wallClock),
      lookNanos: () => turn.look(),
      shownNanos: (nanos) => wallClock.shown(nanos),
      fillRandom: (target) => fillWithWords(target, () => chance.entropy()),
      write: (fd, data) => {
        if (!this.process.write(fd, data)) throw new Ended();
      },
      closed: (fd) => parts.closed(fd),
      wait: (want) => {
        if (this.process.isOver) throw new Ended();
        this.process.wants(want);
        return new Promise((wake, unwind) => (this.waiting = { wake, unwind }));
      },
    });
  }

  start(): void {
    void runSuspending(this.program, this.system, isEnd).then(
      (end) => {
        if (end.words !== '') this.process.write(2, Buffer.from(end.words));
        this.process.ended(end);
      },
      (error: unknown) => {
        if (!isEnd(error)) throw error;
      },
    );
    settlePromises();
  }

  stdin(line: string): void {
    this.go({ by: 'input', input: Buffer.from(line) });
  }

  fireTimer(): void {
    this.go({ by: 'time' });
  }

  /** Unwinds the suspended program soon: V8 keeps the stacks of programs that never continue. */
  close(): void {
    this.process.isOver = true;
    this.waiting?.unwind(new Ended());
    this.waiting = undefined;
  }

  private go(woken: Woken): void {
    const { waiting } = this;
    this.waiting = undefined;
    this.process.wakes();
    waiting?.wake(woken);
    settlePromises();
  }
}
