/**
 * Which messages carried an operation. The history knows processes, the journal knows clients (`c7`); each process has a
 * client of its own, named in the order of opening. Told by time: a process's request leaves when the operation is
 * invoked, so the client that most often sends within a process's operations, and hears within them, is its own.
 */
import type { HistoryColumns } from './history-columns.ts';
import type { JournalColumns } from './journal-columns.ts';
import { lowerBound } from './message-window.ts';

const PROBES = 12;
/** How long after an invocation its request may leave: the harness is not always quick in the real world. */
const SLACK_NANOS = 20e6;

export class ClientRequests {
  private readonly clientOf = new Map<number, number>();
  private isClient: readonly boolean[] = [];

  constructor(
    private readonly journal: JournalColumns,
    private readonly history: HistoryColumns,
    private readonly nodes: ReadonlySet<string>,
  ) {}

  /** The request's id of the operation in that row, and its reply's. */
  messagesOf(row: number): { readonly request?: number; readonly reply?: number } {
    const { columns } = this.history;
    const client = this.client(columns.process.data[row] ?? 0, row);
    if (client === undefined) return {};
    const request = this.requestIn(row, client);
    if (request === undefined) return {};
    const reply = this.replyIn(row, client);
    return reply === undefined ? { request } : { request, reply };
  }

  /** The row of the operation that a message between a client and a node belongs to. */
  operationOf(id: number): number | undefined {
    const { journal, history } = this;
    this.refreshNames();
    const name = this.isClient[journal.src[id] ?? 0] === true ? journal.src[id] : journal.dest[id];
    if (name === undefined || this.isClient[name] !== true) return undefined;
    const time = journal.sent[id] ?? 0;
    const { invoked, completed, process } = history.columns;
    const last = lowerBound(invoked.data, history.count, time + 1);
    for (let row = last - 1; row >= Math.max(0, last - 5000); row--) {
      const end = completed.data[row] ?? Number.NaN;
      if (end < time) continue;
      if (this.client(process.data[row] ?? 0, row) === name) return row;
    }
    return undefined;
  }

  private client(process: number, row: number): number | undefined {
    const known = this.clientOf.get(process);
    if (known !== undefined) return known;
    this.refreshNames();
    const votes = new Map<number, number>();
    for (const probe of this.rowsOf(process, row)) this.vote(probe, votes);
    const [best] = [...votes].toSorted((a, b) => b[1] - a[1]);
    if (best !== undefined) this.clientOf.set(process, best[0]);
    return best?.[0];
  }

  /** Some operations of the process around that row. */
  private rowsOf(process: number, row: number): number[] {
    const { process: processes } = this.history.columns;
    const rows: number[] = [row];
    for (let next = row + 1; next < this.history.count && next < row + 5000 && rows.length < PROBES; next++)
      if (processes.data[next] === process) rows.push(next);
    for (let next = row - 1; next >= 0 && next > row - 5000 && rows.length < PROBES; next--)
      if (processes.data[next] === process) rows.push(next);
    return rows;
  }

  private vote(row: number, votes: Map<number, number>): void {
    const { journal } = this;
    const { invoked, completed } = this.history.columns;
    const from = invoked.data[row] ?? 0;
    const end = completed.data[row] ?? Number.NaN;
    const first = lowerBound(journal.sent, journal.messageCount, from);
    const seen = new Set<number>();
    for (let id = first; id < journal.messageCount && (journal.sent[id] ?? 0) <= from + SLACK_NANOS; id++) {
      const client = journal.src[id] ?? 0;
      if (this.isClient[client] !== true || seen.has(client)) continue;
      seen.add(client);
      // Nearness counts, and that something came back just when the operation ended.
      let points = 1 / (1 + ((journal.sent[id] ?? 0) - from) / 1e5);
      const reply = Number.isNaN(end) ? undefined : this.replyIn(row, client);
      if (reply !== undefined) points += 1 / (1 + Math.abs(end - (journal.end[reply] ?? 0)) / 1e5);
      votes.set(client, (votes.get(client) ?? 0) + points);
    }
  }

  private requestIn(row: number, client: number): number | undefined {
    const { journal } = this;
    const from = this.history.columns.invoked.data[row] ?? 0;
    const end = this.history.columns.completed.data[row] ?? Number.NaN;
    const until = Number.isNaN(end) ? from + SLACK_NANOS : end;
    const first = lowerBound(journal.sent, journal.messageCount, from);
    for (let id = first; id < journal.messageCount && (journal.sent[id] ?? 0) <= until; id++)
      if (journal.src[id] === client) return id;
    return undefined;
  }

  /** The last message that reached the client before its operation ended. */
  private replyIn(row: number, client: number): number | undefined {
    const { journal } = this;
    const from = this.history.columns.invoked.data[row] ?? 0;
    const end = this.history.columns.completed.data[row] ?? Number.NaN;
    if (Number.isNaN(end)) return undefined;
    const last = lowerBound(journal.sent, journal.messageCount, end + 1);
    for (let id = last - 1; id >= 0 && (journal.sent[id] ?? 0) >= from; id--)
      if (journal.dest[id] === client && (journal.end[id] ?? Infinity) <= end + 1) return id;
    return undefined;
  }

  private refreshNames(): void {
    const { names } = this.journal;
    if (this.isClient.length === names.length) return;
    this.isClient = names.map((name) => /^c\d+$/.test(name) && !this.nodes.has(name));
  }
}
