/**
 * Converts the bytes of a history to UTF-8: unpacks gzip and decodes UTF-16, which PowerShell writes. Other formats pass
 * unchanged, and are refused by name when they are read.
 */
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HistoryError } from '../../history/history-error.ts';

type Chunks = AsyncIterable<Uint8Array>;

/** Each chunk is valid only until the next one is requested, as for the source. */
export async function* unpackedChunks(chunks: Chunks): Chunks {
  const pieces = chunks[Symbol.asyncIterator]();
  try {
    const begin = await firstPieces(pieces);
    const all = continued(begin, pieces);
    const first = begin[0] ?? new Uint8Array(0);
    const encoding = wideEncodingOf(first);
    if (first[0] === 0x1f && first[1] === 0x8b) yield* unpackedChunks(gunzipped(all));
    else if (encoding !== undefined) yield* decoded(all, encoding);
    else yield* all;
  } finally {
    await pieces.return?.();
  }
}

/** Returns the first chunks joined to at least three bytes, or none if there are no bytes. */
async function firstPieces(pieces: AsyncIterator<Uint8Array>): Promise<readonly Uint8Array[]> {
  let begin: Uint8Array = new Uint8Array(0);
  while (begin.length < 3) {
    const next = await pieces.next();
    if (next.done === true) break;
    begin = begin.length === 0 ? next.value : Uint8Array.from([...begin, ...next.value]);
  }
  return begin.length === 0 ? [] : [begin];
}

async function* continued(begin: readonly Uint8Array[], pieces: AsyncIterator<Uint8Array>): Chunks {
  yield* begin;
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
}

async function* gunzipped(chunks: Chunks): Chunks {
  // Copied, since the stream buffers chunks.
  const copies = (async function* () {
    for await (const chunk of chunks) yield Uint8Array.from(chunk);
  })();
  const unzip = createGunzip();
  const packed = Readable.from(copies);
  packed.on('error', (error) => unzip.destroy(error));
  packed.pipe(unzip);
  try {
    for await (const chunk of unzip) yield chunk as Uint8Array;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') !== true) throw error;
    throw new HistoryError(`its gzip cannot be unpacked: ${message}`);
  } finally {
    packed.destroy();
  }
}

/** Detects UTF-16 by its byte order mark, or by a zero byte in its first character. */
function wideEncodingOf([first = 1, second = 1, third = 1]: Uint8Array): string | undefined {
  // UTF-32 or binary data.
  if (second === 0 && third === 0) return undefined;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== 0) ? 'utf-16be' : undefined;
}

async function* decoded(chunks: Chunks, encoding: string): Chunks {
  const decoder = new TextDecoder(encoding);
  const encoder = new TextEncoder();
  for await (const chunk of chunks) yield encoder.encode(decoder.decode(chunk, { stream: true }));
  yield encoder.encode(decoder.decode());
}
