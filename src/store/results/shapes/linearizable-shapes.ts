/** The results of linearizable objects, whole or one for each key. */
import { KEYED_MEANINGS } from '../../../checkers/linearizable/independent-keys.ts';
import {
  IMPOSSIBLE_MEANINGS,
  PATH_MEANINGS,
  POSSIBLE_STATE_MEANINGS,
} from '../../../checkers/linearizable/object-history.ts';
import { KEY_RESULT_MEANINGS } from '../../../workloads/lin-kv/lin-kv-results.ts';
import { MISSING_KEYS_MEANINGS, WITH_MISSING_KEYS_MEANINGS } from '../../../workloads/lin-kv/missing-keys.ts';
import {
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
  type Shape,
} from '../shaped-edn.ts';
import { result } from './common-shapes.ts';

const reason = fields({ msg: text }, { msg: 'why the operation is impossible' });

const either = { kind: 'either', of: [userValue.form, reason.form] } as const;
const path = shaped(
  vector(fields({ op: orNull(operation), model: shaped(either, userValue) }, PATH_MEANINGS)).form,
  // A state may look like a reason, but only the second entry of a path has one.
  tuple(
    fields({ op: orNull(operation), model: userValue }, PATH_MEANINGS),
    fields({ op: operation, model: reason }, PATH_MEANINGS),
  ),
);

export const linearizable = result(
  {
    analyzer: keyword,
    op: operation,
    'previous-ok': orNull(operation),
    configs: list(fields({ model: userValue, pending: vector(operation) }, POSSIBLE_STATE_MEANINGS)),
    'final-paths': set(path),
  },
  IMPOSSIBLE_MEANINGS,
);

/** Indexed by key: the result of `each`. */
const independent = (each: Shape): Shape =>
  result(
    {
      results: byValue('key', each),
      failures: vector(userValue),
      'missing-keys': fields({ count: integer, op: operation, written: operation }, MISSING_KEYS_MEANINGS),
    },
    { ...KEYED_MEANINGS, ...WITH_MISSING_KEYS_MEANINGS },
  );

const independentObjects = independent(linearizable);

/** If keys are judged separately, there is a result for each. */
export const casRegister = shaped(
  { kind: 'either', of: [linearizable.form, independentObjects.form] },
  (value, notes) =>
    (typeof value === 'object' && value !== null && 'results' in value ? independentObjects : linearizable)(
      value,
      notes,
    ),
);

export const keyResult = result({ linearizable, timeline: result({}, {}) }, KEY_RESULT_MEANINGS);

export const linKv = independent(keyResult);
