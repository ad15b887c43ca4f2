/**
 * Web streams (`ReadableStream`, `node:stream/web`): those of the package `web-streams-polyfill`, and what Node adds to them:
 * streams that encode, decode and compress, and the conversions `toWeb` and `fromWeb` of Node's own streams. Loaded on
 * first use.
 */
import {
  ByteLengthQueuingStrategy,
  CountQueuingStrategy,
  ReadableByteStreamController,
  ReadableStream,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableStreamDefaultController,
  ReadableStreamDefaultReader,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
} from 'web-streams-polyfill';
import type { CompressionFormat } from '../bridge.ts';
import { lateText, lateZlib } from '../late.ts';
import { invalidValue } from '../wrong-argument.ts';

/** A pair of streams: what is written to one can be read from the other. */
abstract class StreamPair {
  readonly #pair: TransformStream;
  constructor(pair: TransformStream) {
    this.#pair = pair;
  }
  get readable(): ReadableStream {
    return this.#pair.readable;
  }
  get writable(): WritableStream {
    return this.#pair.writable;
  }
  get [Symbol.toStringTag](): string {
    return this.constructor.name;
  }
}

class TextEncoderStream extends StreamPair {
  constructor() {
    const { TextEncoder } = lateText();
    const encoder = new TextEncoder();
    // The first half of a surrogate pair may end one chunk and its second half begin the next.
    let half = '';
    super(
      new TransformStream({
        transform(chunk, controller) {
          const text = half + String(chunk);
          half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : '';
          const whole = half === '' ? text : text.slice(0, -1);
          if (whole !== '') controller.enqueue(encoder.encode(whole));
        },
        flush(controller) {
          if (half !== '') controller.enqueue(encoder.encode(half));
        },
      }),
    );
  }
  get encoding(): string {
    return 'utf-8';
  }
}

type Decoder = InstanceType<ReturnType<typeof lateText>['TextDecoder']>;

class TextDecoderStream extends StreamPair {
  readonly #decoder: Decoder;
  constructor(encoding = 'utf-8', options: object = {}) {
    const { TextDecoder } = lateText();
    const decoder = new TextDecoder(encoding, options);
    super(
      new TransformStream({
        transform(chunk: Uint8Array, controller) {
          const text = decoder.decode(chunk, { stream: true });
          if (text !== '') controller.enqueue(text);
        },
        flush(controller) {
          const text = decoder.decode();
          if (text !== '') controller.enqueue(text);
        },
      }),
    );
    this.#decoder = decoder;
  }
  get encoding(): string {
    return this.#decoder.encoding;
  }
  get fatal(): boolean {
    return this.#decoder.fatal;
  }
  get ignoreBOM(): boolean {
    return this.#decoder.ignoreBOM;
  }
}

const FORMATS: ReadonlySet<string> = new Set<CompressionFormat>(['deflate', 'deflate-raw', 'gzip']);

/** Returns a pair that collects what is written and converts it as a whole at the end. */
function converting(
  format: CompressionFormat,
  convert: (format: CompressionFormat, bytes: Uint8Array) => Uint8Array,
): TransformStream {
  if (!FORMATS.has(format)) throw invalidValue('format', format);
  const parts: Uint8Array[] = [];
  return new TransformStream({
    transform: (chunk: ArrayBuffer | ArrayBufferView) => void parts.push(lateZlib().copyOf(chunk)),
    flush: (controller) => controller.enqueue(convert(format, lateZlib().joined(parts))),
  });
}

class CompressionStream extends StreamPair {
  constructor(format: CompressionFormat) {
    super(converting(format, (as, bytes) => lateZlib().compress(as, bytes)));
  }
}

class DecompressionStream extends StreamPair {
  constructor(format: CompressionFormat) {
    super(converting(format, (as, bytes) => lateZlib().decompress(as, bytes)));
  }
}

export const webStreams = {
  ByteLengthQueuingStrategy,
  CompressionStream,
  CountQueuingStrategy,
  DecompressionStream,
  ReadableByteStreamController,
  ReadableStream,
  ReadableStreamBYOBReader,
  ReadableStreamBYOBRequest,
  ReadableStreamDefaultController,
  ReadableStreamDefaultReader,
  TextDecoderStream,
  TextEncoderStream,
  TransformStream,
  TransformStreamDefaultController,
  WritableStream,
  WritableStreamDefaultController,
  WritableStreamDefaultWriter,
};

/** Returns a web stream of these bytes, for `Blob.stream`. */
export function streamOfBytes(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
