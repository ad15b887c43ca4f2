/** The logs of a run: its own, and what each node wrote to its stderr. Names come from outside. */
import { readdirSync } from 'node:fs';
import { openPlainHandle, statPlain } from '../files/plain-file.ts';
import { RUN_FILES } from '../store/layout.ts';
import { inside } from '../files/inside.ts';
import { isSafeName } from './run-address.ts';
import type { LogChunk, LogFile } from '../recording/views.ts';

/** That are read at once. */
const CHUNK_BYTES = 128 * 1024;

/** The run's own log, then the nodes' in the order of their names. */
export function logsOf(folder: string): LogFile[] {
  const file = (name: string): LogFile[] => {
    const path = logPath(folder, name);
    const stats = path === undefined ? undefined : statPlain(path);
    return stats === undefined ? [] : [{ name, bytes: stats.size }];
  };
  const nodeLogs = inside(folder, RUN_FILES.nodeLogs);
  const nodes = nodeLogs === undefined ? [] : readdirSync(nodeLogs).filter((name) => name.endsWith('.log'));
  const byNumber = new Intl.Collator('en', { numeric: true });
  return [
    ...file(RUN_FILES.log),
    ...nodes
      .toSorted((a, b) => byNumber.compare(a, b))
      .flatMap((name) => file(`${RUN_FILES.nodeLogs}/${name}`)),
  ];
}

/** Part of a log, from that byte on; counted from the end when negative. Undefined when there is none of that name. */
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
