/** Reads a complete history into an array; see `HistoryStream` for reading it incrementally. */
import { HistoryStream } from './history-stream.ts';
import type { Op } from '../op.ts';

export interface HistoryReading {
  readonly ops: readonly Op[];
  /** Set if the end is truncated, as after a kill: the line, and what was seen. */
  readonly truncated?: string;
}

/**
 * Reads a history in any format, from its text or its bytes. Throws a HistoryError with the line number if it is not a
 * valid history.
 */
export function readHistory(source: string | Iterable<Uint8Array>): HistoryReading {
  const ops: Op[] = [];
  const stream = new HistoryStream((op) => ops.push(op));
  const chunks = typeof source === 'string' ? [new TextEncoder().encode(source)] : source;
  for (const chunk of chunks) stream.push(chunk);
  const { truncated } = stream.end();
  return truncated === undefined ? { ops } : { ops, truncated };
}
