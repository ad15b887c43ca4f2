/** Words for unique ids, counters and registers. */
import type { OtherAnomaly } from '../examples/other-examples.ts';
import type { AnomalyWords } from './anomaly-words.ts';

export const OTHER_WORDS: Readonly<Record<OtherAnomaly, AnomalyWords>> = {
  'duplicate-id': {
    title: 'A duplicate id',
    meaning: '`unique-ids`: the same id was returned more than once.',
    cause:
      'Ids come from a counter or a clock without the name of the node; or from too few random bits; or a restarted node starts from the beginning.',
  },
  'impossible-sum': {
    title: 'An impossible sum',
    meaning:
      '`g-counter`, `pn-counter`: a final read is not the sum of all acknowledged additions and some of those in doubt.',
    cause: 'An addition is lost, or is counted twice because its message arrived twice.',
  },
  'not-linearizable': {
    title: 'Not linearizable',
    meaning:
      '`lin-kv`: the operations on a key cannot be ordered, each at one instant between its request and its reply, so that all answers are correct.',
    cause:
      'A read is answered by a node that has missed a write, such as a deposed leader; or an answer is sent before a majority has the write.',
  },
};
