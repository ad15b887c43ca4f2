/**
 * Messages acknowledged but never polled by the end of the history.
 *
 * In Jepsen's rule a key that first appears in the very last ok operation, and there in a poll, counts what was polled as
 * unseen; here what was polled has been seen.
 */
import { OK, POLL, SEND, TRANSFER, type KafkaOperations } from './operations.ts';

export interface Unseen {
  /** When the last ok operation completed, in ns. */
  readonly timeNanos: number;
  /** Per key with unseen messages: which. */
  readonly messages: ReadonlyMap<number, readonly number[]>;
}

const UNKNOWN = 0;
const SENT = 1;
const SEEN = 2;

/** Undefined when every acknowledged message was polled. */
export function findUnseen(operations: KafkaOperations): Unseen | undefined {
  const states = Array.from(
    { length: operations.keyCount },
    (_, key) => new Uint8Array(operations.valueCount(key)),
  );
  let lastRow = -1;
  for (let row = operations.rowCount - 1; row >= 0 && lastRow < 0; row--)
    if (isOkTransfer(operations, row)) lastRow = row;
  if (lastRow < 0) return undefined;
  for (let row = 0; row <= lastRow; row++) {
    if (!isOkTransfer(operations, row)) continue;
    const start = operations.firstItem.values[row] as number;
    const end = operations.firstItem.values[row + 1] as number;
    // Sends first: a message that an operation sends and polls itself has been seen.
    for (const kind of [SEND, POLL]) {
      for (let item = start; item < end; item++) {
        if (operations.itemKind.values[item] !== kind) continue;
        const key = operations.itemKey.values[item] as number;
        const value = operations.itemValue.values[item] as number;
        const state = states[key] as Uint8Array;
        if (kind === SEND) {
          if (state[value] === UNKNOWN) state[value] = SENT;
        } else state[value] = SEEN;
      }
    }
  }
  const messages = new Map<number, readonly number[]>();
  states.forEach((state, key) => {
    const unseen: number[] = [];
    for (let value = 0; value < state.length; value++) if (state[value] === SENT) unseen.push(value);
    if (unseen.length > 0) messages.set(key, unseen);
  });
  return messages.size === 0 ? undefined : { timeNanos: operations.time.at(lastRow), messages };
}

function isOkTransfer(operations: KafkaOperations, row: number): boolean {
  return operations.role.values[row] === TRANSFER && operations.outcome.values[row] === OK;
}
