/**
 * A kafka history in columns: completions of send, poll and txn as rows, and the messages they sent and polled as
 * items.
 *
 * Micro-operations are `["send", key, value]` (completed: `["send", key, [offset, value]]`, where the offset may be
 * null) and `["poll"]` (completed: `["poll", {key: [[offset, value], ...]}]`). Values are numbered within their key.
 */
import { withNamedMicroOps } from '../../history/micro-ops.ts';
import type { Op, OpType } from '../../history/op.ts';
import {
  RichValue,
  elementsOf,
  entriesOf,
  isJsonArray,
  isJsonObject,
  jsonEquals,
  valueText,
  wholeNumberOf,
  wordOf,
  type Json,
} from '../../protocol/json.ts';
import { Float64Column, Int32Column } from '../../columns/column.ts';
import { TransactionLog } from '../elle/transactions/transaction-log.ts';
import { Interner } from '../../columns/interner.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { Keys } from './keys.ts';
import { Offsets } from './offsets.ts';
import { ValueBuilder } from './value-builder.ts';

export const OK = 0;
export const INFO = 1;
export const FAIL = 2;

export const SEND = 0;
export const POLL = 1;

/** Roles of rows. Only some passes use rows of assign and subscribe, which hold the keys kept. */
export const TRANSFER = 0;
export const ASSIGN = 1;
export const SUBSCRIBE = 2;

const FUNCTIONS = new Map([
  ['send', TRANSFER],
  ['poll', TRANSFER],
  ['txn', TRANSFER],
  ['assign', ASSIGN],
  ['subscribe', SUBSCRIBE],
]);

/** Stand for a key: an unknown poll, and a poll that returned an empty map. */
const NOT_POLLED = -1;
const NO_KEY = -2;

/** The history contains something that no kafka client records. */
export class MalformedHistory extends Error {
  override readonly name = 'MalformedHistory';
}

export class KafkaOperations {
  /** One row per completion of send, poll, txn, assign or subscribe, in order. */
  readonly role = new Int32Column();
  readonly outcome = new Int32Column();
  readonly process = new Float64Column();
  readonly index = new Float64Column();
  readonly time = new Float64Column();
  readonly invokeIndex = new Float64Column();
  readonly invokeTime = new Float64Column();
  private readonly fName: string[] = [];
  private readonly errors: (Json | undefined)[] = [];
  /** Indexed by row: the keys given to or taken from its client meanwhile, if any. */
  private readonly rebalanced = new Map<number, readonly Json[]>();
  private readonly rebalancedIds = new Map<number, ReadonlySet<number>>();
  /** The items of a row are those from `firstItem[row]` to `firstItem[row + 1]`. */
  readonly firstItem = new Int32Column();
  readonly itemKind = new Int32Column();
  /** The index of its micro-operation and, as the lowest bit, its form: sent as a pair, or polled in an EDN map. */
  private readonly itemForm = new Int32Column();
  readonly itemKey = new Int32Column();
  /** Doubles that compare like the offsets, see offsets.ts; NaN if unknown. */
  readonly itemOffset = new Float64Column();
  /** The value's number within its key. */
  readonly itemValue = new Int32Column();
  /**
   * From `firstKey[row]` to `firstKey[row + 1]`: the keys of an assign or subscribe; for other rows, polls without a
   * message, see `addPoll`.
   */
  readonly firstKey = new Int32Column();
  readonly keyItem = new Int32Column();
  /** A map of the kind that polls have in this history, if it is an EDN map. */
  private mapOfPolls: RichValue | undefined;

  /** Times of invocation and completion, for send, poll and txn only. Its vertices are these operations. */
  readonly log = new TransactionLog();
  private readonly vertices = new Int32Column();
  private readonly rows = new Int32Column();

  private readonly keys = new Keys((from, to) => this.moveFields(from, to));
  /** Positions in `keyItem` where an assign or subscribe names a string, which may be the text of a key. */
  private readonly assignedFields: number[] = [];
  /** Indexed by key: its values. */
  private readonly valuesOf: Interner[] = [];
  private readonly offsets = new Offsets();
  private readonly open = new Map<number, Op>();
  /** Causes of info completions of send, poll and txn, without duplicates. */
  readonly infoCauses: Json[] = [];

  constructor() {
    this.firstItem.push(0);
    this.firstKey.push(0);
  }

  get rowCount(): number {
    return this.role.length;
  }

  get keyCount(): number {
    return this.keys.count;
  }

  vertexOf(row: number): number {
    return this.vertices.at(row);
  }

  /** Returns the row of a vertex of `log`, or -1. */
  rowOf(vertex: number): number {
    return vertex < this.rows.length ? this.rows.at(vertex) : -1;
  }

  keyName(key: number): Json {
    return this.keys.nameOf(key);
  }

  /** Returns the key's name as a field of JSON objects. */
  keyText(key: number): string {
    return this.keys.textOf(key);
  }

  valueCount(key: number): number {
    return this.values(key).size;
  }

  value(key: number, value: number): Json {
    return this.values(key).valueOf(value);
  }

  /** Returns an offset of `itemOffset` as it appeared in the history. */
  offset(double: number): Json {
    return this.offsets.show(double);
  }

  observe(given: Op): void {
    const { process } = given;
    if (typeof process !== 'number') return;
    // The value of an assign is a list of keys, which may look like micro-operations.
    const value = FUNCTIONS.get(given.f) === TRANSFER ? withNamedMicroOps(given.value) : given.value;
    const op = value === given.value ? given : { ...given, value };
    if (op.type === 'invoke') {
      if (this.open.has(process)) {
        throw new MalformedHistory(
          `process ${process} invoked ${shownText(op.f, 60)} (index ${op.index}) while its previous operation was still open`,
        );
      }
      this.open.set(process, op);
      if (FUNCTIONS.get(op.f) === TRANSFER) this.log.observe(op);
      return;
    }
    const invocation = this.open.get(process);
    if (invocation === undefined) {
      throw new MalformedHistory(
        `process ${process} completed ${shownText(op.f, 60)} (index ${op.index}) without having invoked it`,
      );
    }
    this.open.delete(process);
    this.complete(op, process, invocation);
  }

  /** Completes open operations as info, as if they had ended with the history. */
  finish(): void {
    for (const op of this.open.values()) {
      if (typeof op.process === 'number') this.complete({ ...op, type: 'info' }, op.process, op);
    }
    this.open.clear();
    for (const [row, keys] of this.rebalanced)
      this.rebalancedIds.set(row, new Set(keys.map((key) => this.idOfMentioned(key))));
    this.offsets.rank((item, double) => {
      this.itemOffset.values[item] = double;
    });
  }

  private complete(op: Op, process: number, invocation: Op): void {
    const role = FUNCTIONS.get(op.f);
    if (role === undefined) return;
    if (role === TRANSFER) {
      this.addItems(op, invocation);
      const vertex = this.log.observe(op);
      if (this.log.malformed !== undefined) throw new MalformedHistory(this.log.malformed.message);
      this.vertices.push(vertex);
      while (this.rows.length <= vertex) this.rows.push(-1);
      this.rows.set(vertex, this.role.length);
    } else {
      for (const key of asArray(op.value, op)) this.addAssigned(key);
      this.vertices.push(-1);
    }
    const rebalanced = rebalancedKeys(op['rebalance-log'] ?? null);
    if (rebalanced.length > 0) this.rebalanced.set(this.role.length, rebalanced);
    this.role.push(role);
    this.outcome.push(outcomeOf(op.type));
    this.process.push(process);
    this.index.push(op.index);
    this.time.push(op.time);
    this.invokeIndex.push(invocation.index);
    this.invokeTime.push(invocation.time);
    this.fName.push(op.f);
    this.errors.push(op.error);
    this.firstItem.push(this.itemKind.length);
    this.firstKey.push(this.keyItem.length);
    const cause = op.error;
    if (
      op.type === 'info' &&
      role === TRANSFER &&
      cause !== undefined &&
      !this.infoCauses.some((known) => jsonEquals(known, cause))
    ) {
      this.infoCauses.push(cause);
    }
  }

  private addItems(op: Op, invocation: Op): void {
    const asked = elementsOf(invocation.value);
    // A crashed or failed operation may lack a value, in which case the invocation's is used.
    const mops = op.value === null ? (asked ?? []) : asArray(op.value, op);
    for (let mopIndex = 0; mopIndex < mops.length; mopIndex++) {
      const mop = asArray(mops[mopIndex] ?? null, op);
      if (mop[0] === 'send') this.addSend(op, mopIndex, mop, elementsOf(asked?.[mopIndex])?.[2]);
      else if (mop[0] === 'poll') this.addPoll(op, mopIndex, mop[1] ?? null);
      else
        throw new MalformedHistory(
          `operation ${op.index} has the micro-operation ${valueText(mop)}; expected ["send", key, value] or ["poll", {...}]`,
        );
    }
  }

  private addSend(op: Op, mopIndex: number, mop: readonly Json[], asked: Json | undefined): void {
    const sent = mop[2] ?? null;
    // A completed send has [offset, value]; one that was not completed has only the value, which may itself be a pair.
    const known =
      isJsonArray(sent) &&
      sent.length === 2 &&
      (op.type === 'ok' || asked === undefined || !jsonEquals(sent, asked));
    const [offset = null, value = null] = known ? sent : [null, sent];
    this.addItem(
      SEND,
      formOf(mopIndex, known),
      this.keys.idOf(mop[1] ?? null),
      this.offsetOf(offset, op),
      value,
    );
  }

  /**
   * Adds a poll. If it shows no message, its form and its key, or the reason for having none, go to the keys of the
   * row.
   */
  private addPoll(op: Op, mopIndex: number, polled: Json): void {
    if (polled === null) {
      this.keyItem.push(formOf(mopIndex, false));
      this.keyItem.push(NOT_POLLED);
      return;
    }
    const entries = entriesOf(polled);
    if (entries === undefined) {
      throw new MalformedHistory(
        `operation ${op.index} polled ${valueText(polled)}; expected {key: [[offset, value], ...]}`,
      );
    }
    const isText = isJsonObject(polled);
    if (polled instanceof RichValue) this.mapOfPolls ??= polled.withPairs([]);
    const form = formOf(mopIndex, !isText);
    const noMessage = (key: number): void => {
      this.keyItem.push(form);
      this.keyItem.push(key);
    };
    if (entries.length === 0) noMessage(NO_KEY);
    for (const [name, messages] of entries) {
      const key = isText && typeof name === 'string' ? this.keys.idOfField(name) : this.keys.idOf(name);
      const list = asArray(messages, op);
      if (list.length === 0) noMessage(key);
      for (const message of list) {
        const [offset = null, value = null] = asArray(message, op);
        this.addItem(POLL, form, key, this.offsetOf(offset, op), value);
      }
    }
  }

  /** Adds an assigned key. Converted JSON may assign "9" and send to 9. */
  private addAssigned(key: Json): void {
    if (typeof key === 'string') this.assignedFields.push(this.keyItem.length);
    this.keyItem.push(this.idOfMentioned(key));
  }

  private idOfMentioned(key: Json): number {
    return typeof key === 'string' ? this.keys.idOfField(key) : this.keys.idOf(key);
  }

  /** Whether the log moved between clients during the row's operation, in which case no order is expected within it. */
  wasRebalanced(row: number, key: number): boolean {
    return this.rebalancedIds.get(row)?.has(key) ?? false;
  }

  /** Moves values polled in fields of JSON objects, and assigned strings, from one key to another. */
  private moveFields(from: number, to: number): void {
    const [before, after] = [this.values(from), this.values(to)];
    for (let item = 0; item < this.itemKey.length; item++) {
      if (this.itemKind.at(item) !== POLL || this.itemKey.at(item) !== from || this.isMarked(item)) continue;
      this.itemKey.set(item, to);
      this.itemValue.set(item, after.idOf(before.valueOf(this.itemValue.at(item))));
    }
    for (const at of this.assignedFields) if (this.keyItem.at(at) === from) this.keyItem.set(at, to);
    // The last row is the one being added: a transfer, since an assign names no key for certain.
    for (let row = 0; row <= this.rowCount; row++) {
      const isLast = row === this.rowCount;
      if (!isLast && this.role.at(row) !== TRANSFER) continue;
      const end = isLast ? this.keyItem.length : this.firstKey.at(row + 1);
      for (let at = this.firstKey.at(row); at < end; at += 2) {
        if ((this.keyItem.at(at) & 1) === 0 && this.keyItem.at(at + 1) === from) this.keyItem.set(at + 1, to);
      }
    }
  }

  /** Whether an item was sent as a pair, or polled in an EDN map. */
  private isMarked(item: number): boolean {
    return (this.itemForm.at(item) & 1) === 1;
  }

  private addItem(kind: number, form: number, key: number, offset: number, value: Json): void {
    this.itemKind.push(kind);
    this.itemForm.push(form);
    this.itemKey.push(key);
    this.itemOffset.push(offset);
    this.itemValue.push(this.values(key).idOf(value));
  }

  /** Returns the double of the offset of the next item to be added. */
  private offsetOf(offset: Json, op: Op): number {
    const double = this.offsets.take(wholeNumberOf(offset) ?? offset, this.itemOffset.length);
    if (double !== undefined) return double;
    throw new MalformedHistory(
      `operation ${op.index} has the offset ${valueText(offset)}; expected an integer or null`,
    );
  }

  private values(key: number): Interner {
    const { valuesOf } = this;
    while (valuesOf.length < this.keys.count) valuesOf.push(new Interner());
    const values = valuesOf[key];
    if (values === undefined) throw new RangeError(`no key has number ${key}`);
    return values;
  }

  /** Returns the row's invocation, rebuilt from what its completion shows. */
  invocation(row: number): Op {
    const { process, f } = this.op(row);
    return {
      index: this.invokeIndex.at(row),
      time: this.invokeTime.at(row),
      type: 'invoke',
      process,
      f,
      value: this.valueOfRow(row, true),
    };
  }

  /** Returns the index of the micro-operation that an item belongs to. */
  mopOf(item: number): number {
    return this.itemForm.at(item) >> 1;
  }

  /** Returns the row's operation as it appeared in the history. */
  op(row: number): Op {
    const process = this.process.at(row);
    const type = (['ok', 'info', 'fail'] as const)[this.outcome.at(row)] ?? 'info';
    const error = this.errors[row];
    const base = {
      index: this.index.at(row),
      time: this.time.at(row),
      type,
      process,
      f: this.fName[row] ?? 'txn',
    };
    return { ...base, value: this.valueOfRow(row), ...(error === undefined ? {} : { error }) };
  }

  private valueOfRow(row: number, isInvocation = false): Json {
    if (this.role.at(row) !== TRANSFER) return this.keysOf(row).map((key) => this.keyName(key));
    const builder = new ValueBuilder(this.keys);
    for (let item = this.firstItem.at(row); item < this.firstItem.at(row + 1); item++) {
      const key = this.itemKey.at(item);
      const mop = this.mopOf(item);
      const isMarked = this.isMarked(item);
      const value = this.value(key, this.itemValue.at(item));
      const pair: Json = [this.offset(this.itemOffset.at(item)), value];
      if (this.itemKind.at(item) === SEND) builder.send(mop, key, isMarked && !isInvocation ? pair : value);
      else if (isInvocation) builder.poll(mop);
      else builder.message(mop, isMarked ? this.mapOfPolls : undefined, key, pair);
    }
    for (let at = this.firstKey.at(row); at < this.firstKey.at(row + 1); at += 2) {
      const form = this.keyItem.at(at);
      const key = this.keyItem.at(at + 1);
      const map = (form & 1) === 1 ? this.mapOfPolls : undefined;
      if (isInvocation || key === NOT_POLLED) builder.poll(form >> 1);
      else if (key === NO_KEY) builder.polled(form >> 1, map);
      else builder.message(form >> 1, map, key);
    }
    return builder.value();
  }

  /** Whether the row's operation was a `send` rather than a transaction that sends. */
  isPlainSend(row: number): boolean {
    return this.fName[row] === 'send';
  }

  /** Returns the keys that polls of a send, poll or txn name without a message. */
  *emptyPollsOf(row: number): Iterable<number> {
    for (let at = this.firstKey.at(row); at < this.firstKey.at(row + 1); at += 2) {
      const key = this.keyItem.at(at + 1);
      if (key !== NO_KEY && key !== NOT_POLLED) yield key;
    }
  }

  /** Returns the keys of an assign or subscribe. */
  keysOf(row: number): readonly number[] {
    return Array.from(this.keyItem.values.subarray(this.firstKey.at(row), this.firstKey.at(row + 1)));
  }
}

const formOf = (mop: number, isMarked: boolean): number => (mop << 1) | Number(isMarked);

/** Returns the keys of all events of a rebalance log. */
function rebalancedKeys(log: Json): readonly Json[] {
  return (elementsOf(log) ?? []).flatMap((event) => {
    const keys = entriesOf(event)?.find(([name]) => wordOf(name)?.replace(/^:/, '') === 'keys')?.[1] ?? null;
    return elementsOf(keys) ?? [];
  });
}

function outcomeOf(type: OpType): number {
  return type === 'ok' ? OK : type === 'fail' ? FAIL : INFO;
}

function asArray(value: Json, op: Op): readonly Json[] {
  if (value === null) return [];
  const items = elementsOf(value);
  if (items === undefined)
    throw new MalformedHistory(`operation ${op.index} has ${valueText(value)} where an array was expected`);
  return items;
}
