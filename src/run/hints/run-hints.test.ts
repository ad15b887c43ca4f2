import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../checkers/evidence.ts';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import type { EndpointKind } from '../../network/endpoint.ts';
import { RunHints, type Seen } from './run-hints.ts';

const kindOf = (name: string): EndpointKind => (name.startsWith('n') ? 'node' : 'service');
const counts = (sent: number, perOperation = 0) => ({
  'send-count': sent,
  'recv-count': sent,
  'msg-count': sent,
  'msgs-per-op': perOperation,
});
const seen = (sent: number, perOperation = 0): Seen => ({
  net: { all: counts(sent), clients: counts(0), servers: counts(sent, perOperation) },
  nodeCount: 3,
  hasProblems: false,
});

type Ops = readonly (readonly [process: number, f: string, value: Json, type?: Op['type']])[];

/** Returns the hints for these operations, each by the client of the node with that number. */
function hintsOf(workload: string, ops: Ops): readonly string[] {
  return after(workload, ops).sentences(seen(1));
}

/** Returns the remarks, which are made whatever the verdict. */
const remarksOn = (workload: string, ops: Ops): readonly string[] => after(workload, ops).remarks(seen(1));

function after(workload: string, ops: Ops): RunHints {
  const hints = new RunHints(workload, {
    kindOf,
    nodeOf: ({ process }) => `n${process}`,
    recoverySeconds: 10,
  });
  for (const [index, [process, f, value, type = 'ok']] of ops.entries())
    hints.observe({ index, time: index, process, type, f, value });
  return hints;
}

const ALONE =
  'The 3 nodes sent nothing to each other, nor to a service: what a client told one of them, no other can know.';

describe('messages as a whole', () => {
  const said = (workload: string, what: Seen): readonly string[] =>
    new RunHints(workload, { kindOf, nodeOf: () => 'n1', recoverySeconds: 10 }).sentences(what);

  it('nodes that share something have to send each other messages', () => {
    expect(said('g-set', seen(0))).toEqual([ALONE]);
    expect(said('g-set', seen(1))).toEqual([]);
    expect(said('unique-ids', seen(0))).toEqual([]);
    expect(said('g-set', { ...seen(0), nodeCount: 1 })).toEqual([]);
    expect(said('g-set', { ...seen(0), hasProblems: true })).toEqual([]);
  });

  it('a thousand messages per operation are too many', () => {
    expect(said('broadcast', seen(430_194, 16_545.9))).toEqual([
      '430,194 messages were sent between nodes, or between nodes and services: 16,546 for each operation. Does a node pass on what it had before, or send again without waiting?',
    ]);
    expect(said('broadcast', seen(5000, 999))).toEqual([]);
    expect(after('broadcast', []).remarks(seen(430_194, 16_545.9))).toHaveLength(1); // whatever the verdict
  });
});

describe('messages between nodes that have no handler', () => {
  const loggedBy = (node: string, type: string, sender: string): [string, string] => [
    node,
    `${node} has no handler for "${type}"; it handles "broadcast", "gossip". ${sender} sent one.`,
  ];
  const remarks = (...lines: readonly (readonly [string, string])[]): readonly string[] => {
    const hints = new RunHints('broadcast', {
      kindOf: (name) => (name.startsWith('c') ? 'client' : 'node'),
      nodeOf: () => 'n1',
      recoverySeconds: 10,
    });
    for (const [node, line] of lines) hints.logged(node, line);
    return hints.remarks(seen(1));
  };

  it('are remarked with the types that have one, whatever the verdict', () => {
    expect(
      remarks(loggedBy('n2', 'gosip', 'n1'), loggedBy('n1', 'gosip', 'n2'), loggedBy('n0', 'gosip', 'n1')),
    ).toEqual([
      'n0 to n2 got `gosip` from other nodes and have no handler for it: what it says is lost. They handle "broadcast", "gossip".',
    ]);
    expect(remarks(loggedBy('n2', 'hello', 'n1'))).toEqual([
      'n2 got `hello` from other nodes and has no handler for it: what it says is lost. It handles "broadcast", "gossip".',
    ]);
  });

  it('fail where no client hears of it, which is remarked with the place in the program', () => {
    const stack = (place: string): [string, string][] =>
      ['at Node.send (maelstrom/dist/node.js:9:1)', `at ${place}`, 'at other.ts:1:1'].map((at) => [
        'n1',
        `    ${at}`,
      ]);
    expect(
      remarks(
        ['n1', 'The handler of "gossip" failed: TypeError: all is not iterable'],
        ...stack('work (/home/me/my node.ts:7:50)'),
        ['n2', 'The handler of "gossip" failed: TypeError: all is not iterable'],
        ['n1', 'A timer failed: TypeError: node.peer is not iterable'],
        ...stack('node.ts:5:40'),
        ['n1', 'A timer failed: RpcError: error 0: n2 did not answer "gossip" within 2000 ms'],
        ...stack('node.ts:6:1'),
      ),
    ).toEqual([
      'The handler of `gossip` failed on n1 and n2, 2 times: TypeError: all is not iterable at node.ts:7.',
      'A timer failed on n1, once: TypeError: node.peer is not iterable at node.ts:5.',
    ]);
  });

  it('are answered with their failure where they are requests of clients, so that is not said twice', () => {
    const hints = after('broadcast', [[1, 'read', null]]);
    hints.logged('n1', 'The handler of "read" failed: TypeError: x');
    expect(hints.remarks(seen(1))).toEqual([]);
  });

  it('are not meant where a client asked, who gets an error, or where a log only has such words', () => {
    expect(remarks(loggedBy('n2', 'reed', 'c1'), ['n1', 'key "a" has no handler for "b"'])).toEqual([]);
  });
});

describe('committed offsets', () => {
  const said = (listed: Json, times = 12): readonly string[] => {
    const hints = new RunHints('kafka', {
      kindOf: (name) => (name.startsWith('c') ? 'client' : 'node'),
      nodeOf: () => 'n1',
      recoverySeconds: 10,
    });
    let id = 0;
    const say = (src: string, dest: string, body: Json): void =>
      hints.sent({ id: ++id, src, dest, body: Buffer.from(JSON.stringify(body)) });
    say('c0', 'n1', { type: 'list_committed_offsets', keys: ['a'], msg_id: 1 });
    say('n1', 'c0', { type: 'list_committed_offsets_ok', offsets: {}, in_reply_to: 1 });
    for (let msg = 2; msg < 2 + times; msg++) {
      say('c1', 'n1', { type: 'commit_offsets', offsets: { a: msg }, msg_id: msg });
      say('n1', 'c1', { type: 'commit_offsets_ok', in_reply_to: msg });
      say('c2', 'n1', { type: 'list_committed_offsets', keys: ['a', 'b'], msg_id: msg });
      say('n1', 'c2', { type: 'list_committed_offsets_ok', offsets: listed, in_reply_to: msg });
    }
    return hints.remarks(seen(1));
  };

  it('that are never listed are remarked, whatever the verdict', () => {
    expect(said({})).toEqual([
      'Clients committed offsets of 1 log, but no answer to `list_committed_offsets` had any of them, although 12 requests asked for them: a client that resumes starts each log from the beginning.',
    ]);
  });

  it('are not, where the highest was listed, or few were asked for', () => {
    expect(said({ a: 20 })).toEqual([]);
    expect(said({}, 3)).toEqual([]);
  });

  it('that are listed lower than they were acknowledged are remarked', () => {
    expect(said({ a: 2 })).toEqual([
      '11 times `list_committed_offsets` was answered with less than what had been acknowledged as committed, first by n1: ' +
        'offset 2 for key "a", although 3 had been. A client that resumes there polls messages again. ' +
        'Does a commit of a lower offset replace a higher one, or does only the node that took a commit know it?',
    ]);
    expect(said({ a: 2 }, 3)).toEqual([]); // too few
  });
});

describe('keys that are read and then written', () => {
  type Request = readonly [src: string, dest: string, body: Json];
  const said = (...requests: readonly Request[]): readonly string[] => saidOf('g-counter', requests);
  const saidOf = (workload: string, requests: readonly Request[]): readonly string[] => {
    const hints = new RunHints(workload, { kindOf, nodeOf: () => 'n1', recoverySeconds: 10 });
    for (const [id, [src, dest, body]] of requests.entries())
      hints.sent({ id, src, dest, body: Buffer.from(JSON.stringify(body)) });
    return hints.sentences(seen(1));
  };
  const read = { type: 'read', key: 'sum' };
  const write = { type: 'write', key: 'sum', value: 1 };

  it.each(['g-counter', 'broadcast', 'g-set', 'unique-ids', 'kafka'])(
    'of %s: lose writes of others',
    (workload) => {
      const requests: readonly Request[] = [
        ['n1', 'lin-kv', read],
        ['n2', 'lin-kv', read],
        ['n1', 'lin-kv', write],
        ['n2', 'lin-kv', write],
      ];
      expect(saidOf(workload, requests)).toEqual([
        'n1 and n2 read the key "sum" from lin-kv and then `write` it: a write by another node in between is lost. Use `cas`, and read again if it is refused; or use a separate key for each node.',
      ]);
    },
  );

  it('are not a mistake by one node, without a read of it, by cas, or in two services', () => {
    expect(said(['n1', 'lin-kv', read], ['n1', 'lin-kv', write], ['n2', 'lin-kv', read])).toEqual([]);
    expect(said(['n1', 'seq-kv', write], ['n2', 'seq-kv', write])).toEqual([]);
    expect(
      said(
        ['n1', 'lin-kv', read],
        ['n2', 'lin-kv', read],
        ['n1', 'lin-kv', { ...write, type: 'cas' }],
        ['n2', 'lin-kv', write],
      ),
    ).toEqual([]);
    expect(
      said(['n1', 'lin-kv', read], ['n2', 'seq-kv', read], ['n1', 'lin-kv', write], ['n2', 'seq-kv', write]),
    ).toEqual([]);
  });
});

describe('logs', () => {
  type Step = readonly [process: number, f: string, value: Json, type?: Op['type']];
  const send = (process: number, key: string, offset: number, message: number): Step => [
    process,
    'send',
    [['send', key, [offset, message]]],
  ];
  const poll = (messages: Json): Step => [0, 'poll', [['poll', messages]]];
  const many = (make: (at: number) => Step): readonly Step[] =>
    Array.from({ length: 6 }, (_, at) => make(at));

  it('that are correct give no hint', () => {
    const polls = many((at) => poll({ a: [[at, at + 1]] }));
    expect(hintsOf('kafka', [...many((at) => send(at % 2, 'a', at, at + 1)), ...polls])).toEqual([]);
  });

  it('whose polls are all empty get a hint', () => {
    expect(hintsOf('kafka', [send(0, 'a', 0, 1), ...many(() => poll({}))])).toEqual([
      'Not one of 6 polls returned a message, although 1 were acknowledged: `msgs` was empty. (A JavaScript Map becomes {}.)',
    ]);
    // The polls that broke the protocol may have returned messages.
    expect(
      hintsOf('kafka', [send(0, 'a', 0, 1), ...many(() => poll({})), [0, 'poll', [['poll']], 'fail']]),
    ).toEqual([]);
  });

  it('whose send and poll count from different numbers get a hint', () => {
    const steps = many((at) => send(0, 'a', at + 1, 10 + at));
    expect(hintsOf('kafka', [...steps, ...many((at) => poll({ a: [[at, 10 + at]] }))])).toEqual([
      'Polls give each message an offset that is 1 lower than the one in the answer to `send`: both must be the same.',
    ]);
  });

  it('whose pairs are swapped get a hint', () => {
    const steps = many((at) => send(0, 'a', at, at + 1));
    expect(hintsOf('kafka', [...steps, ...many((at) => poll({ a: [[at + 1, at]] }))])).toEqual([
      'The pairs of polls seem to be swapped: each must be [offset, message], but here the first item is a sent message and the second its offset.',
    ]);
  });

  it('whose polls begin after the offset get a hint', () => {
    const logs = ['a', 'b', 'c'];
    const steps = logs.flatMap((key) => [send(0, key, 0, 1), send(0, key, 1, 2)]);
    expect(hintsOf('kafka', [...steps, poll({ a: [[1, 2]], b: [[1, 2]], c: [[1, 2]] })])).toEqual([
      'In none of the 3 logs was the message with the lowest offset polled: a poll must start with the message at the requested offset, not after it.',
    ]);
    expect(hintsOf('kafka', [...steps, poll({ a: [[1, 2]], b: [[0, 1]], c: [[1, 2]] })])).toEqual([]);
  });

  it('in which two nodes, or one node twice, returned the same offset get a hint', () => {
    expect(hintsOf('kafka', [send(0, 'a', 7, 1), send(1, 'a', 7, 2), send(0, 'b', 7, 3)])).toEqual([
      'n0 and n1 answered `send` of two messages of one log with the same offset, once: first offset 7 of key "a". Nodes that count independently assign an offset twice: reserve it with `cas` in a shared service, or let one node own the log.',
    ]);
    expect(hintsOf('kafka', [send(0, 'a', 7, 1), send(0, 'a', 7, 2), send(0, 'a', 7, 3)])).toEqual([
      'n0 answered `send` of two messages of one log with the same offset, 2 times: first offset 7 of key "a". Can another request run between choosing an offset and storing the message, at an await or in another thread?',
    ]);
  });

  it('an offset that a node gave out again after a kill: nothing came in between, it forgot', () => {
    const hints = new RunHints('kafka', { kindOf, nodeOf: () => 'n0', recoverySeconds: 10 });
    const ops = [
      [0, 'ok', 'send', [['send', 'a', [7, 1]]]],
      ['nemesis', 'info', 'kill', { n0: 'killed' }],
      [1, 'ok', 'send', [['send', 'a', [7, 2]]]],
    ] as const;
    for (const [index, [process, type, f, value]] of ops.entries())
      hints.observe({ index, time: index, process, type, f, value });
    expect(hints.sentences(seen(1))).toEqual([
      'n0 answered `send` of two messages of one log with the same offset, once: first offset 7 of key "a". Nodes were killed in between: a message must be stored before `send_ok` is sent, and be found again after a restart.',
    ]);
  });
});

it('transactions whose reads never return a value get a hint', () => {
  const txn = (read: Json): readonly [number, string, Json] => [
    0,
    'txn',
    [
      ['w', 1, 2],
      ['r', 1, read],
    ],
  ];
  const twenty = Array.from({ length: 20 }, () => txn(null));
  expect(hintsOf('txn-rw-register', twenty)).toEqual([
    'Not one of 20 reads showed a value, although 20 writes succeeded: does the answer have the reads filled in, and do reads and writes use the same keys?',
  ]);
  expect(remarksOn('txn-rw-register', twenty)).toHaveLength(1); // read committed allows it
  expect(hintsOf('txn-list-append', [...twenty, txn([])])).toHaveLength(1);
  expect(hintsOf('txn-rw-register', [...twenty, txn(2)])).toEqual([]);
  expect(hintsOf('txn-rw-register', twenty.slice(1))).toEqual([]);
});

describe('reads of registers that a transaction writes itself', () => {
  const remarksOnTxns = (...txns: readonly Json[]): readonly string[] =>
    remarksOn(
      'txn-rw-register',
      txns.map((txn) => [0, 'txn', txn]),
    );

  it('are remarked on where they miss a write before them, or show one after them', () => {
    const missed = [
      ['w', 1, 2],
      ['r', 1, null],
    ];
    const early = [
      ['r', 1, 7],
      ['w', 1, 7],
      ['r', 1, 7],
    ];
    expect(remarksOnTxns(missed)).toEqual([
      'One transaction did not read its own writes in order: in [["w",1,2],["r",1,null]] the read of key 1 returned null, although 2 had been written before it. Carry out reads and writes one after the other, as they are listed.',
    ]);
    expect(remarksOnTxns(early, missed)).toEqual([
      expect.stringMatching(
        /^2 transactions did not .* the read of key 1 returned 7, which was written only after it\. /,
      ),
    ]);
  });

  it('are not where they show the last write before them, or another transaction wrote that value', () => {
    expect(
      remarksOnTxns(
        [
          ['r', 1, 5],
          ['w', 1, 7],
          ['w', 1, 8],
          ['r', 1, 8],
        ],
        [
          ['r', 2, 3],
          ['w', 1, 3],
        ],
      ),
    ).toEqual([]);
  });
});

describe('the last reads of registers', () => {
  const remarksOf = (workload: string, final: boolean, ...reads: readonly (readonly [number, Json])[]) =>
    remarksAfter(10, workload, final, ...reads);
  const remarksAfter = (
    recoverySeconds: number,
    workload: string,
    final: boolean,
    ...reads: readonly (readonly [number, Json])[]
  ) => {
    const hints = new RunHints(workload, { kindOf, nodeOf: ({ process }) => `n${process}`, recoverySeconds });
    for (const [index, [process, value]] of reads.entries())
      hints.observe({
        index,
        time: index,
        process,
        type: 'ok',
        f: 'txn',
        value: [['r', 5, value]],
        ...(final ? { final } : {}),
      });
    return hints.remarks(seen(1));
  };

  it('are reported if nodes do not agree in them, even with a valid verdict', () => {
    expect(remarksOf('txn-rw-register', true, [0, 3], [1, 7])).toEqual([
      expect.stringMatching(
        /^Nodes did not agree in the last reads, after everything had healed: one key differs, such as key 5, which was 3 on n0 and 7 on n1\./,
      ),
    ]);
  });

  it('may differ because a write was lost, and not only because of the order of arrival', () => {
    const [remark] = remarksOf('txn-rw-register', true, [0, 3], [1, 7]);
    expect(remark).toContain('either a write never reached some nodes');
    expect(remark).toContain('or nodes apply writes in their order of arrival');
  });

  it('are explained if nodes never talked', () => {
    const hints = new RunHints('txn-rw-register', {
      kindOf,
      nodeOf: ({ process }) => `n${process}`,
      recoverySeconds: 10,
    });
    for (const process of [0, 1])
      hints.observe({
        index: process,
        time: 0,
        process,
        type: 'ok',
        f: 'txn',
        value: [['r', 5, process]],
        final: true,
      });
    expect(hints.remarks(seen(0))).toEqual([
      expect.stringMatching(/^The 3 nodes sent nothing to each other/),
      expect.stringMatching(/^Nodes did not agree/),
    ]);
  });

  it('are reported if an acknowledged write is not there any more', () => {
    const hints = new RunHints('txn-rw-register', { kindOf, nodeOf: () => 'n0', recoverySeconds: 10 });
    const txn = (value: Json, final?: true): void =>
      hints.observe({ index: 0, time: 0, process: 0, type: 'ok', f: 'txn', value, ...(final && { final }) });
    txn([
      ['w', 5, 1],
      ['w', 6, 1],
    ]);
    txn([['w', 7, 1]]);
    txn([['r', 5, null]], true);
    txn([['r', 6, 1]], true);
    txn([['r', 7, null]], true);
    txn([['r', 7, 1]], true); // it was late
    txn([['r', 8, null]], true); // never written
    expect(hints.remarks(seen(1))).toEqual([
      'One key was written and found empty in the last reads, such as key 5 on n0: an acknowledged write is lost.',
    ]);
  });

  it('are not reported if nodes agree, if one node has changed, before the end, or after a short quiet period', () => {
    expect(remarksOf('txn-rw-register', true, [0, 3], [1, 3])).toEqual([]);
    expect(remarksOf('txn-rw-register', true, [0, 3], [0, 7])).toEqual([]);
    expect(remarksOf('txn-rw-register', false, [0, 3], [1, 7])).toEqual([]);
    expect(remarksAfter(1, 'txn-rw-register', true, [0, 3], [1, 7])).toEqual([]);
    expect(remarksOf('txn-list-append', true, [0, [3]], [1, [3, 7]])).toEqual([]);
  });
});

describe('an element that a client does not find where it added it', () => {
  const added = [0, 'broadcast', 7] as const;

  it('is remarked on, although it may spread late to other nodes', () => {
    expect(
      remarksOn('broadcast', [added, [0, 'broadcast', 8], [0, 'read', [8, 1]], [0, 'read', []]]),
    ).toEqual([
      '1 element was missing from the next read of the client that had added it, at the same node: n0 acknowledged 7 at 0.000 s, and its answer at 0.000 s lacks it. A node that acknowledges an element before it has stored it loses the element if it crashes in between.',
    ]);
    expect(
      remarksOn('g-set', [
        [0, 'add', 7],
        [0, 'read', []],
      ]),
    ).toHaveLength(1);
  });

  it('is none if the read shows it, is of another node, or a fault came in between', () => {
    expect(remarksOn('broadcast', [added, [0, 'read', [1, 7]]])).toEqual([]);
    expect(
      remarksOn('broadcast', [
        [0, 'broadcast', { a: 1 }],
        [0, 'read', [{ a: 1 }]],
      ]),
    ).toEqual([]);
    expect(remarksOn('broadcast', [added, [1, 'read', []]])).toEqual([]);
    expect(
      remarksOn('broadcast', [
        [0, 'broadcast', 7, 'info'],
        [0, 'read', []],
      ]),
    ).toEqual([]);
    const hints = new RunHints('broadcast', { kindOf, nodeOf: () => 'n0', recoverySeconds: 10 });
    const ops = [
      [0, 'ok', 'broadcast', 7],
      ['nemesis', 'info', 'kill', { n0: 'killed' }],
      [0, 'ok', 'read', []],
    ] as const;
    for (const [index, [process, type, f, value]] of ops.entries())
      hints.observe({ index, time: index, process, type, f, value });
    expect(hints.remarks(seen(1))).toEqual([]);
  });
});

describe('nodes that were killed', () => {
  const WHY =
    'a node comes back with only what it has stored. An element must be stored before it is acknowledged, or come back from other nodes after the restart.';
  const lost = (...operations: readonly number[]): Evidence => ({
    kind: 'elements',
    elements: [{ element: 0, fate: 'lost', operations }],
  });
  const sum = (value: number): Evidence => ({
    kind: 'sums',
    wrong: [{ index: 9, time: 9, process: 0, type: 'ok', f: 'read', value }],
    acceptable: [[5, 6]],
  });
  /** Kills nodes at operation 4. */
  function hints(
    workload: string,
    evidence: Evidence,
    killed: Json = { n0: 'killed', n1: 'already-killed' },
  ) {
    const nodeOf = ({ process }: Pick<Op, 'process'>): string => `n${process}`;
    const run = new RunHints(workload, { kindOf, nodeOf, recoverySeconds: 10 });
    const op = { time: 4, process: 'nemesis', f: 'kill' } as const;
    run.observe({ ...op, index: 3, type: 'invoke', value: 'one' });
    run.observe({ ...op, index: 4, type: 'info', value: killed });
    for (const [index, process] of [
      [7, 0],
      [8, 1],
    ] as const)
      run.observe({ index, time: index, process, type: 'invoke', f: 'read', value: null });
    return run.sentences({ ...seen(1), evidence: () => evidence });
  }

  it('after the last read that shows an element may have lost it', () => {
    expect(hints('broadcast', lost(1, 2, 8))).toEqual([`n0 was killed in between: ${WHY}`]);
    expect(hints('g-set', lost(1, 8), { n0: 'killed', n1: 'killed' })).toEqual([
      `n0 and n1 were killed in between: ${WHY}`,
    ]);
  });

  it('before a read shows the element, or after one lacks it, have not lost it', () => {
    expect(hints('broadcast', lost(1, 6, 8))).toEqual([]);
    expect(hints('broadcast', lost(1, 2, 3))).toEqual([]);
    expect(hints('broadcast', lost(1, 2, 8), { n0: 'already-killed' })).toEqual([]);
  });

  it('have lost what others still show', () => {
    expect(hints('broadcast', lost(1, 6, 7))).toEqual([`n0 was killed in between: ${WHY}`]);
    expect(hints('broadcast', lost(5, 6, 7))).toEqual([]);
  });

  it('may have lost a part of a sum that is too small', () => {
    expect(hints('g-counter', sum(3))).toEqual([
      'n0 was killed before that read: a node comes back with only what it has stored. An add must be stored before it is acknowledged, or come back from other nodes after the restart.',
    ]);
    expect(hints('g-counter', sum(7))).toEqual([]);
  });
});
