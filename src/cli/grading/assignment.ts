/** What a program is graded by: tests as they would be typed, and limits on their figures. */

export interface Assignment {
  /** Its name in tables: `3d`. */
  readonly name: string;
  /** A short title. */
  readonly title: string;
  /**
   * The words after `maelstrom test` on the command line, without `--bin` and `--seed`: `-w echo --time-limit 10`.
   * Every test must be valid and stay within the limits.
   */
  readonly tests: readonly string[];
  readonly limits: Limits;
  /** Options for one more simulated run of its last test; if a passing program fails that, it is only remarked on. */
  readonly further?: string;
  /** Number of seeds to run each test with. */
  readonly runs?: number;
  /** Further reading when it fails: a page of docs/, or an address. */
  readonly reading?: string;
  /** File name of its program within a submitted folder: `broadcast.ts`. */
  readonly bin?: string;
  /** Points for passing, 1 by default. */
  readonly points?: number;
}

/** A figure passes when it is below its limit. */
export interface Limits {
  /** Messages between nodes per operation. */
  readonly messagesPerOperation?: number;
  /** Milliseconds from the acknowledgement of an element until every read has it: `stable-latencies` of broadcast and g-set. */
  readonly medianMs?: number;
  readonly maximumMs?: number;
}

export const LIMIT_NAMES = ['messagesPerOperation', 'medianMs', 'maximumMs'] as const;
