/**
 * What a report's page holds packed: written by report-data.ts, read by the page's script. Columns instead of objects,
 * for a hundred thousand messages. Times are microseconds since the run began.
 */

export interface PageOperations {
  /** In the whole run; there may be fewer here. */
  readonly total: number;
  readonly functions: readonly string[];
  readonly index: readonly number[];
  readonly process: readonly number[];
  readonly f: readonly number[];
  readonly invoked: readonly number[];
  /** Null for those that never ended. */
  readonly completed: readonly (number | null)[];
  /** 0 ok, 1 fail, 2 info. */
  readonly outcome: readonly number[];
  /** What was asked for, what came of it, and why not: safe to show. */
  readonly asked: readonly string[];
  readonly answered: readonly string[];
  readonly error: readonly string[];
}

export interface PageMessages {
  readonly total: number;
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly reasons: readonly string[];
  /** Numbers of names. */
  readonly src: readonly number[];
  readonly dest: readonly number[];
  readonly type: readonly number[];
  readonly sent: readonly number[];
  /** Of the first copy that arrived; null when none did. */
  readonly received: readonly (number | null)[];
  /** By message: when it was lost, and the number of the reason. */
  readonly lost: Readonly<Record<string, readonly [number, number]>>;
  /** By message: how many copies arrived, where it is not one. */
  readonly copies: Readonly<Record<string, number>>;
  readonly text: readonly string[];
  /** Lanes of the diagram, from top to bottom, and each name's lane. */
  readonly lanes: readonly string[];
  readonly laneOf: readonly number[];
}

export interface PageBand {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  readonly about: string;
}

export interface PageData {
  readonly operations: PageOperations;
  readonly messages: PageMessages;
  readonly bands: readonly PageBand[];
  readonly end: number;
}
