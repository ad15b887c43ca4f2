/** Stories of keys: stale and impossible reads, refused operations, transactions. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../checkers/evidence.ts';
import type { StateChange } from '../protocol/state-change.ts';
import { makeStory } from './make-story.ts';
import type { Story } from '../recording/story.ts';
import {
  SECOND,
  type Sent,
  type Entry,
  opsOf,
  runOf,
  storyOf,
  wrongAtEnd,
} from '../../test/support/story-by-hand.ts';

describe('a story in which a service answers from an older state', () => {
  const sum = (service: string, answer: string): string => {
    const kv = (at: number, node: string, body: string, reply: string): readonly Sent[] => [
      { at, src: node, dest: service, body, arrives: at + 0.01 },
      { at: at + 0.01, src: service, dest: node, body: reply, arrives: at + 0.02 },
    ];
    const sent = [
      { at: 0, src: 'c1', dest: 'n1', body: '{"type":"add","delta":7,"msg_id":1}', arrives: 0.01 },
      ...kv(
        0.02,
        'n1',
        '{"type":"cas","key":"s","from":0,"to":7,"msg_id":1}',
        '{"type":"cas_ok","in_reply_to":1}',
      ),
      { at: 0.2, src: 'n1', dest: 'c1', body: '{"type":"add_ok","in_reply_to":1}', arrives: 0.2 },
      { at: 1, src: 'c2', dest: 'n2', body: '{"type":"read","msg_id":1}', arrives: 1 },
      ...kv(1.02, 'n2', '{"type":"read","key":"s","msg_id":1}', answer),
      { at: 1.1, src: 'n2', dest: 'c2', body: '{"type":"read_ok","value":0,"in_reply_to":1}', arrives: 1.1 },
    ];
    const history = opsOf([
      [0, 'invoke', 0, 'add', 7],
      [0.2, 'ok', 0, 'add', 7],
      [1, 'invoke', 1, 'read', null],
      [1.1, 'ok', 1, 'read', 0],
    ]);
    const [read] = history.slice(-1);
    const evidence: Evidence = {
      kind: 'sums',
      wrong: read === undefined ? [] : [read],
      acceptable: [[7, 7]],
    };
    return storyOf(runOf(sent, { history, evidence }))
      .steps.map(({ text }) => text)
      .join('\n');
  };
  const OLD = '{"type":"read_ok","value":0,"in_reply_to":1}';
  const NONE = '{"type":"error","code":20,"in_reply_to":1}';

  it.each([
    ['seq-kv', OLD, /although 7 had been written by then: seq-kv is only sequentially consistent/],
    ['seq-kv', NONE, /although 7 had been written by then/],
    ['lww-kv', NONE, /a replica of lww-kv may not have it yet, or keep another write/],
  ])('says so of %s, which may: %s', (service, answer, said) => {
    expect(sum(service, answer)).toMatch(said);
  });

  it.each([
    ['lin-kv', OLD],
    ['seq-kv', '{"type":"read_ok","value":7,"in_reply_to":1}'],
    ['seq-kv', '{"type":"error","code":13,"in_reply_to":1}'],
  ])('does not say so of %s: %s', (service, answer) => {
    expect(sum(service, answer)).not.toMatch(/had been written by then/);
  });
});

it('a register can have had every value that an operation in doubt or meanwhile leads to', () => {
  const entries: readonly Entry[] = [
    [0, 'invoke', 0, 'write', [0, 1]],
    [0.1, 'info', 0, 'write', [0, 1]],
    [0.2, 'invoke', 2, 'cas', [0, [1, 5]]],
    [0.3, 'info', 2, 'cas', [0, [1, 5]]],
    [0.3, 'invoke', 3, 'cas', [0, [8, 9]]],
    [0.4, 'info', 3, 'cas', [0, [8, 9]]],
    [0.5, 'invoke', 4, 'write', [0, 3]],
    [0.6, 'ok', 4, 'write', [0, 3]],
    [1, 'invoke', 1, 'read', [0, null]],
    [1.1, 'ok', 1, 'read', [0, 4]],
  ];
  const verdictOf = (shown: readonly Entry[]): string => {
    const history = opsOf(shown);
    const keys = history.slice(-1).map((op) => ({
      key: '0',
      result: { 'valid?': false },
      impossible: { op, configs: [{ model: 3, pending: [] }], contradictions: [] },
    }));
    return storyOf(runOf([], { history, evidence: { kind: 'keys', keys } })).steps.at(-1)?.text ?? '';
  };
  // The other cas begins from a value that nothing leads to.
  expect(verdictOf(entries)).toMatch(/although it can only have been 3, 1 or 5: process 4's write of 3/);
  expect(verdictOf(entries.slice(6))).toMatch(/although it can only have been 3: /);
});

it('of two compare-and-sets from the same value that both succeed, the other one is named', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'read', [0, null]],
    [0.1, 'ok', 0, 'read', [0, 1]],
    [0.05, 'invoke', 1, 'write', [0, 2]],
    [0.3, 'ok', 1, 'write', [0, 2]],
    [1, 'invoke', 0, 'cas', [0, [2, 1]]],
    [1.05, 'invoke', 1, 'cas', [0, [2, 4]]],
    [1.1, 'ok', 0, 'cas', [0, [2, 1]]],
    [1.2, 'ok', 1, 'cas', [0, [2, 4]]],
  ]);
  const keys = history.slice(-1).map((op) => ({
    key: '0',
    result: { 'valid?': false },
    impossible: { op, configs: [{ model: 1, pending: [] }], contradictions: [] },
  }));
  const { steps } = storyOf(runOf([], { history, evidence: { kind: 'keys', keys } }));
  expect(steps.at(-1)?.text).toBe(
    "c2's cas of key 0 at n2 succeeds as if the value were 2, although it can only have been 1: c1's cas from 2 to 1 at n1 ran at the same time and succeeded as well.",
  );
});

it('what excludes the value read is over before it and begun after the last write of that value', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'write', [0, 2]],
    [0.1, 'ok', 0, 'write', [0, 2]],
    [0.2, 'invoke', 1, 'read', [0, null]],
    [0.3, 'ok', 1, 'read', [0, 2]],
    [0.4, 'invoke', 0, 'write', [0, 1]],
    [0.5, 'ok', 0, 'write', [0, 1]],
    [0.6, 'invoke', 0, 'write', [0, 3]],
    [0.7, 'ok', 0, 'write', [0, 3]],
    [1, 'invoke', 1, 'read', [0, null]],
    [1.05, 'invoke', 0, 'write', [0, 2]],
    [1.1, 'ok', 0, 'write', [0, 2]],
    [1.2, 'ok', 1, 'read', [0, 1]],
  ]);
  const keys = history.slice(-1).map((op) => ({
    key: '0',
    result: { 'valid?': false },
    impossible: { op, configs: [{ model: 2, pending: [] }], contradictions: [] },
  }));
  const text = storyOf(runOf([], { history, evidence: { kind: 'keys', keys } })).steps.at(-1)?.text;
  expect(text).toMatch(/it can only have been 2.*: c1's write of 3 at n1 was over 0\.3 s before\.$/);
});

describe('a story of a refused operation that took effect', () => {
  const counted = (deltas: readonly number[], read: number): string => {
    const history = opsOf([
      ...deltas.flatMap<Entry>((delta, at) => [
        [at / 10, 'invoke', 0, 'add', delta],
        [at / 10 + 0.05, 'fail', 0, 'add', delta],
      ]),
      [1, 'invoke', 1, 'read', null],
      [1.1, 'ok', 1, 'read', read],
    ]).map((op) => (op.type === 'fail' ? { ...op, error: ['temporarily-unavailable', 'busy'] } : op));
    const evidence: Evidence = { kind: 'sums', wrong: history.slice(-1), acceptable: [[0, 0]] };
    return storyOf(runOf([], { history, evidence })).steps.at(-1)?.text ?? '';
  };

  it('says so of one add that explains the wrong sum, and of several', () => {
    expect(counted([2, 5], 5)).toMatch(
      /c1's add of 5 at n1 would explain it, but it was refused with error 11, temporarily unavailable: what is refused must not take effect/,
    );
    expect(counted([2, 5], 7)).toMatch(
      /The 2 adds that were refused, such as c1's add of 2 at n1, would explain it/,
    );
  });

  it.each([
    ['temporarily-unavailable', /c1's write of 3 at n1 would explain it, but it was refused with error 11/],
    // A result: the store has looked at the value, and it was another one.
    ['precondition-failed', /it can only have been nothing\.$/],
  ])('names a value in a register whose operation failed with %s', (name, said) => {
    const history = opsOf([
      [0, 'invoke', 0, 'write', [0, 3]],
      [0.1, 'fail', 0, 'write', [0, 3]],
      [1, 'invoke', 1, 'read', [0, null]],
      [1.1, 'ok', 1, 'read', [0, 3]],
    ]).map((op) => (op.type === 'fail' ? { ...op, error: [name, 'why'] } : op));
    const evidence = wrongAtEnd(history, null);
    expect(storyOf(runOf([], { history, evidence })).steps.at(-1)?.text).toMatch(said);
  });

  const failedCas = (...before: readonly Entry[]): Story => {
    const history = opsOf([
      ...before,
      [0.1, 'invoke', 0, 'cas', [0, [2, 1]]],
      [0.2, 'fail', 0, 'cas', [0, [2, 1]]],
      [0.3, 'invoke', 0, 'write', [0, 2]],
      [0.4, 'ok', 0, 'write', [0, 2]],
      [1, 'invoke', 1, 'cas', [0, [1, 3]]],
      [1.1, 'ok', 1, 'cas', [0, [1, 3]]],
    ]).map((op) => (op.type === 'fail' ? { ...op, error: ['precondition-failed', 'why'] } : op));
    const evidence = wrongAtEnd(history, 2);
    return storyOf(runOf([], { history, evidence }));
  };

  it('names a failed cas if no other operation wrote its value', () => {
    const { steps } = failedCas();
    expect(steps.flatMap(({ operations }) => operations)).toContain(0);
    expect(steps.at(-1)?.text).toMatch(
      /as if the value were 1, .* c1's cas from 2 to 1 at n1 would explain it, but it was refused with error 22, precondition failed: what is refused must not take effect/,
    );
    expect(
      failedCas([0, 'invoke', 1, 'write', [0, 1]], [0.05, 'ok', 1, 'write', [0, 1]]).steps.at(-1)?.text,
    ).not.toMatch(/refused/);
  });

  it('shows the read that fixed the value, if no write of it was acknowledged', () => {
    const history = opsOf([
      [0, 'invoke', 2, 'write', [0, 3]],
      [0.1, 'invoke', 0, 'write', [0, 1]],
      [0.2, 'ok', 0, 'write', [0, 1]],
      [0.3, 'invoke', 0, 'read', [0, null]],
      [0.4, 'ok', 0, 'read', [0, 3]],
      [0.5, 'invoke', 1, 'read', [0, null]],
      [0.6, 'ok', 1, 'read', [0, 1]],
    ]);
    const evidence = wrongAtEnd(history, 3);
    const { steps } = storyOf(runOf([], { history, evidence }));
    expect(steps.flatMap(({ operations }) => operations)).toContain(3);
    expect(steps.at(-1)?.text).toBe(
      "c2 reads 1 from key 0 at n2, although it can only have been 3: c1's read of 3 at n1 was over 0.1 s before.",
    );
  });

  it('does not say so if that would not explain it', () => {
    expect(counted([2, 5], 6)).not.toMatch(/refused/);
  });

  it.each([
    [2, true],
    [5, false],
  ])(
    'of a cas that was refused only if the value from which it began, %i, was possible: %s',
    (from, isNamed) => {
      const history = opsOf([
        [0, 'invoke', 0, 'write', [0, 1]],
        [0.1, 'ok', 0, 'write', [0, 1]],
        [0.2, 'invoke', 0, 'write', [0, 2]],
        [0.3, 'ok', 0, 'write', [0, 2]],
        [0.4, 'invoke', 0, 'cas', [0, [from, 1]]],
        [0.5, 'fail', 0, 'cas', [0, [from, 1]]],
        [1, 'invoke', 1, 'read', [0, null]],
        [1.1, 'ok', 1, 'read', [0, 1]],
      ]).map((op) => (op.type === 'fail' ? { ...op, error: ['temporarily-unavailable', 'busy'] } : op));
      const evidence = wrongAtEnd(history, 2);
      const said = storyOf(runOf([], { history, evidence })).steps.at(-1)?.text ?? '';
      expect(said.includes('would explain it')).toBe(isNamed);
    },
  );
});

describe('a key that vanished', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'cas', [0, [1, 3]]],
    [0.1, 'ok', 0, 'cas', [0, [1, 3]]],
    [1, 'invoke', 1, 'read', [0, null]],
    [1.1, 'fail', 1, 'read', [0, null]],
  ]);
  const evidence = (kind?: string): Evidence => ({
    kind: 'keys',
    keys: [],
    also: [{ ...(kind === undefined ? {} : { kind }), title: 'x', operations: [0, 2] }],
  });

  it('has a story although the run is valid', () => {
    const story = storyOf(
      runOf([], { history, results: { 'valid?': true }, evidence: evidence('missing-keys') }),
    );
    expect(story.title).toBe('Key 0 is missing after it was written');
    expect(story.steps.at(-1)?.text).toBe(
      `c2's read of key 0 at n2 is answered by "key does not exist", although c1's cas of it at n1 was acknowledged 0.9 s before, and nothing deletes keys.`,
    );
  });

  it('does not exist if evidence only shows operations', () => {
    expect(
      makeStory(runOf([], { history, results: { 'valid?': true }, evidence: evidence() })),
    ).toBeUndefined();
  });
});

describe('a story of an answer that is too old', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'write', [0, 1]],
    [0.1, 'ok', 0, 'write', [0, 1]],
    [5, 'invoke', 0, 'write', [0, 2]],
    [5.1, 'ok', 0, 'write', [0, 2]],
    [6, 'invoke', 1, 'read', [0, null]],
    [6.1, 'ok', 1, 'read', [0, 1]],
  ]);
  const evidence = wrongAtEnd(history, 2);
  const states: readonly StateChange[] = [
    { node: 'n2', time: -SECOND, kind: 'set', fields: { role: 'follower', term: 1 } },
    { node: 'n2', time: -0.5 * SECOND, kind: 'set', fields: { role: 'leader' } },
    { node: 'n1', time: SECOND, kind: 'set', fields: { role: 'follower', term: 1 } },
    { node: 'n1', time: 3 * SECOND, kind: 'set', fields: { role: 'leader', term: 2 } },
  ];
  const beats: readonly Sent[] = Array.from({ length: 50 }, (_, at) => ({
    at: at / 10,
    src: 'n1',
    dest: 'n2',
    body: `{"type":"append","at":${at}}`,
    arrives: at / 10 + 0.01,
  }));
  const election: readonly Sent[] = [
    { at: 2.95, src: 'n1', dest: 'n2', body: '{"type":"vote_for_me","term":2}', arrives: 2.96 },
    { at: 2.97, src: 'n2', dest: 'n1', body: '{"type":"vote","term":2}', arrives: 2.999 },
  ];
  const sent = [...beats, ...election].toSorted((a, b) => a.at - b.at);

  it('names the nodes that led, before and meanwhile, and the election between them', () => {
    const { steps } = storyOf({ ...runOf(sent, { history, evidence }), states });
    const texts = steps.map(({ text }) => text);
    expect(texts).toContain("n2's state is now: role leader, term 1");
    expect(texts).toContain("n1's state is now: role leader, term 2");
    expect(texts.some((text) => text.startsWith('n2 sends vote {term: 2} to n1'))).toBe(true);
  });
});

it('a torn transaction: the part of it that had come to the reader, and the one that came too late', () => {
  const history = opsOf([
    [
      0,
      'invoke',
      0,
      'txn',
      [
        ['w', 5, 1],
        ['w', 6, 1],
      ],
    ],
    [
      0.1,
      'ok',
      0,
      'txn',
      [
        ['w', 5, 1],
        ['w', 6, 1],
      ],
    ],
    [
      1,
      'invoke',
      1,
      'txn',
      [
        ['r', 5, null],
        ['r', 6, null],
      ],
    ],
    [
      1.1,
      'ok',
      1,
      'txn',
      [
        ['r', 5, 1],
        ['r', 6, null],
      ],
    ],
  ]);
  const part = (key: string, arrives: number): Sent => ({
    at: 0.5,
    src: 'n1',
    dest: 'n2',
    body: `{"type":"part","writes":[["${key}",1]]}`,
    arrives,
  });
  const evidence: Evidence = {
    kind: 'anomalies',
    anomalies: [
      {
        type: 'G-single-item',
        count: 1,
        examples: [],
        simplest: { text: 'It is torn.', cycle: undefined, operations: [0, 2], wrong: 2 },
      },
    ],
  };
  const { steps } = storyOf(runOf([part('5', 0.6), part('6', 5), part('7', 0.6)], { history, evidence }));
  expect(steps.map(({ text }) => text).filter((text) => text.includes('part'))).toEqual([
    'n1 sends part {writes: [["5" 1]]} to n2',
    'n1 sends part {writes: [["6" 1]]} to n2; it arrives 4.5 s later, after the end of this story',
  ]);
});

describe('a read of a value that is being written', () => {
  const verdictOf = (reads: readonly Entry[]): string => {
    const history = opsOf([
      [0, 'invoke', 0, 'write', [0, 2]],
      [0.1, 'ok', 0, 'write', [0, 2]],
      [0.2, 'invoke', 2, 'write', [0, 1]],
      ...reads,
      [1, 'invoke', 1, 'read', [0, null]],
      [1.1, 'ok', 1, 'read', [0, 1]],
      [2, 'ok', 2, 'write', [0, 1]],
    ]);
    const keys = history.slice(-2, -1).map((op) => ({
      key: '0',
      result: { 'valid?': false },
      impossible: { op, configs: [{ model: 2, pending: [] }], contradictions: [] },
    }));
    return storyOf(runOf([], { history, evidence: { kind: 'keys', keys } })).steps.at(-1)?.text ?? '';
  };

  it('that a read had shown before another read of what it can only have been: both are named', () => {
    expect(
      verdictOf([
        [0.3, 'invoke', 0, 'read', [0, null]],
        [0.4, 'ok', 0, 'read', [0, 1]],
        [0.5, 'invoke', 1, 'read', [0, null]],
        [0.6, 'ok', 1, 'read', [0, 2]],
      ]),
    ).toMatch(
      /it can only have been 2: c1's read of 1 at n1 came before c2's read of 2 at n2, which was over 0\.4 s before\.$/,
    );
  });

  it('without such reads: the write had to take effect earlier', () => {
    expect(verdictOf([])).toMatch(
      /process 2's write of 1 is under way, but had to take effect earlier for what the others saw\.$/,
    );
  });
});

it('a write that ended at the very moment at which the read began was over before it', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'write', [0, 4]],
    [0.1, 'ok', 0, 'write', [0, 4]],
    [0.2, 'invoke', 0, 'write', [0, 3]],
    [0.3, 'ok', 0, 'write', [0, 3]],
    [0.3, 'invoke', 1, 'read', [0, null]],
    [0.4, 'ok', 1, 'read', [0, 4]],
  ]);
  expect(storyOf(runOf([], { history, evidence: wrongAtEnd(history, 3) })).steps.at(-1)?.text).toMatch(
    /can only have been 3: c1's write of 3 at n1 was over just before\.$/,
  );
});

it('without recorded causes, heartbeats are no consequence of the request that came before them', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'write', [0, 4]],
    [0.1, 'ok', 0, 'write', [0, 4]],
    [0.2, 'invoke', 0, 'write', [0, 3]],
    [0.3, 'ok', 0, 'write', [0, 3]],
    [1, 'invoke', 1, 'read', [0, null]],
    [1.1, 'ok', 1, 'read', [0, 4]],
  ]);
  const write = (at: number, value: number): readonly Sent[] => [
    {
      at,
      src: 'c1',
      dest: 'n1',
      body: `{"type":"write","key":0,"value":${value},"msg_id":${value}}`,
      arrives: at,
    },
    {
      at: at + 0.001,
      src: 'n1',
      dest: 'n2',
      body: `{"type":"backup","key":0,"value":${value}}`,
      arrives: at + 1.5,
    },
    {
      at: at + 0.002,
      src: 'n1',
      dest: 'c1',
      body: `{"type":"write_ok","in_reply_to":${value}}`,
      arrives: at + 0.003,
    },
  ];
  const beats = Array.from({ length: 12 }, (_, at): Sent => ({
    at: 0.25 + at / 20,
    src: 'n1',
    dest: 'n2',
    body: `{"type":"heartbeat","beat":${at % 5}}`,
    arrives: 0.26 + at / 20,
  }));
  const read = [
    { at: 1, src: 'c2', dest: 'n2', body: '{"type":"read","key":0,"msg_id":1}', arrives: 1 },
    { at: 1.01, src: 'n2', dest: 'c2', body: '{"type":"read_ok","value":4,"in_reply_to":1}', arrives: 1.02 },
  ];
  const run = runOf([...write(0, 4), ...write(0.2, 3), ...beats, ...read], {
    history,
    evidence: wrongAtEnd(history, 3),
  });
  const text = storyOf(run)
    .steps.map((step) => step.text)
    .join('\n');
  expect(text).toContain('n1 sends backup {key: 0, value: 3} to n2');
  expect(text).not.toContain('heartbeat');
});
