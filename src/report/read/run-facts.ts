/** The input of a report: everything known about a run, read with limits. */
import type { ClientBook } from '../../history/client-book.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { FaultBand } from '../../recording/fault-bands.ts';
import type { MessageColumns } from '../../recording/messages/message-columns.ts';
import type { RunOperations } from '../../recording/operations/operation-columns.ts';
import type { PackedLog } from '../../recording/packed/packed-run.ts';
import type { RunSource } from '../../recording/run-source.ts';
import type { TestFile } from '../../store/test-file.ts';

export interface RunFacts {
  readonly source: RunSource;
  readonly test: TestFile;
  /** The verdict in words: one sentence, or a few lines. */
  readonly sentence: string;
  readonly results: JsonObject;
  readonly history: RunOperations;
  /** The first messages. */
  readonly journal: MessageColumns;
  readonly bands: readonly FaultBand[];
  /** The process and node of each client. */
  readonly clients: ClientBook;
  /** All nodes that were ever members, the initial ones first. */
  readonly nodes: readonly string[];
  /** The ends of the run's own log and of the nodes' logs. */
  readonly logs: readonly PackedLog[];
}
