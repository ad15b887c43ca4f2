/**
 * A process in WebAssembly in its own thread, for versions of Node that cannot suspend a program. The thread sleeps
 * while the simulation runs, and the simulation sleeps while the process runs. See channel.ts.
 */
import type { TimedDisk, GuestSettings } from '../../../guest/bridge.ts';
import type { HostParts } from '../../simulated/process/host-parts.ts';
import { timedDisk } from '../../simulated/process/sandbox-host.ts';
import {
  ASK,
  DISK,
  DRIFT,
  FIRST,
  KIND,
  LENGTH,
  NOW,
  OFFSET,
  OUTPUT,
  RUN_HEAD_BYTES,
  SAY,
  SECOND,
  SINCE,
  SPENT,
  WHICH,
  type Channel,
} from './channel.ts';
import type { ProgramThread, ProgramThreads } from './program-thread.ts';
import { fillWithWords } from '../simulated-system.ts';
import { factsOf, WasmProcess } from '../wasm-process.ts';
import { WasmSandbox } from '../wasm-sandbox.ts';

const NOTHING = new Uint8Array(0);

export class ThreadSandbox extends WasmSandbox {
  private readonly thread: ProgramThread;
  private readonly channel: Channel;
  private readonly process: WasmProcess;
  private readonly disk: TimedDisk;
  private readonly facts: ReturnType<typeof factsOf>;
  /** The part of the data that did not fit. */
  private rest: Uint8Array = NOTHING;
  /** True within a turn, and when the process was stopped in one. */
  private isInTurn = false;
  private hasEndedItself = false;

  constructor(
    name: string,
    private readonly threads: ProgramThreads,
    settings: GuestSettings,
    private readonly parts: HostParts,
  ) {
    super();
    this.process = new WasmProcess(parts);
    this.disk = timedDisk(parts.disk, parts.turn, parts.wallClock);
    this.thread = threads.take();
    this.channel = this.thread.channel;
    this.facts = factsOf(name, settings, parts);
  }

  start(): void {
    this.thread.begin(this.facts);
    this.turn();
  }

  stdin(line: string): void {
    this.process.wakes();
    this.give(SAY.input, Buffer.from(line));
    this.turn();
  }

  fireTimer(): void {
    this.process.wakes();
    this.channel.words[KIND] = SAY.time;
    this.turn();
  }

  close(): void {
    const isSound = !this.isInTurn && !this.thread.hasDied;
    if (isSound && !this.hasEndedItself) this.thread.end();
    this.threads.giveBack(this.thread, isSound);
  }

  /** Lets the process run until it waits again or has ended. */
  private turn(): void {
    this.isInTurn = true;
    const { channel } = this;
    const { words } = channel;
    do {
      this.setTime();
      channel.pass();
      channel.await();
      this.takeTime();
      if (!this.takeOutput()) break;
    } while (this.serve(words[KIND] ?? 0));
    this.isInTurn = false;
  }

  /** Serves a request of the process. Returns whether the process continues. */
  private serve(asked: number): boolean {
    const { words, numbers } = this.channel;
    if (asked !== ASK.died) words[KIND] = SAY.answer;
    switch (asked) {
      case ASK.takeOutput:
        return true;
      case ASK.more:
        this.give(SAY.answer, this.rest);
        return true;
      case ASK.random: {
        const bytes = this.channel.taken();
        fillWithWords(bytes, () => this.parts.chance.entropy());
        return true;
      }
      case ASK.disk:
        numbers[FIRST] = this.useDisk(DISK[words[WHICH] ?? 0]);
        return true;
      case ASK.closed:
        this.parts.closed(words[WHICH] === 1 ? 1 : 0);
        return true;
      case ASK.wait:
        this.process.wants({ input: words[WHICH] === 1, delayNanos: numbers[FIRST] ?? Infinity });
        return false;
      case ASK.died:
        this.process.died(this.channel.taken().toString());
        return false;
      case ASK.exit:
        this.hasEndedItself = true;
        words[KIND] = ASK.exit;
        this.process.ended({ code: numbers[FIRST] ?? 0 });
        return false;
      default:
        throw new Error(`the thread of a node asked ${asked}`);
    }
  }

  private useDisk(operation: (typeof DISK)[number] | undefined): number {
    const { channel, disk } = this;
    const [first = 0, second = 0] = [channel.numbers[FIRST], channel.numbers[SECOND]];
    const path = (): string => channel.taken().toString();
    switch (operation) {
      case 'find':
        return disk.find(path());
      case 'create':
        return disk.create(path());
      case 'makeFolder':
        disk.makeFolder(path());
        return 0;
      case 'list':
        this.give(SAY.answer, Buffer.from(disk.list(path())));
        return 0;
      case 'rename': {
        const [from = '', to = ''] = path().split('\0');
        disk.rename(from, to);
        return 0;
      }
      case 'remove':
        disk.remove(path());
        return 0;
      case 'hold':
        disk.hold(first);
        return 0;
      case 'release':
        disk.release(first);
        return 0;
      case 'size':
        return disk.size(first);
      case 'read': {
        const count = disk.read(first, channel.taken(), second);
        channel.words[LENGTH] = count;
        return count;
      }
      case 'write':
        return disk.write(first, channel.taken(), second) ? 1 : 0;
      case 'truncate':
        return disk.truncate(first, second) ? 1 : 0;
      case 'sync':
        disk.sync(first);
        return 0;
      case 'modifiedNanos':
        return disk.modifiedNanos(first);
      case 'setModified':
        disk.setModified(first, second);
        return 0;
      case undefined:
        throw new Error('the thread of a node asked for an unknown operation of its disk');
    }
  }

  private give(kind: number, bytes: Uint8Array): void {
    this.rest = this.channel.put(bytes);
    this.channel.words[KIND] = kind;
  }

  private setTime(): void {
    const { numbers } = this.channel;
    const { turn, wallClock } = this.parts;
    numbers[NOW] = turn.endNanos();
    numbers[SPENT] = 0;
    const { offsetNanos, drift, sinceNanos } = wallClock.setting;
    numbers[OFFSET] = offsetNanos;
    numbers[DRIFT] = drift;
    numbers[SINCE] = sinceNanos;
  }

  private takeTime(): void {
    this.parts.turn.spend(this.channel.numbers[SPENT] ?? 0);
  }

  /** Passes on the output. Returns whether the process may continue. */
  private takeOutput(): boolean {
    const { words, output } = this.channel;
    const end = words[OUTPUT] ?? 0;
    for (let at = 0; at < end;) {
      const length = output.readUInt32LE(at + 1);
      const start = at + RUN_HEAD_BYTES;
      at = start + length;
      if (
        !this.process.write(
          output.readUInt8(start - RUN_HEAD_BYTES) === 2 ? 2 : 1,
          output.subarray(start, at),
        )
      )
        return false;
    }
    return true;
  }
}
