/** Parts of logs whose ends are in memory. */
import type { PackedLog } from './packed-run.ts';
import type { LogChunk } from '../views.ts';

const CHUNK_CHARACTERS = 128 * 1024;

/**
 * Responds like the server for a file: from that byte on, or from the end if negative. Returns undefined if there is no
 * log of that name.
 */
export function memoryLog(logs: readonly PackedLog[], name: string, offset: number): LogChunk | undefined {
  const log = logs.find((one) => one.name === name);
  if (log === undefined) return undefined;
  const bytes = new TextEncoder().encode(log.text);
  const first = log.bytes - bytes.length;
  const start = Math.max(first, Math.min(log.bytes, offset < 0 ? log.bytes + offset : offset));
  const piece = bytes.subarray(start - first, start - first + CHUNK_CHARACTERS);
  return {
    text: new TextDecoder().decode(piece),
    offset: start,
    nextOffset: start + piece.length,
    bytes: log.bytes,
    first,
  };
}
