/** Stories of problems other than the workload's: nodes that end or are hostile, violations of the protocol and of invariants. */
import { describe, expect, it } from 'vitest';
import type { StateChange } from '../protocol/state-change.ts';
import { svgFile } from '../report/svg/svg.ts';
import { makeStory } from './make-story.ts';
import { storiesIn } from './stored/stories-in.ts';
import { storyPicture } from './picture/story-picture.ts';
import { storyMarkdown, storyText } from './text/story-text.ts';
import {
  SECOND,
  type Sent,
  ADD_AND_READ,
  runOf,
  gossip,
  storyOf,
  lossOf,
} from '../../test/support/story-by-hand.ts';

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
