/**
 * What shows that a result is wrong, as data: which elements, sums, ids, keys or operations. A workload names it for a result of
 * its checker; what draws it or words it need not know the checker. The result is one whose operations have their numbers for
 * indexes (history/operation-names.ts), and so have those of evidence.
 */
import type { Op } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import type { CheckResult } from './checker.ts';

export type Evidence = EvidenceOfKind & {
  /** What else shows it: operations that a report brings into view, and does not draw. */
  readonly also?: readonly SuspectOperations[] | undefined;
};

type EvidenceOfKind =
  | { readonly kind: 'elements'; readonly elements: readonly SuspectElement[] }
  /** Final reads that are no possible sum, and the sums that are. */
  | { readonly kind: 'sums'; readonly wrong: readonly Op[]; readonly acceptable: readonly SumRange[] }
  /** Ids that were given out more than once; each a string as it is, or another value's JSON text. */
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'anomalies'; readonly anomalies: readonly Anomaly[] }
  /** Keys that are judged by themselves, the right ones too. */
  | { readonly kind: 'keys'; readonly keys: readonly JudgedKey[] };

/** Inclusive. */
export type SumRange = readonly [low: Json, high: Json];

/** In a read at the very end, while another one shows it. By which of these came last, upstream calls such an element lost or stable. */
export const MISSING_AT_END = 'missing-at-end';

export type SuspectElement = {
  readonly element: Json;
  readonly fate: 'lost' | 'phantom' | 'repeated' | 'never-read' | 'stale' | typeof MISSING_AT_END;
  /** By their numbers, those of its operations that the result names. */
  readonly operations?: readonly number[];
};

/** Operations that show something together. */
export type SuspectOperations = {
  /**
   * Where it is wrong by itself, whatever the verdict: the kind, such as `missing-keys`. What looks for failures then finds one
   * also in a run that is valid.
   */
  readonly kind?: string;
  readonly title: string;
  /** Their numbers; the last one is that which shows it. */
  readonly operations: readonly number[];
};

/** What is wrong by itself, whatever the verdict. */
export function wrongBeside(evidence: Evidence | undefined): readonly WrongBeside[] {
  if (evidence === undefined) return [];
  const elements = evidence.kind === 'elements' ? evidence.elements : [];
  return [
    ...(evidence.also ?? []).flatMap(({ kind, operations }) =>
      kind === undefined ? [] : [{ kind, operations }],
    ),
    ...elements.flatMap(({ fate, operations = [] }) =>
      fate === MISSING_AT_END ? [{ kind: fate, operations }] : [],
    ),
  ];
}

type WrongBeside = { readonly kind: string; readonly operations: readonly number[] };

/** All anomalies of a type. */
export type Anomaly = {
  readonly type: string;
  readonly count: number;
  /** The first of them: each in words, and the numbers of the operations that show it. */
  readonly examples: readonly { readonly text: string; readonly operations: readonly number[] }[];
  readonly simplest: {
    readonly text: string;
    /** Where it is one: its transactions, and why each came before the next. */
    readonly cycle: CycleInWords | undefined;
    /** By their numbers, the operations that show it, and the one that is wrong. */
    readonly operations: readonly number[];
    readonly wrong: number | undefined;
  };
};

export type JudgedKey = {
  readonly key: string;
  /** The operations are all of one object, and their values have no keys. */
  readonly isAll?: true;
  readonly result: CheckResult;
  /** Where no order of the operations on it is possible. */
  readonly impossible: ImpossibleOperation | undefined;
};

export type ImpossibleOperation = {
  readonly op: Op;
  /** What the value can have been by then. */
  readonly configs: readonly PossibleState[];
  /** Why each of these does not allow the operation. */
  readonly contradictions: readonly string[];
};

/** A cycle's parts in words. */
export type CycleInWords = {
  /** `T1 -> T2 -> T1`. */
  readonly path: string;
  readonly transactions: readonly {
    readonly name: string;
    /** `operation 5 (process 2 on n3)`. */
    readonly place: string;
    /** `r 1 [1], append 1 2`. */
    readonly text: string;
  }[];
  /** Why each transaction came before the next; the last leads back to the first. */
  readonly steps: readonly {
    readonly type: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
  }[];
};

export type PossibleState = { readonly model: Json; readonly pending: readonly Op[] };
