import { expect, it } from 'vitest';
import { checkStats } from '../../checkers/outcomes/stats.ts';
import { present } from '../../columns/present.ts';
import type { Op } from '../../history/op.ts';
import type { ProtocolResult } from '../records/protocol-record.ts';
import type { NodesResult } from '../verdict/test-results.ts';
import {
  crashLineSentences,
  littleSuccessSentences,
  neverSucceededSentences,
  otherErrorsSentence,
  silenceSentences,
  unansweredSentence,
  unsuccessfulSentence,
  type Unexplained,
} from './outcome-sentences.ts';

const timedOut = (count: number): readonly Op[] =>
  Array.from({ length: count }).flatMap((_, process): Op[] => [
    { index: 2 * process, time: 0, type: 'invoke', process, f: 'echo', value: 1 },
    { index: 2 * process + 1, time: 1, type: 'info', process, f: 'echo', value: 1, error: 'net-timeout' },
  ]);

const errors = (count: number) => ({
  'valid?': true as const,
  errors: [
    {
      f: 'echo',
      error: 'net-timeout',
      text: '',
      index: 1,
      node: 'n0',
      count,
      nodes: { n0: count },
      log: 'n0.log',
    },
  ],
});

it('one operation is not counted as several', () => {
  expect(neverSucceededSentences(checkStats(timedOut(1)), errors(1))).toEqual([
    'The only echo operation did not succeed, so the run proved nothing about it:\n  1 echo: no answer in time (n0: 1)',
  ]);
  expect(neverSucceededSentences(checkStats(timedOut(2)), errors(2))).toEqual([
    'Not one of 2 echo operations succeeded, so the run proved nothing about them:\n  2 echo: no answer in time (n0: 2)',
  ]);
  const none = { 'valid?': true as const, errors: [] };
  expect(neverSucceededSentences(checkStats(timedOut(1)), none)).toEqual([
    'The only echo operation did not succeed (0 failed, 1 ended in doubt), so the run proved nothing about it.',
  ]);
});

it('a node may be named as a property that all objects have', () => {
  const [one] = errors(2).errors;
  const nodes = Object.fromEntries([
    ['constructor', 1],
    ['__proto__', 1],
  ]);
  const result = { 'valid?': true as const, errors: [{ ...present(one), nodes }] };
  expect(neverSucceededSentences(checkStats(timedOut(2)), result)).toEqual([
    'Not one of 2 echo operations succeeded, so the run proved nothing about them:\n  2 echo: no answer in time (__proto__: 1, constructor: 1)',
  ]);
});

const failed = (f: string, count: number): readonly Op[] =>
  Array.from({ length: count }).flatMap((_, process): Op[] => [
    { index: 2 * process, time: 0, type: 'invoke', process, f, value: 1 },
    { index: 2 * process + 1, time: 1, type: 'fail', process, f, value: 1, error: 'x' },
  ]);

it('a request that its handler passed on to nodes without a handler is not said to have none itself', () => {
  const refusal = (type: string) => ({
    'valid?': true as const,
    errors: [
      {
        f: 'broadcast',
        error: 'not-supported',
        text: `n1 has no handler for "${type}"; it handles "broadcast", "gossip"`,
        index: 1,
        node: 'n0',
        count: 2,
        nodes: { n0: 2 },
        log: '',
      },
    ],
  });
  const stats = checkStats(failed('broadcast', 2));
  expect(neverSucceededSentences(stats, refusal('gosip'))[0]).toMatch(
    /^The nodes have no handler for `gosip`, which the handler of `broadcast` sent: all 2 requests ended in error 10/,
  );
  expect(neverSucceededSentences(stats, refusal('broadcast'))[0]).toMatch(
    /^The nodes have no handler for `broadcast`: all 2 requests ended in error 10/,
  );
});

it('requests that all ended in an error which is an answer elsewhere have it as their reason', () => {
  const answers = [{ f: 'add', error: 'key-does-not-exist', count: 2 }];
  expect(
    neverSucceededSentences(checkStats(failed('add', 2)), { 'valid?': true, errors: [], answers }),
  ).toEqual([
    'Not one of 2 add operations succeeded, so the run proved nothing about them:\n  2 add: error 20 (key-does-not-exist)',
  ]);
});

const crash = { error: 'crash', text: 'TypeError: x at node.ts:5', nodes: { n1: 2 }, log: 'n1.log' };

it('one error of several functions is one line, which names each, its first node and the log', () => {
  const result = {
    'valid?': true as const,
    errors: [
      { ...crash, f: 'broadcast', index: 9, node: 'n2', count: 13 },
      { ...crash, f: 'read', index: 3, node: 'n1', count: 2 },
    ],
    answers: [{ f: 'cas', error: 'precondition-failed', count: 16 }],
    'little-success': [{ of: 'node' as const, name: 'n1', count: 20, succeeded: 3 }],
  };
  expect(unsuccessfulSentence(result)).toBe(
    'Those that did not succeed:\n' +
      '  13 broadcast, 2 read: error 13 (crash), "TypeError: x at node.ts:5", first on n1; its log: n1.log\n' +
      '  16 cas: error 22 (precondition-failed), which is an answer',
  );
  expect(littleSuccessSentences(result)).toEqual([
    'Warning: only 3 of 20 operations at n1 were carried out:\n' +
      '  2 broadcast, 2 read: error 13 (crash), "TypeError: x at node.ts:5", first on n1; its log: n1.log',
  ]);
  expect(unsuccessfulSentence({ 'valid?': true, errors: [] })).toBeUndefined();
});

it('next to a finding, at most three kinds of errors, without those named before', () => {
  const one = { error: 'crash', index: 9, node: 'n1', nodes: { n1: 2 }, log: '', count: 2 };
  const result = {
    'valid?': true as const,
    errors: [
      { ...one, f: 'echo', text: 'told before' },
      ...['a', 'b', 'c', 'd'].map((text) => ({ ...one, f: 'read', text })),
    ],
    answers: [{ f: 'cas', error: 'precondition-failed', count: 19 }],
  };
  const stats = checkStats(timedOut(2));
  expect(otherErrorsSentence(stats, { 'valid?': true }, result)).toBe(
    'Those that did not succeed:\n' +
      ['a', 'b', 'c'].map((text) => `  2 read: error 13 (crash), "${text}", first on n1\n`).join('') +
      '  2 other errors: see `errors` in the results\n' +
      '  19 cas: error 22 (precondition-failed), which is an answer',
  );
  // If the availability is too low, the errors are listed with that instead.
  expect(otherErrorsSentence(stats, { 'valid?': false }, result)).toBe(
    'Those that did not succeed:\n  19 cas: error 22 (precondition-failed), which is an answer',
  );
  expect(otherErrorsSentence(stats, { 'valid?': true }, errors(2))).toBeUndefined();
});

it('if no request was answered it asks why, unless something else explains it', () => {
  const nodes: NodesResult = { 'valid?': true, problems: [] };
  const protocol: ProtocolResult = { 'valid?': true, violations: [], warnings: [] };
  const asked = (parts: Partial<Unexplained>): string | undefined =>
    unansweredSentence(checkStats(timedOut(2)), errors(2), {
      nodes,
      protocol,
      serverMessages: 0,
      hasFaults: false,
      ...parts,
    });
  const question =
    'The nodes received `echo`, but sent the client nothing. Does the handler return, answer the `src` of the request, with `in_reply_to`, and flush stdout? With the SDK, its return value is the answer; undefined sends none.';
  expect(asked({})).toBe(question);
  expect(asked({ serverMessages: 1 })).toBe(
    `${question} Or does it wait for an answer from another node or service while nothing reads stdin?`,
  );
  expect(asked({ hasFaults: true })).toBeUndefined();
  const warning = { node: 'n1', kind: 'wrong-in-reply-to' as const, count: 1, message: '', sample: '' };
  expect(asked({ protocol: { ...protocol, warnings: [warning] } })).toBeUndefined();
  const beside = { ...warning, kind: 'unknown-field' as const };
  expect(asked({ protocol: { ...protocol, warnings: [beside] } })).toBe(question);
  const crashed = { node: 'n1', kind: 'crashed' as const, message: '', time: 0 };
  expect(asked({ nodes: { ...nodes, problems: [crashed] } })).toBeUndefined();
  expect(asked({ nodes: { ...nodes, 'crash-lines': { n1: ['panic: x'] } } })).toBeUndefined();
  expect(
    unansweredSentence(
      checkStats(timedOut(2)),
      { 'valid?': true, errors: [] },
      { nodes, protocol, serverMessages: 0, hasFaults: false },
    ),
  ).toBeUndefined();
});

it('a node that left requests unanswered is named in a warning with what its stderr shows', () => {
  const lines = { n0: ["thread 'x' panicked at a.rs:1:2:", 'five\u001b[31m'], n1: ['panic: x'] };
  expect(crashLineSentences({ 'valid?': true, problems: [], 'crash-lines': lines }, errors(2))).toEqual([
    'Warning: n0 left requests unanswered, and its stderr shows a likely reason:\n' +
      "  thread 'x' panicked at a.rs:1:2:\n  five\\u001b[31m\n  n0's log: n0.log",
    'Warning: n1 left requests unanswered, and its stderr shows a likely reason:\n  panic: x',
  ]);
  expect(crashLineSentences({ 'valid?': true, problems: [] }, errors(2))).toEqual([]);
});

it('a node that ended is not reported as silent too', () => {
  const silent = ['n1', 'n2'].map((node) => ({ node, timeouts: 2, since: 5e9 }));
  const result = { ...errors(4), silent };
  const problem = { node: 'n1', kind: 'crashed' as const, message: 'n1 ended by itself', time: 5e9, log: '' };
  const ended = (...nodes: readonly string[]): NodesResult => ({
    'valid?': false,
    problems: nodes.map((node) => ({ ...problem, node })),
  });
  expect(silenceSentences(result, ended())).toHaveLength(3);
  expect(silenceSentences(result, ended('n1'))).toEqual([
    'Warning: n2 answered no request in time after 5.0 s: its last 2 timed out.',
  ]);
  expect(silenceSentences(result, ended('n1', 'n2'))).toEqual([]);
});
