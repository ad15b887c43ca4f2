/**
 * The messages that carried an operation: the requests that its process's client sent during it, each with its reply,
 * which names the request. The client of each process was recorded when it was opened; see history/client-book.ts.
 */
import { addTo } from '../../columns/groups.ts';
import { present } from '../../columns/present.ts';
import { firstNotBefore, lowerBound } from '../../columns/lower-bound.ts';
import type { ClientBook } from '../../history/client-book.ts';
import type { RunOperations } from '../operations/operation-columns.ts';
import type { MessageColumns } from '../messages/message-columns.ts';
import { fieldOf, withBodies } from '../messages/message-bodies.ts';
import { LOST } from '../messages/message-flags.ts';

const PREVIEW_BYTES = 4096;
/** Maximum number of messages to a client that are searched for the reply to a request. */
const ANSWERS_LOOKED_AT = 200;

export interface Exchange {
  /** Ids of messages. */
  readonly request: number;
  readonly reply: number | undefined;
}

interface Traffic {
  /** Ids of messages, in ascending order. */
  readonly out: number[];
  readonly in: number[];
}

export class ClientRequests {
  /** Indexed by the number of the client's name in the journal. */
  private readonly traffic = new Map<number, Traffic>();
  private readonly numbers = new Map<string, number>();
  private readonly rowsOf = new Map<number, number[]>();
  private namesRead = 0;
  private messagesRead = 0;
  private rowsRead = 0;

  constructor(
    private readonly journal: MessageColumns,
    private readonly history: RunOperations,
    private readonly clients: ClientBook,
  ) {}

  /** Returns the messages of the operation in that row of the history. */
  messagesOf(row: number): readonly Exchange[] {
    this.refresh();
    const { process, invoked } = this.history.columns;
    const client = this.clients.clientOf({
      process: process.at(row),
      time: invoked.at(row),
    });
    const number = client === undefined ? undefined : this.numbers.get(client.name);
    if (number === undefined) return [];
    return this.requestsWithin(number, row).map((request) => ({ request, reply: this.replyTo(request) }));
  }

  /** Returns the row of the operation that a message between a client and a node belongs to. */
  operationOf(id: number): number | undefined {
    this.refresh();
    const { journal } = this;
    const [src, dest] = [present(journal.src[id]), present(journal.dest[id])];
    const request = this.traffic.has(src) ? id : this.traffic.has(dest) ? this.requestOf(id) : undefined;
    if (request === undefined) return undefined;
    const process = this.clients.client(journal.names[present(journal.src[request])] ?? '')?.process ?? null;
    return process === null ? undefined : this.rowAt(process, present(journal.sent[request]));
  }

  /** Reads what has been added to the journal and the history. */
  private refresh(): void {
    const { journal, history } = this;
    for (; this.namesRead < journal.names.length; this.namesRead++) {
      const name = journal.names[this.namesRead] ?? '';
      // A client is recorded before its first message.
      if (this.clients.client(name) === undefined) continue;
      this.numbers.set(name, this.namesRead);
      this.traffic.set(this.namesRead, { out: [], in: [] });
    }
    for (; this.messagesRead < journal.messageCount; this.messagesRead++) {
      this.traffic.get(present(journal.src[this.messagesRead]))?.out.push(this.messagesRead);
      this.traffic.get(present(journal.dest[this.messagesRead]))?.in.push(this.messagesRead);
    }
    for (; this.rowsRead < history.count; this.rowsRead++) {
      const process = history.columns.process.at(this.rowsRead);
      addTo(this.rowsOf, process, this.rowsRead);
    }
  }

  /** Returns the operation of the process that was in progress at that time. */
  private rowAt(process: number, nanos: number): number | undefined {
    const { invoked, completed } = this.history.columns;
    const rows = this.rowsOf.get(process) ?? [];
    const after = firstNotBefore(rows.length, (at) => invoked.at(present(rows[at])) <= nanos);
    const row = rows[after - 1];
    // An operation without a completion has no end.
    return row === undefined || completed.at(row) < nanos ? undefined : row;
  }

  /** Returns what the client sent from the invocation to the completion or, without one, to the next invocation. */
  private requestsWithin(client: number, row: number): readonly number[] {
    const { invoked, completed, process } = this.history.columns;
    const out = this.traffic.get(client)?.out ?? [];
    const from = invoked.at(row);
    const rows = this.rowsOf.get(process.at(row)) ?? [];
    const next = rows[lowerBound(rows, row) + 1];
    const end = completed.at(row);
    const nextNanos = next === undefined ? Infinity : invoked.at(next);
    const found: number[] = [];
    for (let at = this.firstSince(out, from); at < out.length; at++) {
      const id = present(out[at]);
      const sent = present(this.journal.sent[id]);
      if (sent > end || sent >= nextNanos) break;
      found.push(id);
    }
    return found;
  }

  private firstSince(ids: readonly number[], nanos: number): number {
    return firstNotBefore(ids.length, (at) => present(this.journal.sent[present(ids[at])]) < nanos);
  }

  /** Returns the first message to the client that replies to the request's `msg_id`, preferring one that arrived. */
  private replyTo(request: number): number | undefined {
    const { journal } = this;
    const incoming = this.traffic.get(present(journal.src[request]))?.in ?? [];
    const first = lowerBound(incoming, request);
    return withBodies(journal, (read) => {
      const wanted = fieldOf(read(request, PREVIEW_BYTES).text, 'msg_id');
      if (wanted === undefined) return undefined;
      let lost: number | undefined;
      for (const id of incoming.slice(first, first + ANSWERS_LOOKED_AT)) {
        if (fieldOf(read(id, PREVIEW_BYTES).text, 'in_reply_to') !== wanted) continue;
        if ((present(journal.flags[id]) & LOST) === 0) return id;
        lost ??= id;
      }
      return lost;
    });
  }

  /** Returns the request that a message to a client replies to, or else the last one before it. */
  private requestOf(reply: number): number | undefined {
    const { journal } = this;
    const out = this.traffic.get(present(journal.dest[reply]))?.out ?? [];
    const before = out.slice(0, lowerBound(out, reply));
    return withBodies(journal, (read) => {
      const wanted = fieldOf(read(reply, PREVIEW_BYTES).text, 'in_reply_to');
      // Clients number their requests from 1 on, so it is usually at that index.
      const expected = before[Number(wanted) - 1];
      const isIt = (id: number | undefined): boolean =>
        id !== undefined && fieldOf(read(id, PREVIEW_BYTES).text, 'msg_id') === wanted;
      if (isIt(expected)) return expected;
      return before.slice(-ANSWERS_LOOKED_AT).findLast(isIt) ?? before.at(-1);
    });
  }
}
