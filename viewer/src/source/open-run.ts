/**
 * A run that is open for looking at, wherever its data are: behind a server (served-run.ts), or in the page itself
 * (packed-run.ts). What the pages of a run ask, and nothing else.
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
  /** How many rows come before. */
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

/** All reject with an Error whose message can be shown. */
export interface OpenRun {
  /** `broadcast/20261121T033319.799Z` */
  readonly id: string;
  page(): Promise<RunPage>;
  /** Without the history, which takes longer, when only messages are needed to begin. */
  overview(only?: 'messages'): Promise<Overview>;
  messages(query: WindowQuery): Promise<MessageWindow>;
  /** How many messages were sent when, over the whole run. */
  density(stretch: Stretch, buckets: number): Promise<MessageWindow>;
  /** How many there are in a stretch, exactly. */
  counts(query: CountsQuery): Promise<Counts>;
  messageRows(query: RowsQuery): Promise<MessageRow[]>;
  message(id: number): Promise<MessageDetails>;
  /** Of the request that a message belongs to. */
  requestTree(message: number): Promise<RequestTree>;
  /** What nodes said of one field of their states. */
  states(query: StateQuery): Promise<StateWindow>;
  /** All fields of all nodes at that moment. */
  statesAt(nanos: number): Promise<StatesAt>;
  operations(query: WindowQuery): Promise<OperationWindow>;
  operationRows(query: RowsQuery): Promise<OperationRow[]>;
  operation(index: number): Promise<OperationDetails>;
  /** How elements spread; of workloads that have some. */
  propagation(): Promise<PropagationView>;
  log(name: string, offset: number): Promise<LogChunk>;
  /** The text of results.json; empty when there is none. */
  results(): Promise<string>;
  /** A drawing among the run's files; undefined where there is none. */
  picture(file: string): Promise<SVGElement | undefined>;
  /** Addresses of the run's files, where they can be had. */
  readonly files?: RunFiles;
  /** Set for a run that may go on. */
  readonly follow?: (events: RunEvents) => () => void;
}

export interface RunFiles {
  readonly zip: string;
  readonly urlOf: (file: string) => string;
}

export interface RunEvents {
  /** There is more to ask for. */
  readonly onGrown: () => void;
  /** Further lines of the run's log. */
  readonly onLog: (text: string) => void;
  /** The run has come to its end. */
  readonly onDone: () => void;
}
