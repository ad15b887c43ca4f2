/** The results of counters. */
import { COUNTER_MEANINGS } from '../../../checkers/counters/counter.ts';
import { PN_COUNTER_MEANINGS } from '../../../checkers/counters/pn-counter.ts';
import { integer, list, operation, orNull, text, tuple, userValue } from '../shaped-edn.ts';
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

const bounded = list(tuple(integer, userValue, integer));

/** Jepsen's `counter`, whose reads have bounds. */
export const boundedCounter = result({ reads: bounded, errors: bounded }, COUNTER_MEANINGS);
