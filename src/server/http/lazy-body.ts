/**
 * A Node stream as the body of a response. It is created when its first bytes are requested, and destroyed when the
 * client disconnects, so that its files are closed in every case, even if the response is never read.
 */
import type { Readable } from 'node:stream';

export function lazyBody(make: () => Readable): ReadableStream<Uint8Array> {
  let source: Readable | undefined;
  let parts: AsyncIterator<Uint8Array> | undefined;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        source ??= make();
        parts ??= source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>; // its parts are Buffers
        const { done, value } = await parts.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        source?.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
