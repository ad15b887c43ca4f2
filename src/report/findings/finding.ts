/** What shows that a run is wrong, in words and mostly in a drawing; and what gathers it from the history. */
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { FaultBand } from '../../recording/fault-bands.ts';
import type { WholeOperation } from '../read/whole-operations.ts';
import type { Picture } from '../svg/svg.ts';

export interface Finding {
  readonly title: string;
  /** The numbers of those that show it. */
  readonly operations: readonly number[];
  /** A few examples. */
  readonly text: string;
  /** Many. */
  readonly fullText: string;
  readonly picture?: Picture | undefined;
}

/** The findings, each with the name of its files: see evidence-files.ts. */
export type NamedFindings = readonly NamedFinding[];
export type NamedFinding = readonly [file: string, finding: Finding];

/** Where evidence names values and no operations, what shows them is gathered from the history as it goes by. */
export interface Gathering {
  observe(op: Op): void;
  findings(): NamedFindings;
  /** The operation with which it began; asked after the history has gone by. */
  first(): WholeOperation | undefined;
}

export interface FindingContext {
  /** How many client threads there are. */
  readonly concurrency: number;
  readonly nodeOf: NodeOf;
  readonly bands: readonly FaultBand[];
  readonly endNanos: number;
}
