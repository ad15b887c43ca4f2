/**
 * Histories of dbcop: JSON, in the notation of its first version and of the present one, and `history.bincode`, which the
 * first version and PolySI write.
 *
 *     {"params": {...}, "data": [[{"events": [{"Write": {"variable": 0, "version": 1}}], "committed": true}, ...], ...]}
 *     [[{"events": [["r", 0, null]], "committed": true}]]
 *     [[{"events": [{"write": true, "variable": 0, "value": 1, "success": true}], "success": true}]]
 */
import { shownJson } from '../../protocol/json/shown-json.ts';
import { elementsOf, isJsonObject, jsonInteger, parseJson, type Json } from '../../protocol/json.ts';
import { HistoryError } from '../history-error.ts';
import type { MicroOp, SessionTransaction } from './session-transaction.ts';

export function* dbcopTransactions(text: string): Iterable<SessionTransaction> {
  const whole = parsed(text);
  const sessions = elementsOf(isJsonObject(whole) ? (whole['data'] ?? null) : whole);
  if (sessions === undefined)
    throw new HistoryError('it is a history of dbcop without its sessions (`data`)');
  let line = 0;
  for (const [session, transactions] of sessions.entries())
    for (const transaction of elementsOf(transactions) ?? []) {
      line++;
      const { events = null, committed, success = committed } = isJsonObject(transaction) ? transaction : {};
      const steps = elementsOf(events);
      if (steps === undefined || typeof success !== 'boolean')
        throw new HistoryError(
          `transaction ${line} is ${shownJson(transaction)}; expected {"events": [...], "committed": true}`,
        );
      const value = steps.flatMap((event) => microOpOf(event));
      yield { session, isAborted: !success, value, line };
    }
}

function parsed(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new HistoryError(`it is not JSON: ${error.message}`);
    throw error;
  }
}

/** Returns the step, or nothing for one that was refused. */
function microOpOf(event: Json): readonly MicroOp[] {
  const [f, key, version] = elementsOf(event) ?? [];
  if ((f === 'r' || f === 'w') && key !== undefined) return [[f, key, version ?? null]];
  if (isJsonObject(event)) {
    const { Read: read, Write: write, variable, value = null, success } = event;
    if (isJsonObject(read)) return [['r', read['variable'] ?? null, read['version'] ?? null]];
    if (isJsonObject(write)) return [['w', write['variable'] ?? null, write['version'] ?? null]];
    if (typeof event['write'] === 'boolean' && variable !== undefined)
      return success === false ? [] : [[event['write'] ? 'w' : 'r', variable, value]];
  }
  throw new HistoryError(
    `${shownJson(event)} is no event; expected {"Write": {"variable": 0, "version": 1}} or {"Read": ...}`,
  );
}

/** Size of an event: write, variable, value, success. */
const EVENT = 1 + 8 + 8 + 1;
/** Params: id, and the numbers of nodes, variables, transactions and events. */
const PARAMS = 5 * 8;

/** Whether the bytes begin as the binary file does: five numbers, and the texts of info and of the start's date. */
export function isBincode(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  if (bytes.length < PARAMS + 16) return false;
  for (let at = 0; at <= PARAMS; at += 8) if (view.getUint32(at + 4, true) !== 0) return false;
  const info = view.getUint32(PARAMS, true);
  const start = PARAMS + 8 + info + 8;
  if (start + 11 > bytes.length) return false;
  return /^\d{4}-\d\d-\d\dT$/.test(String.fromCharCode(...bytes.subarray(start, start + 11)));
}

export function* bincodeTransactions(bytes: Uint8Array): Iterable<SessionTransaction> {
  const view = viewOf(bytes);
  let at = PARAMS;
  const need = (size: number): void => {
    if (at + size > bytes.length) throw new HistoryError('it is a binary file of dbcop that is cut off');
  };
  const word = (): bigint => {
    need(8);
    at += 8;
    return view.getBigUint64(at - 8, true);
  };
  const flag = (): boolean => {
    need(1);
    return bytes[at++] === 1;
  };
  /** A number of things that each take at least `size` bytes. */
  const count = (size: number): number => {
    const number = Number(word());
    need(number * size);
    return number;
  };
  for (let text = 0; text < 3; text++) {
    const size = count(1);
    at += size;
  }
  let line = 0;
  const sessions = count(8);
  for (let session = 0; session < sessions; session++) {
    const transactions = count(9);
    for (let transaction = 0; transaction < transactions; transaction++) {
      const events = count(EVENT);
      const value: MicroOp[] = [];
      for (let event = 0; event < events; event++) {
        const f = flag() ? 'w' : 'r';
        const microOp: MicroOp = [f, jsonInteger(word()), jsonInteger(word())];
        if (flag()) value.push(microOp);
      }
      yield { session, isAborted: !flag(), value, line: ++line };
    }
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
