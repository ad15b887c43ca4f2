/**
 * How many events a run may have: that many, or a budget that grows with virtual time, so that a message storm is given
 * up soon after it begins.
 */
export type EventBudget = number | GrowingBudget;

export interface GrowingBudget extends Growth {
  /** For the whole run. */
  readonly most: number;
  /**
   * The number of messages that nodes may send in endless chains of answers: each in the handling of another one,
   * without a timer or a client's operation in between (`Causes.restless`). Unlimited if left out.
   */
  readonly restless?: Growth;
  /** The number of events after the run has certainly failed. Unlimited if left out. */
  readonly afterFailure?: AfterFailure;
}

export interface AfterFailure {
  readonly events: number;
  /** The kind of failure that counts (`World.failed`); any if left out. */
  readonly kind?: string | undefined;
}

/** At each virtual time: `atOnce`, and `perSecond` for the seconds so far. */
export interface Growth {
  readonly atOnce: number;
  readonly perSecond: number;
}

const grown = ({ atOnce, perSecond }: Growth, seconds: number): number =>
  Math.floor(atOnce + perSecond * seconds);

/** Returns the number of events that are allowed until a virtual time. */
export const allowedEvents = (budget: EventBudget, seconds: number): number =>
  typeof budget === 'number' ? budget : Math.min(budget.most, grown(budget, seconds));

/** Returns the number of messages in endless chains that are allowed until a virtual time. */
export const allowedRestless = (budget: EventBudget, seconds: number): number =>
  typeof budget === 'number' || budget.restless === undefined ? Infinity : grown(budget.restless, seconds);

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
