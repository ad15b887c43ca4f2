/**
 * The client that most likely carried a process's operations, told by time alone: a request leaves when its operation is
 * invoked, and the operation ends when something has come back. For runs in which the order of clients does not tell.
 */
import type { HistoryColumns } from './history-columns.ts';
import type { JournalColumns } from './journal-columns.ts';
import { lowerBound } from './message-window.ts';

/** Operations of the process that are looked at, around the one in question. */
const PROBES = 12;
/** How long after an invocation its request may leave. */
const SLACK_NANOS = 20e6;
/** How near counts as at once. */
const NEAR_NANOS = 1e5;

interface Columns {
  readonly journal: JournalColumns;
  readonly history: HistoryColumns;
  readonly isClient: (name: number) => boolean;
}

/** `rows` are the process's operations, `at` the one in question. The number of the client's name. */
export function guessClient(columns: Columns, rows: readonly number[], at: number): number | undefined {
  const votes = new Map<number, number>();
  const first = Math.max(0, at - PROBES / 2);
  for (const row of rows.slice(first, first + PROBES)) vote(columns, row, votes);
  return [...votes].toSorted((a, b) => b[1] - a[1])[0]?.[0];
}

function vote({ journal, history, isClient }: Columns, row: number, votes: Map<number, number>): void {
  const { invoked, completed } = history.columns;
  const from = invoked.data[row] ?? 0;
  const end = completed.data[row] ?? Number.NaN;
  const seen = new Set<number>();
  for (let id = lowerBound(journal.sent, journal.messageCount, from); id < journal.messageCount; id++) {
    const sent = journal.sent[id] ?? 0;
    if (sent > from + SLACK_NANOS) break;
    const client = journal.src[id] ?? 0;
    if (!isClient(client) || seen.has(client)) continue;
    seen.add(client);
    let points = 1 / (1 + (sent - from) / NEAR_NANOS);
    const heard = Number.isNaN(end) ? undefined : lastHeard(journal, client, from, end);
    if (heard !== undefined) points += 1 / (1 + Math.abs(end - heard) / NEAR_NANOS);
    votes.set(client, (votes.get(client) ?? 0) + points);
  }
}

/** When something last reached the client before its operation ended. */
function lastHeard(journal: JournalColumns, client: number, from: number, end: number): number | undefined {
  for (let id = lowerBound(journal.sent, journal.messageCount, end + 1) - 1; id >= 0; id--) {
    if ((journal.sent[id] ?? 0) < from) return undefined;
    if (journal.dest[id] === client && (journal.end[id] ?? Infinity) <= end + 1) return journal.end[id];
  }
  return undefined;
}
