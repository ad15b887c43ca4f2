/** What the results of all checkers have: the verdict, and why there is none. */
import { ENDED_MEANINGS, MISMATCHES_MEANINGS } from '../../../checkers/guards/matched-completions.ts';
import { Keyword } from '../../../edn/edn-value.ts';
import type { Meaning } from '../../../protocol/key-meaning.ts';
import {
  fields,
  flag,
  integer,
  keyword,
  loose,
  operation,
  shaped,
  text,
  vector,
  wordOr,
  type Fields,
  type Shape,
} from '../shaped-edn.ts';

export const validity = wordOr('unknown', Keyword.of('unknown'), flag);

/** Why a check is incomplete, with further details. */
const incomplete = fields(
  { type: keyword, message: text, 'op-index': integer },
  {
    type: 'what kept the check from a verdict',
    message: 'the same in a sentence',
    'op-index': 'the entry of the history at which it was found',
  },
  loose,
);
export const error = shaped({ kind: 'either', of: [text.form, incomplete.form] }, (value, notes) =>
  typeof value === 'string' ? value : incomplete(value, notes),
);

/** Keys of every result: the verdict, and why there is none. */
export const COMMON = { 'valid?': validity, error, 'checker-failed?': flag, warnings: vector(text) };
export const COMMON_MEANINGS = {
  'valid?': 'true, false, or `unknown` if nothing was proved either way',
  error: 'why there is no verdict',
  'checker-failed?': 'true if the checker itself threw or did not return; `error` has the details',
  warnings: 'oddities that do not change the verdict',
} as const;

export const result = <Declared extends Fields>(
  declared: Declared,
  meanings: { readonly [Key in keyof Declared]: Meaning },
  others?: Shape,
): Shape =>
  // `meanings` has an entry for each of `declared`, so together they cover each key.
  fields<Fields>({ ...COMMON, ...declared }, { ...COMMON_MEANINGS, ...meanings }, others);

export const mismatched = {
  'mismatched-completions': fields(
    {
      count: integer,
      first: vector(fields({ invocation: operation, completion: operation }, ENDED_MEANINGS)),
    },
    MISMATCHES_MEANINGS,
  ),
};
