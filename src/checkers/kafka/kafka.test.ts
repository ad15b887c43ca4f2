import { describe, expect, it } from 'vitest';
import type { Op, OpType } from '../../history/op.ts';
import { readHistory } from '../../history/reading/read-history.ts';
import type { Json } from '../../protocol/json.ts';
import { explainKafka } from './explain-kafka.ts';
import { checkKafka } from './kafka.ts';

type Row = readonly [process: number, type: OpType, f: string, value: Json];

const history = (...rows: readonly Row[]): readonly Op[] =>
  rows.map(([process, type, f, value], index) => ({ index, time: index * 1000, process, type, f, value }));

const send = (process: number, key: Json, message: Json, offset: Json): readonly Row[] => [
  [process, 'invoke', 'send', [['send', key, message]]],
  [process, 'ok', 'send', [['send', key, [offset, message]]]],
];

const poll = (process: number, polled: Json): readonly Row[] => [
  [process, 'invoke', 'poll', [['poll']]],
  [process, 'ok', 'poll', [['poll', polled]]],
];

const verdict = (...rows: readonly Row[]) => {
  const result = checkKafka(history(...rows));
  return [result['valid?'], result['bad-error-types']];
};

describe('kafka, with few operations', () => {
  it('a history without transactions proves nothing, and has no cycle', () => {
    const result = checkKafka(history([0, 'invoke', 'assign', ['a']], [0, 'ok', 'assign', ['a']]));
    expect(result['valid?']).toBe('unknown');
    expect(result['bad-error-types']).toEqual([]);
    expect(explainKafka(result)).toMatchInlineSnapshot(
      `"No operation of the history depended on another (no message was sent and polled, and no operation began after another had succeeded), so the history proves nothing about the logs, for or against."`,
    );
  });

  it('a poll of empty logs proves nothing', () => {
    expect(verdict(...poll(0, {}))).toEqual(['unknown', []]);
  });

  it('a message in the last poll has been seen, even if its send crashed', () => {
    const crashed: Row = [0, 'invoke', 'send', [['send', 'a', 1]]];
    expect(verdict(crashed, ...poll(1, { a: [[0, 1]] }))).toEqual([true, []]);
    expect(verdict(crashed, [0, 'info', 'send', crashed[3]], ...poll(1, { a: [[0, 1]] }))).toEqual([
      true,
      [],
    ]);
  });

  it('a poll that shows a log as empty lags behind the messages that it held by then', () => {
    const lagOf = (...rows: readonly Row[]) => checkKafka(history(...rows))['worst-realtime-lag'];
    const late = { time: 2e-6, lag: 1e-6, process: 1, key: 'a' };
    expect(lagOf(...send(0, 'a', 1, 0), ...poll(1, { a: [] }))).toEqual(late);
    expect(lagOf(...send(0, 'a', 1, 0), ...poll(1, { a: [], b: [] }))).toEqual(late);
    // Without the name of the log nothing shows that the client reads it.
    expect(lagOf(...send(0, 'a', 1, 0), ...poll(1, {}))).toMatchObject({ lag: 0 });
    // Nor does a send whose offset is unknown.
    const sent: Row = [1, 'invoke', 'txn', [['poll'], ['send', 'a', 2]]];
    const done: Row = [
      1,
      'ok',
      'txn',
      [
        ['poll', {}],
        ['send', 'a', [null, 2]],
      ],
    ];
    expect(lagOf(...send(0, 'a', 1, 0), sent, done)).toMatchObject({ lag: 0 });
    // It was at offset 0 before, which was the last one when this poll began.
    expect(lagOf(...send(0, 'a', 1, 0), ...poll(1, { a: [[0, 1]] }), ...poll(1, { a: [] }))).toMatchObject({
      lag: 0,
    });
  });

  it('an acknowledged message that was never polled is unseen', () => {
    expect(verdict(...send(0, 'a', 1, 0))).toEqual([false, ['unseen']]);
    expect(checkKafka(history(...send(0, 'a', 1, 0)))).not.toHaveProperty('warnings');
  });

  it('an unseen message at an offset below 0 is explained: no client polls there', () => {
    const result = checkKafka(
      history(
        ...send(0, 'a', 1, -1000),
        ...send(0, 'a', 2, -999),
        ...send(0, 'a', 3, 0),
        ...poll(1, { a: [[0, 3]] }),
      ),
    );
    expect(result['bad-error-types']).toEqual(['lost-write', 'unseen']);
    expect(result['warnings']).toEqual([
      '2 unseen messages got offsets below 0, such as message 1 of key "a" at offset -1000. Clients poll a log from offset 0 on, so a message before that is never polled: let a log begin at offset 0 or later.',
    ]);
    // A recorded history from another system may still poll them all.
    const polled = checkKafka(history(...send(0, 'a', 1, -5), ...poll(1, { a: [[-5, 1]] })));
    expect(polled).toMatchObject({ 'valid?': true });
    expect(polled).not.toHaveProperty('warnings');
  });
});

describe('kafka, on incomplete sends', () => {
  it('a message may itself be a pair: a crashed send of it has no offset', () => {
    const value = [['send', 'a', [7, 'x']]];
    expect(
      verdict([0, 'invoke', 'send', value], [0, 'info', 'send', value], ...poll(1, { a: [[0, [7, 'x']]] })),
    ).toEqual([true, []]);
    expect(verdict([0, 'invoke', 'send', value], ...poll(1, { a: [[0, [7, 'x']]] }))).toEqual([true, []]);
  });

  it('a completion without a value completes the invoked value', () => {
    const invoked: Row = [0, 'invoke', 'send', [['send', 'a', 1]]];
    expect(verdict(invoked, [0, 'info', 'send', null], ...poll(1, { a: [[0, 1]] }))).toEqual([true, []]);
    expect(verdict(invoked, [0, 'fail', 'send', null], ...poll(1, { a: [[0, 1]] }))).toEqual([
      false,
      ['G1a'],
    ]);
  });

  it('a message whose send failed and was then retried may be polled', () => {
    const invoked: Row = [0, 'invoke', 'send', [['send', 'a', 1]]];
    const failed: readonly Row[] = [invoked, [0, 'fail', 'send', [['send', 'a', 1]]]];
    expect(verdict(...failed, ...send(0, 'a', 1, 0), ...poll(1, { a: [[0, 1]] }))).toEqual([true, []]);
    expect(verdict(...send(1, 'a', 1, 0), ...failed, ...poll(1, { a: [[0, 1]] }))).toEqual([true, []]);
  });

  it('an acknowledged message is lost, also if a crashed send repeated it', () => {
    const crashed: readonly Row[] = [
      [2, 'invoke', 'send', [['send', 'a', 1]]],
      [2, 'info', 'send', [['send', 'a', 1]]],
    ];
    const beyond = [...send(0, 'a', 2, 1), ...poll(1, { a: [[1, 2]] })];
    const lost = [false, ['lost-write', 'unseen']];
    expect(verdict(...send(0, 'a', 1, 0), ...beyond)).toEqual(lost);
    expect(verdict(...send(0, 'a', 1, 0), ...crashed, ...beyond)).toEqual(lost);
    expect(verdict(...crashed, ...send(0, 'a', 1, 0), ...beyond)).toEqual(lost);
  });

  it('a read of a failed send counts once, however often the poll shows the message', () => {
    const failed: readonly Row[] = [1, 2].flatMap((value): Row[] => [
      [0, 'invoke', 'send', [['send', 'a', value]]],
      [0, 'fail', 'send', [['send', 'a', value]]],
    ]);
    const read = poll(1, {
      a: [
        [0, 1],
        [1, 2],
        [2, 1],
      ],
    });
    const { G1a } = checkKafka(history(...failed, ...read)) as unknown as { G1a: { count: number } };
    expect(G1a.count).toBe(2);
  });
});

it('a key that looks like a micro-operation stays a key when keys are assigned', () => {
  const { ops } = readHistory(`
    {:index 0, :type :invoke, :process 0, :f :assign, :value [[:a]]}
    {:index 1, :type :ok, :process 0, :f :assign, :value [[:a]]}
    {:index 2, :type :invoke, :process 0, :f :send, :value [[:send [:a] 1] [:send [:a] 2] [:send [:a] 3]]}
    {:index 3, :type :ok, :process 0, :f :send, :value [[:send [:a] [0 1]] [:send [:a] [1 2]] [:send [:a] [2 3]]]}
    {:index 4, :type :invoke, :process 0, :f :poll, :value [[:poll]]}
    {:index 5, :type :ok, :process 0, :f :poll, :value [[:poll {[:a] [[0 1]]}]]}
    {:index 6, :type :invoke, :process 0, :f :assign, :value [[:a]]}
    {:index 7, :type :ok, :process 0, :f :assign, :value [[:a]]}
    {:index 8, :type :invoke, :process 0, :f :poll, :value [[:poll]]}
    {:index 9, :type :ok, :process 0, :f :poll, :value [[:poll {(:a) [[2 3]]}]]}`);
  // The second assign keeps the key that was polled, so the next poll continues from there.
  expect(checkKafka(ops)).toMatchObject({ 'bad-error-types': expect.arrayContaining(['poll-skip']) });
});

describe('kafka, on offsets', () => {
  const huge = 2n ** 60n;

  it.each([
    ['beyond 2^53', [huge, huge + 1n, huge + 2n]],
    ['below 0', [-7, -2, -1]],
    ['from below -2^53 to beyond 2^53', [-huge, -huge + 1n, 0]],
    ['of both kinds', [-1, 5, huge]],
  ] as const)('offsets %s are compared', (_, [first, second, third]) => {
    const sends = [...send(0, 'a', 'x', first), ...send(0, 'a', 'y', second), ...send(0, 'a', 'z', third)];
    const all: Json = { a: [[first, 'x'], [second, 'y'], [third, 'z']] }; // prettier-ignore
    const skipped: Json = { a: [[first, 'x'], [third, 'z']] }; // prettier-ignore
    const backwards: Json = { a: [[second, 'y'], [first, 'x'], [third, 'z']] }; // prettier-ignore
    const twice: Json = { a: [[first, 'x'], [first, 'y'], [third, 'z']] }; // prettier-ignore
    expect(verdict(...sends, ...poll(1, all))).toEqual([true, []]);
    expect(verdict(...sends, ...poll(1, skipped), ...poll(2, all))).toEqual([false, ['int-poll-skip']]);
    expect(verdict(...sends, ...poll(1, backwards))[1]).toContain('int-nonmonotonic-poll');
    const conflict = checkKafka(history(...sends, ...poll(1, twice)));
    expect(conflict['inconsistent-offsets']).toMatchObject({ errs: [{ offset: first, values: ['x', 'y'] }] });
    expect(conflict['duplicate']).toMatchObject({ errs: [{ value: 'y', offsets: [first, second] }] });
  });

  it('the sentence names the messages polled in succession, and those that the log has between them', () => {
    const sends = [...send(0, 'a', 'x', 0), ...send(0, 'a', 'y', 1), ...send(0, 'a', 'z', 2)];
    const skipping = checkKafka(
      history(...sends, ...poll(1, { a: [[0, 'x'], [2, 'z']] }), ...poll(2, { a: [[1, 'y']] })), // prettier-ignore
    );
    expect(explainKafka(skipping, () => 'n4')).toMatchInlineSnapshot(
      `"int-poll-skip: one poll skipped messages in the middle (once, for example operation 7 on n4 polled message "x" of key "a" and right after it "z", although message "y" is between them in the log)."`,
    );
    const jumping = checkKafka(
      history(...sends, ...poll(1, { a: [[0, 'x']] }), ...poll(1, { a: [[2, 'z']] }), ...poll(2, { a: [[1, 'y']] })), // prettier-ignore
    );
    expect(explainKafka(jumping, () => 'n4')).toMatchInlineSnapshot(
      `"poll-skip: a client's next poll skipped messages (once, for example operation 7 on n4 polled key "a", and operation 9 on n4, the next poll of it by the same process, left out message "y")."`,
    );
    const back = checkKafka(history(...sends, ...poll(1, { a: [[1, 'y'], [0, 'x'], [2, 'z']] }))); // prettier-ignore
    expect(explainKafka(back, () => 'n4')).toMatchInlineSnapshot(
      `
      "int-nonmonotonic-poll: one poll returned messages out of order (once, for example operation 7 on n4 polled message "y" of key "a" and right after it message "x", which is 1 place before it in the log).
      int-poll-skip: one poll skipped messages in the middle (once, for example operation 7 on n4 polled message "x" of key "a" and right after it "z", although message "y" is between them in the log)."
    `,
    );
  });

  it('the sentence about a skipped message that the log has twice is consistent', () => {
    const sends = [...send(0, 'a', 5, 0), ...send(0, 'a', 7, 1), ...send(0, 'a', 7, 2)];
    const result = checkKafka(history(...sends, ...poll(1, { a: [[0, 5], [2, 7]] }), ...poll(2, { a: [[1, 7]] }))); // prettier-ignore
    expect(explainKafka(result)).toMatchInlineSnapshot(
      `
      "duplicate: one message was found at several offsets (once, for example message 7 of key "a" was stored at offsets 1 and 2).
      int-poll-skip: one poll skipped messages in the middle (once, for example operation 7 polled message 5 of key "a" and right after it 7, although message 7 is between them in the log (the log has 7 more than once)).
      nonmonotonic-send: a client's later message got an earlier offset (once, for example operation 3 sent message 7 to key "a", and then operation 5 of the same process sent the same message again)."
    `,
    );
  });

  it('an offset that is not an integer makes a foreign history malformed', () => {
    expect(checkKafka(history(...send(0, 'a', 1, 1.5)))['error']).toBe(
      'The history is malformed: operation 1 has the offset 1.5; expected an integer or null.',
    );
  });
});

describe('kafka, when logs move between clients', () => {
  const skipping = (more: string): string =>
    [
      '{:type :invoke :process 0 :f :send :value [[:send 1 :a] [:send 1 :b] [:send 1 :c]]}',
      '{:type :ok :process 0 :f :send :value [[:send 1 [0 :a]] [:send 1 [1 :b]] [:send 1 [2 :c]]]}',
      '{:type :invoke :process 1 :f :poll :value [[:poll]]}',
      '{:type :ok :process 1 :f :poll :value [[:poll {1 [[0 :a] [1 :b] [2 :c]]}]]}',
      '{:type :invoke :process 2 :f :poll :value [[:poll] [:poll]]}',
      `{:type :ok :process 2 :f :poll :value [[:poll {1 [[0 :a] [2 :c]]}] [:poll {1 [[1 :b]]}]]${more}}`,
    ].join('\n');
  const errorsOf = (text: string) => checkKafka(readHistory(`${text}\n`).ops)['error-types'];

  it('the order within a poll is not checked for the keys of its rebalance log, and only for those', () => {
    const found = ['int-nonmonotonic-poll', 'int-poll-skip'];
    expect(errorsOf(skipping(''))).toEqual(found);
    expect(errorsOf(skipping(' :rebalance-log [{:type :revoked :keys [2]}]'))).toEqual(found);
    expect(errorsOf(skipping(' :rebalance-log [{:keys []} {:type :assigned :keys [2 1]}]'))).toEqual([]);
  });

  it('a rebalance log of JSON is read as well', () => {
    const ops = [
      ...send(0, '1', 'a', 0),
      ...send(0, '1', 'b', 1),
      ...poll(1, {
        1: [
          [0, 'a'],
          [1, 'b'],
        ],
      }),
      ...poll(2, {
        1: [
          [1, 'b'],
          [0, 'a'],
        ],
      }),
    ];
    const lines = history(...ops).map((op, at) =>
      JSON.stringify(at === ops.length - 1 ? { ...op, 'rebalance-log': [{ keys: ['1'] }] } : op),
    );
    expect(errorsOf(lines.join('\n'))).toEqual([]);
  });
});
