/** Where a run writes to while it is in progress; the store implements it. */
import type { OpenedClient } from '../history/client-book.ts';
import type { HistorySink } from '../history/history-writer.ts';
import type { Journal } from '../network/journal/journal.ts';
import type { StateChange } from '../protocol/state-change.ts';

/**
 * Writes a line of the run's log. `brief` is what a terminal shows instead, if the verdict will describe the same in
 * full; it is empty if no line is needed.
 */
export type RunLog = (line: string, brief?: string) => void;

export interface RunOutputs {
  readonly history: HistorySink;
  readonly journal: Journal;
  /** Called when a client is opened; its time is on the journal's clock. */
  clientOpened?(client: OpenedClient): void;
  stateChanged?(change: StateChange): void;
  log: RunLog;
  /** Absolute path of a node's log; undefined if it is not kept. */
  nodeLogFile(node: string): string | undefined;
  /** The path of a node's log for results, relative to the run's folder so that equal runs have equal results. */
  nodeLogName?(node: string): string | undefined;
  /** Called when the first operations may begin; their times count from `zeroNanos`, on the journal's clock. */
  timesBegin?(zeroNanos: number): void;
  /** Absolute path of a folder in which a node may keep data. */
  nodeDataDir?(node: string): string | undefined;
}
