/**
 * The smallest history of an anomaly, for the drawings in the glossary. `judge-example.ts` checks them, and a test
 * verifies that each has the anomaly whose name it bears, and no others but those that always come with it.
 *
 * Times are evenly spaced: one operation precedes another by the order of the lines.
 */
import type { Op, OpType } from '../../../history/op.ts';
import type { Json } from '../../../protocol/json.ts';

export type ExampleModel =
  'list-append' | 'rw-register' | 'kafka' | 'set-full' | 'unique-ids' | 'pn-counter' | 'cas-register';

export interface AnomalyExample {
  readonly model: ExampleModel;
  readonly history: readonly Op[];
  /** For transactions: the requested model, if not the strictest. */
  readonly consistencyModel?: string;
  /** Further options of the check. */
  readonly options?: { readonly 'wfr-keys?'?: true; readonly 'decide?'?: true };
  /** Anomalies that inevitably occur too. */
  readonly also?: readonly string[];
}

export type Line = readonly [
  process: number,
  type: OpType,
  f: string,
  value: Json,
  more?: { readonly final?: true; readonly error?: Json },
];

const MILLISECOND = 1e6;

export const history = (...lines: readonly Line[]): readonly Op[] =>
  lines.map(([process, type, f, value, more], index) => ({
    index,
    time: index * 10 * MILLISECOND,
    process,
    type,
    f,
    value,
    ...more,
  }));
