/** The results of txn-list-append and txn-rw-register. */
import type { ResultValue } from '../../../checkers/checker.ts';
import {
  CASE_MEANINGS,
  CHOICE_MEANINGS,
  CYCLE_MEANINGS,
  NO_ORDER_MEANINGS,
  PLAIN_MEANINGS,
  STEP_MEANINGS,
} from '../../../checkers/elle/anomaly-records.ts';
import { DECIDED_MEANINGS } from '../../../checkers/elle/levels/decided.ts';
import { TRANSACTIONS_MEANINGS } from '../../../checkers/elle/result.ts';
import { RW_REGISTER_MEANINGS } from '../../../checkers/elle/rw-register/rw-register.ts';
import { UNORDERED_KEYS_MEANINGS } from '../../../checkers/elle/rw-register/unordered-keys.ts';
import { MISMATCHED_MEANINGS } from '../../../checkers/guards/matched-completions.ts';
import { Keyword } from '../../../edn/edn-value.ts';
import {
  ELLIPSIS,
  byName,
  byValue,
  fields,
  integer,
  keyword,
  list,
  microOperation,
  operation,
  set,
  shaped,
  text,
  userValue,
  vector,
  wordOr,
} from '../shaped-edn.ts';
import { mismatched, result, validity } from './common-shapes.ts';

/** The state before the first append has a name; any other version is a value. */
const version = shaped(
  userValue.form,
  wordOr('elle.list-append/init', Keyword.of('elle.list-append/init'), userValue),
);

const plainStep = {
  type: keyword,
  key: userValue,
  value: version,
  "value'": version,
  'a-mop-index': integer,
  'b-mop-index': integer,
  process: integer,
  "a'": operation,
  b: operation,
  reader: operation,
  'reader-mop-index': integer,
  through: list(operation),
};
const step = fields({ ...plainStep, saw: list(fields(plainStep, STEP_MEANINGS)) }, STEP_MEANINGS);

/** `[... 4 5]` if only the end of a list is known. */
const expectedList = shaped(userValue.form, (value, notes) =>
  Array.isArray(value) && (value as readonly ResultValue[])[0] === '...'
    ? [ELLIPSIS, ...(value as readonly ResultValue[]).slice(1).map((item) => userValue(item, notes))]
    : userValue(value, notes),
);

/** Members of a component: operations, or their indexes. */
const member = shaped({ kind: 'either', of: [operation.form, integer.form] }, (value, notes) =>
  typeof value === 'number' ? integer(value, notes) : operation(value, notes),
);

export const cycle = {
  type: keyword,
  not: keyword,
  subgraph: text,
  'scc-size': integer,
  scc: vector(member),
  cycle: vector(operation),
  steps: list(step),
};

const noOrderCase = fields(
  {
    choices: vector(fields({ key: userValue, value: userValue, "value'": userValue }, CHOICE_MEANINGS)),
    cycle: vector(operation),
    steps: list(step),
  },
  CASE_MEANINGS,
);

/** Keys that records of anomalies other than cycles may have. */
const anomaly = fields(
  {
    ...cycle,
    cases: vector(noOrderCase),
    op: operation,
    mop: microOperation,
    writer: operation,
    element: userValue,
    expected: expectedList,
    duplicates: byValue('element', integer),
    key: userValue,
    value: userValue,
    values: vector(userValue),
    txns: vector(wordOr('...', ELLIPSIS, operation)),
  },
  { ...PLAIN_MEANINGS, ...CYCLE_MEANINGS, ...NO_ORDER_MEANINGS },
);

const cyclicVersions = fields(
  { key: userValue, scc: set(userValue), sources: vector(keyword) },
  PLAIN_MEANINGS,
);

/** Records indexed by type of anomaly; `true` for an anomaly of the whole graph. */
const anomalies = shaped(
  { kind: 'by', by: 'type', of: vector(anomaly).form },
  fields(
    { 'cyclic-versions': vector(cyclicVersions) },
    { 'cyclic-versions': 'cycles among the versions of a key' },
    shaped(anomaly.form, (records, found) => (records === true ? true : vector(anomaly)(records, found))),
  ),
);

const elle = {
  ...mismatched,
  'anomaly-types': list(keyword),
  anomalies,
  not: set(keyword),
  'also-not': set(keyword),
  'anomaly-counts': byName('type', integer),
  'not-looked-for': byName('model', keyword),
  decided: vector(fields({ model: keyword, 'order?': validity, why: text }, DECIDED_MEANINGS)),
};

export const listAppend = result(elle, { ...MISMATCHED_MEANINGS, ...TRANSACTIONS_MEANINGS });

export const rwRegister = result(
  {
    ...elle,
    'unordered-keys': fields(
      { count: integer, of: integer, keys: vector(userValue), sources: vector(keyword) },
      UNORDERED_KEYS_MEANINGS,
    ),
    'initial-value': userValue,
  },
  { ...MISMATCHED_MEANINGS, ...RW_REGISTER_MEANINGS },
);
