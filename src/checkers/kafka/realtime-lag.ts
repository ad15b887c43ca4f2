/**
 * How far behind the present pollers were: a poll that reaches offset 4 of a key lags from the moment offset 5 was
 * known to exist until the poll's invocation.
 */
import { present } from '../../columns/present.ts';
import { upperBound } from '../../columns/lower-bound.ts';
import { ASSIGN, FAIL, OK, SEND, SUBSCRIBE, type KafkaOperations } from './operations.ts';

export interface RealtimeLag {
  /** Invocation time of the lagging poll, in ns. */
  readonly timeNanos: number;
  readonly lagNanos: number;
  readonly process?: number;
  readonly key?: number;
}

/**
 * A process's position in a log: the highest offset met, -1 before the first, and since when a next one has existed.
 */
interface Position {
  offset: number;
  expiredNanos: number;
}

/** Returns the worst lag; zero if no client ever lagged. */
export function worstRealtimeLag(operations: KafkaOperations): RealtimeLag {
  const horizons = horizonsOf(operations);
  const positionAt = (key: number, offset: number): Position => {
    return { offset, expiredNanos: (horizons[key] as Horizon).passed(offset) ?? Infinity };
  };
  /** Indexed by process: its positions in the logs it holds. */
  const positions = new Map<number, Map<number, Position>>();
  let worst: RealtimeLag = { timeNanos: 0, lagNanos: 0 };
  let found = false;
  for (let row = 0; row < operations.rowCount; row++) {
    if (operations.outcome.values[row] !== OK) continue;
    const process = present(operations.process.values[row]);
    const role = operations.role.values[row];
    let held = positions.get(process);
    if (held === undefined) {
      held = new Map();
      positions.set(process, held);
    }
    if (role === SUBSCRIBE) {
      held.clear();
      continue;
    }
    if (role === ASSIGN) {
      const before = held;
      positions.set(
        process,
        new Map(operations.keysOf(row).map((key) => [key, before.get(key) ?? positionAt(key, -1)])),
      );
      continue;
    }
    if (operations.isPlainSend(row)) continue;
    // What a transaction itself sent also moves its position; a plain send does not (Jepsen's rule).
    const end = present(operations.firstItem.values[row + 1]);
    for (let item = present(operations.firstItem.values[row]); item < end; item++) {
      const key = present(operations.itemKey.values[item]);
      const known = present(operations.itemOffset.values[item]);
      const isUnknown = Number.isNaN(known);
      if (isUnknown && operations.itemKind.values[item] === SEND) continue;
      const offset = isUnknown ? -1 : known;
      const position = held.get(key);
      if (position === undefined) held.set(key, { offset: Math.max(-1, offset), expiredNanos: -1 });
      else if (offset > position.offset) {
        position.offset = offset;
        position.expiredNanos = -1;
      }
    }
    // A poll that names a log without a message holds it: at its beginning, unless an earlier one was further.
    for (const key of operations.emptyPollsOf(row)) if (!held.has(key)) held.set(key, positionAt(key, -1));
    const invoked = present(operations.invokeTime.values[row]);
    for (const [key, position] of held) {
      // Looked up only when the position has moved: processes hold many logs, and most positions stand still.
      if (position.expiredNanos < 0) position.expiredNanos = positionAt(key, position.offset).expiredNanos;
      const lagNanos = Math.max(0, invoked - position.expiredNanos);
      if (!found || lagNanos > worst.lagNanos) {
        worst = { timeNanos: invoked, lagNanos, process, key };
        found = true;
      }
    }
  }
  return worst;
}

/** When each offset of a key was first known to exist: steps of (highest known offset, since when). */
class Horizon {
  private readonly offsets: number[] = [];
  private readonly times: number[] = [];

  extend(offset: number, timeNanos: number): void {
    const last = this.offsets.at(-1);
    if (last !== undefined && offset <= last) return;
    this.offsets.push(offset);
    this.times.push(timeNanos);
  }

  /** Returns when an offset beyond that one was first known; undefined if never. */
  passed(offset: number): number | undefined {
    return this.times[upperBound(this.offsets, offset)];
  }
}

function horizonsOf(operations: KafkaOperations): readonly Horizon[] {
  const horizons = Array.from({ length: operations.keyCount }, () => new Horizon());
  for (let row = 0; row < operations.rowCount; row++) {
    if (operations.outcome.values[row] === FAIL) continue;
    const end = present(operations.firstItem.values[row + 1]);
    const time = present(operations.time.values[row]);
    for (let item = present(operations.firstItem.values[row]); item < end; item++) {
      const offset = present(operations.itemOffset.values[item]);
      if (offset >= 0) (horizons[present(operations.itemKey.values[item])] as Horizon).extend(offset, time);
    }
  }
  return horizons;
}
