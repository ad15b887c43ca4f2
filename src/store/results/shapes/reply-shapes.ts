/** The results of counters, of echo and of unique-ids. */
import { PN_COUNTER_MEANINGS } from '../../../checkers/counters/pn-counter.ts';
import { ECHO_MEANINGS } from '../../../checkers/replies/echo.ts';
import { UNIQUE_IDS_MEANINGS } from '../../../checkers/replies/unique-ids.ts';
import { byValue, integer, list, operation, orNull, text, tuple, userValue } from '../shaped-edn.ts';
import { result } from './common-shapes.ts';

export const counter = result(
  {
    errors: orNull(list(operation)),
    'final-reads': list(userValue),
    acceptable: list(tuple(integer, integer)),
    note: text,
  },
  PN_COUNTER_MEANINGS,
);

export const bounded = list(tuple(integer, userValue, integer));

export const echo = result({ errors: list(tuple(text, userValue, text, userValue)) }, ECHO_MEANINGS);

export const uniqueIds = result(
  {
    'attempted-count': integer,
    'acknowledged-count': integer,
    'duplicated-count': integer,
    duplicated: byValue('id', integer),
    range: tuple(userValue, userValue),
  },
  UNIQUE_IDS_MEANINGS,
);
