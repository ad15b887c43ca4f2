import { describe, expect, test } from 'vitest';
import { ViolationLog } from '../../network/violations.ts';
import { NANOS_PER_SECOND } from '../../world/clock.ts';
import { addAssertions, AssertionRecord, neverCame, neverCameSentences } from './assertion-record.ts';

function record() {
  const violations = new ViolationLog();
  const log: string[] = [];
  const assertions = new AssertionRecord({
    violations,
    log: (line) => log.push(line),
    logName: (node) => `node-logs/${node}.log`,
    zeroNanos: () => NANOS_PER_SECOND,
  });
  return {
    log,
    assertions,
    /** Reports the line at that second of the run. */
    say: (node: string, line: object | string, seconds = 0): void =>
      assertions.read(node, {
        kind: 'line',
        by: 'marker',
        text: typeof line === 'string' ? line : JSON.stringify(line),
        nanos: (seconds + 1) * NANOS_PER_SECOND,
      }),
    warnings: () => violations.list(),
  };
}

const LEADER = { assert: 'always', name: 'one leader a term' };

describe('a failed assertion', () => {
  test('is a problem with the first node, time and details, and its count', () => {
    const { assertions, say, log } = record();
    say('n1', { ...LEADER, holds: true });
    say('n3', { ...LEADER, holds: false, details: { term: 3 } }, 4.21);
    say('n1', { ...LEADER, holds: false, details: { term: 4 } }, 5);
    say('n3', { ...LEADER, holds: false }, 6);
    const sentence = 'n3: always "one leader a term" did not hold at 4.210 s.';
    expect(assertions.failures()).toEqual([
      {
        node: 'n3',
        kind: 'assertion',
        message: `${sentence} 3 times in all, at n1 and n3.\n  Details: {"term":3}\nn3's log: node-logs/n3.log`,
        time: 4.21 * NANOS_PER_SECOND,
        name: 'one leader a term',
        count: 3,
        details: { term: 3 },
      },
    ]);
    expect(log).toEqual([`${sentence}\n  Details: {"term":3}`]);
    expect(assertions.result()?.assertions).toEqual([
      { kind: 'always', name: 'one leader a term', count: 4 },
    ]);
  });

  test('is one problem per name, in the order of time, also before the first operation', () => {
    const { assertions, say } = record();
    say('n1', { assert: 'unreachable', name: 'later' }, 2);
    say('n2', { assert: 'unreachable', name: 'early' }, -0.5);
    expect(assertions.failures().map(({ message }) => message.split('\n')[0])).toEqual([
      'n2: unreachable "early" was reached before the first operation.',
      'n1: unreachable "later" was reached at 2.000 s.',
    ]);
  });

  test('keeps the beginning of long details', () => {
    const { assertions, say } = record();
    say('n1', { ...LEADER, holds: false, details: Array.from({ length: 9000 }, () => 1) });
    const [failure] = assertions.failures();
    expect(String(failure?.details)).toMatch(/^\[1,1.*\(18001 characters\)$/);
    expect(failure?.message.length).toBeLessThan(1500);
  });
});

describe('an expected situation', () => {
  test('that never occurred is known from its declaration', () => {
    const { assertions, say } = record();
    say('n1', { declare: 'sometimes', names: ['a', 'b'] });
    say('n1', { declare: 'reachable', names: ['c'] });
    say('n1', { declare: 'always', names: ['never checked'] });
    say('n1', { declare: 'unreachable', names: ['never reached'] });
    say('n2', { assert: 'sometimes', name: 'b', holds: true });
    say('n2', { assert: 'sometimes', name: 'd', holds: false });
    const result = assertions.result();
    expect(result?.assertions[0]).toEqual({ kind: 'sometimes', name: 'b', count: 1 });
    expect(neverCameSentences(result)).toEqual([
      'Warning: these never came in this run: sometimes "a", reachable "c", sometimes "d".',
    ]);
  });

  test('over several runs has occurred if it did in one', () => {
    const runs = ['a', 'b'].map((name) => {
      const { assertions, say } = record();
      say('n1', { declare: 'sometimes', names: ['a', 'b', 'c'] });
      say('n1', { assert: 'sometimes', name, holds: true });
      return assertions.result();
    });
    const sum = [undefined, ...runs, undefined].reduce(addAssertions);
    expect(sum?.assertions).toContainEqual({ kind: 'sometimes', name: 'a', count: 1 });
    expect(sum === undefined ? [] : neverCame(sum).map(({ name }) => name)).toEqual(['c']);
    expect(neverCameSentences(sum, 'in 2 runs')).toEqual([
      'Warning: this never came in 2 runs: sometimes "c".',
    ]);
  });

  test('is not mentioned if no node declares any', () => {
    expect(record().assertions.result()).toBeUndefined();
    expect(neverCameSentences(undefined)).toEqual([]);
  });
});

describe('invalid assertion lines', () => {
  test.each([
    ['{"assert":', 'is not JSON ('],
    ['[1]', 'is not an object'],
    ['{}', 'has the `assert` undefined'],
    ['{"assert": "allways", "name": "x", "holds": false}', 'has the `assert` "allways"'],
    ['{"assert": "always", "name": "x"}', 'has the `holds` undefined; expected true or false'],
    ['{"assert": "always", "name": 7, "holds": false}', 'has the `name` 7; expected a non-empty string'],
    [
      `{"assert": "reachable", "name": "${'x'.repeat(300)}"}`,
      'has a `name` of 300 characters, more than 200',
    ],
    ['{"declare": "sometimes", "names": "x"}', 'declares names, but has no list `names`'],
    ['{"declare": "nothing", "names": []}', 'declares "nothing"'],
  ])('%s is a warning', (line, problem) => {
    const { assertions, say, warnings } = record();
    say('n1', line);
    say('n1', line);
    expect(warnings()).toMatchObject([{ node: 'n1', kind: 'bad-assertion', count: 2 }]);
    expect(warnings()[0]?.message).toContain(problem);
    expect(assertions.failures()).toEqual([]);
    expect(assertions.result()).toBeUndefined();
  });

  test('many different names are a warning, and do not fill the memory', () => {
    const { assertions, say, warnings } = record();
    for (let i = 0; i < 5000; i++) say('n1', { ...LEADER, name: `term ${i}`, holds: false });
    expect(assertions.failures()).toHaveLength(1000);
    expect(warnings()).toMatchObject([{ kind: 'bad-assertion', count: 4000 }]);
    expect(warnings()[0]?.message).toContain('a name beyond the first 1000: names should be literals');
  });
});

test('deeply nested details are handled, and so is a flood of lines', () => {
  const { assertions, say, log } = record();
  say('n1', `{"assert":"unreachable","name":"deep","details":${'['.repeat(30_000)}${']'.repeat(30_000)}}`);
  for (let i = 0; i < 20_000; i++) say('n2', { assert: 'unreachable', name: 'flood', details: i });
  expect(assertions.failures().map(({ name, count }) => [name, count])).toContainEqual(['flood', 20_000]);
  expect(log.join('').length).toBeLessThan(10_000);
  expect(JSON.stringify(assertions.failures()).length).toBeLessThan(20_000);
});
