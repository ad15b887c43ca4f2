/**
 * The output of a simulated process. It is kept while a turn runs, which takes no virtual time, and passed on as lines
 * after the turn, a limited amount at a time.
 */
import { LineSplitter } from '../line-splitter.ts';
import { MARKER, STATE_KEY } from '../stderr/marked-lines.ts';
import { StderrLog } from '../stderr/stderr-log.ts';
import type { NodeEvents, NodeExit, NodeSpec, UnfinishedLine } from '../world.ts';

/** Maximum output in one turn. A pipe would make a real process wait, but a simulated one cannot. */
export const TURN_LIMIT_BYTES = 64 * 1024 * 1024;
/** Thrown into the program, to end the loop that prints. */
export class OutputLimitError extends Error {}

const SLICE_BYTES = 64 * 1024;
const KEPT_CAPACITY = 256 * 1024;
const FIRST_CAPACITY = 16 * 1024;
const STDERR_BATCH_BYTES = 32 * 1024;

export class Output {
  private readonly splitter: LineSplitter;
  private readonly log: StderrLog;
  /** Whether stderr is shown immediately. */
  private readonly promptly: boolean;
  /** True when this turn's stderr may contain lines for the harness, which must get them after the turn. */
  private hasMarked = false;
  private readonly stdout = new Gathered();
  private readonly stderr = new Gathered();
  /** How much of stdout has been passed on, in bytes. */
  private handedOn = 0;

  /** When stdout was last passed on. */
  private handedOnNanos = 0;

  /** When the stderr that is not logged yet was printed. */
  private stderrNanos = 0;

  constructor(
    spec: NodeSpec,
    events: NodeEvents,
    isQuiet: () => boolean,
    private readonly nowNanos: () => number,
  ) {
    this.splitter = new LineSplitter({
      // Checked for every line: handling a line may kill the node.
      line: (bytes, start, end) => {
        if (!isQuiet()) events.line(bytes, start, end);
      },
      brokenLine: (problem) => {
        if (!isQuiet()) events.brokenLine(problem);
      },
    });
    this.promptly = events.stderr !== undefined;
    this.log = new StderrLog({
      nowNanos: () => this.stderrNanos,
      logFile: spec.logFile,
      label: spec.logLabel,
      onLine: events.stderr === undefined ? undefined : (line) => events.stderr?.(line),
      onMarked: events.marked === undefined ? undefined : (line) => events.marked?.(line),
    });
  }

  /** Returns whether there was room. */
  writeStdout(data: string | Uint8Array): boolean {
    if (this.stdout.length > TURN_LIMIT_BYTES) return false;
    this.stdout.add(data);
    return true;
  }

  writeStderr(data: string | Uint8Array): void {
    const now = this.nowNanos();
    if (now !== this.stderrNanos) this.flushStderr();
    this.stderrNanos = now;
    this.stderr.add(data);
    const text = typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.length);
    if (text.includes(MARKER) || text.includes(STATE_KEY)) this.hasMarked = true;
    if (this.stderr.length > STDERR_BATCH_BYTES && !this.promptly) this.flushStderr();
  }

  /** Passes on some of the output after a turn. Returns whether there is more. */
  handOn(): boolean {
    if (this.promptly || this.hasMarked) this.flushStderr();
    const { bytes, length } = this.stdout;
    if (length === 0) return false;
    const end = Math.min(length, this.handedOn + SLICE_BYTES);
    const slice = this.handedOn === 0 && end === length ? bytes : bytes.subarray(this.handedOn, end);
    this.handedOnNanos = this.nowNanos();
    this.splitter.push(slice, end - this.handedOn);
    this.handedOn = end;
    if (end < length) return true;
    this.stdout.clear();
    this.handedOn = 0;
    return false;
  }

  get unfinishedLine(): UnfinishedLine | undefined {
    const { unfinished } = this.splitter;
    return unfinished === undefined ? undefined : { ...unfinished, sinceNanos: this.handedOnNanos };
  }

  /** Reports an unfinished line: the process has ended. */
  end(): void {
    this.splitter.end();
  }

  lastStderr(): Pick<NodeExit, 'lastStderr' | 'cause'> {
    this.flushStderr();
    return { lastStderr: this.log.lastLines(), cause: this.log.causeLines() };
  }

  close(): void {
    this.flushStderr();
    this.log.close();
  }

  private flushStderr(): void {
    if (this.stderr.length > 0) this.log.push(this.stderr.bytes, this.stderr.length);
    this.stderr.clear();
    this.hasMarked = false;
  }
}

/** A growing buffer of text and bytes. */
class Gathered {
  bytes = Buffer.alloc(0);
  length = 0;

  add(data: string | Uint8Array): void {
    // A UTF-16 unit takes at most three bytes.
    const most = typeof data === 'string' ? 3 * data.length : data.length;
    if (this.length + most > this.bytes.length) this.grow(this.length + most);
    if (typeof data === 'string') {
      this.length += this.bytes.write(data, this.length);
    } else {
      this.bytes.set(data, this.length);
      this.length += data.length;
    }
  }

  clear(): void {
    this.length = 0;
    if (this.bytes.length > KEPT_CAPACITY) this.bytes = Buffer.alloc(0);
  }

  private grow(least: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(FIRST_CAPACITY, 2 * least));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
