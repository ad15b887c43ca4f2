/**
 * `process.stdout` and `process.stderr`: writes complete synchronously. They are lightweight objects for programs that only
 * write; on any other use, or once the program loads `node:stream`, they become Writables of that module, like stdin.ts.
 */
import { bridge } from '../bridge.ts';
import { findEncoding, requireEncoding } from '../bytes/encodings.ts';
import { EventEmitter } from './events.ts';
import { nextTick } from '../time/event-loop.ts';
import { lateBuffer } from '../late.ts';
import { loadStreams, standsFor, whenStreamsLoad, type Done, type StreamModule } from './streams.ts';

const HANDLE = { setBlocking: (): number => 0 };

class LightOutput extends EventEmitter {
  constructor(readonly fd: 1 | 2) {
    super();
  }
  write(data: unknown, encoding?: unknown, done?: unknown): boolean {
    bridge.write(this.fd, bytesOf(data, encoding));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') nextTick(callback as () => void);
    return true;
  }
  /** Programs call its `setBlocking`, so that nothing is lost when they exit; nothing ever is. */
  get _handle(): object {
    return HANDLE;
  }
  get writable(): boolean {
    return true;
  }
  get writableLength(): number {
    return 0;
  }
  get writableNeedDrain(): boolean {
    return false;
  }
  cork(): void {}
  uncork(): void {}
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

/** Returns data to write: strings as they are, unless they are in another encoding. */
function bytesOf(data: unknown, encoding: unknown): string | Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (typeof data !== 'string') {
    const error = new TypeError(
      `The "chunk" argument must be of type string or an instance of Buffer or Uint8Array. Received ${typeof data}`,
    );
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
  }
  if (typeof encoding !== 'string' || findEncoding(encoding) === 'utf8') return data;
  return lateBuffer().Buffer.from(data, requireEncoding(encoding));
}

export const stdout = new LightOutput(1);
export const stderr = new LightOutput(2);

whenStreamsLoad((streams) => {
  const { prototype } = realOutput(streams);
  for (const output of [stdout, stderr]) {
    Object.setPrototypeOf(output, prototype);
    Reflect.apply(streams.Writable, output, [{ decodeStrings: false }]);
  }
});

/** Returns their class as streams, made once streams are loaded. Its constructor is not used. */
// eslint-disable-next-line typescript/explicit-function-return-type -- a class, which only its own text says
function realOutput({ Writable }: StreamModule) {
  return class WriteStream extends Writable {
    declare readonly fd: 1 | 2;
    get _handle(): object {
      return HANDLE;
    }
    _write(chunk: unknown, encoding: string, done: Done): void {
      bridge.write(this.fd, bytesOf(chunk, encoding === 'buffer' ? undefined : encoding));
      done();
    }
    // As in Node, they stay open for other writers.
    _destroy(error: unknown, done: Done): void {
      done(error);
    }
    ref(): this {
      return this;
    }
    unref(): this {
      return this;
    }
  };
}

/** Members of a stream that the lightweight object lacks. */
const STREAM_NAMES = {
  _write: true,
  _destroy: true,
  _writableState: true,
  closed: true,
  compose: true,
  destroy: true,
  destroyed: true,
  end: true,
  errored: true,
  pipe: true,
  setDefaultEncoding: true,
  writableAborted: true,
  writableCorked: true,
  writableEnded: true,
  writableFinished: true,
  writableHighWaterMark: true,
  writableObjectMode: true,
  [Symbol.asyncDispose]: true,
} as const;

standsFor(LightOutput.prototype, STREAM_NAMES, loadStreams);
