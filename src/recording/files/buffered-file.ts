/** Buffers a file from which short pieces near each other are read: rows of a table, partners of a message. */
import type { LookedFile } from '../run-source.ts';

const CHUNK_BYTES = 1 << 16;

export function bufferedFile({ size, read }: LookedFile): LookedFile {
  let chunk: Uint8Array | undefined;
  let start = 0;
  let filled = 0;
  return {
    size,
    read: (into, at) => {
      if (into.length > CHUNK_BYTES) return read(into, at);
      if (chunk === undefined || at < start || at + into.length > start + filled) {
        chunk ??= new Uint8Array(CHUNK_BYTES);
        start = at;
        filled = read(chunk, at);
      }
      const from = at - start;
      const got = Math.min(into.length, filled - from);
      into.set(chunk.subarray(from, from + got));
      return got;
    },
  };
}
