/** Stories say whether the node that gave a wrong answer had received what the answer misses, where messages show it. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../checkers/evidence.ts';
import type { Op } from '../history/op.ts';
import {
  opsOf,
  runOf,
  withoutNumbers,
  sentencesOf,
  storyOf,
  wrongAtEnd,
  type Entry,
  type Sent,
} from '../../test/support/story-by-hand.ts';

const ask = (at: number, node: string, request: string, answer: string): readonly Sent[] => {
  const client = node === 'n1' ? 'c1' : 'c2';
  return [
    { at, src: client, dest: node, body: request, arrives: at + 0.001 },
    { at: at + 0.05, src: node, dest: client, body: answer, arrives: at + 0.05 },
  ];
};
const toN2 = (body: string, at = 0.501, arrives: number | 'lost' = 0.6): Sent => ({
  at,
  src: 'n1',
  dest: 'n2',
  body,
  ...(arrives === 'lost' ? {} : { arrives }),
  origin: { message: 2, byTimer: false },
});
const textOf = (sent: readonly Sent[], history: readonly Op[], evidence: Evidence): string =>
  sentencesOf(runOf(sent, { history, evidence })).join('\n');

describe('a read at n2 that misses the last write of a key, at n1', () => {
  const WRITES: readonly Entry[] = [
    [0, 'invoke', 0, 'write', [0, 3]],
    [0.05, 'ok', 0, 'write', [0, 3]],
    [0.5, 'invoke', 0, 'write', [0, 1]],
    [0.55, 'ok', 0, 'write', [0, 1]],
  ];
  const READ: readonly Entry[] = [
    [1, 'invoke', 1, 'read', [0, null]],
    [1.05, 'ok', 1, 'read', [0, 3]],
  ];
  const writes = [
    ...ask(0, 'n1', '{"type":"write","key":0,"value":3,"msg_id":1}', '{"type":"write_ok","in_reply_to":1}'),
    ...ask(0.5, 'n1', '{"type":"write","key":0,"value":1,"msg_id":2}', '{"type":"write_ok","in_reply_to":2}'),
  ];
  const read = ask(
    1,
    'n2',
    '{"type":"read","key":0,"msg_id":1}',
    '{"type":"read_ok","value":3,"in_reply_to":1}',
  );
  const said = (between: readonly Sent[], more: readonly Entry[] = []): string => {
    const history = opsOf([...WRITES, ...more, ...READ]);
    return textOf([...writes, ...between, ...read], history, wrongAtEnd(history, 1));
  };

  it.each([
    ['in fields named as in requests', toN2('{"type":"backup","key":0,"value":1}')],
    ['within a list of entries', toN2('{"type":"log","entries":[{"key":0,"value":1}]}')],
    ['in a map by key', toN2('{"type":"state","value":{"0":1}}')],
    ['in a text of JSON', toN2('{"type":"state","text":"{\\"0\\":{\\"value\\":1,\\"at\\":5}}"}')],
  ])('received it: %s', (_, sent) => {
    expect(said([sent])).toContain(
      'n2 received 1 for key 0 from n1 0.4 s before the read, which misses it all the same.',
    );
  });

  it('received it, or not, in a state of all keys: what else it holds had been written before', () => {
    const other: readonly Entry[] = [
      [0.6, 'invoke', 2, 'write', [5, 4]],
      [0.65, 'ok', 2, 'write', [5, 4]],
      [0.7, 'invoke', 0, 'write', [0, 1]],
      [0.75, 'ok', 0, 'write', [0, 1]],
    ];
    const history = opsOf([...WRITES.slice(0, 2), ...other, ...READ]);
    const write = (at: number, key: number, value: number): readonly Sent[] =>
      ask(
        at,
        'n1',
        `{"type":"write","key":${key},"value":${value},"msg_id":${key + value}}`,
        `{"type":"write_ok","in_reply_to":${key + value}}`,
      ).map((sent) => (sent.src === 'c1' && key === 5 ? { ...sent, src: 'c3' } : sent));
    const state = (at: number, message: number, data: string, arrives: number | 'lost'): Sent => ({
      ...toN2(`{"type":"state","data":${data}}`, at, arrives),
      origin: { message, byTimer: false },
    });
    const told = (last: number | 'lost'): string => {
      const sent = [
        ...write(0, 0, 3),
        state(0.06, 0, '{"0":3}', 0.07),
        ...write(0.6, 5, 4),
        state(0.61, 3, '{"0":3,"5":4}', 0.62),
        ...write(0.7, 0, 1),
        state(0.71, 6, '{"0":1,"5":4}', last),
        ...read,
      ];
      const run = runOf(sent, { history, evidence: wrongAtEnd(history, 1) });
      run.clients.add({ name: 'c3', process: 2, node: 'n1', time: 0 });
      return sentencesOf(run).join('\n');
    };
    expect(told(0.8)).toContain('n2 received 1 for key 0 from n1 0.2 s before the read');
    expect(told('lost')).toContain("had reached n2 when it answered: n1's state was lost.");
  });

  it('received it, and the older value after it', () => {
    const late = toN2('{"type":"backup","key":0,"value":3}', 0.02, 0.8);
    expect(
      said([
        { ...late, origin: { message: 0, byTimer: false } },
        toN2('{"type":"backup","key":0,"value":1}'),
      ]),
    ).toContain('n2 received 1 for key 0 from n1 0.4 s before the read, but 3 from n1 after that.');
  });

  it.each([
    ['nothing was sent', [], /had reached n2 when it answered\.$/m],
    [
      'it was lost',
      [toN2('{"type":"backup","key":0,"value":1}', 0.501, 'lost')],
      /answered: n1's backup was lost\.$/m,
    ],
    [
      'it came later',
      [toN2('{"type":"backup","key":0,"value":1}', 0.501, 1.15)],
      /answered: n1's backup arrives 0\.1 s later\.$/m,
    ],
    [
      'and where it had the older value from',
      [toN2('{"type":"backup","key":0,"value":3}', 0.01, 0.2)],
      /had reached n2 when it answered\. Its 3 is what n1 sent it 0\.8 s before\.$/m,
    ],
  ])('had not received it: %s', (_, sent, ending) => {
    const text = said(sent);
    expect(text).toContain("No message that shows c1's write of 1 to key 0");
    expect(text).toMatch(ending);
  });

  it.each([
    ['a version that is equal', '{"type":"invalidate","key":0,"version":1}'],
    ['a version in a map by key', '{"type":"versions","seen":{"0":1}}'],
    ['an offset in a pair', '{"type":"log","key":0,"entries":[[1,"x"]]}'],
    ['a version in a pair with the value', '{"type":"state","key":0,"value":[1,3]}'],
    ['a list with keys as positions', '{"type":"state","all":[1,4,2,2]}'],
  ])('says neither if the message holds %s', (_, body) => {
    expect(said([toN2(body)])).not.toMatch(/n2 received|No message that shows/);
  });

  it('says neither if it came while the node was answering', () => {
    expect(said([toN2('{"type":"backup","key":0,"value":1}', 0.501, 1.02)])).not.toMatch(
      /n2 received|No message that shows/,
    );
  });

  it('a heartbeat with the same number is no sign of it', () => {
    expect(said([toN2('{"type":"heartbeat","beat":1}')])).toContain('No message that shows');
  });

  it('says nothing of a value that an earlier write had as well, where a timer sent it', () => {
    const more: readonly Entry[] = [
      [0.1, 'invoke', 1, 'write', [0, 1]],
      [0.15, 'ok', 1, 'write', [0, 1]],
    ];
    const gossip = { ...toN2('{"type":"backup","key":0,"value":1}'), origin: { message: 2, byTimer: true } };
    expect(said([gossip])).toContain('n2 received 1 for key 0');
    expect(said([gossip], more)).not.toMatch(/n2 received|No message that shows/);
  });

  it.each([
    [5, true],
    [4, false],
  ])('with the last %s messages, says so if all since the write are among them', (mostMessages, isSaid) => {
    const history = opsOf([...WRITES, ...READ]);
    const sent = [...writes, toN2('{"type":"backup","key":0,"value":1}'), ...read].toSorted(
      (a, b) => a.at - b.at,
    );
    const run = runOf(sent, { history, evidence: wrongAtEnd(history, 1) });
    const text = storyOf({ ...run, mostMessages })
      .steps.map((step) => step.text)
      .join('\n');
    expect(text.includes('n2 received 1 for key 0')).toBe(isSaid);
  });

  it('speaks of the node that gave the answer, not of one that passed it on', () => {
    const history = opsOf([...WRITES, ...READ]);
    const [request, answer] = read;
    if (request === undefined || answer === undefined) throw new Error('no read');
    const way: readonly Sent[] = [
      request,
      {
        at: 1.01,
        src: 'n2',
        dest: 'n3',
        body: '{"type":"read","key":0,"msg_id":9}',
        arrives: 1.02,
        origin: { message: 5, byTimer: false },
      },
      {
        at: 1.02,
        src: 'n3',
        dest: 'n2',
        body: '{"type":"read_ok","value":3,"in_reply_to":9}',
        arrives: 1.03,
      },
      answer,
    ];
    const between = [toN2('{"type":"backup","key":0,"value":1}')];
    const run = runOf([...writes, ...between, ...way], { history, evidence: wrongAtEnd(history, 1) });
    const { steps } = storyOf({ ...run, spec: { ...run.spec, nodes: ['n1', 'n2', 'n3'] } });
    const text = withoutNumbers(steps.map((step) => step.text).join('\n'));
    expect(text).toMatch(/had reached n3 when it answered\.$/m);
    expect(text).not.toContain('n2 received');
  });
});

it('a transaction that misses its own write: its node had received the other value before', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'txn', [['w', 9, 3]]],
    [0.1, 'ok', 0, 'txn', [['w', 9, 3]]],
    [
      1,
      'invoke',
      1,
      'txn',
      [
        ['w', 9, 4],
        ['r', 9, null],
      ],
    ],
    [
      1.05,
      'ok',
      1,
      'txn',
      [
        ['w', 9, 4],
        ['r', 9, 3],
      ],
    ],
  ]);
  const anomaly = {
    type: 'internal',
    count: 1,
    examples: [],
    simplest: { text: 'it contradicts itself', cycle: undefined, operations: [2], wrong: 2 },
  };
  const said = (value: number): string =>
    textOf(
      [
        ...ask(
          0,
          'n1',
          '{"type":"txn","txn":[["w",9,3]],"msg_id":1}',
          '{"type":"txn_ok","txn":[["w",9,3]],"in_reply_to":1}',
        ),
        { ...toN2(`{"type":"apply","txn":[["w",9,${value}]]}`), origin: { message: 0, byTimer: false } },
        ...ask(
          1,
          'n2',
          '{"type":"txn","txn":[["w",9,4],["r",9,null]],"msg_id":1}',
          '{"type":"txn_ok","txn":[["w",9,4],["r",9,3]],"in_reply_to":1}',
        ),
      ],
      history,
      { kind: 'anomalies', anomalies: [anomaly] },
    );
  expect(said(3)).toContain(
    'n2 itself ran the write of 4 to key 9, and shows 3 all the same, which n1 had sent it 0.4 s before the transaction.',
  );
  expect(said(5)).not.toContain('n2 itself');
});

it('a transaction that reads two keys and misses the write of one: the write of this one, of several', () => {
  const history = opsOf([
    [
      0.5,
      'invoke',
      0,
      'txn',
      [
        ['w', 8, 1],
        ['w', 9, 2],
      ],
    ],
    [
      0.55,
      'ok',
      0,
      'txn',
      [
        ['w', 8, 1],
        ['w', 9, 2],
      ],
    ],
    [
      1,
      'invoke',
      1,
      'txn',
      [
        ['r', 8, null],
        ['r', 9, null],
      ],
    ],
    [
      1.05,
      'ok',
      1,
      'txn',
      [
        ['r', 8, 5],
        ['r', 9, null],
      ],
    ],
  ]);
  const cycle = {
    path: 'T1 -> T2 -> T1',
    transactions: ['T1', 'T2'].map((name) => ({ name, place: '', text: '' })),
    steps: [
      { type: 'rw', from: 'T1', to: 'T2', reason: 'missed', key: 9 },
      { type: 'realtime', from: 'T2', to: 'T1', reason: 'over' },
    ],
  };
  const text = textOf(
    [
      ...ask(
        0.5,
        'n1',
        '{"type":"txn","txn":[["w",8,1],["w",9,2]],"msg_id":1}',
        '{"type":"txn_ok","txn":[["w",8,1],["w",9,2]],"in_reply_to":1}',
      ),
      ...ask(
        1,
        'n2',
        '{"type":"txn","txn":[["r",8,null],["r",9,null]],"msg_id":1}',
        '{"type":"txn_ok","txn":[["r",8,5],["r",9,null]],"in_reply_to":1}',
      ),
    ],
    history,
    {
      kind: 'anomalies',
      anomalies: [
        {
          type: 'G-single-item-realtime',
          count: 1,
          examples: [],
          simplest: { text: '', cycle, operations: [2, 0], wrong: 2 },
        },
      ],
    },
  );
  expect(text).toContain("No message that shows T2's write of 2 to key 9 had reached n2");
});

it('a transaction that misses an append: its node had received it', () => {
  const history = opsOf([
    [0.5, 'invoke', 0, 'txn', [['append', 9, 1]]],
    [0.55, 'ok', 0, 'txn', [['append', 9, 1]]],
    [1, 'invoke', 1, 'txn', [['r', 9, null]]],
    [1.05, 'ok', 1, 'txn', [['r', 9, []]]],
  ]);
  const cycle = {
    path: 'T1 -> T2 -> T1',
    transactions: ['T1', 'T2'].map((name) => ({ name, place: '', text: '' })),
    steps: [
      { type: 'rw', from: 'T1', to: 'T2', reason: 'missed' },
      { type: 'realtime', from: 'T2', to: 'T1', reason: 'over' },
    ],
  };
  const anomaly = {
    type: 'G-single-item-realtime',
    count: 1,
    examples: [],
    simplest: { text: '', cycle, operations: [2, 0], wrong: 2 },
  };
  const said = (between: readonly Sent[]): string =>
    textOf(
      [
        ...ask(
          0.5,
          'n1',
          '{"type":"txn","txn":[["append",9,1]],"msg_id":1}',
          '{"type":"txn_ok","txn":[["append",9,1]],"in_reply_to":1}',
        ),
        ...between.map((sent) => ({ ...sent, origin: { message: 0, byTimer: false } })),
        ...ask(
          1,
          'n2',
          '{"type":"txn","txn":[["r",9,null]],"msg_id":1}',
          '{"type":"txn_ok","txn":[["r",9,[]]],"in_reply_to":1}',
        ),
      ],
      history,
      { kind: 'anomalies', anomalies: [anomaly] },
    );
  expect(said([toN2('{"type":"apply","txn":[["append",9,1]]}')])).toContain(
    'n2 received 1 for key 9 from n1 0.4 s before T1, which misses it all the same.',
  );
  expect(said([toN2('{"type":"apply","txn":[["append",9,1]]}', 0.501, 'lost')])).toContain(
    "No message that shows T2's append of 1 to key 9 had reached n2 when it answered: n1's apply was lost.",
  );
  // Keys of other transactions are numbers, too: 1 beside 1 is no sign that the place holds other numbers.
  const others = ['[["append",1,9]]', '[["append",9,8]]', '[["append",8,9]]'].map((txn) =>
    toN2(`{"type":"apply","txn":${txn}}`),
  );
  expect(said([...others, toN2('{"type":"apply","txn":[["append",9,1]]}', 0.501, 1.02)])).not.toContain(
    'No message that shows',
  );
  // A lock on a key, with a version.
  expect(said([toN2('{"type":"lock","key":9,"version":1}')])).not.toMatch(
    /n2 received|No message that shows/,
  );
});

describe('a poll that leaves out a message', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'send', [['send', '9', 7]]],
    [0.05, 'ok', 0, 'send', [['send', '9', [0, 7]]]],
    [0.5, 'invoke', 0, 'send', [['send', '9', 1]]],
    [0.55, 'ok', 0, 'send', [['send', '9', [1, 1]]]],
    [1, 'invoke', 1, 'poll', [['poll']]],
    [
      1.05,
      'ok',
      1,
      'poll',
      [
        [
          'poll',
          {
            '9': [
              [0, 7],
              [2, 8],
            ],
          },
        ],
      ],
    ],
  ]);
  const [poll] = history.slice(-1);
  const skip = { count: 1, errs: [{ key: '9', delta: 2, values: [7, 8], skipped: [1], op: poll }] };
  const result = { 'valid?': false, 'bad-error-types': ['int-poll-skip'], 'int-poll-skip': skip };
  const said = (between: readonly Sent[], offset = 0): string => {
    const sent = [
      ...ask(
        0,
        'n1',
        '{"type":"send","key":"9","msg":7,"msg_id":1}',
        '{"type":"send_ok","offset":0,"in_reply_to":1}',
      ),
      ...ask(
        0.5,
        'n1',
        '{"type":"send","key":"9","msg":1,"msg_id":2}',
        '{"type":"send_ok","offset":1,"in_reply_to":2}',
      ),
      ...between,
      ...ask(
        1,
        'n2',
        `{"type":"poll","offsets":{"9":${offset}},"msg_id":1}`,
        '{"type":"poll_ok","msgs":{"9":[[0,7],[2,8]]},"in_reply_to":1}',
      ),
    ];
    const run = runOf(sent, { history, evidence: undefined, results: { 'valid?': false, workload: result } });
    return sentencesOf({ ...run, spec: { ...run.spec, workload: 'kafka' } }).join('\n');
  };

  it('its node had received it', () => {
    expect(said([toN2('{"type":"copy","key":"9","offset":1,"msg":1}')])).toContain(
      'n2 received 1 for key "9" from n1 0.4 s before the poll, which misses it all the same.',
    );
  });

  it('it was lost, although messages with an equal offset arrived', () => {
    const copies = [0, 2, 1].map((offset) =>
      toN2(`{"type":"copy","key":"9","offset":${offset},"msg":${offset + 7}}`, 0.501 + offset / 100),
    );
    const lost = toN2('{"type":"copy","key":"9","offset":1,"msg":1}', 0.53, 'lost');
    expect(said([...copies, lost])).toContain(
      'No message that shows message 1 of key "9" had reached n2 when it answered: n1\'s copy was lost.',
    );
  });

  it('says nothing if the poll asked for what comes after it', () => {
    expect(said([], 0)).toContain('No message that shows message 1 of key "9"');
    expect(said([], 2)).not.toContain('No message that shows');
  });
});

describe('a read at n2 that misses a write which n2 had passed on to n1', () => {
  const history = opsOf([
    [0, 'invoke', 1, 'write', [0, 3]],
    [0.05, 'ok', 1, 'write', [0, 3]],
    [0.5, 'invoke', 1, 'write', [0, 1]],
    [0.55, 'ok', 1, 'write', [0, 1]],
    [1, 'invoke', 1, 'read', [0, null]],
    [1.05, 'ok', 1, 'read', [0, 3]],
  ]);
  /** The request is message `first` of all. */
  const write = (at: number, value: number, first: number, copied: number | 'lost'): readonly Sent[] => {
    const [request, answer] = ask(
      at,
      'n2',
      `{"type":"write","key":0,"value":${value},"msg_id":${value}}`,
      `{"type":"write_ok","in_reply_to":${value}}`,
    );
    const body = `"key":0,"value":${value}`;
    if (request === undefined || answer === undefined) return [];
    return [
      request,
      {
        at: at + 0.01,
        src: 'n2',
        dest: 'n1',
        body: `{"type":"forward",${body},"msg_id":${value}}`,
        arrives: at + 0.02,
        origin: { message: first, byTimer: false },
      },
      {
        ...toN2(`{"type":"copy",${body}}`, at + 0.02, copied),
        origin: { message: first + 1, byTimer: false },
      },
      {
        at: at + 0.03,
        src: 'n1',
        dest: 'n2',
        body: `{"type":"forward_ok","in_reply_to":${value}}`,
        arrives: at + 0.04,
        origin: { message: first + 1, byTimer: false },
      },
      answer,
    ];
  };
  const said = (copied: number | 'lost'): string =>
    textOf(
      [
        ...write(0, 3, 0, 0.1),
        ...write(0.5, 1, 5, copied),
        ...ask(1, 'n2', '{"type":"read","key":0,"msg_id":9}', '{"type":"read_ok","value":3,"in_reply_to":9}'),
      ],
      history,
      wrongAtEnd(history, 1),
    );

  it('did not get it back: n2 itself wrote nothing', () => {
    expect(said('lost')).toContain(
      "n2 had passed c2's write of 1 to key 0 on to n1, and no message that shows it had come back when n2 answered: n1's copy was lost. Its 3 is what n1 sent it 0.9 s before.",
    );
    expect(said('lost')).not.toContain('itself');
  });

  it('got it back, and did not keep it', () => {
    expect(said(0.6)).toContain(
      'n2 received 1 for key 0 from n1 0.4 s before the read, which misses it all the same.',
    );
  });
});
