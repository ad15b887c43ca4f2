/** `node:stream/consumers`: reads a stream to its end into one value. */
import { lateBlob, lateBuffer, lateText } from '../late.ts';

type Chunk = string | ArrayBuffer | ArrayBufferView;
type Source = AsyncIterable<Chunk>;

async function buffer(stream: Source): Promise<Uint8Array> {
  const { Buffer } = lateBuffer();
  const parts: Uint8Array[] = [];
  for await (const chunk of stream)
    parts.push(typeof chunk === 'string' ? Buffer.from(chunk) : bytesOf(chunk));
  return Buffer.concat(parts);
}

const bytesOf = (chunk: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(chunk)
    ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : new Uint8Array(chunk);

async function arrayBuffer(stream: Source): Promise<ArrayBufferLike> {
  const bytes = await buffer(stream);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

async function blob(stream: Source): Promise<object> {
  const bytes = await buffer(stream);
  const { Blob } = lateBlob();
  return new Blob([bytes]);
}

async function text(stream: Source): Promise<string> {
  const { TextDecoder } = lateText();
  const decoder = new TextDecoder();
  let all = '';
  for await (const chunk of stream)
    all += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
  return all + decoder.decode();
}

async function json(stream: Source): Promise<unknown> {
  return JSON.parse(await text(stream)) as unknown; // whatever it is
}

export const consumersModule = { arrayBuffer, blob, buffer, json, text };
