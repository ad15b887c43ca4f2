/**
 * `process.stdin`. Most programs only use its data, or its lines through readline: for them it is a lightweight emitter. On
 * any other use as a stream (`pipe`, `read`, `for await`), or once the program loads `node:stream`, the same object becomes
 * a Readable of that module.
 *
 * While the program does not read, the harness buffers the messages.
 */
import { bridge } from '../bridge.ts';
import { EventEmitter, type EventName, type Listener } from './events.ts';
import { lateBuffer } from '../late.ts';
import { loadStreams, standsFor, whenStreamsLoad, type Done, type StreamModule } from './streams.ts';
import { findEncoding } from '../bytes/encodings.ts';

const HIGH_WATER_MARK = 64 * 1024;

/** True once it has become a Readable. */
let isReal = false;
/** True while the program reads data; undefined before its first use. */
let flowing: boolean | undefined;
let asText = false;
let keepsAlive = true;
let ended = false;
/** Receives input as text, whatever the encoding: for readline, which needs no Buffer. */
let textReader: ((text: string) => void) | undefined;

function listen(): void {
  bridge.listen(flowing === true && keepsAlive && !ended);
}

class LightStdin extends EventEmitter {
  readonly fd = 0;

  get readable(): boolean {
    return !ended;
  }
  override on(name: EventName, listener: Listener): this {
    return this.listenBy('on', name, listener);
  }
  override addListener(name: EventName, listener: Listener): this {
    return this.listenBy('on', name, listener);
  }
  override once(name: EventName, listener: Listener): this {
    return this.listenBy('once', name, listener);
  }
  setEncoding(encoding?: string): this {
    if (findEncoding(encoding ?? 'utf8') !== 'utf8') {
      loadStreams();
      return this.setEncoding(encoding);
    }
    asText = true;
    return this;
  }
  resume(): this {
    flowing = true;
    listen();
    return this;
  }
  pause(): this {
    flowing = false;
    listen();
    return this;
  }
  isPaused(): boolean {
    return flowing === false;
  }
  ref(): this {
    keepsAlive = true;
    listen();
    return this;
  }
  unref(): this {
    keepsAlive = false;
    listen();
    return this;
  }

  private listenBy(how: 'on' | 'once', name: EventName, listener: Listener): this {
    if (name === 'readable') {
      loadStreams();
      return this[how](name, listener);
    }
    super[how](name, listener);
    if (name === 'data' && flowing !== false) this.resume();
    return this;
  }
}

export const stdin = new LightStdin();

/** Sets the reader that readline uses in place of `data`; undefined removes it. */
export function readTextOfStdin(reader: ((text: string) => void) | undefined): boolean {
  if (isReal && reader !== undefined) return false;
  textReader = reader;
  if (reader !== undefined) stdin.resume();
  return true;
}

/** Called by the harness with each line. */
export function receive(text: string): void {
  if (isReal) {
    pushReal(text);
    return;
  }
  if (flowing !== true) return;
  textReader?.(text);
  if (stdin.listenerCount('data') > 0) stdin.emit('data', asText ? text : lateBuffer().Buffer.from(text));
}

/** Called by the harness at the end of input. */
export function receiveEnd(): void {
  if (ended) return;
  ended = true;
  if (isReal) {
    pushReal(null);
  } else {
    stdin.emit('end');
    stdin.emit('close');
  }
  listen();
}

let pushReal: (text: string | null) => void = () => {};

whenStreamsLoad((streams) => {
  const { Readable } = streams;
  const wasFlowing = flowing;
  isReal = true;
  Object.setPrototypeOf(stdin, realStdin(streams).prototype);
  const real = stdin as unknown as InstanceType<ReturnType<typeof realStdin>>; // by its new prototype
  Reflect.apply(Readable, real, [{ highWaterMark: HIGH_WATER_MARK }]);
  if (asText) real.setEncoding('utf8');
  pushReal = (text) => real.take(text);
  if (textReader !== undefined) real.on('data', (chunk) => textReader?.(String(chunk)));
  flowing = false;
  if (wasFlowing === true) real.resume();
  else if (wasFlowing === false) real.pause();
  if (ended) pushReal(null);
});

/** Returns its class as a stream, made once streams are loaded. Its constructor is not used. */
// eslint-disable-next-line typescript/explicit-function-return-type -- a class, which only its own text says
function realStdin({ Readable }: StreamModule) {
  return class ReadStream extends Readable {
    override pause(): this {
      super.pause();
      // Further input stays with the harness until the next read.
      Object.assign(Reflect.get(this, '_readableState') as object, { reading: false });
      return this.want(false);
    }
    ref(): this {
      keepsAlive = true;
      return this.want(flowing === true);
    }
    unref(): this {
      keepsAlive = false;
      return this.want(flowing === true);
    }
    _read(): void {
      this.want(true);
    }
    _destroy(error: unknown, done: Done): void {
      ended = true;
      this.want(false);
      done(error);
    }
    take(text: string | null): void {
      if (this.destroyed) return;
      const more =
        text === null
          ? this.push(null)
          : asText
            ? this.push(text, 'utf8')
            : this.push(lateBuffer().Buffer.from(text));
      if (!more) this.want(false);
    }
    private want(wanted: boolean): this {
      flowing = wanted;
      listen();
      return this;
    }
  };
}

/** Members of a stream that the lightweight object lacks. */
const STREAM_NAMES = {
  _read: true,
  _destroy: true,
  closed: true,
  compose: true,
  destroy: true,
  destroyed: true,
  drop: true,
  errored: true,
  every: true,
  filter: true,
  find: true,
  flatMap: true,
  forEach: true,
  iterator: true,
  map: true,
  pipe: true,
  push: true,
  read: true,
  readableAborted: true,
  readableDidRead: true,
  readableEncoding: true,
  readableEnded: true,
  readableFlowing: true,
  readableHighWaterMark: true,
  readableLength: true,
  readableObjectMode: true,
  reduce: true,
  some: true,
  take: true,
  toArray: true,
  unpipe: true,
  unshift: true,
  wrap: true,
  _readableState: true,
  asIndexedPairs: true,
  [Symbol.asyncIterator]: true,
  [Symbol.asyncDispose]: true,
} as const;

standsFor(LightStdin.prototype, STREAM_NAMES, loadStreams);
