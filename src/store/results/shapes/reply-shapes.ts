/** The results of echo and of unique-ids. */
import { ECHO_MEANINGS } from '../../../checkers/replies/echo.ts';
import { UNIQUE_IDS_MEANINGS } from '../../../checkers/replies/unique-ids.ts';
import { byValue, integer, list, text, tuple, userValue } from '../shaped-edn.ts';
import { result } from './common-shapes.ts';

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
