/** `node:readline`: lines of a stream as events, or through an async iterator. */
import { AsyncQueue, EventEmitter, type Listener } from './events.ts';
import { readTextOfStdin, stdin } from './stdin.ts';
import { StringDecoder } from '../bytes/text.ts';

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
  readonly output?: Output;
}

export class Interface extends EventEmitter {
  closed = false;
  line = '';
  private unfinished = '';
  private promptText = '> ';
  private readonly input: Input;
  private readonly output: Output | undefined;
  private readonly onData: Listener;
  private readonly onEnd: Listener;

  constructor(options: InterfaceOptions) {
    super();
    if (typeof options?.input?.on !== 'function') {
      throw new TypeError('readline.createInterface needs an input stream, such as { input: process.stdin }');
    }
    this.input = options.input;
    this.output = options.output;
    const decoder = new StringDecoder('utf8');
    this.onData = (chunk) => this.receive(chunk instanceof Uint8Array ? decoder.write(chunk) : String(chunk));
    this.onEnd = () => {
      this.receive(decoder.end());
      if (this.unfinished !== '') this.emit('line', this.unfinished);
      this.close();
    };
    const isText = options.input === stdin && readTextOfStdin((text) => this.receive(text));
    if (!isText) this.input.on('data', this.onData);
    this.input.on('end', this.onEnd);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.input === stdin) readTextOfStdin(undefined);
    this.input.off('data', this.onData);
    this.input.off('end', this.onEnd);
    this.input.pause();
    this.emit('close');
  }
  [Symbol.dispose](): void {
    this.close();
  }
  pause(): this {
    this.input.pause();
    this.emit('pause');
    return this;
  }
  resume(): this {
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
    this.output?.write(this.promptText);
  }
  write(text: string): void {
    this.receive(text);
  }
  question(text: string, ...rest: unknown[]): void {
    const done = rest.at(-1);
    this.output?.write(text);
    this.once('line', (line) => {
      if (typeof done === 'function') Reflect.apply(done, undefined, [line]);
    });
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<string> {
    const queue = new AsyncQueue<string>();
    this.on('line', (line) => queue.push(String(line)));
    this.on('close', () => queue.end());
    if (this.closed) queue.end();
    queue.onReturn = () => this.close();
    return queue;
  }

  private receive(chunk: string): void {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const stop = end > start && chunk.charCodeAt(end - 1) === 13 ? end - 1 : end;
      const line = this.unfinished + chunk.slice(start, stop);
      this.unfinished = '';
      start = end + 1;
      this.emit('line', line);
      if (this.closed) return;
    }
    this.unfinished += chunk.slice(start);
  }
}

class PromiseInterface extends Interface {
  // The signature of readline/promises, which returns the answer instead of calling back.
  override question(text: string): Promise<string> {
    return new Promise((resolve) => super.question(text, resolve));
  }
}

const createInterface = (input: InterfaceOptions | Input, output?: Output): Interface =>
  new Interface(readOptions(input, output));

function readOptions(input: InterfaceOptions | Input, output: Output | undefined): InterfaceOptions {
  if ('input' in input) return input;
  return output === undefined ? { input } : { input, output };
}

export const readlinePromises = {
  Interface: PromiseInterface,
  createInterface: (input: InterfaceOptions | Input, output?: Output): Interface =>
    new PromiseInterface(readOptions(input, output)),
};

export const readlineModule = { Interface, createInterface, promises: readlinePromises };
