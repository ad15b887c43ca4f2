/** The results of sets and of queues that are judged as sets. */
import { LAST_READ_SET_MEANINGS } from '../../../checkers/sets/last-read-set.ts';
import { ELEMENT_MEANINGS } from '../../../checkers/sets/set-full-outcome.ts';
import { PHANTOM_MEANINGS, SET_FULL_MEANINGS } from '../../../checkers/sets/set-full.ts';
import { TOTAL_QUEUE_MEANINGS } from '../../../checkers/sets/total-queue.ts';
import {
  byNumber,
  byValue,
  fields,
  integer,
  intervalText,
  keyword,
  list,
  operation,
  orNull,
  text,
  userValue,
} from '../shaped-edn.ts';
import { result } from './common-shapes.ts';

const element = fields(
  {
    element: userValue,
    outcome: keyword,
    'stable-latency': orNull(integer),
    'lost-latency': orNull(integer),
    known: orNull(operation),
    'last-present': orNull(operation),
    'last-absent': orNull(operation),
  },
  ELEMENT_MEANINGS,
);

export const setFull = result(
  {
    'attempt-count': integer,
    'stable-count': integer,
    'lost-count': integer,
    lost: list(userValue),
    'never-read-count': integer,
    'never-read': list(userValue),
    'stale-count': integer,
    stale: list(userValue),
    'worst-stale': list(element),
    'worst-lost': list(element),
    'stable-latencies': byNumber('share', integer),
    'lost-latencies': byNumber('share', integer),
    'duplicated-count': integer,
    duplicated: byValue('element', integer),
    'phantom-count': integer,
    phantoms: list(userValue),
    'first-phantom': fields({ element: userValue, read: operation }, PHANTOM_MEANINGS),
    'repeated-count': integer,
    repeated: byValue('element', integer),
  },
  SET_FULL_MEANINGS,
);

/** Jepsen's `set`, which looks only at the last read. */
export const lastReadSet = result(
  {
    'attempt-count': integer,
    'acknowledged-count': integer,
    'ok-count': integer,
    'lost-count': integer,
    'recovered-count': integer,
    'unexpected-count': integer,
    ok: intervalText,
    lost: intervalText,
    unexpected: intervalText,
    recovered: intervalText,
    'last-read': operation,
  },
  LAST_READ_SET_MEANINGS,
);

export const totalQueue = result(
  {
    'attempt-count': integer,
    'acknowledged-count': integer,
    'ok-count': integer,
    'unexpected-count': integer,
    'duplicated-count': integer,
    'lost-count': integer,
    'recovered-count': integer,
    lost: list(userValue),
    unexpected: list(userValue),
    duplicated: list(userValue),
    recovered: list(userValue),
    note: text,
  },
  TOTAL_QUEUE_MEANINGS,
);
