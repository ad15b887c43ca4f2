/**
 * Where on the run's clock its time 0 lies. The journal and the times of the nodes' logs count from the start of the nodes, for
 * while they are written it is unknown how long that start will take; the history counts from the first operations. Readers of
 * the former subtract this, so that all times agree. A run without the file never came to its operations, or was written by an
 * earlier version, whose times all counted alike.
 */
import { join } from 'node:path';
import { readPlain, writeBelow } from '../files/plain-file.ts';
import { RUN_FILES } from './layout.ts';

export function writeZero(folder: string, zeroNanos: number): void {
  writeBelow(folder, RUN_FILES.zero, `${JSON.stringify({ version: 1, zeroNanos })}\n`);
}

export function readZero(folder: string): number {
  try {
    // Checked below.
    const { zeroNanos } = JSON.parse(readPlain(join(folder, RUN_FILES.zero))) as { zeroNanos?: unknown };
    return typeof zeroNanos === 'number' && Number.isSafeInteger(zeroNanos) ? zeroNanos : 0;
  } catch {
    return 0;
  }
}
