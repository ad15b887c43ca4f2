/**
 * One run, opened for looking at: its journal and history as columns, and the answers to what the viewer asks. Everything
 * is read on demand and taken in anew while the run goes on.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accusationsIn } from '../report/accusations.ts';
import type { TestResults } from '../run/analysis.ts';
import { verdictSentence } from '../run/verdict-sentence.ts';
import { RUN_FILES } from '../store/layout.ts';
import { readTestFile, type TestFile } from '../store/test-file.ts';
import { futureOf, pastOf, wayOf } from './causality.ts';
import { ClientRequests } from './client-requests.ts';
import { faultViews } from './fault-views.ts';
import { HistoryColumns } from './history-columns.ts';
import { JournalColumns } from './journal-columns.ts';
import { everMembers } from '../report/members.ts';
import { kindOf, makeLanes, type ClientLanes, type Lanes } from './lanes.ts';
import { logMarks } from './log-marks.ts';
import { fieldOf, withBodies } from './message-bodies.ts';
import { searchMessages } from './message-search.ts';
import { eachOverlapping, endOf, messageWindow, type WindowRequest } from './message-window.ts';
import { operationLabels, operationRows, operationWindow } from './operation-window.ts';
import { Recent } from './recent.ts';
import { logsOf, readLog } from './run-logs.ts';
import { verdictOf } from './run-list.ts';
import type {
  LogChunk,
  MessageDetails,
  MessageRow,
  MessageWindow,
  OperationDetails,
  OperationRow,
  OperationWindow,
  Overview,
  RunCard,
  RunPage,
} from './view-types.ts';
import { OUTCOMES } from './view-types.ts';

/** Arrows whose types are read from their bodies. */
const TYPED_ARROWS = 160;
/** Log lines of each node in a picture. */
const LOG_MARKS = 60;
const PREVIEW_BYTES = 300;
const BODY_BYTES = 256 * 1024;
const LINE_BYTES = 64 * 1024;
/** How many messages a search for a request or a reply looks at, and of how many it reads the body. */
const PARTNER_SCAN = 400_000;
const PARTNER_BODIES = 3000;
/** Requests of one operation that are shown. */
const MOST_EXCHANGES = 50;

export interface MessageQuery extends Omit<WindowRequest, 'matching' | 'marks'> {
  readonly query: string;
  readonly clients: ClientLanes;
  /** `caused:42`, `led:42` or `way:42`. */
  readonly mark: string;
}

export interface OperationQuery {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly buckets: number;
  readonly query: string;
}

export class RunView {
  readonly test: TestFile;
  readonly journal: JournalColumns;
  readonly history: HistoryColumns;
  private readonly requests: ClientRequests;
  private readonly searches = new Recent<Promise<Uint8Array | undefined>>(6);
  private readonly marks = new Recent<Uint8Array>(3);
  private journalProblem: string | undefined;
  private historyProblem: string | undefined;

  /** Throws a UserError when the run's description cannot be read. */
  constructor(readonly folder: string) {
    const path = join(folder, RUN_FILES.test);
    this.test = readTestFile(readFileSync(path, 'utf8'), path);
    this.journal = new JournalColumns(join(folder, RUN_FILES.journal));
    this.history = new HistoryColumns(join(folder, RUN_FILES.historyJsonl));
    this.requests = new ClientRequests(this.journal, this.history, new Set(this.test.spec.nodes));
  }

  /** Takes in what has been written since. What cannot be read is told in the overview. */
  async refreshJournal(): Promise<void> {
    this.journalProblem = await problemOf(this.journal.refresh());
  }

  async refreshHistory(): Promise<void> {
    this.historyProblem = await problemOf(this.history.refresh());
  }

  page(card: RunCard): RunPage {
    const results = this.results();
    return {
      card,
      test: this.test,
      ...(results === undefined ? {} : { sentence: this.sentence(results) }),
      findings: accusationsIn(results),
      logs: logsOf(this.folder),
      files: this.pictures(),
    };
  }

  overview(nowMs: number): Overview {
    const { journal, history, test } = this;
    const nodeSet = new Set(this.nodes());
    const problem = this.journalProblem ?? this.historyProblem;
    return {
      messages: journal.messageCount,
      events: journal.eventCount,
      lost: journal.lostCount,
      duplicated: journal.duplicatedCount,
      operations: history.count,
      endNanos: Math.max(journal.endNanos, history.endNanos, 1),
      names: journal.names.slice(0, 20_000),
      kinds: journal.names.slice(0, 20_000).map((name) => kindOf(name, nodeSet)),
      faults: faultViews(history.nemesis, test.spec.nodes),
      concurrency: test.spec.concurrency,
      isRunning: verdictOf(this.folder, nowMs) === 'running',
      ...(problem === undefined ? {} : { problem }),
    };
  }

  async messages(asked: MessageQuery, signal: AbortSignal): Promise<MessageWindow> {
    const marks = this.marked(asked.mark);
    const matching = await this.search(asked.query, signal);
    const found = messageWindow(this.journal, this.lanes(asked.clients), { ...asked, matching, marks });
    const { id } = found.arrows;
    const type =
      id.length > 0 && id.length <= TYPED_ARROWS
        ? withBodies(this.journal, (read) =>
            id.map((each) => fieldOf(read(each, PREVIEW_BYTES).text, 'type')?.slice(0, 60) ?? ''),
          )
        : undefined;
    return {
      ...found,
      logs: logMarks({
        folder: this.folder,
        nodes: this.nodes(),
        from: asked.from,
        to: asked.to,
        limit: LOG_MARKS,
      }),
      arrows: type === undefined ? found.arrows : { ...found.arrows, type },
      ...(marks === undefined ? {} : { marked: marks.reduce((sum, mark) => sum + mark, 0) }),
    };
  }

  /** The first messages of a stretch of time, for a table. */
  async messageRows(
    asked: Pick<MessageQuery, 'from' | 'to' | 'limit' | 'query' | 'mark'>,
    signal: AbortSignal,
  ): Promise<MessageRow[]> {
    const matching = await this.search(asked.query, signal);
    const marks = this.marked(asked.mark);
    const ids: number[] = [];
    eachOverlapping(this.journal, { ...asked, matching }, (id) => {
      if (marks === undefined || marks[id] === 1) ids.push(id);
      return ids.length < asked.limit;
    });
    return this.rows(ids);
  }

  /** Undefined when there is no such message. */
  message(id: number): MessageDetails | undefined {
    const { journal } = this;
    if (!(Number.isInteger(id) && id >= 0 && id < journal.messageCount)) return undefined;
    const [row] = this.rows([id]);
    if (row === undefined) return undefined;
    const { text, bytes } = withBodies(journal, (read) => read(id, BODY_BYTES));
    const partners = this.partnersOf(id, text);
    const [request] = partners.request === undefined ? [] : this.rows([partners.request]);
    const reason = journal.dropReasons.get(id);
    const operation = this.requests.operationOf(id);
    return {
      ...row,
      body: text,
      bodyBytes: bytes,
      copies: journal.copies.get(id) ?? [],
      ...(reason === undefined ? {} : { dropReason: journal.names[reason] ?? '?' }),
      ...(request === undefined ? {} : { request }),
      replies: this.rows(partners.replies),
      ...(operation === undefined
        ? {}
        : {
            operation: {
              index: this.history.columns.index.data[operation.row] ?? 0,
              isSure: operation.isSure,
            },
          }),
    };
  }

  operations(asked: OperationQuery): OperationWindow {
    return operationWindow(this.history, {
      ...asked,
      concurrency: this.test.spec.concurrency,
      keep: this.operationFilter(asked.query),
    });
  }

  operationRows(asked: Pick<OperationQuery, 'from' | 'to' | 'limit' | 'query'>): OperationRow[] {
    const rows = operationRows(this.history, { ...asked, keep: this.operationFilter(asked.query) });
    return this.operationRowsOf(rows.slice(0, asked.limit));
  }

  /** The operation whose invocation or completion stands at that position of the history. */
  operation(index: number): OperationDetails | undefined {
    const row = this.history.rowOf(index);
    const [shown] = row === undefined ? [] : this.operationRowsOf([row]);
    if (row === undefined || shown === undefined) return undefined;
    const { invokeAt, completeAt, process } = this.history.columns;
    const { nodes, concurrency } = this.test.spec;
    const node = nodes[((process.data[row] ?? 0) % concurrency) % nodes.length];
    const completion = completeAt.data[row] ?? -1;
    const { exchanges, isSure } = this.requests.messagesOf(row);
    return {
      ...shown,
      invocation: this.history.line(invokeAt.data[row] ?? 0, LINE_BYTES),
      ...(completion === -1 ? {} : { completion: this.history.line(completion, LINE_BYTES) }),
      ...(node === undefined ? {} : { node }),
      exchanges: exchanges.slice(0, MOST_EXCHANGES).flatMap(({ request: asked, reply: answered }) => {
        const [request, reply] = this.rows(answered === undefined ? [asked] : [asked, answered]);
        if (request === undefined) return [];
        return [reply === undefined ? { request } : { request, reply }];
      }),
      isClientSure: isSure,
    };
  }

  /** Part of a log. Undefined when there is none of that name. */
  log(name: string, offset: number): Promise<LogChunk | undefined> {
    return readLog(this.folder, name, offset);
  }

  /** All that were ever in the cluster, as far as the history has been read. */
  private nodes(): readonly string[] {
    return everMembers(this.test.spec.nodes, this.history.nemesis);
  }

  private lanes(mode: ClientLanes): Lanes {
    const { journal } = this;
    const nodes = this.nodes();
    const isEndpoint = (number: number): boolean =>
      !journal.reasonNames.has(number) || nodes.includes(journal.names[number] ?? '');
    return makeLanes(journal.names, { nodes, started: this.test.spec.nodes.length }, isEndpoint, mode);
  }

  private search(query: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (query.trim() === '') return Promise.resolve(undefined);
    const key = `${this.journal.messageCount} ${query}`;
    const known = this.searches.get(key);
    if (known !== undefined) return known;
    const found = searchMessages(this.journal, this.nodes(), query, signal);
    this.searches.set(key, found);
    found.catch(() => this.searches.delete(key));
    return found;
  }

  private marked(mark: string): Uint8Array | undefined {
    const [kind, number] = mark.split(':');
    const id = Number(number);
    if (!Number.isInteger(id) || id < 0 || id >= this.journal.messageCount) return undefined;
    const key = `${this.journal.eventCount} ${mark}`;
    const known = this.marks.get(key);
    if (known !== undefined) return known;
    const marks = this.computeMarks(kind, id);
    if (marks !== undefined) this.marks.set(key, marks);
    return marks;
  }

  private computeMarks(kind: string | undefined, id: number): Uint8Array | undefined {
    const { journal } = this;
    switch (kind) {
      case 'caused':
        return futureOf(journal, id);
      case 'led':
        return pastOf(journal, id);
      case 'way': {
        const { text } = withBodies(journal, (read) => read(id, BODY_BYTES));
        const { request, replies } = this.partnersOf(id, text);
        if (request !== undefined) return wayOf(journal, request, id);
        return wayOf(journal, id, replies[0]);
      }
      default:
        return undefined;
    }
  }

  /** The request this message answers, and the replies to it, by `msg_id` and `in_reply_to`. */
  private partnersOf(
    id: number,
    body: string,
  ): { readonly request: number | undefined; readonly replies: readonly number[] } {
    const { journal } = this;
    const { src, dest, messageCount } = journal;
    const answers = fieldOf(body, 'in_reply_to');
    const messageId = fieldOf(body, 'msg_id');
    return withBodies(journal, (read) => {
      const find = (step: 1 | -1, field: string, wanted: string | undefined): number | undefined => {
        if (wanted === undefined) return undefined;
        let bodies = 0;
        for (let other = id + step; other >= 0 && other < messageCount; other += step) {
          if (Math.abs(other - id) > PARTNER_SCAN || bodies > PARTNER_BODIES) return undefined;
          if (src[other] !== dest[id] || dest[other] !== src[id]) continue;
          bodies++;
          if (fieldOf(read(other, BODY_BYTES).text, field) === wanted) return other;
        }
        return undefined;
      };
      const reply = find(1, 'in_reply_to', messageId);
      return { request: find(-1, 'msg_id', answers), replies: reply === undefined ? [] : [reply] };
    });
  }

  private rows(ids: readonly number[]): MessageRow[] {
    if (ids.length === 0) return [];
    const { journal } = this;
    return withBodies(journal, (read) =>
      ids.map((id) => {
        const preview = read(id, PREVIEW_BYTES).text;
        return {
          id,
          src: journal.names[journal.src[id] ?? 0] ?? '?',
          dest: journal.names[journal.dest[id] ?? 0] ?? '?',
          sent: journal.sent[id] ?? 0,
          end: endOf(journal.end, id),
          flags: journal.flags[id] ?? 0,
          type: fieldOf(preview, 'type')?.slice(0, 60) ?? '',
          preview,
        };
      }),
    );
  }

  private operationRowsOf(rows: readonly number[]): OperationRow[] {
    const { columns, functions } = this.history;
    const labels = operationLabels(this.history, rows);
    return rows.map((row, i) => {
      const completed = columns.completed.data[row] ?? Number.NaN;
      return {
        index: columns.index.data[row] ?? 0,
        process: columns.process.data[row] ?? 0,
        f: functions[columns.f.data[row] ?? 0] ?? '?',
        outcome: OUTCOMES[columns.outcome.data[row] ?? 0] ?? 'open',
        invoked: columns.invoked.data[row] ?? 0,
        completed: Number.isNaN(completed) ? null : completed,
        preview: labels[i] ?? '',
      };
    });
  }

  /** `f:read outcome:fail process:3`; other terms are about messages. Undefined when all operations are to be shown. */
  private operationFilter(query: string): ((row: number) => boolean) | undefined {
    const terms = [...query.matchAll(/(?:^|\s)(f|outcome|process):(\S+)/g)];
    if (terms.length === 0) return undefined;
    const { columns, functions } = this.history;
    const tests = terms.map(([, kind, value]) => {
      if (kind === 'f') return (row: number) => functions[columns.f.data[row] ?? 0] === value;
      if (kind === 'process') return (row: number) => columns.process.data[row] === Number(value);
      return (row: number) => OUTCOMES[columns.outcome.data[row] ?? 0] === value;
    });
    return (row) => tests.every((test) => test(row));
  }

  private results(): unknown {
    const path = join(this.folder, RUN_FILES.resultsJson);
    if (!existsSync(path)) return undefined;
    try {
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      return undefined;
    }
  }

  private sentence(results: unknown): string {
    try {
      // Written by writeResults; what else it might be is caught.
      return verdictSentence(this.test.spec, results as TestResults);
    } catch {
      return 'The results are not of the shape that this version knows; see results.json.';
    }
  }

  private pictures(): string[] {
    return readdirSync(this.folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(svg|png|html|edn|txt|json)$/.test(entry.name))
      .map(({ name }) => name)
      .toSorted();
  }
}

/** What went wrong, in words; undefined when nothing did. */
async function problemOf(reading: Promise<void>): Promise<string | undefined> {
  try {
    await reading;
    return undefined;
  } catch (error) {
    // There is none yet, or there never was one.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return (error as Error).message;
  }
}
