/**
 * `process.stdin`: a readable stream as far as programs use one on it - flowing (`data`), paused (`readable`, `read`),
 * awaited (`for await`), or piped. While nobody reads, the harness keeps the messages.
 */
import { bridge, type TextEncoding } from './bridge.ts';
import { Buffer } from './buffer.ts';
import { AsyncQueue, EventEmitter, type Listener } from './events.ts';
import { requireEncoding, StringDecoder } from './text.ts';

interface Sink {
  write(chunk: unknown): unknown;
  end(): unknown;
}

export class Stdin extends EventEmitter {
  readonly fd = 0;
  readonly isTTY = false;
  readonly readable = true;
  destroyed = false;
  readableEnded = false;
  private encoding: TextEncoding | undefined;
  private decoder: StringDecoder | undefined;
  private flowing = false;
  /** In paused mode: what came and was not read. */
  private readonly unread: string[] = [];
  private keepsAlive = true;
  /** Takes what comes as text, whatever the encoding: for readline, which needs no Buffer. */
  private textReader: ((text: string) => void) | undefined;

  override on(name: string | symbol, listener: Listener): this {
    super.on(name, listener);
    if (name === 'data') this.resume();
    else if (name === 'readable') this.updateListening();
    return this;
  }
  // The base class's own go past `on`.
  override addListener(name: string | symbol, listener: Listener): this {
    return this.on(name, listener);
  }
  override once(name: string | symbol, listener: Listener): this {
    super.once(name, listener);
    if (name === 'data') this.resume();
    else if (name === 'readable') this.updateListening();
    return this;
  }
  override off(name: string | symbol, listener: Listener): this {
    super.off(name, listener);
    this.updateListening();
    return this;
  }

  setEncoding(encoding?: string): this {
    this.encoding = requireEncoding(encoding);
    this.decoder = this.encoding === 'utf8' ? undefined : new StringDecoder(this.encoding);
    return this;
  }
  resume(): this {
    this.flowing = true;
    this.updateListening();
    return this;
  }
  pause(): this {
    this.flowing = false;
    this.updateListening();
    return this;
  }
  isPaused(): boolean {
    return !this.flowing;
  }
  ref(): this {
    this.keepsAlive = true;
    this.updateListening();
    return this;
  }
  unref(): this {
    this.keepsAlive = false;
    this.updateListening();
    return this;
  }
  destroy(): this {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.pause();
    this.emit('close');
    return this;
  }
  read(): string | Buffer | null {
    const text = this.unread.splice(0).join('');
    return text === '' ? null : this.chunk(text);
  }
  pipe<T extends Sink>(target: T): T {
    this.on('data', (chunk) => void target.write(chunk));
    this.on('end', () => void target.end());
    return target;
  }

  readText(reader: ((text: string) => void) | undefined): void {
    this.textReader = reader;
    if (reader !== undefined) this.resume();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<unknown> {
    const queue = new AsyncQueue<unknown>();
    const onData: Listener = (chunk) => queue.push(chunk);
    const onEnd: Listener = () => queue.end();
    this.on('data', onData).on('end', onEnd);
    if (this.readableEnded) queue.end();
    queue.onReturn = () => {
      this.off('data', onData).off('end', onEnd);
      this.destroy();
    };
    return queue;
  }

  /** Called by the harness with one line. */
  receive(text: string): void {
    if (this.destroyed) return;
    if (this.flowing) {
      this.textReader?.(text);
      if (this.listenerCount('data') > 0) this.emit('data', this.chunk(text));
    } else {
      this.unread.push(text);
      this.emit('readable');
    }
  }

  /** Called by the harness when there will be no more. */
  receiveEnd(): void {
    if (this.destroyed || this.readableEnded) return;
    this.readableEnded = true;
    if (!this.flowing) this.emit('readable');
    this.emit('end');
    this.emit('close');
    this.updateListening();
  }

  private chunk(text: string): string | Buffer {
    if (this.encoding === 'utf8') return text;
    const bytes = Buffer.from(text);
    return this.decoder === undefined ? bytes : this.decoder.write(bytes);
  }

  private updateListening(): void {
    const reading = this.flowing || this.listenerCount('readable') > 0;
    bridge.listen(reading && this.keepsAlive && !this.readableEnded && !this.destroyed);
  }
}

export const stdin = new Stdin();
