/**
 * Tries to show that a register is not linearizable although values that were read were written several times. It looks at
 * reads and cas that can have found one write only (`possible-writes.ts`): in any linearization they found that one. With
 * a value of its own for each write, and without the other reads, the history must still be linearizable, which takes
 * linear time to check (`unique-writes.ts`). That it is proves nothing.
 */
import { present } from '../../../columns/present.ts';
import type { ObjectEvents } from '../object-events.ts';
import type { PossibleWrites } from './possible-writes.ts';
import { judgeUniqueWrites, type RegisterKinds } from './unique-writes.ts';

/** Returns an event by whose completion the history so far is not linearizable: not always the first; undefined if none. */
export function refutingEvent(
  history: ObjectEvents,
  register: RegisterKinds,
  possible: PossibleWrites,
): number | undefined {
  const { events, eventCount, kindOf, operationCount } = history;
  /** Indexed by operation: the write that it must have found, as a value; -1 if it found none or one of several. */
  const forced = new Int32Array(operationCount).fill(-1);
  const kept: number[] = [];
  let refuted: number | undefined;
  for (let at = 0; at < eventCount; at++) {
    const event = present(events[at]);
    const operation = event >> 1;
    if ((event & 1) === 1 && possible.found(operation) >= 0) {
      const [write, another] = possible.of(operation);
      if (write === undefined) {
        refuted = at;
        break;
      }
      if (another === undefined) forced[operation] = write === possible.initial ? 0 : write + 1;
    }
    kept.push(event);
  }
  const isWrite = (operation: number): boolean => !register.isReadOnly(present(kindOf[operation]));
  const used = Int32Array.from(
    kept.filter((event) => isWrite(event >> 1) || present(forced[event >> 1]) >= 0),
  );
  const outcome = judgeUniqueWrites(
    {
      ...history,
      events: used,
      eventCount: used.length,
      kindOf: Int32Array.from(forced.keys()),
      kindCount: operationCount,
    },
    {
      stateCount: operationCount + 1,
      isReadOnly: (operation) => !isWrite(operation),
      stateAfter: (operation) => (isWrite(operation) ? operation + 1 : present(forced[operation])),
      stateBefore: (operation) => (isWrite(operation) ? present(forced[operation]) : -1),
    },
  );
  return outcome?.valid === false ? present(possible.returnsAt[outcome.operation]) : refuted;
}
