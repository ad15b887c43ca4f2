/**
 * The smallest history of each anomaly, for the drawings in the glossary. `judge-example.ts` checks them, and a test
 * verifies that each has the anomaly whose name it bears, and no others but those that always come with it.
 *
 * Times are evenly spaced: one transaction precedes another by the order of the lines.
 */
import type { Op, OpType } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import type { CycleName } from '../elle/cycles/cycle-types.ts';
import type { NoOrderType, PlainRecords } from '../elle/anomaly-records.ts';
import type { MessageErrorType } from '../kafka/result.ts';
import type { WeakAnomaly } from '../weak/levels.ts';

export type ExampleModel =
  'list-append' | 'rw-register' | 'kafka' | 'set-full' | 'unique-ids' | 'pn-counter' | 'cas-register';

export interface AnomalyExample {
  readonly model: ExampleModel;
  readonly history: readonly Op[];
  /** For transactions: the requested model, if not the strictest. */
  readonly consistencyModel?: string;
  /** Further options of the check. */
  readonly options?: { readonly 'wfr-keys?'?: true; readonly 'decide?'?: true };
  /** Anomalies that inevitably occur too. */
  readonly also?: readonly string[];
}

export type TransactionAnomaly = CycleName | 'G-update' | WeakAnomaly | NoOrderType | keyof PlainRecords;
export type SetAnomaly = 'lost' | 'never-read' | 'stale' | 'phantom' | 'repeated';
export type LogAnomaly = MessageErrorType | 'unseen';
export type OtherAnomaly = 'duplicate-id' | 'impossible-sum' | 'not-linearizable';

type Line = readonly [
  process: number,
  type: OpType,
  f: string,
  value: Json,
  more?: { readonly final?: true; readonly error?: Json },
];

const MILLISECOND = 1e6;

const history = (...lines: readonly Line[]): readonly Op[] =>
  lines.map(([process, type, f, value, more], index) => ({
    index,
    time: index * 10 * MILLISECOND,
    process,
    type,
    f,
    value,
    ...more,
  }));

type Transaction = readonly Json[];

const begin = (process: number, transaction: Transaction): Line => [
  process,
  'invoke',
  'txn',
  // What a read will show is unknown at its invocation.
  transaction.map((mop) => (Array.isArray(mop) && mop[0] === 'r' ? ['r', mop[1] as Json, null] : mop)),
];
const end = (process: number, transaction: Transaction, type: OpType = 'ok'): Line => [
  process,
  type,
  'txn',
  type === 'ok' ? transaction : begin(process, transaction)[3],
];

const whole = (process: number, transaction: Transaction, type?: OpType): readonly Line[] => [
  begin(process, transaction),
  end(process, transaction, type),
];

/** Returns concurrent transactions, each by its own process, without realtime order. */
const concurrently = (...transactions: readonly Transaction[]): readonly Op[] =>
  history(
    ...transactions.map((transaction, process) => begin(process, transaction)),
    ...transactions.map((transaction, process) => end(process, transaction)),
  );

/** Returns transactions one after the other, each by its own process. */
const serially = (...transactions: readonly Transaction[]): readonly Op[] =>
  history(...transactions.flatMap((transaction, process) => whole(process, transaction)));

/** Runs the other transactions one after the other, each by the given process, while the first ones are open. */
const during = (
  spanning: readonly Transaction[],
  ...others: readonly (readonly [process: number, transaction: Transaction])[]
): readonly Op[] =>
  history(
    ...spanning.map((transaction, at) => begin(10 + at, transaction)),
    ...others.flatMap(([process, transaction]) => whole(process, transaction)),
    ...spanning.map((transaction, at) => end(10 + at, transaction)),
  );

const append = (key: string, element: number): Json => ['append', key, element];
const write = (key: string, value: number): Json => ['w', key, value];
const read = (key: string, value: Json): Json => ['r', key, value];

const appends = (ops: readonly Op[], also: readonly string[] = []): AnomalyExample => ({
  model: 'list-append',
  history: ops,
  also,
});
const bySession = (ops: readonly Op[]): AnomalyExample => ({
  ...appends(ops),
  consistencyModel: 'strong-session-serializable',
});

const registers = (consistencyModel: string, ops: readonly Op[]): AnomalyExample => ({
  model: 'rw-register',
  history: ops,
  consistencyModel,
});

const decided = (consistencyModel: string, ...lines: readonly Line[]): AnomalyExample => ({
  model: 'rw-register',
  history: history(...lines),
  consistencyModel,
  options: { 'decide?': true },
});

const NO_ORDER_EXAMPLES: Readonly<Record<NoOrderType, AnomalyExample>> = {
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

/** Returns transactions one after the other, all by process 0. */
function serially0(...transactions: readonly Transaction[]): readonly Op[] {
  return history(...transactions.flatMap((transaction) => whole(0, transaction)));
}

// Logs

type Polled = readonly (readonly [offset: number, message: number])[];

const send = (process: number, message: number, offset: number): readonly Line[] => [
  [process, 'invoke', 'send', [['send', 'a', message]]],
  [process, 'ok', 'send', [['send', 'a', [offset, message]]]],
];
const poll = (process: number, messages: Polled): readonly Line[] => [
  [process, 'invoke', 'poll', [['poll']]],
  [process, 'ok', 'poll', [['poll', { a: messages }]]],
];

/** Three messages, in log order. */
const THREE = [...send(0, 1, 0), ...send(0, 2, 1), ...send(0, 3, 2)];
const ALL: Polled = [
  [0, 1],
  [1, 2],
  [2, 3],
];

const logs = (lines: readonly Line[], also: readonly string[] = []): AnomalyExample => ({
  model: 'kafka',
  history: history(...lines),
  also,
});

export const LOG_EXAMPLES: Readonly<Record<LogAnomaly, AnomalyExample>> = {
  'inconsistent-offsets': logs([
    ...send(0, 1, 0),
    ...send(1, 2, 0),
    ...poll(2, [[0, 1]]),
    ...poll(3, [[0, 2]]),
  ]),
  duplicate: logs([...send(0, 1, 0), ...poll(1, [[0, 1]]), ...poll(2, [[1, 1]])]),
  G1a: logs([
    [0, 'invoke', 'send', [['send', 'a', 1]]],
    [0, 'fail', 'send', [['send', 'a', 1]]],
    ...poll(1, [[0, 1]]),
  ]),
  'garbage-read': logs([
    ...send(0, 1, 0),
    ...poll(1, [
      [0, 1],
      [1, 9],
    ]),
  ]),
  'precommitted-read': logs([
    ...send(0, 1, 0),
    [1, 'invoke', 'txn', [['send', 'a', 2], ['poll']]],
    [
      1,
      'ok',
      'txn',
      [
        ['send', 'a', [1, 2]],
        ['poll', { a: ALL.slice(0, 2) }],
      ],
    ],
  ]),
  'lost-write': logs([...send(0, 1, 0), ...send(0, 2, 1), ...poll(1, [[1, 2]])], ['unseen']),
  unseen: logs([...send(0, 1, 0), ...send(0, 2, 1), ...poll(1, [[0, 1]])]),
  'int-poll-skip': logs([
    ...THREE,
    ...poll(1, ALL),
    ...poll(2, [
      [0, 1],
      [2, 3],
    ]),
  ]),
  'int-nonmonotonic-poll': logs([
    ...THREE,
    ...poll(1, ALL),
    ...poll(2, [
      [1, 2],
      [0, 1],
    ]),
  ]),
  'int-send-skip': logs([
    [
      0,
      'invoke',
      'txn',
      [
        ['send', 'a', 1],
        ['send', 'a', 3],
      ],
    ],
    ...send(1, 2, 1),
    [
      0,
      'ok',
      'txn',
      [
        ['send', 'a', [0, 1]],
        ['send', 'a', [2, 3]],
      ],
    ],
    ...poll(2, ALL),
  ]),
  'int-nonmonotonic-send': logs([
    [
      0,
      'invoke',
      'txn',
      [
        ['send', 'a', 2],
        ['send', 'a', 1],
      ],
    ],
    [
      0,
      'ok',
      'txn',
      [
        ['send', 'a', [1, 2]],
        ['send', 'a', [0, 1]],
      ],
    ],
    ...poll(1, ALL.slice(0, 2)),
  ]),
  'poll-skip': logs([...THREE, ...poll(1, ALL), ...poll(2, [[0, 1]]), ...poll(2, [[2, 3]])]),
  'nonmonotonic-poll': logs([
    ...THREE,
    ...poll(1, ALL),
    ...poll(1, [
      [1, 2],
      [2, 3],
    ]),
  ]),
  'nonmonotonic-send': logs([
    [0, 'invoke', 'send', [['send', 'a', 2]]],
    [0, 'ok', 'send', [['send', 'a', [1, 2]]]],
    ...send(0, 1, 0),
    ...poll(1, ALL.slice(0, 2)),
  ]),
};

// Sets

const add = (process: number, element: number, type: OpType = 'ok'): readonly Line[] => [
  [process, 'invoke', 'add', element],
  [process, type, 'add', element],
];
const readSet = (process: number, elements: readonly number[]): readonly Line[] => [
  [process, 'invoke', 'read', null],
  [process, 'ok', 'read', elements],
];

const sets = (...lines: readonly Line[]): AnomalyExample => ({
  model: 'set-full',
  history: history(...lines),
});

export const SET_EXAMPLES: Readonly<Record<SetAnomaly, AnomalyExample>> = {
  lost: sets(...add(0, 7), ...readSet(1, [7]), ...readSet(2, [])),
  'never-read': sets(...add(1, 3), ...add(0, 7, 'info'), ...readSet(1, [3])),
  stale: sets(...add(0, 7), ...readSet(1, []), ...readSet(2, [7])),
  phantom: sets(...add(0, 7), ...readSet(1, [7, 9])),
  repeated: sets(...add(0, 7), ...readSet(1, [7, 7])),
};

// The rest

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
