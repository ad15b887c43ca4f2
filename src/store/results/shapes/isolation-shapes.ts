/** The results of Jepsen's workloads for single anomalies. */
import type { ResultValue } from '../../../checkers/checker.ts';
import {
  BANK_KIND_MEANINGS,
  BANK_MEANINGS,
  BANK_PROBLEM_MEANINGS,
} from '../../../checkers/isolation/bank.ts';
import { COMMENTS_ERROR_MEANINGS, COMMENTS_MEANINGS } from '../../../checkers/isolation/comments.ts';
import { LONG_FORK_MEANINGS } from '../../../checkers/isolation/long-fork.ts';
import { SEQUENTIAL_MEANINGS } from '../../../checkers/isolation/sequential.ts';
import {
  byName,
  byValue,
  fields,
  integer,
  keyword,
  list,
  operation,
  orNull,
  set,
  shaped,
  text,
  tuple,
  userValue,
  vector,
  type Fields,
} from '../shaped-edn.ts';
import { COMMON, COMMON_MEANINGS, error, result } from './common-shapes.ts';

const bankProblem = fields(
  {
    type: keyword,
    op: operation,
    unexpected: list(userValue),
    nils: byValue('account', userValue),
    total: integer,
    negative: list(integer),
  },
  BANK_PROBLEM_MEANINGS,
);
export const bank = result(
  {
    'read-count': integer,
    'error-count': integer,
    'first-error': orNull(bankProblem),
    errors: byName(
      'type',
      fields(
        {
          count: integer,
          first: bankProblem,
          worst: bankProblem,
          last: bankProblem,
          lowest: bankProblem,
          highest: bankProblem,
        },
        BANK_KIND_MEANINGS,
      ),
    ),
  },
  BANK_MEANINGS,
);

/** `[:multiple-writes 5]`: a keyword and what it is about. */
const longForkError = shaped({ kind: 'either', of: [text.form, userValue.form] }, (value, notes) => {
  if (!Array.isArray(value)) return error(value, notes);
  const [word = null, ...about] = value as readonly ResultValue[];
  return [keyword(word, notes), ...about.map((item) => userValue(item, notes))];
});
export const longFork = fields<Fields>(
  {
    ...COMMON,
    error: longForkError,
    message: text,
    'reads-count': integer,
    'early-read-count': integer,
    'late-read-count': integer,
    forks: list(tuple(operation, operation)),
  },
  { ...COMMON_MEANINGS, ...LONG_FORK_MEANINGS },
);

export const comments = result(
  {
    errors: vector(
      fields(
        { op: operation, missing: set(userValue), 'expected-count': integer, key: userValue },
        COMMENTS_ERROR_MEANINGS,
      ),
    ),
    'error-count': integer,
  },
  COMMENTS_MEANINGS,
);

export const sequential = result(
  {
    'all-count': integer,
    'some-count': integer,
    'none-count': integer,
    'bad-count': integer,
    bad: list(userValue),
    'first-bad': operation,
  },
  SEQUENTIAL_MEANINGS,
);
