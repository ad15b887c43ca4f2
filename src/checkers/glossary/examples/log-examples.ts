/** Logs: sends and polls of one key. */
import type { MessageErrorType } from '../../kafka/result.ts';
import { history, type AnomalyExample, type Line } from './example.ts';

export type LogAnomaly = MessageErrorType | 'unseen';

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
