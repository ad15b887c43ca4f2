/**
 * A run opened for viewing, wherever its data is: on a server (served-run.ts) or in the page itself (packed-run.ts). It has
 * only what the pages of a run ask for.
 */
import type { PropagationView } from '../../../src/recording/spreading/propagation-view.ts';
import type {
  Counts,
  LogChunk,
  MessageDetails,
  MessageRow,
  MessageWindow,
  OperationDetails,
  OperationRow,
  OperationWindow,
  Overview,
  RequestTree,
  RunPage,
  StatesAt,
  StateWindow,
} from '../../../src/recording/views.ts';

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface WindowQuery extends Stretch {
  readonly query: string;
  readonly clients: 'auto' | 'one' | 'each';
  readonly mark: string;
  readonly buckets: number;
  readonly hidden: readonly string[];
  readonly grouped: readonly string[];
  readonly payload: string;
}

export interface RowsQuery extends Stretch {
  readonly query: string;
  readonly mark: string;
  /** Number of rows to skip. */
  readonly skip: number;
  readonly hidden: readonly string[];
}

export interface CountsQuery extends Stretch {
  readonly query: string;
  readonly hidden: readonly string[];
}

export interface StateQuery extends Stretch {
  readonly field: string;
  readonly buckets: number;
}

/** Every promise rejects with an Error whose message can be shown to the user. */
export interface OpenRun {
  /** `broadcast/20261121T033319.799Z` */
  readonly id: string;
  /** End of the time that it holds, if that is only the beginning of the run. */
  readonly untilNanos?: number;
  page(): Promise<RunPage>;
  /** With `'messages'`, returns without reading the history, which takes longer. */
  overview(only?: 'messages'): Promise<Overview>;
  messages(query: WindowQuery): Promise<MessageWindow>;
  /** The number of messages sent over time, across the whole run. */
  density(stretch: Stretch, buckets: number): Promise<MessageWindow>;
  /** The exact numbers of messages and operations in a range. */
  counts(query: CountsQuery): Promise<Counts>;
  messageRows(query: RowsQuery): Promise<MessageRow[]>;
  message(id: number): Promise<MessageDetails>;
  requestTree(message: number): Promise<RequestTree>;
  /** The values that nodes reported for one field of their states. */
  states(query: StateQuery): Promise<StateWindow>;
  /** All fields of all nodes at that time. */
  statesAt(nanos: number): Promise<StatesAt>;
  operations(query: WindowQuery): Promise<OperationWindow>;
  operationRows(query: RowsQuery): Promise<OperationRow[]>;
  operation(index: number): Promise<OperationDetails>;
  /** How elements spread, for workloads that have elements. */
  propagation(): Promise<PropagationView>;
  log(name: string, offset: number): Promise<LogChunk>;
  /** The text of results.json, or of results.edn of a foreign run; empty if there is none. */
  results(): Promise<string>;
  /** A drawing from the run's files, or undefined if there is none. */
  picture(file: string): Promise<SVGElement | undefined>;
  /** URLs of the run's files, where they are available. */
  readonly files?: RunFiles;
  /** Set for a run that may still be going. Returns a function that stops following. */
  readonly follow?: (events: RunEvents) => () => void;
}

export interface RunFiles {
  readonly zip: string;
  readonly urlOf: (file: string) => string;
}

export interface RunEvents {
  /** More data is available. */
  readonly onGrown: () => void;
  /** New lines of the run's log. */
  readonly onLog: (text: string) => void;
  /** The run has ended. */
  readonly onDone: () => void;
}
