/** What a run writes to while it goes; the store provides it. */
import type { OpenedClient } from '../history/client-book.ts';
import type { HistorySink } from '../history/history-writer.ts';
import type { Journal } from '../network/journal.ts';
import type { StateChange } from '../protocol/state-change.ts';

/**
 * Takes a line of the run's log. `brief` is what a terminal shows in its place where the verdict describes the same in full later;
 * it is empty where that needs no line at all.
 */
export type RunLog = (line: string, brief?: string) => void;

export interface RunOutputs {
  readonly history: HistorySink;
  readonly journal: Journal;
  /** A client was opened; its time is on the clock of the journal. */
  clientOpened?(client: OpenedClient): void;
  /** A node has said something new of its state. */
  stateChanged?(change: StateChange): void;
  log: RunLog;
  /** Absolute path of a node's log; undefined when it is not kept. */
  nodeLogFile(node: string): string | undefined;
  /** The same for results: relative to the run's folder, so that equal runs have equal results. */
  nodeLogName?(node: string): string | undefined;
  /** The first operations may begin: their times count from here, on the clock of the journal. */
  timesBegin?(zeroNanos: number): void;
  /** Absolute path of a folder that a node may keep data in. */
  nodeDataDir?(node: string): string | undefined;
}
