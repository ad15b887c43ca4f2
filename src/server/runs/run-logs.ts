/** Reads parts of a run's logs: its own, and each node's stderr. Names come from outside. */
import { openPlainHandle, statPlain } from '../../files/plain-file.ts';
import { RUN_FILES } from '../../store/layout.ts';
import { inside } from '../../files/inside.ts';
import { isSafeName } from './run-address.ts';
import type { LogChunk } from '../../recording/views.ts';

/** Maximum number of bytes read at once. */
const CHUNK_BYTES = 128 * 1024;

/**
 * Returns part of a log from that byte on, counted from the end if negative. Returns undefined if there is no log of
 * that name.
 */
export async function readLog(folder: string, name: string, offset: number): Promise<LogChunk | undefined> {
  const path = logPath(folder, name);
  if (path === undefined || statPlain(path) === undefined) return undefined;
  const file = await openPlainHandle(path);
  try {
    const { size } = await file.stat();
    const start = Math.min(size, Math.max(0, offset < 0 ? size + offset : offset));
    const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, size - start));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    return {
      text: buffer.toString('utf8', 0, bytesRead),
      offset: start,
      nextOffset: start + bytesRead,
      bytes: size,
    };
  } finally {
    await file.close();
  }
}

function logPath(folder: string, name: string): string | undefined {
  if (name === RUN_FILES.log) return inside(folder, name);
  const [first, file = '', ...more] = name.split('/');
  if (first !== RUN_FILES.nodeLogs || more.length > 0 || !isSafeName(file)) return undefined;
  return inside(folder, name);
}
