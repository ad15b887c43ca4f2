/**
 * What faults met with: whether requests were under way when one began, and whether any succeeded before it ended. A hunt in which
 * nothing succeeds during a fault proves little about it.
 */
import type { Op } from '../history/op.ts';
import {
  ADD_MEMBER,
  faultBegunBy,
  MEMBERSHIP,
  operationsOf,
  REMOVE_MEMBER,
} from '../nemesis/fault-operations.ts';

export interface FaultMeeting {
  /** How often the fault began. */
  readonly began: number;
  /** How often requests were under way when it began. */
  readonly underWay: number;
  /** Requests that succeeded while it lasted. */
  readonly succeeded: number;
}

/** By the names of faults; of those that began. */
export type FaultMeetings = Readonly<Record<string, FaultMeeting>>;

type Counting = { -readonly [Key in keyof FaultMeeting]: FaultMeeting[Key] };

export function faultMeetings(history: readonly Op[]): FaultMeetings {
  const meetings = new Map<string, Counting>();
  /** By the operation that ends it. */
  const active = new Map<string, Counting>();
  let underWay = 0;
  let isDone = true;
  for (const { process, type, f } of history) {
    if (process !== 'nemesis') {
      underWay += type === 'invoke' ? 1 : -1;
      if (type === 'ok') for (const meeting of active.values()) meeting.succeeded++;
      continue;
    }
    // Each stands there twice: what was asked for, and what was done.
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

/** A changed cluster stays changed: nothing ends that. */
const CHANGES: ReadonlySet<string> = new Set([ADD_MEMBER, REMOVE_MEMBER]);
