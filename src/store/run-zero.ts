/**
 * The zero of a run's times on the world's clock. The journal and the times of the nodes' logs count from the start of
 * the nodes, since it is unknown beforehand how long that start takes; the history counts from the first operations.
 * Readers of the former subtract the zero, so that all times agree. Without the file, the run never reached its
 * operations, or was written by an earlier version in which all times counted alike.
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
