/**
 * Reads a history from chunks of bytes of any length, in any of these formats:
 *
 *     {"index":0,...}          history.jsonl: one operation per line
 *     [{"index":0,...}, ...]   a JSON array of them
 *     {:index 0, ...}          EDN, as Jepsen writes it: maps, plain or tagged #jepsen.history.Op,
 *     [{:index 0, ...} ...]    one after the other or in one vector or list
 *     0 :invoke :read nil      history.txt, or the lines like it in jepsen.log (text-op.ts)
 *     {"op":"get","start":...} whole operations, with the times of call and return (whole-operations.ts)
 *     w(0,1,2,7)               transactions of sessions, as other tools write them (sessions/session-log.ts)
 *
 * Only the current operation is held in memory, except for whole operations and some of the sessions. A truncated end, as a killed run leaves it, is reported, and the history is
 * what precedes it. Any other error is a `HistoryError` with its line number.
 */
import { EdnReader, EdnSyntaxError } from '../../edn/edn-reader.ts';
import { EdnMap, type Edn } from '../../edn/edn-value.ts';
import { parseJson, type Json, type JsonObject } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { FastEdnOpReader } from './fast-edn-op.ts';
import { FastJsonOpReader } from './fast-json-op.ts';
import { whyForeign, whyForeignLine } from './foreign-bytes.ts';
import { HistoryError } from '../history-error.ts';
import { beginningOf, type Beginning, type Format } from './history-format.ts';
import { OpReader } from './op-from.ts';
import type { KeyFieldUse } from './key-field.ts';
import type { Op } from '../op.ts';
import { sessionLogOf } from '../sessions/session-log.ts';
import type { SessionLog, SessionTransaction } from '../sessions/session-transaction.ts';
import { FormSplitter, LineRecordSplitter, type RecordSplitter } from './split-records.ts';
import { operationOfLine } from './text-op.ts';
import { entryOfEdn } from './call-return-fields.ts';
import { CallReturnLog } from './call-return-log.ts';

/** Called with each operation and the line (from 1) on which it begins. `push` rethrows what it throws. */
export type OnOp = (op: Op, line: number) => void;

export interface HistoryStreamOptions {
  /** Replaces a missing `f`, which transactional histories omit; without it a missing `f` is an error. */
  readonly defaultF?: string | undefined;
  /** The meaning of a field `key` beside the value; if undefined the field is ignored. */
  readonly keyField?: KeyFieldUse | undefined;
  /** Returns the model's name for an operation that may have another one: read for Get. */
  readonly nameOf?: ((f: string) => string) | undefined;
}

export interface HistoryEnd {
  readonly operations: number;
  /** Set if the end is truncated: the line, and what was seen. */
  readonly truncated?: string;
  /** Set if processes have names: the number of each. */
  readonly processNames?: string;
  /** Set if it is a history of sessions, of whose transactions nothing is known of the order in real time. */
  readonly areSessions?: true;
}

/** Maximum size of an operation in bytes; longer ones cannot be converted to a string. */
const LONGEST_RECORD = 256 * 1024 * 1024;
const SEEN = 400;
/** Number of bytes by which formats are distinguished, unless they begin with an object. Fewer may be a comment, or half of a name. */
const BEGINNING = 4096;

interface Unreadable {
  readonly line: number;
  readonly why: string;
  readonly seen: string;
}

export class HistoryStream {
  private operations = 0;
  private format: Format | undefined;
  private splitter: RecordSplitter = new LineRecordSplitter();
  /** The beginning of a record that continues in the next chunk; before the format is known, all bytes so far. */
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private readonly reader: OpReader;
  private readonly fastJson: FastJsonOpReader;
  private readonly fastEdn: FastEdnOpReader;
  /** Reads a history of sessions in place of the splitter and the other readers. */
  private sessions: SessionLog | undefined;
  /** The operations of a history whose entries have both times. */
  private callReturnLog: CallReturnLog | undefined;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** A line that was not JSON, which is not an error if it is the last. */
  private cutOff: Unreadable | undefined;

  constructor(
    private readonly onOp: OnOp,
    private readonly options: HistoryStreamOptions = {},
  ) {
    this.reader = new OpReader(options.defaultF, options.keyField);
    this.fastJson = new FastJsonOpReader(this.reader.clock);
    this.fastEdn = new FastEdnOpReader(this.reader.clock);
  }

  /** Processes the next bytes. Keeps no reference to them. */
  push(chunk: Uint8Array): void {
    if (this.sessions !== undefined) {
      this.takeAll(this.sessions.push(chunk));
      return;
    }
    if (this.format !== undefined) {
      this.split(chunk);
      return;
    }
    const whole = withoutBom(this.heldBytes === 0 ? chunk : joined([...this.held, chunk]));
    const isEnough = whole.length >= BEGINNING || whole.find((byte) => byte > 0x20) === 0x7b;
    const beginning = isEnough ? beginningOf(whole, false) : undefined;
    if (beginning === undefined) {
      this.hold(copyOf(whole, 0), true);
      return;
    }
    this.held = [];
    this.heldBytes = 0;
    this.begin(beginning, whole);
  }

  /** Must be called after all bytes have been pushed. */
  end(): HistoryEnd {
    if (this.format === undefined) {
      const whole = joined(this.held);
      this.held = [];
      this.heldBytes = 0;
      this.begin(beginningOf(whole, true) ?? { format: 'jsonl' }, whole);
    }
    if (this.sessions !== undefined) {
      this.takeAll(this.sessions.end());
      return { ...this.whole(), areSessions: true };
    }
    const { splitter } = this;
    if (this.heldBytes > 0) {
      const rest = joined(this.held);
      // A form without its closing bracket is truncated; a line without a newline may be complete.
      if (splitter instanceof LineRecordSplitter) this.record(rest, 0, rest.length, splitter.line);
      else if (!this.isOnlyDiscarded(rest))
        this.cutOff = { line: splitter.line, why: 'does not end', seen: this.seen(rest) };
    } else if (splitter instanceof FormSplitter && splitter.outer === 'open') {
      return {
        ...this.whole(),
        truncated: 'the end is cut off: the closing bracket of the history is missing.',
      };
    }
    for (const { op, line } of this.callReturnLog?.inOrder() ?? []) this.take(op, line);
    if (this.format === 'log' && this.operations === 0) {
      throw new HistoryError(
        'it is a log, and none of its lines is an operation. Give the history itself: history.edn, history.jsonl or ' +
          'history.txt, mostly in the same folder',
      );
    }
    if (this.cutOff === undefined) return this.whole();
    if (this.operations === 0) throw this.unreadable(this.cutOff);
    const { line, seen } = this.cutOff;
    return {
      ...this.whole(),
      truncated: `line ${line}, the last, is cut off and left out. Seen: ${seen}`,
    };
  }

  private whole(): HistoryEnd {
    const { shown } = this.reader.names;
    return { operations: this.operations, ...(shown === undefined ? {} : { processNames: shown }) };
  }

  private begin({ format, listAt }: Beginning, bytes: Uint8Array): void {
    this.format = format;
    this.sessions = sessionLogOf(bytes);
    if (this.sessions !== undefined) {
      this.takeAll(this.sessions.push(bytes));
      return;
    }
    const why = whyForeign(bytes);
    if (why !== undefined) throw new HistoryError(why);
    this.reader.clock.begin(
      new TextDecoder('latin1').decode(bytes.subarray(listAt ?? 0, (listAt ?? 0) + SEEN)),
    );
    if (format === 'json' || format === 'edn')
      this.splitter = new FormSplitter(format, listAt === undefined ? 0 : linesIn(bytes, listAt));
    this.split(listAt === undefined ? bytes : bytes.subarray(listAt));
  }

  private split(chunk: Uint8Array): void {
    const { splitter } = this;
    let at = 0;
    while (at < chunk.length) {
      const end = splitter.scan(chunk, at);
      if (end === -1) {
        if (splitter.start !== -1) this.hold(copyOf(chunk, splitter.start));
        return;
      }
      if (this.heldBytes === 0) {
        this.record(chunk, splitter.start, end, splitter.line);
      } else {
        const whole = joined([...this.held, chunk.subarray(0, end)]);
        this.held = [];
        this.heldBytes = 0;
        this.record(whole, 0, whole.length, splitter.line);
      }
      at = splitter.next;
    }
  }

  private hold(bytes: Uint8Array, instead = false): void {
    if (instead) {
      this.held = [];
      this.heldBytes = 0;
    }
    if (bytes.length > 0) this.held.push(bytes);
    this.heldBytes += bytes.length;
    if (this.heldBytes > LONGEST_RECORD) {
      throw new HistoryError(
        `line ${this.splitter.line}: an operation of more than ${LONGEST_RECORD >> 20} MiB; is this a history?`,
      );
    }
  }

  private record(bytes: Uint8Array, begin: number, until: number, line: number): void {
    const start = this.format === 'jsonl' ? afterMark(bytes, begin) : begin;
    const end = this.format === 'jsonl' ? withoutComma(bytes, start, until) : until;
    if (this.cutOff !== undefined) {
      if (isBlankText(bytes, start, end)) return;
      throw this.unreadable(this.cutOff);
    }
    if (this.format === 'txt' || this.format === 'log') {
      this.textRecord(bytes.subarray(start, end), line);
      return;
    }
    const isEdn = this.format === 'edn';
    const fast = isEdn ? this.fastEdn : this.fastJson;
    const op =
      this.callReturnLog === undefined
        ? fast.read(bytes, start, end, this.operations, this.options.defaultF)
        : undefined;
    if (op !== undefined) this.takeFast(op, line, bytes, start, end);
    else if (isEdn) this.ednRecord(bytes.subarray(start, end), line);
    else if (!isBlankText(bytes, start, end)) this.jsonRecord(bytes.subarray(start, end), line);
  }

  private jsonRecord(bytes: Uint8Array, line: number): void {
    let op: Op;
    try {
      const entry = parseJson(this.text(bytes));
      if (this.isCallReturn(entry)) {
        this.callReturnLog?.add(entry, line);
        return;
      }
      op = this.reader.ofJson(entry, this.operations);
    } catch (error) {
      if (error instanceof SyntaxError) {
        const why = this.operations === 0 ? whyForeignLine(this.seen(bytes)) : undefined;
        if (why !== undefined) throw new HistoryError(`line ${line}: ${why}. Seen: ${this.seen(bytes)}`);
        const unreadable = { line, why: `is not JSON: ${error.message}`, seen: this.seen(bytes) };
        if (this.format === 'json') throw this.unreadable(unreadable);
        this.cutOff = unreadable;
        return;
      }
      throw this.located(error, line, bytes);
    }
    this.take(op, line);
  }

  /** Whether an entry is for the call-return log: the first one decides. Throws a HistoryError if a later one differs. */
  private isCallReturn(entry: Json): entry is JsonObject {
    if (this.operations > 0) return false;
    const isCallReturn = CallReturnLog.has(entry);
    if (this.callReturnLog !== undefined && !isCallReturn)
      throw new HistoryError(
        'it lacks the time of its call or of its return, which all before it have; expected both, or null for one that did not return',
      );
    if (isCallReturn)
      this.callReturnLog ??= new CallReturnLog({
        clock: this.reader.clock,
        names: this.reader.names,
        nameOf: this.options.nameOf ?? ((f) => f),
        defaultF: this.options.defaultF,
        keyed: (op, key) => this.reader.keys.keyed(op, key),
      });
    return isCallReturn;
  }

  private ednRecord(bytes: Uint8Array, line: number): void {
    let op: Op;
    try {
      const reader = new EdnReader(this.text(bytes));
      const form = reader.next();
      // A discarded form, as in #_{...}.
      if (form === undefined) return;
      if (this.operations === 0 && form.value instanceof EdnMap) {
        const entry = entryOfEdn(form.value);
        if (this.isCallReturn(entry)) {
          this.callReturnLog?.add(entry, line);
          return;
        }
      }
      op = this.reader.ofEdn(form.value, this.operations);
      const second = reader.next();
      if (second !== undefined) throw new EdnSyntaxError('a second value', second.line, second.column);
    } catch (error) {
      const foreign = this.operations === 0 ? whyForeignLine(this.seen(bytes)) : undefined;
      if (foreign !== undefined)
        throw new HistoryError(`line ${line}: ${foreign}. Seen: ${this.seen(bytes)}`);
      if (!(error instanceof EdnSyntaxError) && !(error instanceof SyntaxError))
        throw this.located(error, line, bytes);
      const at = error instanceof EdnSyntaxError ? line + error.line - 1 : line;
      const why = `is not EDN: ${error.message.replace(/ at line \d+, column (\d+)$/, ' at column $1')}`;
      throw this.unreadable({ line: at, why, seen: this.seen(bytes) });
    }
    this.take(op, line);
  }

  /** Whether a text of EDN is whole and has no value, as in #_ 5, which no bracket ends. */
  private isOnlyDiscarded(bytes: Uint8Array): boolean {
    if (this.format !== 'edn') return false;
    try {
      return new EdnReader(this.text(bytes)).next() === undefined;
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof EdnSyntaxError) return false;
      throw error;
    }
  }

  private textRecord(bytes: Uint8Array, line: number): void {
    if (isBlankText(bytes, 0, bytes.length)) return;
    let map: Edn | undefined;
    try {
      map = operationOfLine(this.text(bytes));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw this.unreadable({ line, why: `is no operation: ${error.message}`, seen: this.seen(bytes) });
    }
    if (map !== undefined) {
      this.take(this.reader.ofEdn(map, this.operations), line);
    } else if (this.format === 'txt') {
      // A truncated line, if it turns out to be the last.
      this.cutOff = {
        line,
        why: 'is no operation; expected process, type, f and value',
        seen: this.seen(bytes),
      };
    }
  }

  private takeFast(op: Op, line: number, bytes: Uint8Array, start: number, end: number): void {
    let keyed: Op;
    try {
      this.reader.note(op.process);
      keyed = this.reader.keys.keyed(op);
    } catch (error) {
      throw this.located(error, line, bytes.subarray(start, end));
    }
    this.take(keyed, line);
  }

  private takeAll(transactions: Iterable<SessionTransaction>): void {
    for (const { session, isAborted, value, line } of transactions) {
      const type = isAborted ? 'fail' : 'ok';
      this.take({ index: this.operations, time: 0, type, process: session, f: 'txn', value }, line);
    }
  }

  private take(given: Op, line: number): void {
    this.operations++;
    const { nameOf } = this.options;
    const op = nameOf === undefined ? given : named(given, nameOf(given.f));
    const { processes } = this.reader;
    if (!processes.areMissing) {
      this.onOp(op, line);
      return;
    }
    let assigned: readonly Op[];
    try {
      assigned = processes.assign(op);
    } catch (error) {
      throw error instanceof HistoryError ? new HistoryError(`line ${line}: ${error.message}.`) : error;
    }
    for (const one of assigned) this.onOp(one, line);
  }

  private text(bytes: Uint8Array): string {
    try {
      return this.decoder.decode(bytes);
    } catch {
      throw new SyntaxError('it is not UTF-8');
    }
  }

  private located(error: unknown, line: number, bytes: Uint8Array): unknown {
    if (!(error instanceof HistoryError)) return error;
    return new HistoryError(`line ${line}: ${error.message}. Seen: ${this.seen(bytes)}`, { cause: error });
  }

  private unreadable({ line, why, seen }: Unreadable): HistoryError {
    return new HistoryError(`line ${line} ${why}. Seen: ${seen}`);
  }

  private seen(bytes: Uint8Array): string {
    return shownText(new TextDecoder().decode(bytes.subarray(0, SEEN)));
  }
}

const named = (op: Op, f: string): Op => (f === op.f ? op : { ...op, f });

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function withoutBom(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Returns where a line begins after a byte order mark, which files put together have in the middle, or the separator of `jq --seq`. */
function afterMark(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first === 0x1e) return start + 1;
  return first === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? start + 3 : start;
}

function linesIn(bytes: Uint8Array, end: number): number {
  let lines = 1;
  for (let at = 0; at < end; at++) if (bytes[at] === 0x0a) lines++;
  return lines;
}

function isBlankText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] ?? 0) > 0x20) return false;
  return true;
}

/** Returns the end of a line without a trailing comma, as the lines of an array have it. */
function withoutComma(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] ?? 0) <= 0x20) at--;
  return at > start && bytes[at - 1] === 0x2c ? at - 1 : end;
}

/** Returns a copy of the bytes from there on. (Unlike `slice` of a Buffer, which shares memory.) */
function copyOf(bytes: Uint8Array, start: number): Uint8Array {
  return Uint8Array.prototype.slice.call(bytes, start);
}
