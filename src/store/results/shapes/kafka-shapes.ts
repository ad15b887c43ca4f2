/** The results of kafka. */
import { CYCLE_MEANINGS } from '../../../checkers/elle/anomaly-records.ts';
import { MISMATCHED_MEANINGS } from '../../../checkers/guards/matched-completions.ts';
import {
  FOUND_MEANINGS,
  KAFKA_ERROR_MEANINGS,
  KAFKA_MEANINGS,
  LAG_MEANINGS,
  UNSEEN_MEANINGS,
} from '../../../checkers/kafka/result.ts';
import {
  byValue,
  fields,
  float,
  integer,
  keyword,
  list,
  opError,
  operation,
  orNull,
  shaped,
  userValue,
  vector,
} from '../shaped-edn.ts';
import { mismatched, result } from './common-shapes.ts';
import { cycle } from './transaction-shapes.ts';

const kafkaRecord = fields(
  {
    ...cycle,
    key: userValue,
    value: userValue,
    values: vector(userValue),
    skipped: vector(userValue),
    offset: integer,
    offsets: vector(integer),
    index: integer,
    count: integer,
    delta: integer,
    op: operation,
    ops: vector(operation),
    writer: orNull(operation),
    reader: operation,
    'max-read-index': integer,
    'max-read': orNull(operation),
  },
  { ...KAFKA_ERROR_MEANINGS, ...CYCLE_MEANINGS },
);

const kafkaErrors = fields(
  {
    count: integer,
    errs: shaped(vector(kafkaRecord).form, (records, found) =>
      records === true ? true : vector(kafkaRecord)(records, found),
    ),
  },
  FOUND_MEANINGS,
);

export const kafka = result(
  {
    ...mismatched,
    'worst-realtime-lag': fields(
      { time: float, process: orNull(integer), key: userValue, lag: float },
      LAG_MEANINGS,
    ),
    'bad-error-types': list(keyword),
    'error-types': list(keyword),
    'info-txn-causes': list(opError),
    unseen: fields(
      {
        time: integer,
        unseen: byValue('log', integer),
        messages: byValue('log', vector(userValue)),
      },
      UNSEEN_MEANINGS,
    ),
  },
  { ...MISMATCHED_MEANINGS, ...KAFKA_MEANINGS },
  // Each type of error is a key of its own.
  kafkaErrors,
);
