/** Stories of runs made by hand: what is a step, and in which words. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../checkers/evidence.ts';
import { operationNumbers } from '../history/operation-names.ts';
import type { Op } from '../history/op.ts';
import { onOps } from '../own/on-ops.ts';
import { namedByInvocation } from '../run/words/named-by-invocation.ts';
import { workloadOptionsOf } from '../run/workload-options.ts';
import type { Origin } from '../world/cause.ts';
import { Random } from '../world/random.ts';
import {
  type Sent,
  type Entry,
  opsOf,
  runOf,
  madeSmall,
  gossip,
  storyOf,
  wrongAtEnd,
} from '../../test/support/story-by-hand.ts';

it('of a message at two offsets, each is shown by a poll', () => {
  const polls = (process: number, at: number, list: Op['value']): readonly Entry[] => [
    [at, 'invoke', process, 'poll', [['poll']]],
    [at + 0.1, 'ok', process, 'poll', [['poll', { '9': list }]]],
  ];
  const history = opsOf([
    [0, 'invoke', 0, 'send', [['send', '9', 4]]],
    [0.1, 'ok', 0, 'send', [['send', '9', [0, 4]]]],
    ...polls(1, 1, [[0, 4]]),
    ...polls(1, 2, []),
    ...polls(1, 3, [[1, 4]]),
  ]);
  const duplicate = { count: 1, errs: [{ key: '9', value: 4, count: 2, offsets: [0, 1] }] };
  const result = { 'valid?': false, 'bad-error-types': ['duplicate'], duplicate };
  const run = runOf([], { history, evidence: undefined, results: { 'valid?': false, workload: result } });
  const { steps } = storyOf({ ...run, spec: { ...run.spec, workload: 'kafka' } });
  expect(steps.slice(0, -1).map(({ text }) => text)).toEqual([
    'c1 sends 4 to key "9" at n1 and gets offset 0',
    'c2 polls at n2 and gets {9: [[0 4]]}',
    'c2 polls at n2 and gets {9: [[1 4]]}',
  ]);
});

it('of several logs only the wrong one is in the story', () => {
  const poll = (value: Op['value']): Op['value'] => [['poll', value]];
  const history = opsOf([
    [0, 'invoke', 0, 'send', [['send', '9', 4]]],
    [0.1, 'ok', 0, 'send', [['send', '9', [0, 4]]]],
    [0.2, 'invoke', 1, 'assign', ['7', '9', '8']],
    [0.3, 'ok', 1, 'assign', ['7', '9', '8']],
    [1, 'invoke', 1, 'poll', [['poll']]],
    [1.4, 'ok', 1, 'poll', poll({ '7': [], '8': [[0, 1]], '9': [] })],
  ]);
  const result = {
    'valid?': false,
    'bad-error-types': ['unseen'],
    unseen: { time: 2, unseen: { '9': 1 }, messages: { '9': [4] } },
  };
  const ask = (key: string, origin?: Origin) => ({
    at: 1.1,
    src: 'n2',
    dest: 'n1',
    body: `{"type":"ask","key":"${key}"}`,
    arrives: 1.2,
    ...(origin === undefined ? {} : { origin }),
  });
  const polled = { message: 0, byTimer: false };
  const sent = [
    { at: 1, src: 'c2', dest: 'n2', body: '{"type":"poll","msg_id":2}', arrives: 1 },
    ask('7', polled),
    ask('9', polled),
  ];
  const run = runOf(sent, { history, evidence: undefined, results: { 'valid?': false, workload: result } });
  const story = storyOf(madeSmall({ ...run, spec: { ...run.spec, workload: 'kafka' } }));
  expect(story.steps.map(({ text }) => text)).toEqual([
    'c1 sends 4 to key "9" at n1 and gets offset 0',
    'c2 turns to key "9" and 2 more at n2, which acknowledges it',
    'c2 polls at n2',
    'n2 sends ask {key: "9"} to n1',
    "n2 answers c2's poll: {8: [[0 1]], 9: []}",
    expect.stringMatching(/does not have it, nor has any other: it is lost/),
  ]);
});

it.each<{
  readonly polls: string;
  readonly answers: readonly (Op['value'] | undefined)[];
  readonly says: RegExp;
}>([
  {
    polls: 'that do not succeed',
    answers: [undefined, undefined],
    says: /acknowledged: all 2 polls after that did not succeed\.$/,
  },
  {
    polls: 'of which the only one fails',
    answers: [undefined],
    says: /: the only poll after that did not succeed\.$/,
  },
  {
    polls: 'that do not come that far',
    answers: [
      {
        '9': [
          [0, 2],
          [1, 3],
        ],
      },
      undefined,
    ],
    says: /acknowledged at offset 5: the last poll that shows this key, c2's poll at n2, ends at offset 1, and the only poll after that did not succeed\.$/,
  },
  {
    polls: 'of other keys',
    answers: [{ '7': [[0, 2]] }, undefined],
    says: /^No client polls message 4 of key "9", which n1 acknowledged\.$/,
  },
])('a message that is not seen by polls $polls is not called lost', ({ answers, says }) => {
  const history = opsOf([
    [0, 'invoke', 0, 'send', [['send', '9', 4]]],
    [0.1, 'ok', 0, 'send', [['send', '9', [5, 4]]]],
    ...answers.flatMap((answer, at): readonly Entry[] => [
      [1 + at, 'invoke', 1, 'poll', [['poll']]],
      answer === undefined
        ? [1.5 + at, 'fail', 1, 'poll', [['poll']]]
        : [1.5 + at, 'ok', 1, 'poll', [['poll', answer]]],
    ]),
  ]);
  const workload = {
    'valid?': false,
    'bad-error-types': ['unseen'],
    unseen: { time: 2, unseen: { '9': 1 }, messages: { '9': [4] } },
  };
  const run = runOf([], { history, evidence: undefined, results: { 'valid?': false, workload } });
  const story = storyOf(madeSmall({ ...run, spec: { ...run.spec, workload: 'kafka' } }));
  expect(story.steps.at(-1)?.text).toMatch(says);
  expect(story.steps.map(({ text }) => text).join()).not.toContain('lost');
});

describe('a message that is sent again', () => {
  const from = (message: number): Origin => ({ message, byTimer: false });
  /** n1 sends the same twice: for both of two requests, or twice for the first. */
  const textsOf = (second: number): string => {
    const history = opsOf([
      [0, 'invoke', 0, 'write', [0, 3]],
      [0.3, 'ok', 0, 'write', [0, 3]],
      [0.4, 'invoke', 0, 'read', [0, null]],
      [0.8, 'ok', 0, 'read', [0, 3]],
    ]);
    const evidence = wrongAtEnd(history, 4);
    const put = { src: 'n1', dest: 'n2', body: '{"type":"put","key":0,"value":3}' };
    const sent: readonly Sent[] = [
      { at: 0, src: 'c1', dest: 'n1', body: '{"type":"write","key":0,"value":3,"msg_id":1}', arrives: 0.1 },
      { ...put, at: 0.1, arrives: 0.2, origin: from(0) },
      {
        at: 0.3,
        src: 'n1',
        dest: 'c1',
        body: '{"type":"write_ok","in_reply_to":1}',
        arrives: 0.3,
        origin: from(0),
      },
      { at: 0.4, src: 'c1', dest: 'n1', body: '{"type":"read","key":0,"msg_id":2}', arrives: 0.5 },
      { ...put, at: 0.6, arrives: 0.7, origin: from(second) },
      {
        at: 0.8,
        src: 'n1',
        dest: 'c1',
        body: '{"type":"read_ok","value":3,"in_reply_to":2}',
        arrives: 0.8,
        origin: from(3),
      },
    ];
    return storyOf(runOf(sent, { history, evidence }))
      .steps.map(({ text }) => text)
      .join('\n');
  };

  it('is one step with the first if it is sent for the same request', () => {
    expect(textsOf(0)).toContain('n1 sends put {key: 0, value: 3} to n2, twice until 0.600 s');
  });

  it('is a separate step if it is sent for another one', () => {
    expect(textsOf(3).match(/n1 sends put {key: 0, value: 3} to n2$/gm)).toHaveLength(2);
  });
});

it('what a real node sends to several nodes within a few milliseconds is one step, what it sends after a reply another', () => {
  const [asked, , ...others] = gossip('');
  const tell = (at: number, dest: string, arrives: number, src = 'n1'): Sent => ({
    at,
    src,
    dest,
    body: '{"type":"tell","message":7,"msg_id":9}',
    arrives,
  });
  const told = [tell(0.1, 'n3', 0.102), tell(0.101, 'n4', 0.103)];
  const reply: Sent = {
    at: 0.102,
    src: 'n3',
    dest: 'n1',
    body: '{"type":"ok","in_reply_to":9}',
    arrives: 0.1025,
  };
  const run = runOf([
    ...(asked === undefined ? [] : [asked]),
    ...told,
    reply,
    tell(0.103, 'n2', 0.2),
    tell(0.15, 'n2', 0.3, 'n3'),
    tell(0.15, 'n2', 0.3, 'n4'),
    ...others,
  ]);
  const { steps } = storyOf({ ...run, spec: { ...run.spec, nodes: ['n1', 'n2', 'n3', 'n4'] } });
  const texts = steps.map(({ text }) => text);
  expect(texts).toContain('n1 sends tell {message: 7} to n3 and n4; n3 answers ok');
  expect(texts).toContain('n1 sends tell {message: 7} to n2');
});

it('of ids that were given out twice the story counts all others, not those that are drawn', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'generate', null],
    [0.1, 'ok', 0, 'generate', 5],
    [1, 'invoke', 1, 'generate', null],
    [1.1, 'ok', 1, 'generate', 5],
  ]);
  const evidence: Evidence = { kind: 'ids', ids: ['5', '6'], total: 110 };
  expect(storyOf(runOf([], { history, evidence })).notes).toContain(
    '109 more ids were given out more than once.',
  );
});

it('equal answers to repeated messages are part of the story', () => {
  const twice = [0.02, 0.06].flatMap((at, number): readonly Sent[] => [
    {
      at,
      src: 'n1',
      dest: 'lin-kv',
      body: `{"type":"read","key":"k","msg_id":${number + 5}}`,
      arrives: at + 0.01,
    },
    {
      at: at + 0.02,
      src: 'lin-kv',
      dest: 'n1',
      body: `{"type":"error","code":20,"in_reply_to":${number + 5}}`,
      arrives: at + 0.03,
    },
  ]);
  const sent: readonly Sent[] = [
    { at: 0, src: 'c1', dest: 'n1', body: '{"type":"generate","msg_id":1}', arrives: 0.001 },
    ...twice,
    { at: 0.2, src: 'n1', dest: 'c1', body: '{"type":"generate_ok","id":5,"in_reply_to":1}', arrives: 0.2 },
  ];
  const history = opsOf([
    [0, 'invoke', 0, 'generate', null],
    [0.2, 'ok', 0, 'generate', 5],
    [1, 'invoke', 1, 'generate', null],
    [1.1, 'ok', 1, 'generate', 5],
  ]);
  const { steps } = storyOf(runOf(sent, { history, evidence: { kind: 'ids', ids: ['5'] } }));
  expect(steps.map(({ text }) => text).find((text) => text.includes('twice'))).toBe(
    'n1 sends read {key: "k"} to lin-kv, twice until 0.060 s; each time lin-kv answers error 20, key does not exist',
  );
});

it('the end of a fault is no step without its beginning, which was left out', () => {
  const many = Array.from({ length: 8 }, (_, at) => at * 2);
  const nemesis = many.flatMap<Entry>((at) => [
    [at, 'info', -1, 'start-loss', ['n1', 'n2']],
    [at, 'info', -1, 'start-loss', ['n1', 'n2']],
    [at + 1, 'info', -1, 'stop-loss', null],
    [at + 1, 'info', -1, 'stop-loss', 'over'],
  ]);
  const history: readonly Op[] = opsOf([
    [0.1, 'invoke', 0, 'broadcast', 7],
    [0.2, 'ok', 0, 'broadcast', 7],
    ...nemesis,
    [20, 'invoke', 1, 'read', null],
    [20.1, 'ok', 1, 'read', [3]],
  ]).map((op) => (op.process === -1 ? { ...op, process: 'nemesis' } : op));
  const lost = many.flatMap((at): Sent[] =>
    [0.3, 0.5, 0.7].map((later) => ({
      at: at + later,
      src: 'n1',
      dest: 'n2',
      body: `{"type":"tell","message":7,"try":${at + later}}`,
    })),
  );
  const { steps } = storyOf(runOf(lost, { history }));
  const ends = steps.filter(({ text }) => text === 'The fault loss ends').length;
  const begins = steps.filter(({ text }) => text.startsWith('The fault loss begins')).length;
  expect(begins).toBeGreaterThan(0);
  expect(ends).toBeLessThanOrEqual(begins);
});

it.each([
  [{ n1: '+1316ms', n2: '-20ms +1.5%' }, 'The clocks of n1 (+1316ms) and n2 (-20ms +1.5%) are set wrong'],
  [{ n2: '-0.35%' }, 'The clock of n2 (-0.35%) is set wrong'],
])('the story says by how much a fault sets clocks wrong: %j', (skews, text) => {
  const history: readonly Op[] = opsOf([
    [0, 'info', -1, 'start-skew', 'all'],
    [0, 'info', -1, 'start-skew', skews],
    [0.1, 'invoke', 0, 'broadcast', 7],
    [0.2, 'ok', 0, 'broadcast', 7],
    [1, 'invoke', 1, 'read', null],
    [1.1, 'ok', 1, 'read', [3]],
  ]).map((op) => (op.process === -1 ? { ...op, process: 'nemesis' } : op));
  const { steps } = storyOf(runOf(gossip('{"type":"tell","message":7}'), { history }));
  expect(steps[0]?.text).toBe(text);
});

describe('what a workload of one’s own finds wrong', () => {
  const decided = [
    [0, 'invoke', 0, 'propose', 1],
    [0.1, 'invoke', 1, 'propose', 2],
    [0.2, 'ok', 1, 'propose', 2],
    [0.4, 'ok', 0, 'propose', 1],
    [0.5, 'invoke', 0, 'propose', 3],
  ] satisfies readonly Entry[];
  const judge = onOps<number>((ops) => [
    {
      kind: 'two decisions',
      text: '1 and 2 were decided',
      operations: ops.filter(({ type }) => type === 'ok'),
    },
  ]);

  it('is shown until the last of its operations has ended, under the numbers that the verdict uses', () => {
    const history = opsOf(decided);
    const checker = judge.checker(workloadOptionsOf(runOf([]).spec, Random.fromSeed(1)));
    for (const op of history) checker.observe(op);
    const { numberOf } = operationNumbers(history);
    const result = namedByInvocation(checker.result(), numberOf);
    const evidence = judge.evidence?.(result);
    const run = runOf([], { history, evidence, results: { 'valid?': false, workload: result } });
    expect(storyOf(run).steps.map(({ text }) => text)).toEqual([
      'c1 does propose 1 at n1 (operation 0), which acknowledges it',
      'c2 does propose 2 at n2 (operation 1), which acknowledges it',
      '1 and 2 were decided (operations 0, 1).',
    ]);
  });
});
