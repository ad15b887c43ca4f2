/**
 * One recorded run, opened for viewing: its messages and operations as columns, and the answers to a viewer's queries.
 * Reads only through its source, on demand, and picks up what a run in progress has written since.
 */
import { faultViews } from './fault-bands.ts';
import { ClientRequests } from './following/client-requests.ts';
import { kindsOf, makeLanes, type KindOf, type ClientLanes, type Lanes } from './lanes.ts';
import { everMembers } from './members.ts';
import { BODY_BYTES, withBodies } from './messages/message-bodies.ts';
import { MessageColumns } from './messages/message-columns.ts';
import { MessageOrigins } from './messages/message-origins.ts';
import { requestTree } from './following/request-tree.ts';
import { MessageMarks } from './following/message-marks.ts';
import { partnersOf } from './messages/message-partners.ts';
import { searchMessages, withoutEndpoints } from './messages/message-search.ts';
import { messageTable } from './messages/message-table.ts';
import { eachOverlapping, messageWindow, type WindowRequest } from './messages/message-window.ts';
import { RunOperations } from './operations/operation-columns.ts';
import { searchOperations, type KeepRow } from './operations/operation-search.ts';
import { operationTable } from './operations/operation-table.ts';
import { operationRows, operationWindow } from './operations/operation-window.ts';
import { foundRows, threadRows, type ProcessRows } from './operations/process-rows.ts';
import { messageWords } from './messages/payload.ts';
import { propagationOf } from './spreading/propagation.ts';
import type { PropagationView } from './spreading/propagation-view.ts';
import { Recent } from './recent.ts';
import { StateColumns } from './states/state-columns.ts';
import { statesAt, statesOverview, stateWindow, type StateQuery } from './states/state-window.ts';
import type { RunSource } from './run-source.ts';
import type {
  Counts,
  MessageDetails,
  MessageRow,
  MessageWindow,
  OperationDetails,
  OperationRow,
  OperationWindow,
  Overview,
  RequestTree,
  StatesAt,
  StateWindow,
} from './views.ts';

/** Defaults for what is shown at once: arrows or bars of a picture, and rows of a table. */
export const SHOWN_AT_ONCE = 2500;
export const ROWS_AT_ONCE = 100;
/** Maximum number of arrows whose types are read from their bodies. */
const TYPED_ARROWS = 160;
/** Maximum number of log lines of each node in a picture. */
const LOG_MARKS = 60;
/** By default, clients (except those of `init`) get a lane each up to this number. */
const MANY_CLIENTS = 10;
const LINE_BYTES = 64 * 1024;
/** Maximum number of requests shown for one operation. */
const MOST_EXCHANGES = 50;

export interface MessageQuery extends Omit<WindowRequest, 'matching' | 'marks'> {
  readonly query: string;
  readonly clients: ClientLanes;
  /** Endpoints that are hidden, with the messages they send and receive. */
  readonly hidden?: readonly string[];
  /** Nodes that share a lane. */
  readonly grouped?: readonly string[];
  /** The field of bodies that is shown on arrows; all fields if it is empty. */
  readonly payload?: string;
  /** `caused:42`, `led:42` or `way:42`. */
  readonly mark: string;
}

interface Skip {
  readonly skip?: number;
}

export interface OperationQuery {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly buckets: number;
  readonly query: string;
}

export class RecordedRun {
  readonly journal: MessageColumns;
  readonly history: RunOperations;
  readonly stateColumns: StateColumns;
  private readonly requests: ClientRequests;
  private readonly searches = new Recent<Promise<Uint8Array | undefined>>(6);
  private readonly filters = new Recent<Promise<KeepRow | undefined>>(6);
  private readonly origins: MessageOrigins;
  private readonly trees = new Recent<RequestTree>(3);
  private readonly propagations = new Recent<Promise<PropagationView | undefined>>(1);
  private readonly marks: MessageMarks;
  private found: { readonly count: number; readonly rows: ProcessRows } | undefined;
  private journalProblem: string | undefined;
  private historyProblem: string | undefined;

  constructor(protected readonly source: RunSource) {
    this.journal = new MessageColumns(source.journal);
    this.history = new RunOperations(source.history);
    this.stateColumns = new StateColumns(source.states, source.journal.zeroNanos);
    this.origins = new MessageOrigins(this.journal);
    this.marks = new MessageMarks(this.journal, this.origins, (id) => this.treeOf(id));
    this.requests = new ClientRequests(this.journal, this.history, source.clients);
  }

  /** Reads what has been written since. Read errors are reported in the overview. */
  async refreshJournal(): Promise<void> {
    this.journalProblem = await problemOf(this.journal.refresh());
    // After the messages, so that their clients are already recorded.
    this.source.refreshClients();
    // Most runs have no states.
    await problemOf(this.stateColumns.refresh());
  }

  async refreshHistory(): Promise<void> {
    this.historyProblem = await problemOf(this.history.refresh());
  }

  overview(isRunning: boolean): Overview {
    const { journal, history, source } = this;
    const { views } = this.lanes({ clients: 'one' });
    const problem = this.journalProblem ?? this.historyProblem;
    const states = statesOverview(this.stateColumns);
    return {
      messages: journal.messageCount,
      events: journal.eventCount,
      lost: journal.lostCount,
      duplicated: journal.duplicatedCount,
      operations: history.count,
      startNanos: Math.min(0, journal.startNanos),
      endNanos: Math.max(journal.endNanos, history.endNanos, 1),
      lanes: views.filter(({ kind }) => kind !== 'client'),
      faults: faultViews(history.nemesis, source.test.spec.nodes),
      ...(states === undefined ? {} : { states }),
      processes: this.processRows().first,
      isRunning,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  async messages(asked: MessageQuery, signal: AbortSignal): Promise<MessageWindow> {
    const marks = await this.marked(asked.mark);
    const matching = await this.search(asked, signal);
    const found = messageWindow(this.journal, this.lanes(asked), { ...asked, matching, marks });
    const { id } = found.arrows;
    // If there are many, only those that are followed.
    const worded =
      id.length <= TYPED_ARROWS || marks === undefined ? id : id.filter((one) => marks[one] === 1);
    const hasWords = worded.length > 0 && worded.length <= TYPED_ARROWS;
    const words = hasWords
      ? messageWords(this.journal, id, { field: asked.payload ?? '', worded: new Set(worded) })
      : undefined;
    return {
      ...found,
      logs: this.source.logMarks({ nodes: this.nodes(), from: asked.from, to: asked.to, limit: LOG_MARKS }),
      ...(words && {
        arrows: { ...found.arrows, type: words.type, payload: words.payload },
        fields: words.fields,
      }),
      ...(marks === undefined ? {} : { marked: marks.reduce((sum, mark) => sum + mark, 0) }),
    };
  }

  /** Returns the first messages of an interval, for a table. */
  async messageRows(
    asked: Pick<MessageQuery, 'from' | 'to' | 'limit' | 'query' | 'mark' | 'hidden'> & Skip,
    signal: AbortSignal,
  ): Promise<MessageRow[]> {
    const matching = await this.search(asked, signal);
    const marks = await this.marked(asked.mark);
    const ids: number[] = [];
    let skip = asked.skip ?? 0;
    eachOverlapping(this.journal, { ...asked, matching }, (id) => {
      if ((marks === undefined || marks[id] === 1) && skip-- <= 0) ids.push(id);
      return ids.length < asked.limit;
    });
    return messageTable(this.journal, ids);
  }

  /** Returns undefined if there is no such message. */
  message(id: number): MessageDetails | undefined {
    const { journal } = this;
    if (!(Number.isInteger(id) && id >= 0 && id < journal.messageCount)) return undefined;
    const [shown] = messageTable(journal, [id]);
    if (shown === undefined) return undefined;
    const { text, bytes, problem } = withBodies(journal, (read) => read(id, BODY_BYTES));
    const partners = partnersOf(journal, id, text);
    const [request] = partners.request === undefined ? [] : messageTable(journal, [partners.request]);
    const reason = journal.dropReasons.get(id);
    const row = this.requests.operationOf(id);
    return {
      ...shown,
      body: text,
      bodyBytes: bytes,
      copies: journal.copies.get(id) ?? [],
      ...(problem === undefined ? {} : { problem }),
      ...(reason === undefined ? {} : { dropReason: journal.names[reason] ?? '?' }),
      ...(request === undefined ? {} : { request }),
      replies: messageTable(journal, partners.replies),
      ...(row === undefined ? {} : { operation: this.history.columns.index.at(row) }),
    };
  }

  states(asked: StateQuery): StateWindow {
    return stateWindow(this.stateColumns, this.nodes(), asked);
  }

  statesAt(nanos: number): StatesAt {
    return statesAt(this.stateColumns, this.nodes(), nanos);
  }

  /** Returns what was sent for the request that a message belongs to, or undefined if there is no such message. */
  async requestTree(id: number): Promise<RequestTree | undefined> {
    if (!(Number.isInteger(id) && id >= 0 && id < this.journal.messageCount)) return undefined;
    await this.origins.refresh();
    return this.treeOf(id);
  }

  async operations(asked: OperationQuery, signal: AbortSignal): Promise<OperationWindow> {
    return operationWindow(this.history, {
      ...asked,
      processRows: this.processRows(),
      keep: await this.filter(asked.query, signal),
    });
  }

  /** For a foreign history, whose number of threads is unknown, they are recomputed as it grows. */
  private processRows(): ProcessRows {
    const { bin, nodes, concurrency } = this.source.test.spec;
    if (bin !== '' && nodes.length > 0) return threadRows(concurrency);
    const { history } = this;
    if (this.found?.count !== history.count) this.found = { count: history.count, rows: foundRows(history) };
    return this.found.rows;
  }

  async operationRows(
    asked: Pick<OperationQuery, 'from' | 'to' | 'limit' | 'query'> & Skip,
    signal: AbortSignal,
  ): Promise<OperationRow[]> {
    const keep = await this.filter(asked.query, signal);
    const rows = operationRows(this.history, { ...asked, keep });
    const { limit, skip = 0 } = asked;
    return operationTable(this.history, rows.slice(skip, skip + limit));
  }

  /** Returns the operation whose invocation or completion is at that index of the history. */
  operation(index: number): OperationDetails | undefined {
    const row = this.history.rowOf(index);
    const [shown] = row === undefined ? [] : operationTable(this.history, [row]);
    if (row === undefined || shown === undefined) return undefined;
    const { invokeAt, completeAt } = this.history.columns;
    const { invoked, process: number } = shown;
    const node = this.source.clients.nodeOf({ process: number, time: invoked });
    const completion = completeAt.at(row);
    const exchanges = this.requests.messagesOf(row);
    return {
      ...shown,
      invocation: this.history.line(invokeAt.at(row), LINE_BYTES),
      ...(completion === -1 ? {} : { completion: this.history.line(completion, LINE_BYTES) }),
      ...(node === undefined ? {} : { node }),
      exchanges: exchanges.slice(0, MOST_EXCHANGES).flatMap(({ request: asked, reply: answered }) => {
        const [request, reply] = messageTable(
          this.journal,
          answered === undefined ? [asked] : [asked, answered],
        );
        if (request === undefined) return [];
        return [reply === undefined ? { request } : { request, reply }];
      }),
    };
  }

  /** Returns how elements spread; undefined for workloads without them, and for runs without messages. */
  async propagation(signal: AbortSignal): Promise<PropagationView | undefined> {
    const { journal, history, source } = this;
    if (journal.messageCount === 0) return undefined;
    const results = source.results();
    const key = `${journal.messageCount} ${history.count} ${results?.length}`;
    return remembered(this.propagations, key, () => {
      const { workload } = source.test.spec;
      return propagationOf(
        { workload, journal, history, nodes: this.nodes(), kindOf: this.kinds(), results },
        signal,
      );
    });
  }

  /** Returns all nodes that were ever members, as far as the history has been read. */
  protected nodes(): readonly string[] {
    return everMembers(this.source.test.spec.nodes, this.history.nemesis);
  }

  private lanes({
    clients,
    hidden = [],
    grouped = [],
  }: Pick<MessageQuery, 'clients' | 'hidden' | 'grouped'>): Lanes {
    const { journal } = this;
    const nodes = this.nodes();
    const isEndpoint = (number: number): boolean =>
      !journal.reasonNames.has(number) || nodes.includes(journal.names[number] ?? '');
    const endpoints = journal.names.filter((_, number) => isEndpoint(number));
    return makeLanes(endpoints, {
      nodes,
      kindOf: this.kinds(),
      starters: this.source.test.spec.nodes.length,
      clients,
      many: MANY_CLIENTS,
      hidden,
      grouped,
    });
  }

  private async marked(mark: string): Promise<Uint8Array | undefined> {
    if (mark === '') return undefined;
    await this.origins.refresh();
    return this.marks.of(mark);
  }

  private treeOf(id: number): RequestTree {
    const key = `${this.journal.eventCount} ${id}`;
    const known = this.trees.get(key);
    if (known !== undefined) return known;
    const { journal: columns, origins, source } = this;
    const isOfTheRun = (client: string): boolean => source.clients.client(client)?.process === null;
    const tree = requestTree({ columns, origins, kindOf: this.kinds(), isOfTheRun }, id);
    this.trees.set(key, tree);
    return tree;
  }

  private kinds(): KindOf {
    return kindsOf(this.nodes(), this.source.clients);
  }

  /** Counts exactly the entries that tables list for an interval. */
  async counts(
    asked: Pick<MessageQuery, 'from' | 'to' | 'query' | 'hidden'>,
    signal: AbortSignal,
  ): Promise<Counts> {
    const matching = await this.search(asked, signal);
    const keep = await this.filter(asked.query, signal);
    let messages = 0;
    eachOverlapping(this.journal, { ...asked, matching }, () => {
      messages++;
      return true;
    });
    return { messages, operations: operationRows(this.history, { ...asked, keep }).length };
  }

  private search(
    { query, hidden = [] }: Pick<MessageQuery, 'query' | 'hidden'>,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined> {
    if (query.trim() === '' && hidden.length === 0) return Promise.resolve(undefined);
    const key = JSON.stringify([this.journal.messageCount, query, hidden]);
    return remembered(this.searches, key, async () => {
      const found = await searchMessages(this.journal, this.kinds(), query, signal);
      return hidden.length === 0 ? found : withoutEndpoints(this.journal, found, hidden);
    });
  }

  private filter(query: string, signal: AbortSignal): Promise<KeepRow | undefined> {
    return remembered(this.filters, `${this.history.count} ${query}`, () =>
      searchOperations(this.history, query, signal),
    );
  }
}

/** Returns the cached or pending result under that key; failures are not cached. */
function remembered<T>(recent: Recent<Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const known = recent.get(key);
  if (known !== undefined) return known;
  const found = find();
  recent.set(key, found);
  found.catch(() => recent.delete(key));
  return found;
}

/** Returns what went wrong, in words; undefined if nothing did. */
async function problemOf(reading: Promise<void>): Promise<string | undefined> {
  try {
    await reading;
    return undefined;
  } catch (error) {
    // The file does not exist yet, or never did.
    if ((error as { readonly code?: unknown }).code === 'ENOENT') return undefined;
    return (error as Error).message;
  }
}
