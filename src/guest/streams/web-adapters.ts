/** `toWeb` and `fromWeb`: Node's streams as web streams, and the other way round. */
import { ReadableStream, WritableStream } from 'web-streams-polyfill';
import { DOMException } from '../time/abort.ts';
import { Buffer } from '../bytes/buffer.ts';
import type { Done, Readable, StreamModule, Writable } from './streams.ts';

interface NodeReadable extends Readable {
  readonly readableObjectMode: boolean;
  readonly readableHighWaterMark: number;
}

interface NodeWritable extends Writable {
  readonly writableObjectMode: boolean;
  readonly writableHighWaterMark: number;
  readonly writableNeedDrain: boolean;
}

interface Pair {
  readonly readable: ReadableStream;
  readonly writable: WritableStream;
}

interface ReadableOptions {
  readonly strategy?: QueuingStrategy;
}

const sizeOf = (chunk: { readonly length?: number }): number => chunk.length ?? 1;

/** Node counts what a stream of objects has in chunks, and bytes or characters of all others. */
const strategyOf = (objects: boolean, highWaterMark: number): QueuingStrategy =>
  objects ? { highWaterMark } : { highWaterMark, size: sizeOf };

const aborted = (): Error => new DOMException('The operation was aborted', 'AbortError');

export function readableToWeb(stream: NodeReadable, options: ReadableOptions = {}): ReadableStream {
  const objects = stream.readableObjectMode;
  const strategy = options.strategy ?? strategyOf(objects, stream.readableHighWaterMark);
  let isOpen = true;
  return new ReadableStream(
    {
      start(controller) {
        stream.pause();
        stream.on('data', (chunk) => {
          if (!isOpen) return;
          controller.enqueue(objects || typeof chunk === 'string' ? chunk : plainBytes(chunk as Uint8Array));
          if ((controller.desiredSize ?? 0) <= 0) stream.pause();
        });
        const end = (error?: unknown): void => {
          if (!isOpen) return;
          isOpen = false;
          if (error === undefined) controller.close();
          else controller.error(error);
        };
        stream.on('end', () => end());
        stream.on('error', end);
        stream.on('close', () => end(aborted()));
        stream.pause(); // a listener for data has set it going
      },
      pull: () => void stream.resume(),
      cancel(reason: unknown) {
        isOpen = false;
        stream.on('error', () => {});
        stream.destroy(reason instanceof Error ? reason : undefined);
      },
    },
    strategy,
  );
}

/** A Buffer crosses as a plain array of bytes. */
const plainBytes = (chunk: Uint8Array): Uint8Array =>
  new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);

export function writableToWeb(stream: NodeWritable): WritableStream {
  let failed: (error: unknown) => void = () => {};
  /** Settles when the stream emits this event, or fails. */
  const waitFor = (event: string): Promise<void> =>
    new Promise((done, fail) => {
      failed = fail;
      stream.once(event, () => done());
    });
  return new WritableStream(
    {
      start(controller) {
        const end = (error: unknown): void => {
          controller.error(error);
          failed(error);
        };
        stream.on('error', end);
        stream.on('close', () => {
          if (!stream.writableFinished) end(aborted());
        });
      },
      write: (chunk: unknown) =>
        stream.writableNeedDrain || !stream.write(chunk) ? waitFor('drain') : undefined,
      async close() {
        const finished = waitFor('finish');
        stream.end();
        await finished;
      },
      abort: (reason: unknown) => void stream.destroy(reason instanceof Error ? reason : undefined),
    },
    strategyOf(stream.writableObjectMode, stream.writableHighWaterMark),
  );
}

const pairToWeb = (duplex: NodeReadable & NodeWritable): Pair => ({
  readable: readableToWeb(duplex),
  writable: writableToWeb(duplex),
});

/** The methods of a Node stream that reads from a web stream. */
function readingFrom(web: ReadableStream): object {
  const reader = web.getReader();
  return {
    read(this: Readable) {
      reader.read().then(
        ({ done, value }: { readonly done: boolean; readonly value?: unknown }) =>
          this.push(done ? null : ownChunk(value)),
        (error: unknown) => this.destroy(error as Error), // whatever the stream failed with
      );
    },
    async giveUp(error: unknown) {
      await reader.cancel(error).catch(() => {});
    },
  };
}

const ownChunk = (value: unknown): string | Uint8Array =>
  // What is neither text nor bytes passes in streams of objects only, as it is.
  value instanceof Uint8Array && !(value instanceof Buffer) ? Buffer.from(value) : (value as string);

/** The methods of a Node stream that writes to a web stream. */
function writingTo(web: WritableStream): object {
  const writer = web.getWriter();
  const settle = (work: Promise<void>, done: Done): void =>
    void work.then(
      () => done(),
      (error: unknown) => done(error),
    );
  return {
    write: (chunk: unknown, _encoding: unknown, done: Done) =>
      settle(
        writer.ready.then(() => writer.write(chunk)),
        done,
      ),
    final: (done: Done) => settle(writer.close(), done),
    async abandon(error: unknown) {
      await writer.abort(error).catch(() => {});
    },
  };
}

type Ending = (error: unknown) => Promise<void>;

/** Ends the web streams too when the Node stream is destroyed before its end. */
const destroying = (...endings: readonly (Ending | undefined)[]) => ({
  destroy(error: unknown, done: Done) {
    void Promise.all(endings.map(async (end) => end?.(error))).then(() => done(error));
  },
});

/** Gives the classes of `node:stream` their conversions. */
export function convertStreams(streams: StreamModule): void {
  const { Readable, Writable, Duplex } = streams;
  const readableFromWeb = (web: ReadableStream, options: object = {}): Readable => {
    const { giveUp, ...methods } = readingFrom(web) as { giveUp: Ending };
    return new Readable({ ...options, ...methods, ...destroying(giveUp) });
  };
  const writableFromWeb = (web: WritableStream, options: object = {}): Writable => {
    const { abandon, ...methods } = writingTo(web) as { abandon: Ending };
    return new Writable({ ...options, ...methods, ...destroying(abandon) });
  };
  const pairFromWeb = ({ readable, writable }: Pair, options: object = {}): object => {
    const { giveUp, ...reads } = readingFrom(readable) as { giveUp: Ending };
    const { abandon, ...writes } = writingTo(writable) as { abandon: Ending };
    return new Duplex({ ...options, ...reads, ...writes, ...destroying(giveUp, abandon) });
  };
  const conversions = [
    [Readable, readableToWeb, readableFromWeb],
    [Writable, writableToWeb, writableFromWeb],
    [Duplex, pairToWeb, pairFromWeb],
  ] as const;
  for (const [kind, toWeb, fromWeb] of conversions)
    for (const [name, value] of Object.entries({ toWeb, fromWeb }))
      Object.defineProperty(kind, name, { value, writable: true, configurable: true });
}
