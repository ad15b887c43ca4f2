/** Checks the explanation of each kind of error, and the EDN values in it. */
import { expect, it, test } from 'vitest';
import type { Op, OpType } from '../../history/op.ts';
import { readHistory } from '../../history/reading/read-history.ts';
import type { Json } from '../../protocol/json.ts';
import { resultsToEdnText } from '../../store/results/results-text.ts';
import { explainKafka, explainKafkaError } from './explain-kafka.ts';
import { checkKafka } from './kafka.ts';
import type { MessageErrorType } from './result.ts';

type Row = readonly [process: number, type: OpType, value: Json];

const history = (...rows: readonly Row[]): readonly Op[] =>
  rows.map(([process, type, value], index) => ({ index, time: index, type, process, f: 'txn', value }));

const txn = (process: number, asked: Json, answered: Json, type: OpType = 'ok'): readonly Row[] => [
  [process, 'invoke', asked],
  [process, type, answered],
];
const send = (process: number, message: Json, offset: Json): readonly Row[] =>
  txn(process, [['send', 'a', message]], [['send', 'a', [offset, message]]]);
const failed = (process: number, message: Json): readonly Row[] =>
  txn(process, [['send', 'a', message]], [['send', 'a', message]], 'fail');
const poll = (process: number, ...messages: readonly Json[]): readonly Row[] =>
  txn(process, [['poll']], [['poll', { a: messages }]]);

/** Returns the first error of that kind, without the kind and its meaning. */
function seen(type: MessageErrorType, ...rows: readonly Row[]): string {
  const { errs } = checkKafka(history(...rows))[type] ?? {};
  const [first] = errs === undefined || errs === true ? [] : errs;
  if (first === undefined) throw new Error(`no ${type} was found`);
  return explainKafkaError(type, first, ({ process }) => `n${process}`).replace(/^[^:]*: [^:]*: /, '');
}

const SENT = [...send(0, 1, 0), ...send(0, 2, 1), ...send(0, 3, 2), ...send(0, 4, 3)];

test.each<[MessageErrorType, readonly Row[], string]>([
  [
    'inconsistent-offsets',
    [...send(0, 2, 0), ...send(0, 1, 0), ...poll(1, [0, 3])],
    'offset 0 of key "a" held message 1, message 2 and also message 3.',
  ],
  [
    'duplicate',
    [...send(0, 1, 0), ...poll(1, [4, 1])],
    'message 1 of key "a" was stored at offsets 0 and 4.',
  ],
  [
    'G1a',
    [...failed(0, 1), ...poll(1, [0, 1])],
    'message 1 of key "a", which operation 1 on n0 failed to send, was polled by operation 3 on n1.',
  ],
  ['garbage-read', poll(1, [0, 1]), 'message 1 of key "a" was polled by operation 1 on n1.'],
  [
    'precommitted-read',
    txn(
      0,
      [['send', 'a', 1], ['poll']],
      [
        ['send', 'a', [0, 1]],
        ['poll', { a: [[0, 1]] }],
      ],
    ),
    'operation 1 on n0 sent message 1 of key "a" and also polled it.',
  ],
  [
    'lost-write',
    [...SENT, ...poll(1, [1, 2])],
    'message 1 of key "a", sent by operation 1 on n0, was never polled, although operation 9 on n1 polled up to its place or further.',
  ],
  [
    'int-poll-skip',
    [...SENT, ...poll(1, [0, 1], [3, 4])],
    'operation 9 on n1 polled message 1 of key "a" and right after it 4, although messages 2 and 3 are between them in the log.',
  ],
  [
    'int-poll-skip',
    [...SENT, ...poll(1, [0, 1], [2, 3])],
    'operation 9 on n1 polled message 1 of key "a" and right after it 3, although message 2 is between them in the log.',
  ],
  [
    'int-send-skip',
    [...txn(0, [['send', 'a', 1], ['send', 'a', 3]], [['send', 'a', [0, 1]], ['send', 'a', [2, 3]]]), ...send(1, 2, 1)], // prettier-ignore
    'operation 1 on n0 sent message 1 and then 3 to key "a", although message 2 is between them in the log.',
  ],
  [
    'int-nonmonotonic-poll',
    [...SENT, ...poll(1, [2, 3], [0, 1])],
    'operation 9 on n1 polled message 3 of key "a" and right after it message 1, which is 2 places before it in the log.',
  ],
  [
    'int-nonmonotonic-poll',
    [...SENT, ...poll(1, [2, 3], [2, 3])],
    'operation 9 on n1 polled message 3 of key "a" and right after it the same message again.',
  ],
  [
    'int-nonmonotonic-send',
    txn(
      0,
      [
        ['send', 'a', 1],
        ['send', 'a', 2],
      ],
      [
        ['send', 'a', [1, 1]],
        ['send', 'a', [0, 2]],
      ],
    ),
    'operation 1 on n0 sent message 1 to key "a" and then message 2, which is 1 place before it in the log.',
  ],
  [
    'poll-skip',
    [...SENT, ...poll(1, [0, 1]), ...poll(1, [2, 3])],
    'operation 9 on n1 polled key "a", and operation 11 on n1, the next poll of it by the same process, left out message 2.',
  ],
  [
    'nonmonotonic-poll',
    [...SENT, ...poll(1, [2, 3]), ...poll(1, [1, 2])],
    'operation 9 on n1 polled message 3 of key "a", and operation 11 on n1, the next poll of it by the same process, began with message 2, which is 1 place before it in the log.',
  ],
  [
    'nonmonotonic-send',
    [...send(0, 1, 5), ...send(0, 2, 3)],
    'operation 1 on n0 sent message 1 to key "a", and then operation 3 on n0 of the same process sent message 2, which is 1 place before it in the log.',
  ],
])('%s: describes what was observed', (type, rows, sentence) => {
  expect(seen(type, ...rows)).toBe(sentence);
});

it('omitted errors are counted beyond those that results name', () => {
  const sent = Array.from({ length: 50 }, (_, at) => send(0, at, at)).flat();
  expect(seen('int-poll-skip', ...sent, ...poll(1, [0, 0], [49, 49]))).toContain(
    'although messages 1, 2, 3, 4, 5, 6, 7, 8 and 40 more are between them in the log',
  );
});

it('a cycle names its operations', () => {
  const [one, other] = [
    [['send', 'a', 1], ['poll']],
    [['send', 'b', 2], ['poll']],
  ];
  const rows: readonly Row[] = [
    [0, 'invoke', one ?? null],
    [1, 'invoke', other ?? null],
    [0, 'ok', [['send', 'a', [0, 1]], ['poll', { b: [[0, 2]] }]]], // prettier-ignore
    [1, 'ok', [['send', 'b', [0, 2]], ['poll', { a: [[0, 1]] }]]], // prettier-ignore
  ];
  expect(explainKafka(checkKafka(history(...rows)), ({ process }) => `n${process}`)).toMatchInlineSnapshot(
    `
    "G1c: the order of operations forms a cycle, which no single log could have (once, for example each of operation 2 on n0 and operation 3 on n1 came before the next, and the last before the first).
    PL-2-cycle-exists: the order of operations forms a cycle, which no single log could have (once, for example each of operation 2 and operation 3 came before the others)."
  `,
  );
});

const EDN = `
  {:index 0, :type :invoke, :process 0, :f :txn, :value [[:send :k nested/sym] [:send 1/2 {:deep #{:x [1N]}}] [:poll]]}
  {:index 1, :type :ok, :process 0, :f :txn, :value [[:send :k [0 nested/sym]] [:send 1/2 [0 {:deep #{:x [1N]}}]] [:poll {:empty []}]]}
  {:index 2, :type :invoke, :process 1, :f :poll, :value [[:poll] [:poll]]}
  {:index 3, :type :ok, :process 1, :f :poll, :value [[:poll {:k [[1 :other]], 1/2 [[0 {:deep #{:x [1N]}}]]}] [:poll {}]]}
  {:index 4, :type :invoke, :process 2, :f :send, :value [[:send :k "k"]]}
  {:index 5, :type :info, :process 2, :f :send, :value [[:send :k "k"]]}
  {:index 6, :type :invoke, :process 0, :f :send, :value [[:send "k" 12345678901234567890]]}
  {:index 7, :type :ok, :process 0, :f :send, :value [[:send "k" [0 12345678901234567890]]]}`;

it('keys and messages in EDN are shown as they are, in the sentence and in results', () => {
  const result = checkKafka(readHistory(EDN).ops);
  expect(explainKafka(result)).toMatchInlineSnapshot(
    `
    "garbage-read: a message was read that no client had sent (once, for example message :other of key :k was polled by operation 3).
    lost-write: an acknowledged message was never read, although messages after it in the same log were (once, for example message nested/sym of key :k, sent by operation 1, was never polled, although operation 3 polled up to its place or further).
    unseen: messages were acknowledged that no client had polled when the run ended (1 of key :k, 1 of key "k")."
  `,
  );
  expect(resultsToEdnText(result, 'kafka')).toMatchInlineSnapshot(`
    "{:valid? false,
     :worst-realtime-lag {:time 0.0, :process 0, :key :k, :lag 0.0},
     :bad-error-types (:garbage-read :lost-write :unseen),
     :error-types (:garbage-read :lost-write :unseen),
     :info-txn-causes (),
     :garbage-read {:count 1,
                    :errs [{:key :k,
                            :value :other,
                            :reader {:index 3,
                                     :time 0,
                                     :type :ok,
                                     :process 1,
                                     :f :poll,
                                     :value [[:poll
                                              {:k [[1 :other]],
                                               1/2 [[0 {:deep #{:x [1]}}]]}]
                                             [:poll {}]]}}]},
     :lost-write {:count 1,
                  :errs [{:key :k,
                          :value nested/sym,
                          :index 0,
                          :max-read-index 1,
                          :writer {:index 1,
                                   :time 0,
                                   :type :ok,
                                   :process 0,
                                   :f :txn,
                                   :value [[:send :k [0 nested/sym]]
                                           [:send
                                            1/2
                                            [0 {:deep #{:x [1]}}]]
                                           [:poll {:empty []}]]},
                          :max-read {:index 3,
                                     :time 0,
                                     :type :ok,
                                     :process 1,
                                     :f :poll,
                                     :value [[:poll
                                              {:k [[1 :other]],
                                               1/2 [[0 {:deep #{:x [1]}}]]}]
                                             [:poll {}]]}}]},
     :unseen {:time 0,
              :unseen {:k 1, "k" 1},
              :messages {:k [nested/sym], "k" [12345678901234567890N]}}}
    "
  `);
});
