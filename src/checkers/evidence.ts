/**
 * The evidence for an invalid result, as data: which elements, sums, ids, keys or operations. A workload derives it
 * from its checker's result, so that code that draws or words it need not know the checker. Requires a result whose
 * operations have their numbers as indexes (history/operation-names.ts); evidence uses the same numbers.
 */
import type { Op } from '../history/op.ts';
import type { Json } from '../protocol/json.ts';
import type { CheckResult } from './checker.ts';

export type Evidence = EvidenceOfKind & {
  /** Further evidence: operations that a report highlights but does not draw. */
  readonly also?: readonly SuspectOperations[] | undefined;
};

type EvidenceOfKind =
  | {
      readonly kind: 'elements';
      /** The first ones of each fate. */
      readonly elements: readonly SuspectElement[];
      /** How many elements of these fates are wrong in all; by default those named. */
      readonly total?: number;
    }
  /** Final reads that are not a possible sum, and the possible sums. */
  | { readonly kind: 'sums'; readonly wrong: readonly Op[]; readonly acceptable: readonly SumRange[] }
  /** Ids that were given out more than once: strings as they are, other values as JSON text. */
  | {
      readonly kind: 'ids';
      /** The first ones. */
      readonly ids: readonly string[];
      /** How many ids were given out more than once in all; by default those named. */
      readonly total?: number;
    }
  | { readonly kind: 'anomalies'; readonly anomalies: readonly Anomaly[] }
  /** Keys that are checked separately, including valid ones. */
  | { readonly kind: 'keys'; readonly keys: readonly JudgedKey[] };

/** Inclusive. */
export type SumRange = readonly [low: Json, high: Json];

/**
 * Missing from a read at the very end that another final read shows. Upstream calls such an element lost or stable,
 * depending on which read came last.
 */
export const MISSING_AT_END = 'missing-at-end';

export type SuspectElement = {
  readonly element: Json;
  readonly fate: 'lost' | 'phantom' | 'repeated' | 'never-read' | 'stale' | typeof MISSING_AT_END;
  /** The numbers of its operations that the result names. */
  readonly operations?: readonly number[];
};

/** Operations that together show a problem. */
export type SuspectOperations = {
  /**
   * Set if this is a problem by itself, whatever the verdict: its kind, such as `missing-keys`. A search for failures
   * then counts it even in a valid run.
   */
  readonly kind?: string;
  readonly title: string;
  /** Their numbers, ending with the operation that shows the problem. */
  readonly operations: readonly number[];
};

/** Returns the problems that count by themselves, whatever the verdict. */
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
  /** The first ones: each in words, with the numbers of the operations that show it. */
  readonly examples: readonly { readonly text: string; readonly operations: readonly number[] }[];
  readonly simplest: AnomalyCase;
  /** The next simplest ones, as far as they are drawn; missing if there are none. */
  readonly others?: readonly AnomalyCase[];
};

export type AnomalyCase = {
  readonly text: string;
  /** For a cycle: its transactions, and why each came before the next. */
  readonly cycle: CycleInWords | undefined;
  /** The numbers of the operations that show it, and of the wrong one. */
  readonly operations: readonly number[];
  readonly wrong: number | undefined;
  /** The key it is about, if it is about one. */
  readonly key?: Json;
};

export type JudgedKey = {
  readonly key: string;
  /** Present if the whole history is one object, whose values have no keys. */
  readonly isAll?: true;
  readonly result: CheckResult;
  /** Present if no order of the key's operations is possible. */
  readonly impossible: ImpossibleOperation | undefined;
};

export type ImpossibleOperation = {
  readonly op: Op;
  /** The possible values by then. */
  readonly configs: readonly PossibleState[];
  /** Why each of these does not allow the operation. */
  readonly contradictions: readonly string[];
};

/** A cycle in words. */
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
    /** The key whose values show it, if it is about one. */
    readonly key?: Json;
  }[];
};

export type PossibleState = { readonly model: Json; readonly pending: readonly Op[] };
