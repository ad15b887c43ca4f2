/** Transactions that have no order, as only deciding shows. */
import type { NoOrderType } from '../../elle/anomaly-records.ts';
import type { AnomalyExample } from './example.ts';
import { begin, decided, end, read, whole, write } from './example-transactions.ts';

export const NO_ORDER_EXAMPLES: Readonly<Record<NoOrderType, AnomalyExample>> = {
  'no-prefix-order': decided(
    'prefix',
    ...whole(0, [write('x', 1)]),
    ...whole(1, [write('y', 1)]),
    begin(2, [read('x', 1), read('y', null)]),
    begin(3, [read('x', null), read('y', 1)]),
    end(2, [read('x', 1), read('y', null)]),
    end(3, [read('x', null), read('y', 1)]),
  ),
  'no-prefix-order-process': decided(
    'strong-session-prefix',
    begin(0, [write('x', 1)]),
    begin(1, [write('y', 1)]),
    end(0, [write('x', 1)]),
    end(1, [write('y', 1)]),
    ...whole(0, [read('y', null)]),
    ...whole(1, [read('x', null)]),
  ),
  'no-prefix-order-realtime': decided(
    'strong-prefix',
    ...whole(0, [write('x', 1)]),
    ...whole(1, [write('x', 2)]),
    ...whole(2, [read('x', 1)]),
  ),
  'no-snapshot-order': decided(
    'snapshot-isolation',
    begin(0, [read('x', null), write('y', 1), write('z', 1)]),
    begin(1, [read('y', null), write('x', 2), write('z', 2)]),
    end(0, [read('x', null), write('y', 1), write('z', 1)]),
    end(1, [read('y', null), write('x', 2), write('z', 2)]),
  ),
  'no-snapshot-order-process': decided(
    'strong-session-snapshot-isolation',
    begin(1, [read('x', null), write('y', 1), write('z', 1)]),
    ...whole(0, [write('x', 1)]),
    ...whole(0, [read('y', null), write('z', 2)]),
    end(1, [read('x', null), write('y', 1), write('z', 1)]),
  ),
  'no-snapshot-order-realtime': decided(
    'strong-snapshot-isolation',
    begin(1, [read('x', null), write('y', 1), write('z', 1)]),
    ...whole(0, [write('x', 1)]),
    ...whole(2, [read('y', null), write('z', 2)]),
    end(1, [read('x', null), write('y', 1), write('z', 1)]),
  ),
  'no-serial-order': decided(
    'serializable',
    begin(0, [write('x', 1), read('y', 2)]),
    begin(1, [write('y', 2), write('x', 3)]),
    begin(2, [write('y', 4), read('x', 3)]),
    end(0, [write('x', 1), read('y', 2)]),
    end(1, [write('y', 2), write('x', 3)]),
    end(2, [write('y', 4), read('x', 3)]),
  ),
  'no-serial-order-process': decided(
    'strong-session-serializable',
    ...whole(0, [write('x', 1)]),
    begin(0, [read('y', null), write('x', 2)]),
    ...whole(1, [write('y', 3)]),
    ...whole(2, [write('y', 4), read('x', 1)]),
    end(0, [read('y', null), write('x', 2)]),
  ),
  'no-serial-order-realtime': decided(
    'strict-serializable',
    ...whole(0, [write('y', 1)]),
    begin(1, [write('x', 2), read('y', 1)]),
    begin(2, [write('y', 3), read('x', null)]),
    end(1, [write('x', 2), read('y', 1)]),
    end(2, [write('y', 3), read('x', null)]),
  ),
};
