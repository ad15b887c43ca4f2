/**
 * How lines get in and out of a node. The usual transport is the process's standard streams (which the simulator
 * provides too); tests have their own.
 */

export interface Transport {
  /** Begins to read: calls `onLine` for each line, without its newline, and `onEnd` once at the end. */
  start(onLine: (line: string) => void, onEnd: () => void): void;
  /** Sends one line; `line` contains no newline. */
  send(line: string): void;
  /** Writes one line for people to read. */
  log(line: string): void;
  /** Ends the program after everything sent before has been written. */
  exit(): void;
}

/** The part of Node's `process` that a node needs. */
export interface Stdio {
  readonly stdin: {
    setEncoding(encoding: 'utf8'): unknown;
    on(event: 'data', listener: (chunk: string) => void): unknown;
    on(event: 'end', listener: () => void): unknown;
  };
  readonly stdout: {
    write(text: string, written?: () => void): unknown;
    /** Number of characters written but not flushed yet. */
    readonly writableLength?: number;
  };
  readonly stderr: { write(text: string): unknown };
  exit(code: number): void;
}

/**
 * The three standard streams. All lines sent in one turn of the event loop are written at once, because a system call
 * costs more than a message.
 */
export class StdioTransport implements Transport {
  /** The beginning of a line whose end has not arrived yet. */
  private unfinished = '';
  private outbox = '';

  constructor(private readonly stdio: Stdio = process) {}

  start(onLine: (line: string) => void, onEnd: () => void): void {
    const { stdin } = this.stdio;
    if (this.stdio === globalThis.process) keepConsoleFromStdout();
    // Decoding in the stream keeps characters intact whose bytes come in two chunks.
    stdin.setEncoding('utf8');
    stdin.on('data', (chunk) => {
      let start = 0;
      for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
        const line = this.unfinished + chunk.slice(start, end);
        this.unfinished = '';
        start = end + 1;
        onLine(line);
      }
      this.unfinished += chunk.slice(start);
    });
    stdin.on('end', onEnd);
  }

  send(line: string): void {
    // A microtask runs after the whole chunk has been handled, and before the next event of any kind.
    if (this.outbox === '') void Promise.resolve().then(() => this.flush());
    this.outbox += `${line}\n`;
  }

  log(line: string): void {
    this.stdio.stderr.write(`${line}\n`);
  }

  exit(): void {
    this.flush();
    const { stdout } = this.stdio;
    // A full pipe takes the rest later, and exiting now would lose it.
    if ((stdout.writableLength ?? 0) > 0) stdout.write('', () => this.stdio.exit(0));
    else this.stdio.exit(0);
  }

  private flush(): void {
    const text = this.outbox;
    if (text === '') return;
    this.outbox = '';
    this.stdio.stdout.write(text);
  }
}

/** The methods of `console` that print on stdout; all others that do so call `log`. */
const ON_STDOUT = ['log', 'info', 'debug', 'dir', 'dirxml'] as const;

/**
 * Makes `console.log` and similar methods print on stderr, like `console.error`: stdout belongs to the protocol, and a
 * line for people on it would make a run invalid.
 */
function keepConsoleFromStdout(): void {
  for (const method of ON_STDOUT) console[method] = (...parts: unknown[]) => console.error(...parts);
}

// Programs also print before they create their node. When the SDK is imported outside of a run, the console is not
// changed.
if (globalThis.process.env['MAELSTROM_DATA_DIR'] !== undefined) keepConsoleFromStdout();
