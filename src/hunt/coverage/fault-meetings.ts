/**
 * Which requests faults met: whether any were in flight when a fault began, and whether any succeeded before it ended.
 * A hunt in which nothing succeeds during a fault proves little about it.
 */
import type { Op } from '../../history/op.ts';
import {
  ADD_MEMBER,
  faultBegunBy,
  MEMBERSHIP,
  operationsOf,
  REMOVE_MEMBER,
} from '../../nemesis/fault-operations.ts';

export interface FaultMeeting {
  /** How often the fault began. */
  readonly began: number;
  /** How often requests were in flight when it began. */
  readonly underWay: number;
  /** Number of requests that succeeded while it lasted. */
  readonly succeeded: number;
}

/** Indexed by fault name, for the faults that began. */
export type FaultMeetings = Readonly<Record<string, FaultMeeting>>;

type Counting = { -readonly [Key in keyof FaultMeeting]: FaultMeeting[Key] };

export function faultMeetings(history: readonly Op[]): FaultMeetings {
  const meetings = new Map<string, Counting>();
  /** Indexed by the operation that ends the fault. */
  const active = new Map<string, Counting>();
  let underWay = 0;
  let isDone = true;
  for (const { process, type, f } of history) {
    if (process !== 'nemesis') {
      underWay += type === 'invoke' ? 1 : -1;
      if (type === 'ok') for (const meeting of active.values()) meeting.succeeded++;
      continue;
    }
    // Each nemesis operation has two entries: its invocation and its completion.
    isDone = !isDone;
    if (!isDone) continue;
    active.delete(f);
    const fault = CHANGES.has(f) ? MEMBERSHIP : faultBegunBy(f);
    if (fault === undefined) continue;
    const meeting = meetings.get(fault) ?? { began: 0, underWay: 0, succeeded: 0 };
    meetings.set(fault, meeting);
    active.set(operationsOf(fault).stop, meeting);
    meeting.began++;
    if (underWay > 0) meeting.underWay++;
  }
  return Object.fromEntries(meetings);
}

/** Membership changes have no operation that ends them. */
const CHANGES: ReadonlySet<string> = new Set([ADD_MEMBER, REMOVE_MEMBER]);
