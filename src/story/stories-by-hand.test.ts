/**
 * Stories of runs made by hand: what nodes send is hostile, a node ends, the real world knows no causes, a value is never sent, a
 * service answers from an older state.
 */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../checkers/evidence.ts';
import { ClientBook } from '../history/client-book.ts';
import type { Op } from '../history/op.ts';
import { completeSpec } from '../harness/settings/spec-defaults.ts';
import type { Origin } from '../world/cause.ts';
import { MemoryJournal } from '../network/journal/memory-journal.ts';
import type { StateChange } from '../protocol/state-change.ts';
import type { TestResults } from '../run/test-results.ts';
import { svgFile } from '../report/svg/svg.ts';
import { makeStory } from './make-story.ts';
import { storiesIn } from './stories-in.ts';
import type { StoryRun } from './story-run.ts';
import type { Story } from '../recording/story.ts';
import { storyPicture } from './picture/story-picture.ts';
import { storyMarkdown, storyText } from './story-text.ts';

const SECOND = 1e9;

interface Sent {
  readonly at: number;
  readonly src: string;
  readonly dest: string;
  readonly body: string;
  /** Where it is undefined, it is lost. */
  readonly arrives?: number | undefined;
  readonly reason?: string;
  /** What it follows from; undefined where that is not known. */
  readonly origin?: Origin;
}

function journalOf(sent: readonly Sent[]): MemoryJournal {
  const journal = new MemoryJournal();
  for (const [id, { at, src, dest, body, arrives, reason = 'loss', origin }] of sent.entries()) {
    const packet = { id, src, dest, body: Buffer.from(body), cause: undefined, origin };
    journal.sent(at * SECOND, packet);
    if (arrives === undefined) journal.dropped(at * SECOND, packet, reason);
    else journal.received(arrives * SECOND, packet);
  }
  return journal;
}

type Entry = readonly [seconds: number, type: Op['type'], process: number, f: string, value: Op['value']];

const opsOf = (entries: readonly Entry[]): readonly Op[] =>
  entries.map(([seconds, type, process, f, value], index) => ({
    index,
    time: seconds * SECOND,
    type,
    process,
    f,
    value,
  }));

const ADD_AND_READ = opsOf([
  [0, 'invoke', 0, 'broadcast', 7],
  [0.2, 'ok', 0, 'broadcast', 7],
  [1, 'invoke', 1, 'read', null],
  [1.1, 'ok', 1, 'read', [3]],
]);

const LOST: Evidence = { kind: 'elements', elements: [{ element: 7, fate: 'lost' }] };

function runOf(
  sent: readonly Sent[],
  {
    history = ADD_AND_READ,
    evidence = LOST,
    results = { 'valid?': false, workload: { 'valid?': false } },
  }: { history?: readonly Op[]; evidence?: Evidence | undefined; results?: object } = {},
): StoryRun {
  const clients = new ClientBook();
  clients.add({ name: 'c0', process: null, node: 'n1', time: -1 });
  clients.add({ name: 'c1', process: 0, node: 'n1', time: 0 });
  clients.add({ name: 'c2', process: 1, node: 'n2', time: 0 });
  return {
    spec: completeSpec({
      workload: 'broadcast',
      bin: '/node.ts',
      world: 'real',
      seed: '1',
      nodes: ['n1', 'n2'],
    }),
    history,
    journal: journalOf(sent),
    zeroNanos: 0,
    clients,
    // Results are read back from JSON, and have these parts only.
    results: results as TestResults,
    evidence,
  };
}

/** As if it had been made small: along a course. */
const madeSmall = (run: StoryRun): StoryRun => ({
  ...run,
  spec: { ...run.spec, course: { ops: [], finalOps: [], chance: 'calm', messages: [] } },
});

const gossip = (body: string): readonly Sent[] => [
  { at: 0, src: 'c1', dest: 'n1', body: '{"type":"broadcast","message":7,"msg_id":1}', arrives: 0.001 },
  { at: 0.1, src: 'n1', dest: 'n2', body },
  { at: 0.2, src: 'n1', dest: 'c1', body: '{"type":"broadcast_ok","in_reply_to":1}', arrives: 0.2 },
  { at: 1, src: 'c2', dest: 'n2', body: '{"type":"read","msg_id":1}', arrives: 1 },
  { at: 1.1, src: 'n2', dest: 'c2', body: '{"type":"read_ok","messages":[3],"in_reply_to":1}', arrives: 1.1 },
];

function storyOf(run: StoryRun): Story {
  const story = makeStory(run);
  if (story === undefined) throw new Error('there is no story');
  return story;
}

const lossOf = (body: string): string =>
  storyOf(runOf(gossip(body))).steps.find(({ kind }) => kind === 'lost')?.text ?? '';

it('a message to its own sender is a loop with words next to it', () => {
  const sent = gossip('{"type":"tell","message":7}').map((one) =>
    one.dest === 'n2' && one.src === 'n1' ? { ...one, dest: 'n1', arrives: one.at } : one,
  );
  const { body } = storyPicture(storyOf(runOf(sent)));
  expect(body).toMatch(/c20 0 20 10 2 10"/);
  expect(body).toMatch(/>\d tell<\/text>/);
});

it('the words of a picture are above all its lines, and link where their lines link', () => {
  const { body } = storyPicture(storyOf(runOf(gossip('{"type":"tell","message":7}'))));
  const words = [...body.matchAll(/<g class="words" data-step="(\d+)" data-message="(\d+)"><text/g)];
  const lines = [...body.matchAll(/<g data-step="(\d+)" data-message="(\d+)"><title>.*?<path/g)];
  const lead = (found: readonly RegExpMatchArray[]) => found.map(([, step, message]) => [step, message]);
  expect(lead(words)).toEqual(lead(lines));
  expect(lines.length).toBeGreaterThan(3);
  expect(words[0]?.index).toBeGreaterThan(lines.at(-1)?.index ?? Infinity);
});

it('the words of a late message stand where no other arrow runs, and those of the others stay with them', () => {
  const arrowOf = (label: string, at: number, end: number) => ({
    message: at,
    from: 'n1',
    to: 'n2',
    sentNanos: at * SECOND,
    endNanos: end * SECOND,
    isLost: false,
    label,
  });
  const arrows = [arrowOf('late', 1, 10), ...[2, 3, 4, 5, 6, 7, 8].map((at) => arrowOf(`t${at}`, at, at))];
  const { body } = storyPicture({
    version: 1,
    title: 'A late message',
    steps: arrows.map((arrow, at) => ({
      number: at + 1,
      timeNanos: arrow.sentNanos,
      kind: 'message',
      text: arrow.label,
      messages: [arrow.message],
      operations: [],
      arrows: [arrow],
    })),
    notes: [],
    lanes: ['n1', 'n2'].map((name) => ({ name, kind: 'node' as const })),
    wrong: undefined,
  });
  const wordsOf = (type: string): number =>
    Number(new RegExp(`<text[^>]* y="([\\d.]+)"[^>]*>\\d+ ${type}</text>`).exec(body)?.[1]);
  const level = [...body.matchAll(/d="M[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)"/g)].flatMap(([, from, to]) =>
    from === to ? [Number(from)] : [],
  );
  expect(level).toHaveLength(7);
  const y = wordsOf('late');
  expect(level.filter((line) => line > y - 11 && line < y + 6)).toEqual([]);
  for (const { label } of arrows.slice(1)) expect(level).toContain(wordsOf(label) + 3);
});

it('a missing reply has its type, and not the outcome of the operation', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'broadcast', 7],
    [0.9, 'info', 0, 'broadcast', 7],
    [1, 'invoke', 1, 'read', null],
    [1.1, 'ok', 1, 'read', [3]],
  ]);
  const sent = gossip('{"type":"tell","message":7}').map((one) =>
    one.dest === 'c1' ? { ...one, arrives: undefined } : one,
  );
  const labels = storyOf(runOf(sent, { history })).steps.flatMap(({ arrows }) =>
    arrows.map(({ label }) => label),
  );
  expect(labels).toContain('broadcast_ok');
  expect(labels).not.toContain('info');
});

it('a picture of many nodes has lanes for those involved, not for all that a partition affects', () => {
  const nodes = Array.from({ length: 25 }, (_, at) => `n${at + 1}`);
  const cut = Object.fromEntries(nodes.map((name) => [name, nodes.filter((other) => other !== name)]));
  const partition = (process: 'nemesis', index: number, time: number, f: string, value: Op['value']): Op => ({
    process,
    index,
    time,
    type: 'info',
    f,
    value,
  });
  const history = [
    partition('nemesis', 10, 0.01 * SECOND, 'start-partition', 'one'),
    partition('nemesis', 11, 0.02 * SECOND, 'start-partition', ['isolated', cut]),
    ...ADD_AND_READ,
  ];
  const sent = gossip('{"type":"tell","message":7}').map((one) => ({ ...one, reason: 'partition' }));
  const run = runOf(sent, { history });
  const story = storyOf({ ...run, spec: { ...run.spec, nodes } });
  expect(story.steps.find(({ band }) => band !== undefined)?.band?.nodes).toHaveLength(25);
  expect(story.lanes.map(({ name }) => name)).toEqual(['c1', 'c2', 'n1', 'n2']);
  // The names of all appear once.
  const texts = story.steps.map(({ text }) => text);
  expect(texts.join('\n')).toMatch(/^A partition begins: n1 \| n2 /m);
  expect(texts.join('\n')).toContain('; the partition of 0.010 s drops it');
  const { body } = storyPicture(story);
  expect(body.indexOf('>partition</text>')).toBeGreaterThan(body.indexOf('class="lane"'));
});

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

it('of states that violate an invariant: what led to them, and the last messages between the named nodes', () => {
  const between = (at: number, src: string, dest: string, type: string, more = ''): Sent => ({
    at,
    src,
    dest,
    body: `{"type":"${type}"${more}}`,
    arrives: at + 0.1,
  });
  // Each says more than the one before, so that none is folded.
  const beats = Array.from({ length: 60 }, (_, at) => between(1 + at / 20, 'n3', 'n1', `beat-${at}`));
  const sent = [
    between(0.1, 'n1', 'n3', 'entry', ',"index":3,"msg_id":1'),
    between(0.3, 'n3', 'n1', 'entry_ok', ',"in_reply_to":1'),
    between(0.6, 'n1', 'n2', 'cut', ',"to":2'),
    ...beats,
  ];
  const failure = {
    invariant: 'x.ts',
    message: 'n2 leads without the entry at index 3, which n1 had committed',
    node: 'n2',
    turn: 1,
    time: 5 * SECOND,
    states: { n1: { committed: 3 }, n2: { committed: 2 } },
  };
  const set = (seconds: number, committed: number): StateChange => ({
    node: 'n1',
    time: seconds * SECOND,
    kind: 'set',
    fields: { committed },
  });
  const results = {
    'valid?': false,
    invariants: { 'valid?': false, failures: [failure], checks: 9, problems: [] },
  };
  const run = runOf(sent, { history: [], evidence: undefined, results });
  const texts = storyOf({
    ...run,
    spec: { ...run.spec, nodes: ['n1', 'n2', 'n3'] },
    states: [set(0, 2), set(0.4, 3)],
  }).steps.map(({ text }) => text);
  expect(texts.slice(0, 3)).toEqual([
    'n1 sends entry {index: 3} to n3; n3 answers entry_ok',
    "n1's state is now: committed 3",
    'n1 sends cut {to: 2} to n2',
  ]);
});

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

it('of a node that lost its data: a request that was open when it received the data', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'broadcast', 7],
    [0.1, 'ok', 0, 'broadcast', 7],
    [1, 'invoke', 2, 'read', null],
    [1.1, 'ok', 2, 'read', []],
  ]);
  const pull = (at: number, id: number): Sent => ({
    at,
    src: 'n1',
    dest: 'n2',
    body: `{"type":"pull","msg_id":${id}}`,
    arrives: at + 0.01,
  });
  const answer = (at: number, id: number): Sent => ({
    at,
    src: 'n2',
    dest: 'n1',
    body: `{"type":"pull_ok","in_reply_to":${id}}`,
    arrives: at + 0.01,
  });
  const sent = [
    pull(-1, 3),
    answer(-0.9, 3),
    pull(-0.1, 4),
    { at: 0, src: 'c1', dest: 'n1', body: '{"type":"broadcast","message":7,"msg_id":1}', arrives: 0 },
    answer(0.3, 4),
  ];
  const run = runOf(sent, { history });
  run.clients.add({ name: 'c3', process: 2, node: 'n1', time: 0 });
  expect(storyOf(run).steps.map(({ text }) => text)).toEqual([
    'n1 sends pull to n2; n2 answers pull_ok',
    'c1 broadcasts 7 at n1, which acknowledges it',
    'c3 reads at n1 and gets []',
    expect.stringMatching(/lacks 7/),
  ]);
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
    const evidence: Evidence = {
      kind: 'keys',
      keys: history.slice(-1).map((op) => ({
        key: '0',
        result: { 'valid?': false },
        impossible: { op, configs: [{ model: 4, pending: [] }], contradictions: [] },
      })),
    };
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
  const evidence: Evidence = {
    kind: 'keys',
    keys: history.slice(-1).map((op) => ({
      key: '0',
      result: { 'valid?': false },
      impossible: { op, configs: [{ model: 3, pending: [] }], contradictions: [] },
    })),
  };
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

describe('a story of a run whose nodes are hostile', () => {
  it('shows the value however much surrounds it', () => {
    const many = Array.from({ length: 5000 }, (_, at) => 1000 + at);
    const body = JSON.stringify({
      type: 'tell',
      first: 'x'.repeat(5000),
      values: [...many, 7, ...many],
      last: many,
    });
    expect(lossOf(body)).toMatchInlineSnapshot(
      `"n1 sends tell {…, values: [1000 1001 1002 1003 1004 1005 (4994 more) 7 (5000 more)], …} to n2; it is lost, and it is never sent again"`,
    );
    expect(lossOf(body)).toMatch(/\b7\b/);
    expect(lossOf(body).length).toBeLessThan(400);
  });

  it.each([
    ['escape sequences', '{"type":"tell\\u001b[2J","message":7,"x":"\\u001b]0;y\\u0007\\n\\u202e"}'],
    ['markup', '{"type":"<script>alert(1)</script>","message":7,"a&b":"</text><image href=x>"}'],
    ['Markdown', '{"type":"tell","message":7,"x":"[a](javascript:b) `c` **d** <e>"}'],
    ['deep nesting', `{"type":"tell","message":7,"x":${'['.repeat(900)}7${']'.repeat(900)}}`],
    ['odd fields of the protocol', '{"type":{"a":7},"msg_id":{"b":[7]},"in_reply_to":[7],"message":7}'],
    [
      'the name of a prototype',
      '{"type":"__proto__","__proto__":{"toString":7},"constructor":7,"message":7}',
    ],
    ['numbers beyond doubles', '{"type":"tell","message":7,"n":1e400,"m":123456789012345678901234567890}'],
  ])('handles %s', (_, body) => {
    const story = storyOf(runOf(gossip(body)));
    const text = storyText(story);
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    for (const { text: line } of story.steps) expect(line.length).toBeLessThan(700);
    const svg = svgFile(storyPicture(story));
    expect(svg).not.toMatch(/<script|<image/);
    expect(storyMarkdown(story)).not.toMatch(/(?<!\\)<(script|e>)|(?<!\\)\[a/);
    expect(story.steps.map(({ kind }) => kind)).toContain('lost');
  });

  it.each(['', 'no JSON', '[7]', '7', '{', '\u0000'])(
    'a body that is not an object is ignored: %j',
    (body) => {
      const story = storyOf(runOf(gossip(body)));
      expect(story.steps.at(-1)?.text).toMatch(/lacks 7/);
    },
  );

  it('says that causes are only guessed in the real world', () => {
    expect(storyOf(runOf(gossip('{"type":"tell","message":7}'))).notes.join()).toMatch(
      /The run was not simulated/,
    );
  });

  it('has a verdict even without any message', () => {
    const { steps } = storyOf(runOf([]));
    expect(steps.map(({ text }) => text)).toEqual([
      'c1 broadcasts 7 at n1, which acknowledges it',
      'c2 reads at n2 and gets [3]',
      "c2's read at n2 lacks 7, although n1 acknowledged it 0.8 s before: 7 is lost.",
    ]);
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

describe('a story of a value that is never sent to the node that lacks it', () => {
  const without = gossip('{"type":"tell","message":7}').filter(({ src }) => src !== 'n1');
  const textsOf = (sent: readonly Sent[]): readonly string[] =>
    storyOf(runOf(sent.toSorted((a, b) => a.at - b.at))).steps.map(({ text }) => text);

  it('says that nothing was sent', () => {
    expect(textsOf(without)).toContain('n1 has 7, and from then on sends nothing to n2 before the read.');
  });

  it('says that the messages sent do not contain it, and which they were', () => {
    const texts = textsOf([
      ...without,
      { at: 0.3, src: 'n1', dest: 'n2', body: '{"type":"tell","message":3}', arrives: 0.4 },
    ]);
    expect(texts).toContain('n1 sends tell {message: 3} to n2');
    expect(texts).toContain('n1 has 7, but no message that shows it is sent to n2 before the read.');
  });

  it('says that the node had been killed before, and what was not sent again', () => {
    const faults = opsOf([
      [-0.6, 'info', -1, 'kill', ['n1']],
      [-0.6, 'info', -1, 'kill', { n1: 'killed' }],
      [-0.5, 'info', -1, 'start', null],
      [-0.5, 'info', -1, 'start', { n1: 'started' }],
    ]).map((op): Op => ({ ...op, process: 'nemesis' }));
    const history = [...faults, ...ADD_AND_READ].map((op, index): Op => ({ ...op, index }));
    const topology = { at: -0.9, src: 'c0', dest: 'n1', body: '{"type":"topology","msg_id":1}' };
    const texts = (sent: readonly Sent[]) => storyOf(runOf(sent, { history })).steps.map(({ text }) => text);
    expect(texts([{ ...topology, arrives: -0.8 }, ...without]).slice(0, 2)).toEqual([
      'n1 is killed',
      'n1 restarts with only what it had stored; the topology is not sent again',
    ]);
    expect(texts(without)[1]).toBe('n1 restarts with only what it had stored');
  });

  it('names a reply that may have been taken for one about the value', () => {
    const texts = textsOf([
      { at: -0.1, src: 'n1', dest: 'n2', body: '{"type":"tell","message":3,"msg_id":9}', arrives: 0 },
      ...without,
      { at: 0.3, src: 'n2', dest: 'n1', body: '{"type":"tell_ok","in_reply_to":9}', arrives: 0.4 },
    ]);
    expect(texts).toContain(
      'n1 has 7 before the tell_ok of n2 arrives, and from then on sends nothing to n2 before the read.',
    );
  });

  it.each([
    ['in flight', gossip('{"type":"tell","message":7}')],
    ['in flight, in a list', gossip('{"type":"tell","messages":[1,7]}')],
    ['in no message', []],
  ])('does not say so if it is %s', (_, sent) => {
    expect(textsOf(sent).join('\n')).not.toMatch(/has 7/);
  });
});

describe('a story of a value that came to the node that lacks it', () => {
  const SAID = 'n2 received 7 from n1 0.8 s before the read, which lacks it all the same.';
  const arriving = (...bodies: readonly string[]): readonly Sent[] =>
    bodies.map((body, at) => ({
      at: 0.1 + at / 1000,
      src: 'n1',
      dest: 'n2',
      body,
      arrives: 0.2 + at / 1000,
    }));
  /** 3 is added before 7. */
  const history = [
    ...opsOf([
      [-0.2, 'invoke', 0, 'broadcast', 3],
      [-0.1, 'ok', 0, 'broadcast', 3],
    ]),
    ...ADD_AND_READ,
  ].map((op, index): Op => ({ ...op, index }));
  const textsOf = (sent: readonly Sent[]): readonly string[] =>
    storyOf(
      runOf(
        [...gossip('').filter(({ src }) => src !== 'n1'), ...sent].toSorted((a, b) => a.at - b.at),
        {
          history,
        },
      ),
    ).steps.map(({ text }) => text);

  it.each([
    ['in a field that is called as in a request', ['{"type":"tell","message":7}']],
    ['in a list that is called as in an answer', ['{"type":"tell","data":{"messages":[3,7]}}']],
    [
      'in a field that has held other elements',
      ['{"type":"tell","element":3}', '{"type":"tell","element":7,"round":99}'],
    ],
  ])('says so: %s', (_, bodies) => {
    expect(textsOf(arriving(...bodies)).at(-2)).toMatch(
      /^n2 received 7 from n1 0\.8 s before the read, which lacks it all the same\.$/,
    );
  });

  it.each([
    ['a number that is equal by chance', ['{"type":"tell","round":7}']],
    ['a counter', ['{"type":"beat","round":5}', '{"type":"beat","round":6}', '{"type":"beat","round":7}']],
    ['a name in a map', ['{"type":"tell","seen":{"7":1}}']],
    ['the number of a message', ['{"type":"tell","msg_id":7}']],
  ])('does not take for it %s', (_, bodies) => {
    expect(textsOf(arriving(...bodies))).not.toContain(SAID);
    expect(textsOf(arriving(...bodies)).join('\n')).not.toContain('received 7');
  });
});

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
    ['lww-kv', NONE, /a replica of lww-kv may not have it yet/],
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
    const evidence: Evidence = {
      kind: 'keys',
      keys: history.slice(-1).map((op) => ({
        key: '0',
        result: { 'valid?': false },
        impossible: { op, configs: [{ model: null, pending: [] }], contradictions: [] },
      })),
    };
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
    const evidence: Evidence = {
      kind: 'keys',
      keys: history.slice(-1).map((op) => ({
        key: '0',
        result: { 'valid?': false },
        impossible: { op, configs: [{ model: 2, pending: [] }], contradictions: [] },
      })),
    };
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
    const evidence: Evidence = {
      kind: 'keys',
      keys: history.slice(-1).map((op) => ({
        key: '0',
        result: { 'valid?': false },
        impossible: { op, configs: [{ model: 3, pending: [] }], contradictions: [] },
      })),
    };
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
      const evidence: Evidence = {
        kind: 'keys',
        keys: history.slice(-1).map((op) => ({
          key: '0',
          result: { 'valid?': false },
          impossible: { op, configs: [{ model: 2, pending: [] }], contradictions: [] },
        })),
      };
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

it('an element that a final read lacks has a story although the run is valid', () => {
  const evidence: Evidence = {
    kind: 'elements',
    elements: [{ element: 7, fate: 'missing-at-end', operations: [1, 2] }],
  };
  const valid = { 'valid?': true, workload: { 'valid?': true } };
  const story = storyOf(runOf(gossip('{"type":"tell","message":7}'), { results: valid, evidence }));
  expect(story.title).toBe('Element 7 is missing from a read at the end');
  expect(story.evidence).toBeUndefined();
  expect(story.steps.at(-1)?.text).toBe(
    "c2's read at n2 lacks 7, although n1 acknowledged it 0.8 s before: 7 has not come to this node by the end.",
  );
});

it.each([
  [undefined, undefined],
  [2, '1 more element is wrong.'],
  [54, '53 more elements are wrong.'],
])('of %s elements in all that are wrong, the story counts the others', (total, said) => {
  const evidence: Evidence = { ...LOST, kind: 'elements', elements: [{ element: 7, fate: 'lost' }] };
  const all = total === undefined ? evidence : { ...evidence, total };
  const { notes } = storyOf(runOf(gossip('{"type":"tell","message":7}'), { evidence: all }));
  expect(notes.filter((note) => note.includes('wrong'))).toEqual(said === undefined ? [] : [said]);
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

it('a node that lost what it had acknowledged is the one whose read is shown, with what replaced it there', () => {
  const sent: readonly Sent[] = [
    { at: 0, src: 'c1', dest: 'n1', body: '{"type":"add","element":7,"msg_id":1}', arrives: 0.001 },
    { at: 0.2, src: 'n1', dest: 'c1', body: '{"type":"add_ok","in_reply_to":1}', arrives: 0.2 },
    { at: 0.5, src: 'n2', dest: 'n1', body: '{"type":"merge","elements":[3]}', arrives: 0.51 },
    { at: 0.6, src: 'n1', dest: 'n2', body: '{"type":"merge","elements":[3]}', arrives: 0.61 },
    // Later ones say nothing new.
    ...[1.5, 2.5, 3.5, 4.5].map((at) => ({
      at,
      src: 'n2',
      dest: 'n1',
      body: '{"type":"merge","elements":[3]}',
      arrives: at + 0.01,
    })),
  ];
  const history = opsOf([
    [0, 'invoke', 0, 'add', 7],
    [0.2, 'ok', 0, 'add', 7],
    [1, 'invoke', 1, 'read', null],
    [1.1, 'ok', 1, 'read', [3]],
    [5, 'invoke', 0, 'read', null],
    [5.1, 'ok', 0, 'read', [3]],
  ]);
  const { steps } = storyOf(runOf(sent, { history }));
  expect(steps.map(({ text }) => text)).toEqual([
    'c1 adds 7 at n1, which acknowledges it',
    'n2 sends merge {elements: [3]} to n1',
    'n1 sends merge {elements: [3]} to n2',
    'c1 reads at n1 and gets [3]',
    "c1's read at n1 lacks 7, although n1 acknowledged it 4.8 s before: 7 is lost.",
  ]);
});

it('of the reads that lack a value that one is shown whose node was sent it, and it is not said to have it', () => {
  const sent = [
    ...gossip('{"type":"tell","message":7}').map((one) =>
      one.dest === 'n2' && one.src === 'n1' ? { ...one, arrives: 0.11 } : one,
    ),
    { at: 1.5, src: 'n1', dest: 'n3', body: '{"type":"tell","message":8}', arrives: 1.51 },
  ];
  const runWith = (...reads: readonly Entry[]): StoryRun => {
    const history = opsOf([[0, 'invoke', 0, 'broadcast', 7], [0.2, 'ok', 0, 'broadcast', 7], ...reads]);
    const run = runOf(sent, { history });
    run.clients.add({ name: 'c3', process: 2, node: 'n3', time: 0 });
    return run;
  };
  const atThird: readonly Entry[] = [
    [2, 'invoke', 2, 'read', null],
    [2.1, 'ok', 2, 'read', [3]],
  ];
  const atSecond: readonly Entry[] = [
    [3, 'invoke', 1, 'read', null],
    [3.1, 'ok', 1, 'read', [3]],
  ];
  const both = storyOf(runWith(...atThird, ...atSecond)).steps.map(({ text }) => text);
  expect(both).toContain('n1 sends tell {message: 7} to n2');
  expect(both.at(-1)).toMatch(/^c2's read at n2 lacks 7/);
  const third = storyOf(runWith(...atThird)).steps.map(({ text }) => text);
  expect(third.at(-1)).toMatch(/^c3's read at n3 lacks 7/);
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
  const evidence: Evidence = {
    kind: 'keys',
    keys: history.slice(-1).map((op) => ({
      key: '0',
      result: { 'valid?': false },
      impossible: { op, configs: [{ model: 2, pending: [] }], contradictions: [] },
    })),
  };
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

describe('a message between nodes carries a value', () => {
  const beat = (at: number, beats: number): Sent => ({
    at,
    src: 'n2',
    dest: 'n1',
    body: `{"type":"beat","term":7,"beats":${beats},"known":[]}`,
    arrives: at,
  });
  const messagesOf = (story: Story) =>
    story.steps.map(({ text }) => text).filter((text) => / sends /.test(text));

  it('only in a field that never held it before a client had sent it: terms and counters do not', () => {
    const beats = [0, 0.3, 0.6, 0.9].map((at, number) => beat(at + 0.0005, 4 + number));
    const sent = [...gossip('{"type":"tell","message":7}'), ...beats].toSorted((a, b) => a.at - b.at);
    expect(messagesOf(storyOf(runOf(sent)))).toEqual([
      'n1 sends tell {message: 7} to n2; it is lost, and it is never sent again',
    ]);
  });

  it('to the node that shows it no longer: the one that brought it, and the first of another type that came after', () => {
    const [add, tell, ...rest] = gossip('{"type":"tell","message":7}');
    if (add === undefined || tell === undefined) throw new Error('it is sent');
    const again = (at: number, type: string): Sent => ({
      ...tell,
      at,
      body: `{"type":"${type}","message":7}`,
      arrives: at,
    });
    const sent = [
      add,
      again(0.1, 'tell'),
      ...rest.slice(0, 1),
      again(0.3, 'tell'),
      again(0.4, 'forget'),
      ...rest.slice(1),
    ];
    const atEnd: Evidence = { kind: 'elements', elements: [{ element: 7, fate: 'missing-at-end' }] };
    const story = storyOf(runOf(sent, { evidence: atEnd }));
    expect(messagesOf(story)).toEqual([
      'n1 sends tell {message: 7} to n2',
      'n1 sends forget {message: 7} to n2',
    ]);
    expect(story.steps.at(-1)?.text).toContain('7 came to this node, which does not show it at the end');
  });
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

describe("a story of a problem other than the workload's", () => {
  const crashed = {
    'valid?': false,
    nodes: {
      'valid?': false,
      problems: [
        {
          node: 'n2',
          kind: 'crashed',
          message: 'n2 ended with exit code 1:\nTypeError: x',
          time: SECOND * 1.05,
        },
      ],
    },
  };

  it('a node that exited: the last message that it received', () => {
    const story = storyOf(
      runOf(gossip('{"type":"tell","message":7}'), { results: crashed, evidence: undefined }),
    );
    expect(story.title).toBe('n2 ended by itself');
    expect(story.steps.map(({ text }) => text)).toEqual([
      'c2 reads at n2',
      'n2 ended with exit code 1: TypeError: x',
    ]);
  });

  it('a broken protocol: the message that broke it', () => {
    const violation = {
      node: 'n2',
      kind: 'bad-reply',
      count: 1,
      message: 'n2 answered wrongly.',
      sample: '"messages":[3]',
    };
    const results = { 'valid?': false, protocol: { 'valid?': false, violations: [violation], warnings: [] } };
    const story = storyOf(runOf(gossip('{"type":"tell","message":7}'), { results, evidence: undefined }));
    expect(story.title).toBe('n2 broke the protocol: an answer with a field of the wrong type');
    expect(story.steps.map(({ text }) => text)).toEqual([
      'c2 reads at n2 and gets [3]',
      'n2 answered wrongly.',
      expect.stringMatching(/^The request: .*"type":"read"/),
      'The answer: "messages":[3]',
    ]);
    expect(story.notes.join()).not.toContain('In all');
  });

  it('a protocol broken many times: how often in all, not how many kinds', () => {
    const violation = {
      node: 'n2',
      kind: 'bad-reply',
      count: 40,
      message: 'n2 answered wrongly.',
      sample: '',
    };
    const violations = [violation, { ...violation, node: 'n1', count: 3 }];
    const results = { 'valid?': false, protocol: { 'valid?': false, violations, warnings: [] } };
    const { notes } = storyOf(runOf(gossip('{"type":"tell","message":7}'), { results, evidence: undefined }));
    expect(notes).toContain('In all, the protocol was broken 43 times.');
  });

  it('a node that ended within the SDK: the place in the program, and not that in the SDK', () => {
    const message = [
      'n2 ended with exit code 1; a node should run. The last lines of its stderr:',
      '  Error: There is a handler for "echo" already.',
      '      at Node.on (maelstrom/dist/node.js:531:40)',
      '      at echo.ts:4:6',
      '      at ModuleJob.run (node:internal/modules/esm/module_job:325:25)',
    ].join('\n');
    const results = {
      'valid?': false,
      nodes: { 'valid?': false, problems: [{ node: 'n2', kind: 'crashed', message, time: SECOND * 1.05 }] },
    };
    const story = storyOf(runOf(gossip('{"type":"tell","message":7}'), { results, evidence: undefined }));
    expect(story.steps.map(({ text }) => text).slice(-2)).toEqual([
      'Error: There is a handler for "echo" already.',
      'at echo.ts:4:6',
    ]);
  });

  it('a node that exited with a trace: its cause, and the place', () => {
    const message = [
      'n2 ended with exit code 1; a node should run. The last lines of its stderr:',
      '  Traceback (most recent call last):',
      '    File "/node.py", line 5, in <module>',
      "      r = b['msg_id']",
      '          ~^^^^^^^^^^',
      "  KeyError: 'msg_id'",
      "n2's log: node-logs/n2.log",
    ].join('\n');
    const [problem] = crashed.nodes.problems;
    const results = { ...crashed, nodes: { 'valid?': false, problems: [{ ...problem, message }] } };
    const { steps } = storyOf(runOf([], { results, evidence: undefined }));
    expect(steps.filter(({ kind }) => kind === 'verdict').map(({ text }) => text)).toEqual([
      'n2 ended with exit code 1; a node should run.',
      "KeyError: 'msg_id'",
      'File "/node.py", line 5, in <module>',
    ]);
  });

  it.each([
    [
      { dest: 'n1', body: '{"type":"read_ok","messages":[],"in_reply_to":1}' },
      "At 1.100 s n2 sent `read_ok` to n1, but c2 had asked: the answer goes to the request's `src`.",
    ],
    [
      { dest: 'c2', body: '{"type":"read_ok","messages":[]}' },
      "At 1.100 s n2 sent `read_ok` to c2 without `in_reply_to`: the answer to its request needs 1, the request's `msg_id`.",
    ],
    [
      { dest: 'c2', body: '{"type":"read_ok","messages":[],"in_reply_to":8}' },
      "At 1.100 s n2 sent `read_ok` to c2 with `in_reply_to` 8: the answer to its request needs 1, the request's `msg_id`.",
    ],
  ])('a request that timed out although its node answered: %j', ({ dest, body }, sentence) => {
    const sent = [...gossip('{}').slice(0, 4), { at: 1.1, src: 'n2', dest, body, arrives: 1.1 }];
    const history = ADD_AND_READ.map((op) =>
      op.index === 3 ? { ...op, time: 6 * SECOND, type: 'info' as const, error: 'net-timeout' } : op,
    );
    const results = {
      'valid?': false,
      workload: { 'valid?': 'unknown', error: 'it is not known' },
      stats: { 'valid?': false, count: 1, 'by-f': { read: { 'valid?': false, count: 1 } } },
    };
    const { title, steps } = storyOf(runOf(sent, { history, results, evidence: undefined }));
    expect(title).toBe('Not one read succeeded');
    expect(steps.map(({ text }) => text)).toContain(sentence);
  });

  it('a reply of one node to another is not a misdirected reply', () => {
    const sent = [
      ...gossip('{}').slice(0, 4),
      { at: 1, src: 'n1', dest: 'n2', body: '{"type":"read","msg_id":1}', arrives: 1 },
      { at: 1.1, src: 'n2', dest: 'n1', body: '{"type":"read_ok","in_reply_to":1}', arrives: 1.1 },
    ];
    const history = ADD_AND_READ.map((op) =>
      op.index === 3 ? { ...op, time: 6 * SECOND, type: 'info' as const, error: 'net-timeout' } : op,
    );
    const results = {
      'valid?': false,
      workload: { 'valid?': 'unknown', error: 'it is not known' },
      availability: { 'valid?': false, 'ok-fraction': 0.5 },
    };
    const { steps } = storyOf(runOf(sent, { history, results, evidence: undefined }));
    expect(steps.some(({ text }) => text.includes('had asked'))).toBe(false);
  });

  it('lines that are not messages come before the unanswered init', () => {
    const violation = {
      node: 'n2',
      kind: 'not-json',
      message: 'Line 1 is not a message.',
      count: 1,
      sample: '{',
    };
    const problem = { node: 'n2', kind: 'not-initialised', message: 'n2 did not answer.', time: 0 };
    const results = {
      'valid?': false,
      protocol: { 'valid?': false, violations: [violation], warnings: [] },
      nodes: { 'valid?': false, problems: [problem] },
    };
    const story = storyOf(runOf([], { results, evidence: undefined }));
    expect(story.title).toContain('broke the protocol');
    // The file of it is read back, though it is not known when the line was printed.
    const file = JSON.stringify({ version: 1, stories: [story] });
    expect(storiesIn(JSON.parse(file))).toEqual({ version: 1, stories: [story] });
  });

  it('anything else: the sentences of the verdict', () => {
    const results = {
      'valid?': false,
      workload: { 'valid?': 'unknown', error: 'it is not known' },
      availability: { 'valid?': false, 'ok-fraction': 0.5 },
    };
    const story = storyOf(runOf([], { results, evidence: undefined }));
    expect(story.title).toBe('Too few requests succeeded');
    expect(story.steps.at(-1)?.kind).toBe('verdict');
  });

  it('a valid run has none', () => {
    expect(makeStory(runOf([], { results: { 'valid?': true }, evidence: undefined }))).toBeUndefined();
  });
});

it('a story ends with its wrong read: what the node received or sent later did not make it forget', () => {
  const history = opsOf([
    [0, 'invoke', 0, 'broadcast', 7],
    [0.1, 'ok', 0, 'broadcast', 7],
    [1, 'invoke', 0, 'read', null],
    [1.1, 'ok', 0, 'read', [3]],
    [2, 'invoke', 0, 'broadcast', 8],
    [2.1, 'ok', 0, 'broadcast', 8],
    [3, 'invoke', 0, 'read', null],
    [3.1, 'ok', 0, 'read', [3]],
  ]);
  const tell = (at: number, src: string, dest: string, values: string): Sent => ({
    src,
    dest,
    at,
    arrives: at + 0.01,
    body: `{"type":"tell","values":${values}}`,
  });
  for (const [first, later] of [
    ['[7]', '[8]'],
    ['[6,7]', '[8]'],
  ] as const) {
    const sent = [tell(0.1, 'n1', 'n2', first), tell(1.5, 'n2', 'n1', '[5]'), tell(2, 'n1', 'n2', later)];
    const texts = storyOf(runOf(sent, { history, evidence: LOST })).steps.map(({ text }) => text);
    expect(texts.join('\n')).not.toContain('after the end of this story');
    expect(texts.join('\n')).not.toContain('broadcasts 8');
    // The node had acknowledged the element itself: that others send it nothing explains nothing.
    expect(texts.join('\n')).not.toContain('from then on');
  }
});
