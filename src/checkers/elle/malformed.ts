/** What can be wrong with a history itself, so that nothing, or not everything, can be concluded from it. */
import type { Json } from '../../protocol/json.ts';

export interface Malformed {
  readonly type:
    | 'double-invoke'
    | 'not-running'
    | 'bad-process'
    | 'bad-value'
    | 'unexpected-txn-micro-op-types'
    | 'duplicate-appends'
    | 'duplicate-writes';
  /** What was seen, where, and what was expected, in a sentence. */
  readonly message: string;
  /** The `index` of the operation that shows it. */
  readonly index: number;
  /** More about it: the key and value written twice, the micro-operation that is unknown. */
  readonly details?: { readonly [name: string]: Json };
}

/**
 * What is wrong with the text of a history, as a sentence. A value written twice is not: such a history is a good one of a
 * bad test, and the result says so.
 */
export function brokenText(malformed: Malformed | undefined): string | undefined {
  return malformed === undefined || malformed.type.startsWith('duplicate-') ? undefined : malformed.message;
}
