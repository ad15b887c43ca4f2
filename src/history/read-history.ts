/** Reads a whole history back, ours or Jepsen's, into an array. `HistoryStream` does the work, and does it bit by bit. */
import { HistoryStream } from './history-stream.ts';
import type { Op } from './op.ts';

export interface HistoryReading {
  readonly ops: readonly Op[];
  /** Set when the end was cut off, as after a kill: says at which line, and what was seen. */
  readonly truncated?: string;
}

/**
 * Reads a history in whichever format it is, from its text or its bytes. Throws `HistoryError` with the line number where
 * it is none.
 */
export function readHistory(source: string | Iterable<Uint8Array>): HistoryReading {
  const ops: Op[] = [];
  const stream = new HistoryStream((op) => ops.push(op));
  const chunks = typeof source === 'string' ? [new TextEncoder().encode(source)] : source;
  for (const chunk of chunks) stream.push(chunk);
  const { truncated } = stream.end();
  return truncated === undefined ? { ops } : { ops, truncated };
}
