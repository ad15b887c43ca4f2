/** Unique ids, counters and registers. */
import { history, type AnomalyExample } from './example.ts';

export type OtherAnomaly = 'duplicate-id' | 'impossible-sum' | 'not-linearizable';

export const OTHER_EXAMPLES: Readonly<Record<OtherAnomaly, AnomalyExample>> = {
  'duplicate-id': {
    model: 'unique-ids',
    history: history(
      [0, 'invoke', 'generate', null],
      [1, 'invoke', 'generate', null],
      [0, 'ok', 'generate', 17],
      [1, 'ok', 'generate', 17],
    ),
  },
  'impossible-sum': {
    model: 'pn-counter',
    history: history(
      [0, 'invoke', 'add', 5],
      [0, 'ok', 'add', 5],
      [1, 'invoke', 'add', 3],
      [1, 'info', 'add', 3],
      [2, 'invoke', 'read', null, { final: true }],
      [2, 'ok', 'read', 3, { final: true }],
    ),
  },
  'not-linearizable': {
    model: 'cas-register',
    history: history(
      [0, 'invoke', 'write', 1],
      [0, 'ok', 'write', 1],
      [0, 'invoke', 'write', 2],
      [0, 'ok', 'write', 2],
      [1, 'invoke', 'read', null],
      [1, 'ok', 'read', 1],
    ),
  },
};
