/** Stories of elements that a read lacks: by which way they came or did not. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../checkers/evidence.ts';
import type { Op } from '../history/op.ts';
import type { StoryRun } from './story-run.ts';
import type { Story } from '../recording/story.ts';
import {
  type Sent,
  type Entry,
  opsOf,
  ADD_AND_READ,
  LOST,
  runOf,
  sentencesOf,
  gossip,
  storyOf,
} from '../../test/support/story-by-hand.ts';

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

describe('a story of a value that is never sent to the node that lacks it', () => {
  const without = gossip('{"type":"tell","message":7}').filter(({ src }) => src !== 'n1');
  const textsOf = (sent: readonly Sent[]): readonly string[] =>
    sentencesOf(runOf(sent.toSorted((a, b) => a.at - b.at)));

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

  it('says nothing if a text that is sent may have it', () => {
    for (const text of ['7', 'x=7;', '3 7'])
      expect(
        textsOf([
          ...without,
          { at: 0.3, src: 'n1', dest: 'n2', body: `{"type":"tell","data":"${text}"}`, arrives: 0.4 },
        ]).join(' '),
      ).not.toMatch(/n1 has 7/);
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
    const texts = (sent: readonly Sent[]) => sentencesOf(runOf(sent, { history }));
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
    sentencesOf(
      runOf(
        [...gossip('').filter(({ src }) => src !== 'n1'), ...sent].toSorted((a, b) => a.at - b.at),
        {
          history,
        },
      ),
    );

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
    [
      'a number of elements, which are in a list',
      ['{"type":"stream","values":[3]}', '{"type":"have","upTo":3}', '{"type":"have","upTo":7}'],
    ],
    ['a name in a map', ['{"type":"tell","seen":{"7":1}}']],
    ['the number of a message', ['{"type":"tell","msg_id":7}']],
  ])('does not take for it %s', (_, bodies) => {
    expect(textsOf(arriving(...bodies))).not.toContain(SAID);
    expect(textsOf(arriving(...bodies)).join('\n')).not.toContain('received 7');
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
    const texts = sentencesOf(runOf(sent, { history, evidence: LOST }));
    expect(texts.join('\n')).not.toContain('after the end of this story');
    expect(texts.join('\n')).not.toContain('broadcasts 8');
    // The node had acknowledged the element itself: that others send it nothing explains nothing.
    expect(texts.join('\n')).not.toContain('from then on');
  }
});

describe('a node that acknowledged an element and never shows it', () => {
  const add: readonly Entry[] = [
    [0, 'invoke', 0, 'broadcast', 7],
    [0.2, 'ok', 0, 'broadcast', 7],
  ];
  const read = (at: number, value: Op['value']): readonly Entry[] => [
    [at, 'invoke', 0, 'read', null],
    [at + 0.1, 'ok', 0, 'read', value],
  ];
  const textsOf = (...entries: readonly Entry[]): string =>
    sentencesOf(runOf([], { history: opsOf([...add, ...entries]) })).join('\n');

  it('says so: it was never stored', () => {
    expect(textsOf(...read(1, [3]), ...read(2, [3]), ...read(3, []))).toContain(
      'n1 acknowledged 7, and none of its 3 reads since then shows it.',
    );
  });

  it('does not say so of a single read, or if it once showed it', () => {
    expect(textsOf(...read(1, [3]))).not.toContain('none of its');
    expect(textsOf(...read(1, [7]), ...read(2, [3]), ...read(3, [3]))).not.toContain('none of its');
  });
});
