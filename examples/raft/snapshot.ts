/**
 * A snapshot: what the log came to, up to an entry, in place of the entries themselves (section 7 of the paper). With it the log stays
 * short, a restart is quick, and a node that was away for long, or is new, gets the outcome and not the history.
 *
 * It has all that the entries said: the state of the machine, the configuration in force at that entry, and the entry's index and term.
 * The term is asked for when the next entry is compared, and when a candidate says how far its log reaches.
 */
import type { Json } from 'maelstrom/node';
import { type Configured, NO_CONFIGURATION } from './configuration.ts';

export type Snapshot = {
  readonly lastIncludedIndex: number;
  readonly lastIncludedTerm: number;
  readonly configured: Configured;
  readonly state: Json;
};

/** Of a log from which nothing has been cut. */
export const NO_SNAPSHOT: Snapshot = {
  lastIncludedIndex: 0,
  lastIncludedTerm: 0,
  configured: { index: 0, configuration: NO_CONFIGURATION },
  state: null,
};

/** What commands are applied to, and snapshots are made of. */
export interface StateMachine<Command extends Json, Outcome> {
  /** Called with each command once it is certain, in the order of the log. */
  apply(command: Command): Outcome;
  /** All that later outcomes depend on. */
  save(): Json;
  /** Takes the place of all that was there. */
  restore(state: Json): void;
}
