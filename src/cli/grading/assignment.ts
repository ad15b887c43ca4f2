/** What a program is graded by: tests as they would be typed, and limits on what they measure. */

export interface Assignment {
  /** As tables have it: `3d`. */
  readonly name: string;
  /** A few words. */
  readonly title: string;
  /**
   * What follows `maelstrom test` on the command line, without `--bin` and `--seed`: `-w echo --time-limit 10`. Every one must be
   * valid, and stay within the limits.
   */
  readonly tests: readonly string[];
  readonly limits: Limits;
  /** How many seeds each test is run with. */
  readonly runs?: number;
  /** Where to read on when it fails: a page of docs/, or an address. */
  readonly reading?: string;
  /** Its program in the folder of someone who handed in a folder: `broadcast.ts`. */
  readonly bin?: string;
  /** What it counts for, 1 by default. */
  readonly points?: number;
}

/** A figure passes when it is below its limit. */
export interface Limits {
  /** Messages between nodes, for each operation. */
  readonly messagesPerOperation?: number;
  /** Milliseconds from the acknowledgement of an element until every read has it: `stable-latencies` of broadcast and g-set. */
  readonly medianMs?: number;
  readonly maximumMs?: number;
}

export const LIMIT_NAMES = ['messagesPerOperation', 'medianMs', 'maximumMs'] as const;
