/**
 * Which messages carried an operation: the requests that its process's client sent while it went on, each with its reply,
 * which names the request. Whose client it is follows from the order of opening (client-owners.ts), and is checked: all
 * that a client sent must fall into operations of its process. Where it does not fit, as in runs that were recorded in
 * some other way, the client is guessed by time (guess-client.ts), and that is said.
 */
import { clientOwners, type ClientOwners, type SeenClient } from './client-owners.ts';
import { guessClient } from './guess-client.ts';
import type { HistoryColumns } from './history-columns.ts';
import type { JournalColumns } from './journal-columns.ts';
import { fieldOf, withBodies } from './message-bodies.ts';
import { LOST } from './view-types.ts';

const PREVIEW_BYTES = 4096;
/** How many messages to a client are looked at for the answer to a request. */
const ANSWERS_LOOKED_AT = 200;
/** More clients without a process than this are no sign of nodes that left. */
const MOST_OTHERS = 200;

export interface Exchange {
  /** Ids of messages. */
  readonly request: number;
  readonly reply: number | undefined;
}

export interface OperationMessages {
  readonly exchanges: readonly Exchange[];
  /** False when the client was guessed. */
  readonly isSure: boolean;
}

interface Traffic {
  /** Ids of messages, in order. */
  readonly out: number[];
  readonly in: number[];
}

interface Owner {
  /** Numbers of names in the journal. */
  readonly clients: readonly number[];
  readonly isSure: boolean;
}

export class ClientRequests {
  /** By the number of the client's name. */
  private readonly traffic = new Map<number, Traffic>();
  private readonly clientNumbers = new Map<number, number>();
  private readonly firstTypes = new Map<number, string>();
  private readonly rowsOf = new Map<number, number[]>();
  private namesRead = 0;
  private messagesRead = 0;
  private rowsRead = 0;
  private readonly clientsOf = new Map<number, number[]>();
  private readonly owners = new Map<number, Owner>();
  /** Whether the order of opening explains what all clients did first and last. */
  private isInOrder = false;

  constructor(
    private readonly journal: JournalColumns,
    private readonly history: HistoryColumns,
    private readonly nodes: ReadonlySet<string>,
  ) {}

  /** Of the operation in that row of the history. */
  messagesOf(row: number): OperationMessages {
    this.refresh();
    const { clients, isSure } = this.ownerOf(this.history.columns.process.data[row] ?? 0, row);
    const exchanges = clients
      .flatMap((client) => this.requestsWithin(client, row))
      .map((request) => ({ request, reply: this.replyTo(request) }));
    return { exchanges, isSure };
  }

  /** The row of the operation that a message between a client and a node belongs to. */
  operationOf(id: number): { readonly row: number; readonly isSure: boolean } | undefined {
    this.refresh();
    const { journal } = this;
    const [src, dest] = [journal.src[id] ?? 0, journal.dest[id] ?? 0];
    const request = this.traffic.has(src) ? id : this.traffic.has(dest) ? this.requestOf(id) : undefined;
    const client = request === undefined ? undefined : journal.src[request];
    if (request === undefined || client === undefined) return undefined;
    const process = this.processOf(client, request);
    const row = process === undefined ? undefined : this.rowAt(process, journal.sent[request] ?? 0);
    if (process === undefined || row === undefined) return undefined;
    const { isSure, clients } = this.ownerOf(process, row);
    return clients.includes(client) ? { row, isSure } : undefined;
  }

  /** Takes in what the journal and the history have grown by. */
  private refresh(): void {
    const { journal, history } = this;
    if (this.messagesRead === journal.messageCount && this.rowsRead === history.count) return;
    for (; this.namesRead < journal.names.length; this.namesRead++) {
      const name = journal.names[this.namesRead] ?? '';
      if (!/^c\d+$/.test(name) || this.nodes.has(name)) continue;
      this.clientNumbers.set(this.namesRead, Number(name.slice(1)));
      this.traffic.set(this.namesRead, { out: [], in: [] });
    }
    for (; this.messagesRead < journal.messageCount; this.messagesRead++) {
      this.traffic.get(journal.src[this.messagesRead] ?? 0)?.out.push(this.messagesRead);
      this.traffic.get(journal.dest[this.messagesRead] ?? 0)?.in.push(this.messagesRead);
    }
    for (; this.rowsRead < history.count; this.rowsRead++) {
      const process = history.columns.process.data[this.rowsRead] ?? 0;
      const rows = this.rowsOf.get(process);
      if (rows === undefined) this.rowsOf.set(process, [this.rowsRead]);
      else rows.push(this.rowsRead);
    }
    this.assign();
  }

  private assign(): void {
    const { history } = this;
    const nameOf = new Map([...this.clientNumbers].map(([name, number]) => [number, name]));
    const { processOf, others } = clientOwners(
      this.seenClients(),
      [...this.rowsOf].map(([process, [first = 0]]) => ({
        process,
        firstInvokedNanos: history.columns.invoked.data[first] ?? 0,
      })),
    );
    this.owners.clear();
    this.clientsOf.clear();
    for (const [number, process] of processOf) this.clientsOf.set(process, [nameOf.get(number) ?? 0]);
    if (others.length <= MOST_OTHERS) this.assignOthers(others, nameOf);
    this.isInOrder = [...this.clientsOf].every(([process, clients]) =>
      clients.every((client) => {
        const { out = [] } = this.traffic.get(client) ?? {};
        return this.fits(process, [out[0], out.at(-1)]);
      }),
    );
  }

  /** A further client belongs to a process that was at work then and of which nothing else is heard meanwhile. */
  private assignOthers(others: ClientOwners['others'], nameOf: ReadonlyMap<number, number>): void {
    for (const { number, firstSentNanos } of others) {
      const silent = [...this.clientsOf].filter(([process, clients]) => {
        const row = this.rowAt(process, firstSentNanos);
        return row !== undefined && clients.every((client) => this.requestsWithin(client, row).length === 0);
      });
      const [only] = silent;
      const name = nameOf.get(number);
      if (only !== undefined && silent.length === 1 && name !== undefined) only[1].push(name);
    }
  }

  private seenClients(): SeenClient[] {
    const { journal } = this;
    const spoke = [...this.traffic].filter(([, { out }]) => out.length > 0);
    const fresh = spoke.filter(([name]) => !this.firstTypes.has(name));
    if (fresh.length > 0) {
      withBodies(journal, (read) => {
        for (const [name, { out }] of fresh)
          this.firstTypes.set(name, fieldOf(read(out[0] ?? 0, PREVIEW_BYTES).text, 'type') ?? '');
      });
    }
    return spoke
      .map(([name, { out }]) => ({
        number: this.clientNumbers.get(name) ?? 0,
        firstSentNanos: journal.sent[out[0] ?? 0] ?? 0,
        firstType: this.firstTypes.get(name) ?? '',
      }))
      .toSorted((a, b) => a.number - b.number);
  }

  private ownerOf(process: number, row: number): Owner {
    const known = this.owners.get(process);
    if (known !== undefined) return known;
    const clients = this.clientsOf.get(process) ?? [];
    const isSure =
      this.isInOrder && clients.every((client) => this.fits(process, this.traffic.get(client)?.out ?? []));
    const owner = isSure ? { clients, isSure: true } : { clients: this.guessed(process, row), isSure: false };
    this.owners.set(process, owner);
    return owner;
  }

  /** Whether each of those requests lies within an operation of the process, as far as the history is known. */
  private fits(process: number, requests: readonly (number | undefined)[]): boolean {
    return requests.every((id) => {
      const sent = id === undefined ? Infinity : (this.journal.sent[id] ?? 0);
      return sent > this.history.endNanos || this.rowAt(process, sent) !== undefined;
    });
  }

  private guessed(process: number, row: number): readonly number[] {
    const { journal, history } = this;
    const rows = this.rowsOf.get(process) ?? [];
    const isClient = (name: number): boolean => this.traffic.has(name);
    const found = guessClient({ journal, history, isClient }, rows, rows.indexOf(row));
    return found === undefined ? [] : [found];
  }

  /** The process a client works for; by time where the order of opening does not tell. */
  private processOf(client: number, request: number): number | undefined {
    if (this.isInOrder)
      for (const [process, clients] of this.clientsOf) if (clients.includes(client)) return process;
    const sent = this.journal.sent[request] ?? 0;
    for (const process of this.rowsOf.keys()) {
      const row = this.rowAt(process, sent);
      if (row !== undefined && this.ownerOf(process, row).clients.includes(client)) return process;
    }
    return undefined;
  }

  /** The operation of the process that was going on at that time. */
  private rowAt(process: number, nanos: number): number | undefined {
    const { invoked, completed } = this.history.columns;
    const rows = this.rowsOf.get(process) ?? [];
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((invoked.data[rows[middle] ?? 0] ?? 0) <= nanos) low = middle + 1;
      else high = middle;
    }
    const row = rows[low - 1];
    // One that never ended goes on for ever.
    return row === undefined || (completed.data[row] ?? Number.NaN) < nanos ? undefined : row;
  }

  /** What the client sent from the invocation to the completion, or without one to the next. */
  private requestsWithin(client: number, row: number): readonly number[] {
    const { invoked, completed, process } = this.history.columns;
    const out = this.traffic.get(client)?.out ?? [];
    const from = invoked.data[row] ?? 0;
    const rows = this.rowsOf.get(process.data[row] ?? 0) ?? [];
    const next = rows[lowerIn(rows, row) + 1];
    const end = completed.data[row] ?? Number.NaN;
    const nextNanos = next === undefined ? Infinity : (invoked.data[next] ?? Infinity);
    const found: number[] = [];
    for (let at = this.firstSince(out, from); at < out.length; at++) {
      const id = out[at] ?? 0;
      const sent = this.journal.sent[id] ?? 0;
      if (sent > end || sent >= nextNanos) break;
      found.push(id);
    }
    return found;
  }

  private firstSince(ids: readonly number[], nanos: number): number {
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.journal.sent[ids[middle] ?? 0] ?? 0) < nanos) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first message to the client that answers the request by its `msg_id`; one that arrived, if any did. */
  private replyTo(request: number): number | undefined {
    const { journal } = this;
    const incoming = this.traffic.get(journal.src[request] ?? 0)?.in ?? [];
    const first = lowerIn(incoming, request);
    return withBodies(journal, (read) => {
      const wanted = fieldOf(read(request, PREVIEW_BYTES).text, 'msg_id');
      if (wanted === undefined) return undefined;
      let lost: number | undefined;
      for (const id of incoming.slice(first, first + ANSWERS_LOOKED_AT)) {
        if (fieldOf(read(id, PREVIEW_BYTES).text, 'in_reply_to') !== wanted) continue;
        if (((journal.flags[id] ?? 0) & LOST) === 0) return id;
        lost ??= id;
      }
      return lost;
    });
  }

  /** The request that a message to a client answers, or else the last one before it. */
  private requestOf(reply: number): number | undefined {
    const { journal } = this;
    const out = this.traffic.get(journal.dest[reply] ?? 0)?.out ?? [];
    const before = out.slice(0, lowerIn(out, reply));
    return withBodies(journal, (read) => {
      const wanted = fieldOf(read(reply, PREVIEW_BYTES).text, 'in_reply_to');
      // Clients number their requests from 1 on, so it is mostly at that place.
      const expected = before[Number(wanted) - 1];
      const isIt = (id: number | undefined): boolean =>
        id !== undefined && fieldOf(read(id, PREVIEW_BYTES).text, 'msg_id') === wanted;
      if (isIt(expected)) return expected;
      return before.slice(-ANSWERS_LOOKED_AT).findLast(isIt) ?? before.at(-1);
    });
  }
}

/** Where the number stands, or would, in a list that grows. */
function lowerIn(list: readonly number[], wanted: number): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
