/**
 * A snapshot: the result of the log up to an entry, in place of the entries themselves (section 7 of the paper). It
 * keeps the log short and restarts fast, and a node that was away for long, or is new, gets the result and not the
 * history.
 *
 * It contains all that the entries said: the state of the machine, the configuration in force at that entry, and the
 * entry's index and term. The term is needed when the next entry is compared, and when a candidate reports how far its
 * log reaches.
 */
import type { Json } from 'maelstrom/node';
import { type Configured, NO_CONFIGURATION } from './configuration.ts';

export type Snapshot = {
  readonly lastIncludedIndex: number;
  readonly lastIncludedTerm: number;
  readonly configured: Configured;
  readonly state: Json;
};

/** The snapshot of a log from which nothing has been cut. */
export const NO_SNAPSHOT: Snapshot = {
  lastIncludedIndex: 0,
  lastIncludedTerm: 0,
  configured: { index: 0, configuration: NO_CONFIGURATION },
  state: null,
};

/** The machine to which commands are applied, and from which snapshots are made. */
export interface StateMachine<Command extends Json, Outcome> {
  /** Called with each command once it is committed, in the order of the log. */
  apply(command: Command): Outcome;
  /** Returns everything on which later outcomes depend. */
  save(): Json;
  /** Replaces the whole state. */
  restore(state: Json): void;
}
