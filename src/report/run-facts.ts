/** What a report is made of: everything there is to know of a run, read into memory, with bounds. */
import type { ClientBook } from '../history/client-book.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { TestFile } from '../store/test-file.ts';
import type { FaultBand } from '../recording/fault-bands.ts';
import type { OperationsOfRun, WholeOperation } from './operation-columns.ts';
import type { MessagesOfRun } from './run-messages.ts';

export interface NodeLog {
  readonly node: string;
  /** The end of it. */
  readonly text: string;
  /** In the file. */
  readonly bytes: number;
}

export interface RunFacts {
  readonly test: TestFile;
  /** The verdict in words: one sentence, or a few lines. */
  readonly sentence: string;
  readonly results: JsonObject;
  readonly operations: OperationsOfRun;
  /** Those that the results of a run that is not valid name, by the index of either entry. */
  readonly accused: ReadonlyMap<number, WholeOperation>;
  readonly bands: readonly FaultBand[];
  /** Which process each client worked for, and at which node. */
  readonly clients: ClientBook;
  /** All that were ever in the cluster; the first ones first. */
  readonly nodes: readonly string[];
  readonly messages: MessagesOfRun;
  readonly nodeLogs: readonly NodeLog[];
}
