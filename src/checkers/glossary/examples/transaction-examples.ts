/** Transactions on lists and registers. */
import type { NoOrderType, PlainRecords } from '../../elle/anomaly-records.ts';
import type { CycleName } from '../../elle/cycles/cycle-types.ts';
import type { WeakAnomaly } from '../../weak/levels.ts';
import { history, type AnomalyExample } from './example.ts';
import {
  append,
  appends,
  begin,
  bySession,
  concurrently,
  during,
  end,
  read,
  registers,
  serially,
  serially0,
  whole,
  write,
} from './example-transactions.ts';
import { NO_ORDER_EXAMPLES } from './no-order-examples.ts';

export type TransactionAnomaly = CycleName | 'G-update' | WeakAnomaly | NoOrderType | keyof PlainRecords;

export const TRANSACTION_EXAMPLES: Readonly<Record<TransactionAnomaly, AnomalyExample>> = {
  G0: appends(
    concurrently(
      [append('x', 1), append('y', 1)],
      [append('x', 2), append('y', 2)],
      [read('x', [1, 2]), read('y', [2, 1])],
    ),
  ),
  G1a: appends(
    history(
      ...whole(0, [append('x', 1)], 'fail'),
      ...whole(1, [append('y', 1)]),
      ...whole(2, [read('x', [1]), read('y', [1])]),
    ),
  ),
  G1b: {
    ...appends(during([[append('x', 1), append('x', 2)]], [0, [read('x', [1])]])),
    consistencyModel: 'read-committed',
  },
  G1c: appends(concurrently([append('x', 1), read('y', [1])], [append('y', 1), read('x', [1])])),
  'G-single-item': appends(concurrently([read('x', []), read('y', [1])], [append('x', 1), append('y', 1)])),
  'G-nonadjacent-item': appends(
    concurrently(
      [append('x', 1)],
      [append('y', 1)],
      [read('x', [1]), read('y', [])],
      [read('y', [1]), read('x', [])],
    ),
  ),
  'G2-item': appends(concurrently([read('x', []), append('y', 1)], [read('y', []), append('x', 1)])),
  'G-update': {
    ...appends(
      concurrently([read('x', []), append('y', 1)], [append('x', 1)], [read('x', [1]), read('y', [])]),
    ),
    consistencyModel: 'update-serializable',
    options: { 'decide?': true },
  },

  'G0-process': bySession(during([[read('x', [2, 1])]], [0, [append('x', 1)]], [0, [append('x', 2)]])),
  'G1c-process': bySession(serially0([read('x', [1])], [append('x', 1)])),
  'G-single-item-process': bySession(serially0([append('x', 1)], [read('x', [])])),
  'G-nonadjacent-item-process': bySession(
    history(
      begin(0, [append('y', 1)]),
      begin(1, [append('x', 1)]),
      end(0, [append('y', 1)]),
      end(1, [append('x', 1)]),
      begin(0, [read('x', [])]),
      begin(1, [read('y', [])]),
      end(0, [read('x', [])]),
      end(1, [read('y', [])]),
    ),
  ),
  'G2-item-process': bySession(
    during([[read('y', []), append('x', 1)]], [0, [append('y', 1)]], [0, [read('x', [])]]),
  ),

  'G0-realtime': appends(during([[read('x', [2, 1])]], [0, [append('x', 1)]], [1, [append('x', 2)]])),
  'G1c-realtime': appends(serially([read('x', [1])], [append('x', 1)])),
  'G-single-item-realtime': appends(serially([append('x', 1)], [read('x', [])])),
  'G-nonadjacent-item-realtime': appends(
    during([[append('x', 1)], [read('x', [1]), read('y', [])]], [0, [append('y', 1)]], [1, [read('x', [])]]),
  ),
  'G2-item-realtime': appends(
    during([[read('y', []), append('x', 1)]], [0, [append('y', 1)]], [1, [read('x', [])]]),
  ),

  OTV: registers(
    'monotonic-atomic-view',
    concurrently([write('x', 1), write('y', 1)], [read('x', 1), read('y', null)]),
  ),
  'fractured-read': registers(
    'read-atomic',
    concurrently(
      [write('x', 1), write('y', 1)],
      [write('x', 2), write('y', 2)],
      [read('x', 1), read('y', 2)],
    ),
  ),
  'OTV-process': registers(
    'strong-session-monotonic-atomic-view',
    history(
      begin(1, [read('y', 2), read('x', 1)]),
      ...whole(0, [write('x', 1)]),
      ...whole(0, [write('x', 2), write('y', 2)]),
      end(1, [read('y', 2), read('x', 1)]),
    ),
  ),
  'fractured-read-process': registers(
    'strong-session-read-atomic',
    serially0([write('x', 1)], [write('x', 2)], [read('x', 1)]),
  ),
  'causality-violation': registers(
    'strong-session-causal',
    serially([write('x', 1)], [read('x', 1), write('y', 1)], [read('y', 1), read('x', null)]),
  ),
  'causality-violation-process': registers(
    'strong-session-causal',
    history(
      ...whole(0, [write('x', 1)]),
      ...whole(0, [write('y', 1)]),
      ...whole(1, [read('y', 1)]),
      ...whole(1, [read('x', null)]),
    ),
  ),
  'own-write-missed': registers(
    'strong-session-monotonic-atomic-view',
    serially([write('x', 1), write('y', 1)], [read('y', 1), write('x', 2), read('x', 1)]),
  ),
  ...NO_ORDER_EXAMPLES,

  internal: appends(serially([append('x', 1)], [read('x', [1]), append('x', 2), read('x', [1])])),
  'future-read': appends(serially([append('y', 1)], [read('x', [1]), append('x', 1)])),
  'garbage-read': appends(serially([append('y', 1)], [read('x', [9]), read('y', [1])])),
  'dirty-update': appends(
    history(
      ...whole(0, [append('x', 1)], 'fail'),
      ...whole(1, [append('x', 2)]),
      ...whole(2, [read('x', [1, 2])]),
    ),
    ['G1a'],
  ),
  'lost-update': appends(concurrently([read('x', []), append('x', 1)], [read('x', []), append('x', 2)]), [
    'G2-item',
  ]),
  'duplicate-elements': appends(serially([append('x', 1)], [read('x', [1, 1])])),
  'incompatible-order': appends(
    concurrently([append('x', 1)], [append('x', 2)], [read('x', [1, 2])], [read('x', [2, 1])]),
  ),
  'cyclic-versions': {
    model: 'rw-register',
    history: concurrently([read('x', 1), write('x', 2)], [read('x', 2), write('x', 1)]),
    options: { 'wfr-keys?': true },
    also: ['G1c'],
  },
};
