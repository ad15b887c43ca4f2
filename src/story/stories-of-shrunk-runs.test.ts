/** Stories of runs that were shrunk. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../checkers/evidence.ts';
import type { Op } from '../history/op.ts';
import type { StoryRun } from './story-run.ts';
import {
  type Sent,
  type Entry,
  LOST,
  opsOf,
  runOf,
  madeSmall,
  storyOf,
  wrongAtEnd,
} from '../../test/support/story-by-hand.ts';

describe('of a shrunk run', () => {
  const history = (more: readonly Entry[]) =>
    opsOf([
      ...more,
      [0, 'invoke', 0, 'txn', [['w', 7, 5]]],
      [0.1, 'ok', 0, 'txn', [['w', 7, 5]]],
      [0.2, 'invoke', 0, 'txn', [['w', 1, 4]]],
      [0.3, 'ok', 0, 'txn', [['w', 1, 4]]],
      [1, 'invoke', 1, 'txn', [['r', 1, null]]],
      [1.1, 'ok', 1, 'txn', [['r', 1, 5]]],
    ]);
  const kill = opsOf([
    [-3, 'info', -1, 'kill', ['n1']],
    [-3, 'info', -1, 'kill', { n1: 'killed' }],
    [-2, 'info', -1, 'start', null],
    [-2, 'info', -1, 'start', { n1: 'started' }],
  ]).map((op): Op => ({ ...op, process: 'nemesis' }));
  const textsOf = (more: readonly Entry[]): string => {
    const ops = [...kill, ...history(more)].map((op, index): Op => ({ ...op, index }));
    const write = ops.length - 4;
    const read = ops.length - 2;
    const evidence: Evidence = {
      kind: 'anomalies',
      anomalies: [
        {
          type: 'G-single-item-realtime',
          count: 1,
          examples: [],
          simplest: { text: 'stale', cycle: undefined, operations: [write, read], wrong: undefined },
        },
      ],
    };
    const sent: readonly Sent[] = [
      { at: 0, src: 'c1', dest: 'n1', body: '{"type":"txn","msg_id":1}', arrives: 0 },
      {
        at: 0.02,
        src: 'n1',
        dest: 'n2',
        body: '{"type":"decide","tx":1,"msg_id":8}',
        arrives: 0.03,
        origin: { message: 0, byTimer: false },
      },
      {
        at: 0.06,
        src: 'n1',
        dest: 'n2',
        body: '{"type":"decide","tx":1,"msg_id":9}',
        arrives: 0.07,
        origin: { message: 0, byTimer: true },
      },
      {
        at: 0.08,
        src: 'n1',
        dest: 'n2',
        body: '{"type":"beat","msg_id":9}',
        arrives: 0.09,
        origin: { message: 0, byTimer: true },
      },
    ];
    return storyOf(madeSmall(runOf(sent, { history: ops, evidence })))
      .steps.map(({ text }) => text)
      .join('\n');
  };

  it('all operations are steps, with their retried messages', () => {
    const texts = textsOf([]);
    expect(texts).toMatch(/^n1 is killed\nn1 restarts/);
    expect(texts).toContain('w 7 5');
    expect(texts).toContain('n1 sends decide {tx: 1} to n2, twice until 0.060 s');
    expect(texts).not.toContain('beat');
  });

  it('of a larger run only those of the finding', () => {
    const more = Array.from({ length: 4 }, (_, at): readonly Entry[] => [
      [-1 + at / 10, 'invoke', 0, 'txn', [['r', 9, null]]],
      [-0.95 + at / 10, 'ok', 0, 'txn', [['r', 9, null]]],
    ]).flat();
    expect(textsOf(more)).not.toMatch(/w 7 5|killed/);
  });
});

/** A client reads [3] at n2. */
const READ_OF_3: readonly Sent[] = [
  { at: 1, src: 'c2', dest: 'n2', body: '{"type":"read","msg_id":1}', arrives: 1 },
  { at: 1.1, src: 'n2', dest: 'c2', body: '{"type":"read_ok","messages":[3],"in_reply_to":1}', arrives: 1.1 },
];

it('the few lost or duplicated messages are steps, with the operation for which they were sent', () => {
  // In a run of few operations all are steps.
  const others = Array.from({ length: 4 }, (_, at): readonly Entry[] => [
    [-1 + at / 10, 'invoke', 0, 'read', [at + 5, null]],
    [-0.95 + at / 10, 'ok', 0, 'read', [at + 5, null]],
  ]);
  const history = opsOf([
    ...others.flat(),
    [0, 'invoke', 1, 'read', [0, null]],
    [0.3, 'fail', 1, 'read', [0, null]],
    [0.4, 'invoke', 1, 'write', [0, 3]],
    [0.5, 'ok', 1, 'write', [0, 3]],
    [0.6, 'invoke', 0, 'read', [0, null]],
    [0.7, 'ok', 0, 'read', [0, 1]],
  ]);
  const evidence = wrongAtEnd(history, 3);
  const sent: readonly Sent[] = [
    { at: 0, src: 'c2', dest: 'n2', body: '{"type":"read","key":0,"msg_id":1}', arrives: 0 },
    { at: 0.1, src: 'n2', dest: 'n1', body: '{"type":"ask"}', origin: { message: 0, byTimer: false } },
    { at: 0.4, src: 'c2', dest: 'n2', body: '{"type":"write","key":0,"value":3,"msg_id":2}', arrives: 0.4 },
  ];
  const texts = (many: readonly Sent[]) =>
    storyOf(madeSmall(runOf(many, { history, evidence }))).steps.map(({ text }) => text);
  expect(texts(sent).slice(0, 2)).toEqual(['c2 reads key 0 at n2', 'n2 sends ask to n1; it is lost']);
  const [, ask] = sent;
  const often = ask === undefined ? [] : Array.from({ length: 3 }, () => ask);
  expect(texts([...sent.slice(0, 2), ...often, ...sent.slice(2)]).join('\n')).not.toMatch(/sends ask/);
});

it('of a shrunk run, a message that was lost is in the story of a lost element, even if it carried another one', () => {
  const ops = opsOf([
    [0, 'invoke', 0, 'broadcast', 7],
    [0.1, 'ok', 0, 'broadcast', 7],
    [1, 'invoke', 1, 'read', null],
    [1.1, 'ok', 1, 'read', [3]],
  ]);
  const sent: readonly Sent[] = [
    { at: 0, src: 'c1', dest: 'n1', body: '{"type":"broadcast","message":7,"msg_id":1}', arrives: 0 },
    { at: 0.05, src: 'n2', dest: 'n1', body: '{"type":"tell","messages":[3]}' },
    { at: 0.1, src: 'n1', dest: 'c1', body: '{"type":"broadcast_ok","in_reply_to":1}', arrives: 0.1 },
    ...READ_OF_3,
  ];
  const textsOf = (run: StoryRun) => storyOf(run).steps.map(({ text }) => text);
  const run = runOf(sent, { history: ops, evidence: LOST });
  expect(textsOf(madeSmall(run))).toContain('n2 sends tell {messages: [3]} to n1; it is lost');
  expect(textsOf(run).join(' ')).not.toContain('tell');
});

it('of a shrunk run, a poll that saw a message at another offset than its sender was given is in the story', () => {
  const poll = [['poll', { '9': [[0, 2]] }]];
  const ops = opsOf([
    [0, 'invoke', 0, 'send', [['send', '9', 1]]],
    [0.1, 'ok', 0, 'send', [['send', '9', [0, 1]]]],
    [0.2, 'invoke', 0, 'send', [['send', '9', 2]]],
    [0.3, 'ok', 0, 'send', [['send', '9', [1, 2]]]],
    [1, 'invoke', 1, 'poll', [['poll']]],
    [1.1, 'ok', 1, 'poll', poll],
  ]);
  const error = { key: '9', offset: 0, index: 0, values: [1, 2] };
  const workload = {
    'valid?': false,
    'bad-error-types': ['inconsistent-offsets'],
    'inconsistent-offsets': { count: 1, errs: [error] },
  };
  const run = runOf([], { history: ops, evidence: undefined, results: { 'valid?': false, workload } });
  const { steps } = storyOf({ ...run, spec: { ...run.spec, workload: 'kafka' } });
  expect(steps.map(({ text }) => text)).toContain('c2 polls at n2 and gets {9: [[0 2]]}');
});

it('of a shrunk run, a message that takes a time of its own says so, even if none overtook it', () => {
  const sent: readonly Sent[] = [
    { at: 0, src: 'c1', dest: 'n1', body: '{"type":"broadcast","message":7,"msg_id":1}', arrives: 0 },
    { at: 0.1, src: 'n1', dest: 'n2', body: '{"type":"tell","message":7}', arrives: 0.5 },
    { at: 0.2, src: 'n1', dest: 'c1', body: '{"type":"broadcast_ok","in_reply_to":1}', arrives: 0.2 },
    ...READ_OF_3,
  ];
  const run = madeSmall(runOf(sent, { evidence: LOST }));
  const textsOf = (nth: number): string => {
    const messages = [{ from: 'n1', to: 'n2', type: 'tell', nth, do: 'delay' as const, ms: 400 }];
    const { spec } = run;
    const course = spec.course === undefined ? undefined : { ...spec.course, messages };
    return storyOf({ ...run, spec: { ...spec, ...(course === undefined ? {} : { course }) } })
      .steps.map(({ text }) => text)
      .join('\n');
  };
  expect(textsOf(0)).toContain('n1 sends tell {message: 7} to n2; it takes 0.4 s\n');
  expect(textsOf(1)).toContain('n1 sends tell {message: 7} to n2\n');
});

it('of a shrunk run, what a fault lost of what an operation set off later is in the story', () => {
  const texts = (lost: boolean): string => {
    const sent: readonly Sent[] = [
      { at: 0, src: 'c1', dest: 'n1', body: '{"type":"txn","msg_id":1}', arrives: 0 },
      {
        at: 0.05,
        src: 'n1',
        dest: 'n2',
        body: '{"type":"decide","commit":false}',
        ...(lost ? { reason: 'partition' } : { arrives: 0.06 }),
        origin: { message: 0, byTimer: true },
      },
      { at: 0.1, src: 'n1', dest: 'c1', body: '{"type":"error","code":30,"in_reply_to":1}', arrives: 0.1 },
    ];
    const ops = opsOf([
      [0, 'invoke', 0, 'txn', [['w', 1, 5]]],
      [0.1, 'fail', 0, 'txn', [['w', 1, 5]]],
      [1, 'invoke', 1, 'txn', [['r', 1, null]]],
      [1.1, 'ok', 1, 'txn', [['r', 1, 5]]],
    ]);
    const anomaly = {
      type: 'G1a' as const,
      count: 1,
      examples: [],
      simplest: { text: 'aborted', cycle: undefined, operations: [0, 2], wrong: 2 },
    };
    const run = runOf(sent, { history: ops, evidence: { kind: 'anomalies', anomalies: [anomaly] } });
    return storyOf(madeSmall(run))
      .steps.map(({ text }) => text)
      .join('\n');
  };
  expect(texts(true)).toContain('n1 sends decide {commit: false} to n2');
  expect(texts(false)).not.toContain('decide');
});
