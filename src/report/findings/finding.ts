/**
 * A finding: what shows that a run is wrong, in words and usually as a drawing; and how findings are gathered from the
 * history.
 */
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import type { FaultBand } from '../../recording/fault-bands.ts';
import type { WholeOperation } from '../read/whole-operations.ts';
import type { Picture } from '../svg/svg.ts';

export interface Finding {
  readonly title: string;
  /** The numbers of the operations that show it. */
  readonly operations: readonly number[];
  readonly text: string;
  /** Many examples. */
  readonly fullText: string;
  readonly picture?: Picture | undefined;
  /** Further cases of the same, each drawn by itself; missing if there are none. */
  readonly others?: readonly FurtherCase[];
}

export interface FurtherCase extends Pick<Finding, 'operations' | 'text' | 'picture'> {}

/** The findings, each with the name of its files; see evidence-files.ts. */
export type NamedFindings = readonly NamedFinding[];
export type NamedFinding = readonly [file: string, finding: Finding];

/** Collects the operations that show the evidence from the history, if the evidence names only values. */
export interface Gathering {
  observe(op: Op): void;
  findings(): NamedFindings;
  /** Returns the operation with which it began. Must be called after the whole history has been observed. */
  first(): WholeOperation | undefined;
}

export interface FindingContext {
  /** Number of client threads. */
  readonly concurrency: number;
  readonly nodeOf: NodeOf;
  readonly bands: readonly FaultBand[];
  readonly endNanos: number;
}
