/**
 * Messages acknowledged but never polled by the end of the history.
 *
 * By Jepsen's rule, messages of a key that first appears in a poll of the very last ok operation count as unseen; here
 * a polled message counts as seen.
 */
import { present } from '../../columns/present.ts';
import { OK, POLL, SEND, TRANSFER, type KafkaOperations } from './operations.ts';

export interface Unseen {
  /** Completion time of the last ok operation, in ns. */
  readonly timeNanos: number;
  /** By key with unseen messages: the messages. */
  readonly messages: ReadonlyMap<number, readonly number[]>;
  /** Number of unseen messages with an offset below 0, from which no client polls, and the first of them. */
  readonly belowZero: number;
  readonly firstBelowZero:
    { readonly key: number; readonly value: number; readonly offset: number } | undefined;
}

const UNKNOWN = 0;
const SENT = 1;
const SEEN = 2;
/** Unseen, at an offset below 0. */
const COUNTED = 3;

/** Returns undefined if every acknowledged message was polled. */
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
    const start = present(operations.firstItem.values[row]);
    const end = present(operations.firstItem.values[row + 1]);
    // Sends first: a message that an operation both sends and polls counts as seen.
    for (const kind of [SEND, POLL]) {
      for (let item = start; item < end; item++) {
        if (operations.itemKind.values[item] !== kind) continue;
        const key = present(operations.itemKey.values[item]);
        const value = present(operations.itemValue.values[item]);
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
  if (messages.size === 0) return undefined;
  return { timeNanos: operations.time.at(lastRow), messages, ...belowZero(operations, lastRow, states) };
}

/** Counts each unseen message once, at its first offset below 0. */
function belowZero(
  operations: KafkaOperations,
  lastRow: number,
  states: readonly Uint8Array[],
): Pick<Unseen, 'belowZero' | 'firstBelowZero'> {
  let count = 0;
  let first: Unseen['firstBelowZero'];
  for (let row = 0; row <= lastRow; row++) {
    if (!isOkTransfer(operations, row)) continue;
    for (let item = operations.firstItem.at(row); item < operations.firstItem.at(row + 1); item++) {
      const key = operations.itemKey.at(item);
      const value = operations.itemValue.at(item);
      const offset = operations.itemOffset.at(item);
      const state = states[key];
      // An unknown offset is NaN, which is not below 0.
      if (operations.itemKind.at(item) !== SEND || !(offset < 0) || state?.[value] !== SENT) continue;
      state[value] = COUNTED;
      count++;
      first ??= { key, value, offset };
    }
  }
  return { belowZero: count, firstBelowZero: first };
}

function isOkTransfer(operations: KafkaOperations, row: number): boolean {
  return operations.role.values[row] === TRANSFER && operations.outcome.values[row] === OK;
}
