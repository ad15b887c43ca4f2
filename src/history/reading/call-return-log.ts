/**
 * Histories whose entries are operations, each with the times of its call and of its return, in any order:
 *
 *     {"ClientId":0,"Input":{"Op":"put","Key":"x","Value":"1"},"Output":{"Value":""},"Call":10,"Return":25}
 *     {"client":1,"op":"get","key":"x","value":"1","start":12,"end":31}
 *
 *     {"ClientId":0,"Kind":false,"Value":{"Op":"put","Key":"x","Value":"1"},"Id":0}
 *
 * The first is how Go writes Porcupine's operations; the last is a call as it writes events, in order, and the return is an
 * event of the same Id. All of them are kept, sorted, and become invocations and completions. At the same time, calls come
 * before returns: the operations may have overlapped. An operation with an error, or without a return, may have happened or
 * not.
 */
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import { shownJson } from '../../protocol/json/shown-json.ts';
import { HistoryError } from '../history-error.ts';
import { isTransactional, withoutReads } from '../micro-ops.ts';
import type { Op } from '../op.ts';
import {
  ASKED,
  askedOf,
  CALLS,
  clientOf,
  CLIENTS,
  fieldsOf,
  first,
  inner,
  isCall,
  isEvent,
  isTime,
  keyOf,
  OPERATIONS,
  outcomeOf,
  RETURNS,
  SEEN,
  seenOf,
  type Fields,
} from './call-return-fields.ts';
import { ClientProcesses } from './client-processes.ts';
import { isAcknowledgement } from './foreign-fields.ts';
import type { HistoryClock } from './history-clock.ts';
import type { ProcessNames } from './process-names.ts';

interface Operation {
  readonly line: number;
  readonly fields: Fields;
  readonly called: number;
  /** Infinity if it did not return. */
  readonly returned: number;
}

interface Event {
  readonly at: number;
  readonly operation: Operation;
  readonly isReturn: boolean;
}

export interface CallReturnLogOptions {
  readonly clock: HistoryClock;
  readonly names: ProcessNames;
  /** Returns the name that the model has for an operation. */
  readonly nameOf: (f: string) => string;
  /** The operation of entries that name none. */
  readonly defaultF: string | undefined;
  /** Returns the operation with its key in its value, where that is wanted. */
  readonly keyed: (op: Op, key: Json | undefined) => Op;
}

export class CallReturnLog {
  readonly #options: CallReturnLogOptions;
  readonly #operations: Operation[] = [];
  /** The open operations of events by Id: the place of each. */
  readonly #called = new Map<string, number>();
  #events = 0;

  constructor(options: CallReturnLogOptions) {
    this.#options = options;
  }

  /** Whether an entry has the times of its call and its return, or is an event of one. */
  static has(entry: Json): entry is JsonObject {
    if (!isJsonObject(entry) || entry['type'] === 'invoke') return false;
    const fields = fieldsOf(entry);
    if (isEvent(fields)) return true;
    return isTime(first(fields, CALLS)) && isTime(first(fields, RETURNS), true);
  }

  /** Throws a HistoryError for times that are none, or in the wrong order. */
  add(entry: JsonObject, line: number): void {
    const fields = fieldsOf(entry);
    if (clientOf(fields) === 'nemesis') return;
    if (isEvent(fields)) {
      this.#addEvent(fields, line);
      return;
    }
    const called = this.#timeOf(first(fields, CALLS) ?? null);
    if (called === undefined)
      throw new HistoryError(
        `the time of its call is ${shownJson(first(fields, CALLS))}; expected a number or a date`,
      );
    const end = first(fields, RETURNS) ?? null;
    const seen = end === null ? Infinity : this.#timeOf(end);
    if (seen === undefined)
      throw new HistoryError(
        `the time of its return is ${shownJson(end)}; expected a number, a date or null`,
      );
    // Go writes 0 for a time that was never set.
    const returned = seen < called && (end === 0 || end === -1) ? Infinity : seen;
    if (returned < called)
      throw new HistoryError(
        `it returns before it is called: ${shownJson(first(fields, CALLS))}, ${shownJson(end)}`,
      );
    this.#operations.push({ line, fields, called, returned });
  }

  #addEvent(fields: Fields, line: number): void {
    const id = canonicalJson(fields.get('id') ?? null);
    const value = fields.get('value') ?? null;
    const at = this.#events++;
    const place = this.#called.get(id);
    const called = place === undefined ? undefined : this.#operations[place];
    if (isCall(fields)) {
      if (called !== undefined) throw new HistoryError(`another operation with the Id ${id} is open`);
      const asked = new Map([['input', value], ...[...fields].filter(([name]) => CLIENTS.includes(name))]);
      this.#called.set(
        id,
        this.#operations.push({ line, fields: asked, called: at, returned: Infinity }) - 1,
      );
    } else if (place === undefined || called === undefined) {
      throw new HistoryError(`no operation with the Id ${id} is open`);
    } else {
      this.#called.delete(id);
      this.#operations[place] = {
        ...called,
        fields: new Map([...called.fields, ['output', value]]),
        returned: at,
      };
    }
  }

  /** Yields the invocations and completions in order, each with the line of its operation. */
  *inOrder(): Generator<{ readonly op: Op; readonly line: number }> {
    const events = this.#operations.flatMap((operation): readonly Event[] => [
      { at: operation.called, operation, isReturn: false },
      { at: operation.returned, operation, isReturn: true },
    ]);
    events.sort((a, b) => (a.at === b.at ? Number(a.isReturn) - Number(b.isReturn) : a.at - b.at));
    const processes = new ClientProcesses(
      this.#options.names,
      this.#operations.map(({ fields }) => clientOf(fields)),
    );
    const open = new Map<Operation, Op>();
    let index = 0;
    for (const { operation, isReturn, at } of events) {
      const { line, fields } = operation;
      const invoked = open.get(operation);
      if (isReturn && at === Infinity) continue;
      const op =
        isReturn && invoked !== undefined
          ? { ...invoked, index, time: at, ...this.#completionOf(operation, invoked.f) }
          : this.#invocationOf(operation, { index, time: at, process: processes.begin(clientOf(fields)) });
      if (op.type === 'invoke') open.set(operation, op);
      else {
        open.delete(operation);
        // A process that crashed does nothing more.
        if (op.type !== 'info') processes.end(op.process);
      }
      index++;
      yield { op: this.#options.keyed(op, keyOf(fields)), line };
    }
  }

  #invocationOf(
    { fields, line }: Operation,
    common: { readonly index: number; readonly time: number; readonly process: number },
  ): Op {
    const f = this.#nameOf(fields, line);
    const asked = isAcknowledgement(f) ? askedOf(fields) : seenOf(fields, f, line);
    const value = isAcknowledgement(f) ? asked : isTransactional(f) ? withoutReads(asked) : null;
    return { ...common, type: 'invoke', f, value };
  }

  #completionOf({ fields, line }: Operation, f: string): Pick<Op, 'type' | 'value'> {
    const type = outcomeOf(fields);
    return { type, value: type !== 'ok' || isAcknowledgement(f) ? askedOf(fields) : seenOf(fields, f, line) };
  }

  /** Throws a HistoryError for a number whose meaning does not go with the operation's values. */
  #nameOf(fields: Fields, line: number): string {
    const input = inner(fields, 'input');
    const given = first(input, OPERATIONS) ?? first(fields, OPERATIONS) ?? this.#options.defaultF;
    if (typeof given !== 'string' && typeof given !== 'number')
      throw new HistoryError(`line ${line}: its operation is ${shownJson(given)}; expected a name`);
    const name = this.#options.nameOf(String(given));
    if (typeof given === 'string') return name;
    const isEmpty = (value: Json | undefined): boolean => (value ?? '') === '';
    const fits = isAcknowledgement(name)
      ? isEmpty(first(inner(fields, 'output'), SEEN))
      : isEmpty(first(input, ASKED));
    if (!fits || name === String(given))
      throw new HistoryError(
        `line ${line}: its operation is ${given}, and what that stands for is not known; expected a name, such as "get", or, for the model kv, 0 for get, 1 for put and 2 for append`,
      );
    return name;
  }

  #timeOf(time: Json): number | undefined {
    return this.#options.clock.of(time, false);
  }
}
