/** `node:readline`: lines of a stream as events, or through an async iterator. */
import { abortError, AsyncQueue, EventEmitter, type Listener } from './events.ts';
import { readTextOfStdin, stdin } from './stdin.ts';
import { StringDecoder } from '../bytes/text.ts';
import { nextTick } from '../time/event-loop.ts';
import { invalidValue, wrongArgument } from '../wrong-argument.ts';

interface Input {
  on(name: string, listener: Listener): unknown;
  off(name: string, listener: Listener): unknown;
  resume(): unknown;
  pause(): unknown;
}

interface Output {
  write(text: string): unknown;
}

interface InterfaceOptions {
  readonly input: Input;
  readonly output?: Output | null;
  readonly completer?: unknown;
  readonly signal?: AbortSignal;
  readonly prompt?: string;
}

type AbortSignal = Parameters<typeof abortError>[0];
type Answer = (line: string) => void;

/** Matches the end of a line: a lone `\r` counts once it is known that no `\n` follows it. */
const LINE_END = /\r?\n|\r(?=[^\n])/g;

export class Interface extends EventEmitter {
  closed = false;
  readonly terminal = false;
  line = '';
  readonly input: Input;
  readonly output: Output | undefined;
  private unfinished = '';
  private promptText = '> ';
  private paused = false;
  /** What the next line answers: it is not an event then. */
  private asked: Answer | undefined;
  private readonly onData: Listener;
  private readonly onEnd: Listener;

  constructor(options: InterfaceOptions) {
    super();
    const { input, output, completer, signal, prompt } = options;
    if (completer !== undefined && typeof completer !== 'function')
      throw invalidValue('completer', completer);
    if (typeof input?.on !== 'function') {
      throw new TypeError('readline.createInterface needs an input stream, such as { input: process.stdin }');
    }
    if (signal !== undefined && typeof signal?.addEventListener !== 'function')
      throw wrongArgument('options.signal', 'an instance of AbortSignal', signal);
    this.input = input;
    this.output = output ?? undefined;
    if (prompt !== undefined) this.promptText = prompt;
    const decoder = new StringDecoder('utf8');
    this.onData = (chunk) => this.receive(chunk instanceof Uint8Array ? decoder.write(chunk) : String(chunk));
    this.onEnd = () => {
      this.receive(decoder.end());
      if (this.unfinished !== '') this.take(this.unfinished.replace(/\r$/, ''));
      this.close();
    };
    const isText = input === stdin && readTextOfStdin((text) => this.receive(text));
    if (!isText) input.on('data', this.onData);
    input.on('end', this.onEnd);
    if (signal?.aborted === true) nextTick(() => this.close());
    else signal?.addEventListener('abort', () => this.close(), { once: true });
  }

  close(): void {
    if (this.closed) return;
    this.pause();
    if (this.input === stdin) readTextOfStdin(undefined);
    this.input.off('data', this.onData);
    this.input.off('end', this.onEnd);
    this.closed = true;
    this.emit('close');
  }
  [Symbol.dispose](): void {
    this.close();
  }
  pause(): this {
    if (this.paused) return this;
    this.paused = true;
    this.input.pause();
    this.emit('pause');
    return this;
  }
  resume(): this {
    if (!this.paused) return this;
    this.paused = false;
    this.input.resume();
    this.emit('resume');
    return this;
  }
  setPrompt(text: string): void {
    this.promptText = text;
  }
  getPrompt(): string {
    return this.promptText;
  }
  prompt(): void {
    this.resume();
    this.output?.write(this.promptText);
  }
  write(text: string): void {
    this.resume();
    this.receive(text);
  }
  question(text: string, ...rest: unknown[]): void {
    const done = rest.at(-1);
    const signal = signalOf(rest[0]);
    if (signal?.aborted === true || typeof done !== 'function') return;
    const answer: Answer = (line) => {
      Reflect.apply(done, undefined, [line]);
    };
    this.ask(text, answer);
    signal?.addEventListener('abort', () => this.forget(answer), { once: true });
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<string> {
    const queue = new AsyncQueue<string>();
    this.on('line', (line) => queue.push(String(line)));
    this.on('close', () => queue.end());
    if (this.closed) queue.end();
    queue.onReturn = () => this.close();
    return queue;
  }

  /** While a question waits for its answer, another one is dropped, as in Node. */
  protected ask(text: string, answer: Answer): void {
    if (this.closed) throw Object.assign(new Error('readline was closed'), { code: 'ERR_USE_AFTER_CLOSE' });
    if (this.asked !== undefined) {
      this.prompt();
      return;
    }
    this.asked = answer;
    this.resume();
    this.output?.write(text);
  }
  protected forget(answer: Answer): void {
    if (this.asked === answer) this.asked = undefined;
  }

  private take(line: string): void {
    const { asked } = this;
    this.asked = undefined;
    if (asked === undefined) this.emit('line', line);
    else asked(line);
  }

  private receive(chunk: string): void {
    if (this.unfinished.endsWith('\r') || chunk.includes('\r')) {
      this.receiveWithReturns(chunk);
      return;
    }
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const line = this.unfinished + chunk.slice(start, end);
      this.unfinished = '';
      start = end + 1;
      this.take(line);
      if (this.closed) return;
    }
    this.unfinished += chunk.slice(start);
  }

  private receiveWithReturns(chunk: string): void {
    const text = this.unfinished + chunk;
    let start = 0;
    for (const { index, 0: end } of text.matchAll(LINE_END)) {
      this.unfinished = '';
      this.take(text.slice(start, index));
      if (this.closed) return;
      start = index + end.length;
    }
    this.unfinished = text.slice(start);
  }
}

const signalOf = (options: unknown): AbortSignal | undefined =>
  typeof options === 'object' && options !== null && 'signal' in options
    ? (options.signal as AbortSignal | undefined) // as the documentation has it
    : undefined;

class PromiseInterface extends Interface {
  // The signature of readline/promises, which returns the answer instead of calling back.
  override question(text: string, options?: unknown): Promise<string> {
    return new Promise((resolve, reject) => {
      const signal = signalOf(options);
      const abort = (): void => {
        this.forget(resolve);
        if (signal !== undefined) reject(abortError(signal));
      };
      if (signal?.aborted === true) {
        abort();
        return;
      }
      this.ask(text, resolve);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}

const createInterface = (...words: Parameters<typeof readOptions>): Interface =>
  new Interface(readOptions(...words));

/** Takes options, or an input, an output and a completer one after another. */
function readOptions(
  input: InterfaceOptions | Input,
  output?: Output | null,
  completer?: unknown,
): InterfaceOptions {
  if (typeof input === 'object' && input !== null && 'input' in input && !('on' in input)) return input;
  return { input: input as Input, ...(output === undefined ? {} : { output }), completer }; // see the constructor's check
}

export const readlinePromises = {
  Interface: PromiseInterface,
  createInterface: (...words: Parameters<typeof readOptions>): Interface =>
    new PromiseInterface(readOptions(...words)),
};

export const readlineModule = { Interface, createInterface, promises: readlinePromises };
