/** A node as a child process in its own process group, with its stdin, stdout and stderr. */
import type { ChildProcess } from 'node:child_process';
import type { PacketLineEncoder } from '../packet-line.ts';
import type {
  NodeEvents,
  NodeExit,
  NodeHandle,
  NodeSpec,
  Packet,
  UnfinishedLine,
  UnreadPackets,
} from '../world.ts';
import type { Descendants } from './processes/descendants.ts';
import { guardGroup, type RunMarks } from './processes/exit-guard.ts';
import { flushAdvice } from './program/flush-advice.ts';
import { startsInBackground } from './program/shell-background.ts';
import { HOLD_ABOVE_BYTES, type FlowControl, type Sink, type Source } from './flow-control.ts';
import { LineSplitter } from '../line-splitter.ts';
import { machineProblem } from './machine-limits.ts';
import { Outbox } from './outbox.ts';
import { pipeHolders } from './processes/pipe-holders.ts';
import { spawnPiped, type PipedProcess, type PipeReader } from './pipes.ts';
import { groupBusyNanos } from './processes/group-times.ts';
import {
  groupIsAlive,
  killMarked,
  MARK_VARIABLE,
  signalGroup,
  signalOne,
} from './processes/process-group.ts';
import type { NodeCgroup } from './processes/run-cgroup.ts';
import { StderrLog } from '../stderr/stderr-log.ts';

/** How long a node may take to end after SIGTERM. */
const GRACE_MS = 500;
/** How long to wait for the end of stdout and stderr after the process has ended: others may hold them open. */
const LAST_WORDS_MS = 200;
/** How long to wait for SIGKILL to take effect. */
const FORCE_MS = 2000;
const LOOK_AGAIN_MS = 5;

/** What the nodes of one world share. */
export interface ProcessSurroundings {
  /** Marks all processes of this world. */
  readonly marks: RunMarks;
  /** Unique among all nodes that this world has started. */
  readonly number: number;
  readonly lines: PacketLineEncoder;
  readonly flow: FlowControl;
  /** Returns the time of the run. */
  nowNanos(): number;
  /** Calls `flush` at the end of this turn of the event loop. */
  flushSoon(node: NodeProcess): void;
  /** Called when nothing of the node is left. */
  onCleared(node: NodeProcess): void;
}

export class NodeProcess implements NodeHandle, Source, Sink {
  readonly name: string;
  running = true;
  private readonly mark: string;
  private readonly piped: PipedProcess;
  private readonly child: ChildProcess;
  private readonly outbox: Outbox;
  private readonly splitter: LineSplitter;
  /** When its stdout last printed anything. */
  private printedNanos = 0;
  private readonly stderrLog: StderrLog;
  private readonly release: () => void;
  /** Holds all processes that it starts, where the system supports control groups. */
  private readonly cgroup: NodeCgroup | undefined;
  /** Nothing is reported any more: it was killed or is being stopped. */
  private quiet = false;
  /** It was sent SIGKILL, along with all that it had started. */
  private killed = false;
  private stdoutOpen = true;
  private stderrOpen = true;
  private gone = false;
  private spawnFailure: string | undefined;
  /** The first line that it has printed since it became quiet. */
  private printedAtEnd: string | undefined;
  private flushComes = false;
  private holds = 0;
  private stopped: Promise<void> | undefined;
  /** Called whenever the process or a pipe ends. */
  private onChange: () => void = () => {};

  constructor(
    spec: NodeSpec,
    private readonly command: { readonly command: string; readonly args: readonly string[] },
    private readonly events: NodeEvents,
    private readonly around: ProcessSurroundings,
  ) {
    this.name = spec.name;
    this.mark = `${around.marks.mark}/${around.number}`;
    this.stderrLog = new StderrLog({
      nowNanos: () => around.nowNanos(),
      logFile: spec.logFile,
      label: spec.logLabel,
      onLine: events.stderr === undefined ? undefined : (line) => this.events.stderr?.(line),
      onMarked: (line) => this.events.marked?.(line),
    });
    const env = { ...process.env, ...spec.env, [MARK_VARIABLE]: this.mark };
    this.splitter = this.stdoutSplitter();
    const readers = { stdout: this.stdoutReader(), stderr: this.stderrReader() };
    const begin = (): PipedProcess => spawnPiped({ ...command, env }, readers);
    const { cgroup } = around.marks;
    const { started, group: ownGroup } =
      cgroup === undefined ? { started: begin(), group: undefined } : cgroup.start(around.number, begin);
    this.piped = started;
    this.cgroup = ownGroup;
    this.child = this.piped.child;
    this.outbox = new Outbox(
      this.piped.stdin,
      around.lines,
      () => around.nowNanos(),
      () => around.flow.taken(this),
    );
    this.piped.stdin.on('error', () => this.inputClosed());
    this.child.on('error', (error) => this.failed(error));
    this.child.on('exit', () => this.ended());
    const group = this.child.pid;
    if (group !== undefined) around.marks.descendants?.add(group);
    this.release = group === undefined ? () => {} : guardGroup(group, around.marks);
  }

  get backlogBytes(): number {
    return this.outbox.backlogBytes;
  }

  get unread(): UnreadPackets | undefined {
    const { stuckSinceNanos, backlogMessages: packets, backlogBytes: bytes } = this.outbox;
    return stuckSinceNanos === undefined ? undefined : { packets, bytes, sinceNanos: stuckSinceNanos };
  }

  get unfinishedLine(): UnfinishedLine | undefined {
    const { unfinished } = this.splitter;
    return unfinished === undefined ? undefined : { ...unfinished, sinceNanos: this.printedNanos };
  }

  get takenBytes(): number {
    return this.outbox.takenBytes;
  }

  deliver(packet: Packet): void {
    if (!this.running) return;
    this.outbox.add(packet);
    if (!this.flushComes) {
      this.flushComes = true;
      this.around.flushSoon(this);
    }
    if (this.outbox.backlogBytes > HOLD_ABOVE_BYTES) this.around.flow.overfull(this);
  }

  flush(): void {
    this.flushComes = false;
    this.outbox.flush();
  }

  holdBack(): void {
    if (this.holds++ === 0) this.piped.stdout.pause();
  }

  letGo(): void {
    if (--this.holds === 0) this.piped.stdout.resume();
  }

  async printsAtEnd(): Promise<string | undefined> {
    this.quiet = true;
    this.outbox.close();
    this.piped.stdin.end();
    await this.until(() => this.printedAtEnd !== undefined || !this.stdoutOpen, GRACE_MS);
    return this.printedAtEnd;
  }

  flushAdvice(): string | undefined {
    return flushAdvice(this.command.command, this.child.pid);
  }

  kill(): void {
    this.quiet = true;
    this.running = false;
    this.killed = true;
    this.around.marks.descendants?.look();
    this.signal('SIGKILL');
    this.killRest();
    this.closeInput();
    this.piped.stdout.destroy();
    void this.stop();
  }

  cpuNanos(): number | undefined {
    return this.child.pid === undefined ? undefined : groupBusyNanos(this.child.pid);
  }

  pause(): void {
    this.signal('SIGSTOP');
    this.around.flow.stall(this);
  }

  resume(): void {
    this.signal('SIGCONT');
  }

  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private signal(signal: NodeJS.Signals): boolean {
    return this.child.pid !== undefined && signalGroup(this.child.pid, signal);
  }

  private async end(): Promise<void> {
    this.quiet = true;
    this.running = false;
    this.around.marks.descendants?.look();
    this.outbox.close();
    this.piped.stdin.end();
    if (!this.killed && this.signal('SIGTERM')) {
      // A paused process handles SIGTERM only once it continues.
      this.signal('SIGCONT');
      await this.until(() => this.noneLeft(), GRACE_MS);
    }
    // Finding what it started means reading about every process of the machine, so it is done only where needed.
    if (this.killed) await this.until(() => this.noneLeft(), FORCE_MS);
    await this.until(() => {
      this.signal('SIGKILL');
      return !this.killRest() && this.noneLeft();
    }, FORCE_MS);
    await this.until(() => !this.stdoutOpen && !this.stderrOpen, LAST_WORDS_MS);
    this.close();
  }

  /** Sends SIGKILL to processes that have left its process group; returns whether there were any. */
  private killRest(): boolean {
    if (this.cgroup !== undefined) return this.cgroup.kill();
    const { pid } = this.child;
    const { descendants } = this.around.marks;
    const holders = this.killHolders(descendants);
    const seen = pid !== undefined && descendants?.kill(pid) === true;
    return killMarked(this.mark) > 0 || seen || holders;
  }

  /** Sends SIGKILL to processes that hold its pipes open although it is gone. */
  private killHolders(descendants: Descendants | undefined): boolean {
    const { pipeIds } = this.piped;
    if (!this.gone || pipeIds === undefined || descendants?.began === undefined) return false;
    const open = [...(this.stdoutOpen ? [pipeIds.stdout] : []), ...(this.stderrOpen ? [pipeIds.stderr] : [])];
    const holders = open.length === 0 ? [] : pipeHolders(open, descendants.began);
    for (const pid of holders) signalOne(pid, 'SIGKILL');
    return holders.length > 0;
  }

  private noneLeft(): boolean {
    if (this.cgroup !== undefined) return this.gone && this.cgroup.processes().length === 0;
    return this.gone && (this.child.pid === undefined || !groupIsAlive(this.child.pid));
  }

  /** Resolves when the condition holds, or after `limitMs`. */
  private until(condition: () => boolean, limitMs: number): Promise<void> {
    const giveUpAt = performance.now() + limitMs;
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout;
      const look = (): void => {
        clearTimeout(timer);
        const over = condition() || performance.now() >= giveUpAt;
        this.onChange = over ? () => {} : look;
        if (over) resolve();
        else timer = setTimeout(look, LOOK_AGAIN_MS);
      };
      look();
    });
  }

  private stdoutSplitter(): LineSplitter {
    const { events } = this;
    return new LineSplitter({
      // Checked for every line: the node may be killed while a chunk is being handled.
      line: (bytes, start, end) => {
        if (!this.quiet) events.line(bytes, start, end);
        else this.printedAtEnd ??= Buffer.from(bytes.subarray(start, end)).toString();
      },
      brokenLine: (problem) => {
        if (!this.quiet) events.brokenLine(problem);
      },
    });
  }

  private stdoutReader(): PipeReader {
    const { events, splitter } = this;
    const { flow } = this.around;
    return {
      data: (bytes, length) => {
        this.printedNanos = this.around.nowNanos();
        flow.reading = this;
        splitter.push(bytes, length);
        flow.reading = undefined;
      },
      end: () => {
        this.stdoutOpen = false;
        splitter.end();
        this.onChange();
        // Usually the process is ending too, and the end of its stdout is merely seen first.
        setTimeout(() => {
          if (!this.gone && !this.quiet) events.stdoutClosed();
        }, LAST_WORDS_MS).unref();
      },
    };
  }

  lastStderr(): Pick<NodeExit, 'lastStderr' | 'cause'> {
    const lastStderr = this.spawnFailure === undefined ? this.stderrLog.lastLines() : [this.spawnFailure];
    return { lastStderr, cause: this.stderrLog.causeLines() };
  }

  private stderrReader(): PipeReader {
    return {
      data: (bytes, length) => this.stderrLog.push(bytes, length),
      end: () => {
        this.stderrOpen = false;
        this.onChange();
      },
    };
  }

  private failed(error: Error): void {
    // Also called when a signal could not be sent, which does not affect the process.
    if (this.child.pid !== undefined) return;
    const problem = machineProblem(error, this.name);
    if (problem !== undefined && this.events.refused !== undefined && !this.quiet) {
      this.quiet = true;
      this.events.refused(problem);
    }
    this.spawnFailure = error.message;
    this.ended();
  }

  private ended(): void {
    this.gone = true;
    this.running = false;
    this.onChange();
    if (this.quiet) return;
    // Processes that it started must not outlive it or hold its pipes open.
    this.signal('SIGKILL');
    this.closeInput();
    void this.until(() => !this.stdoutOpen && !this.stderrOpen, LAST_WORDS_MS).then(() => {
      if (this.quiet) return;
      const { exitCode, signalCode } = this.child;
      this.events.exit({
        code: exitCode,
        signal: signalCode,
        ...this.lastStderr(),
        ...(exitCode === 0 && startsInBackground(this.command.command) ? { startsInBackground: true } : {}),
      });
      void this.stop();
    });
  }

  /** Called when nothing more can be written to it, usually because it is ending and this is seen first. */
  private inputClosed(): void {
    this.closeInput();
    setTimeout(() => {
      if (!this.gone && !this.quiet) this.events.stdinClosed?.();
    }, LAST_WORDS_MS).unref();
  }

  private closeInput(): void {
    this.outbox.close();
    this.around.flow.forget(this);
    this.piped.stdin.destroy();
  }

  private close(): void {
    this.closeInput();
    this.piped.stdout.destroy();
    this.piped.stderr.destroy();
    this.stderrLog.close();
    this.cgroup?.close();
    this.release();
    this.around.onCleared(this);
  }
}
