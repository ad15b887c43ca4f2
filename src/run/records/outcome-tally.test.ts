import { expect, it } from 'vitest';
import type { Op } from '../../history/op.ts';
import type { Json } from '../../protocol/json.ts';
import { OutcomeTally } from './outcome-tally.ts';

type Step = readonly [type: Op['type'], error?: string] | 'fault' | 'healed';

/** Returns the reported silence after one client of n1 went through these steps, one second apart. */
function silentAfter(...steps: readonly Step[]): unknown {
  let faulty = false;
  const tally = new OutcomeTally({ nodeOf: () => 'n1', isFaulty: () => faulty, logOf: () => '' });
  for (const [index, step] of steps.entries()) {
    const time = index * 1e9;
    if (typeof step === 'string') {
      faulty = step === 'fault';
      tally.observe({ index, time, process: 'nemesis', type: 'info', f: step, value: null });
      continue;
    }
    const [type, error] = step;
    tally.observe({
      index,
      time,
      process: 0,
      type,
      f: 'read',
      value: null,
      ...(error !== undefined && { error }),
    });
  }
  return tally.result()['silent'];
}

const invoke: Step = ['invoke'];
const answered: readonly Step[] = [invoke, ['ok']];
const timedOut: readonly Step[] = [invoke, ['info', 'net-timeout']];

it('reports a node whose last requests timed out, and when it last answered', () => {
  expect(silentAfter(...answered, ...timedOut, ...timedOut)).toEqual([
    { node: 'n1', timeouts: 2, since: 1e9 },
  ]);
  expect(silentAfter(...timedOut, ...timedOut)).toEqual([{ node: 'n1', timeouts: 2, since: null }]);
});

it('counts an error as a reply, and a single timeout as chance', () => {
  expect(silentAfter(...timedOut, ...timedOut, invoke, ['fail', 'temporarily-unavailable'])).toEqual([]);
  expect(silentAfter(...answered, ...timedOut)).toEqual([]);
});

it('blames no node for requests during a fault at their beginning, in between, or to the end', () => {
  expect(silentAfter(...answered, 'fault', ...timedOut, ...timedOut, 'healed')).toEqual([]);
  const during: readonly Step[] = [invoke, 'fault', 'healed', ['info', 'net-timeout']];
  expect(silentAfter(...answered, ...during, ...during)).toEqual([]);
  const begun: readonly Step[] = ['fault', invoke, 'healed', ['info', 'net-timeout']];
  expect(silentAfter(...answered, ...begun, ...begun)).toEqual([]);
});

/** Returns the kinds of errors counted for reads that failed with these. */
function kindsOf(...errors: readonly Json[]): unknown {
  const tally = new OutcomeTally({ nodeOf: () => 'n1', isFaulty: () => false, logOf: () => '' });
  for (const [index, error] of errors.entries()) {
    const op = { index, time: 0, process: 0, f: 'read', value: null };
    tally.observe({ ...op, type: 'invoke' });
    tally.observe({ ...op, type: 'fail', error });
  }
  const { errors: kinds, answers } = tally.result();
  return [kinds.map(({ text, count }) => `${count} ${text}`), answers];
}

it('errors that differ only in numbers are one kind, those from different places of a program are not', () => {
  expect(
    kindsOf(
      ['crash', 'no term 1 at node.ts:5'],
      ['crash', 'no term 2 at node.ts:5'],
      ['crash', 'no term 2 at node.ts:9'],
    ),
  ).toEqual([['2 no term 1 at node.ts:5', '1 no term 2 at node.ts:9'], undefined]);
});

it('errors that quote lists are one kind, however long the lists are', () => {
  const came = (seen: string): Json => [
    'wrong-structure',
    `micro-operation 1 came back as ${seen}; expected ["r", 8].`,
  ];
  expect(kindsOf(came('["r","8",[1]]'), came('["r","9",[1,2,3]]'), came('["r","8",[4, 5]]'))).toMatchObject([
    [expect.stringMatching(/^3 micro-operation 1 came back as \["r","8",\[1\]\]/)],
    undefined,
  ]);
});

it('invalid replies that differ in the place within a list or map are one kind', () => {
  const broken = (path: string, seen: string): Json => [
    'crash',
    `the answer breaks the protocol: \`msgs${path}\` is ${seen}; expected a pair`,
  ];
  const all = [broken('["8"][0]', '1'), broken('["a\\"]"][12]', '"x"'), broken('', '[]')];
  expect(kindsOf(...all)).toMatchObject([
    [/^2 .*msgs\["8"\]\[0\]/, /^1 /].map((text) => expect.stringMatching(text) as unknown),
    undefined,
  ]);
});

it('knows which nodes left a request unanswered without a fault', () => {
  const tally = new OutcomeTally({
    nodeOf: ({ process }) => `n${String(process)}`,
    isFaulty: () => false,
    logOf: () => '',
  });
  for (const [process, error] of [
    [1, 'net-timeout'],
    [2, 'crash'],
  ] as const) {
    const op = { index: 0, time: 0, process, f: 'read', value: null };
    tally.observe({ ...op, type: 'invoke' });
    tally.observe({ ...op, type: 'info', error });
  }
  expect([...tally.unanswering]).toEqual(['n1']);
});

it('errors that are meaningful replies are counted separately from others', () => {
  expect(kindsOf(['key-does-not-exist', 'none'], ['key-does-not-exist', 'x'], 'net-timeout')).toEqual([
    ['1 '],
    [{ f: 'read', error: 'key-does-not-exist', count: 2 }],
  ]);
});

it('blames no node for requests while it was down', () => {
  const littleOf = (isDown: boolean): unknown => {
    let faulty = false;
    const tally = new OutcomeTally({
      nodeOf: ({ process }) => (process === 0 ? 'n1' : 'n2'),
      isFaulty: () => faulty,
      logOf: () => '',
    });
    let index = 0;
    const observe = (process: Op['process'], type: Op['type'], f: string, error?: string): void =>
      tally.observe({
        index,
        time: index++,
        process,
        type,
        f,
        value: null,
        ...(error !== undefined && { error }),
      });
    faulty = isDown;
    observe('nemesis', 'info', 'start-kill');
    for (let request = 0; request < 30; request++) {
      observe(0, 'invoke', 'read');
      observe(0, 'info', 'read', 'net-timeout');
    }
    faulty = false;
    observe('nemesis', 'info', 'stop-kill');
    for (let request = 0; request < 60; request++) {
      observe(1, 'invoke', 'read');
      observe(1, 'ok', 'read');
    }
    return tally.result()['little-success'];
  };
  expect(littleOf(false)).toEqual([{ of: 'node', name: 'n1', count: 30, succeeded: 0 }]);
  expect(littleOf(true)).toEqual([{ of: 'faults', name: '', count: 30, succeeded: 0 }]);
});

it('counts invalid replies as one kind, whatever their values, unless the field or what was expected differs', () => {
  const broken = (text: string): Json => ['crash', `the answer breaks the protocol: ${text}`];
  const kinds = kindsOf(
    broken('`messages` is {}; expected an array'),
    broken('`messages` is {"0":true}; expected an array'),
    broken('`messages` is "x; expected y"; expected an array'),
    broken('`messages[0]` is {"0":true}; expected an array'),
    broken('`messages` is {"0":true}; expected an integer'),
  );
  expect(kinds).toEqual([
    [
      '3 the answer breaks the protocol: `messages` is {}; expected an array',
      '1 the answer breaks the protocol: `messages[0]` is {"0":true}; expected an array',
      '1 the answer breaks the protocol: `messages` is {"0":true}; expected an integer',
    ],
    undefined,
  ]);
});
