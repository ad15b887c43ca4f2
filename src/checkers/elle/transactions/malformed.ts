/** Errors in a history itself, which limit what can be concluded from it. */
import type { Json } from '../../../protocol/json.ts';

export interface Malformed {
  readonly type:
    | 'double-invoke'
    | 'not-running'
    | 'bad-process'
    | 'bad-value'
    | 'unexpected-txn-micro-op-types'
    | 'duplicate-appends'
    | 'duplicate-writes';
  /** One sentence: what was seen, where, and what was expected. */
  readonly message: string;
  /** The `index` of the operation that shows it. */
  readonly index: number;
  /** Further details, such as the key and value written twice, or the unknown micro-operation. */
  readonly details?: { readonly [name: string]: Json };
}

/**
 * Describes an error in the text of a history, in a sentence; undefined if there is none. A value written twice is not
 * such an error: it is a valid history of a bad test, and the result reports it.
 */
export function brokenText(malformed: Malformed | undefined): string | undefined {
  return malformed === undefined || malformed.type.startsWith('duplicate-') ? undefined : malformed.message;
}
