/**
 * How many events a run may have: that many, or, at each virtual time, `atOnce` and `perSecond` for the seconds so far,
 * but never more than `most`. A message storm is then given up soon after it begins.
 */
export type EventBudget =
  number | { readonly atOnce: number; readonly perSecond: number; readonly most: number };

/** Returns the number of events that are allowed until a virtual time. */
export const allowedEvents = (budget: EventBudget, seconds: number): number =>
  typeof budget === 'number'
    ? budget
    : Math.min(budget.most, Math.floor(budget.atOnce + budget.perSecond * seconds));

/** The messages of a run until it was given up. */
export interface Traffic {
  readonly messages: number;
  /** The last one, in words: `"tell" from n1 to n2`. */
  readonly last?: string | undefined;
}

/**
 * Thrown when a run exceeds its maximum number of events, for example because a timer without delay sets itself again
 * endlessly.
 */
export class EventBudgetError extends Error {
  constructor(
    /** The number of events so far. */
    readonly events: number,
    /** The virtual time so far. */
    readonly atSeconds: number,
    /** The messages so far. */
    traffic?: Traffic,
  ) {
    super(
      `The run was given up at virtual time ${atSeconds.toFixed(3)} s, after ${events} events: more than it may have. ` +
        `It has no verdict. ${causeIn(events, traffic)}`,
    );
    this.name = 'EventBudgetError';
  }
}

/** The share of events that messages must have to be named as the cause. */
const MOSTLY = 1 / 10;

function causeIn(events: number, traffic: Traffic | undefined): string {
  if (traffic === undefined)
    return 'A timer without delay that sets itself again, or nodes that answer each other without end, may be the cause.';
  const { messages, last } = traffic;
  if (last === undefined || messages < MOSTLY * events)
    return 'A timer without delay that sets itself again may be the cause.';
  return `${messages.toLocaleString('en-US')} messages had been sent, the last one ${last}: nodes may answer each other without end, or pass on the same message again and again.`;
}
