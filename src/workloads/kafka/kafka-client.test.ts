import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../protocol/json.ts';
import { KafkaClient } from './kafka-client.ts';
import { KafkaProgress } from './kafka-progress.ts';
import type { ClientLink, Completion, Reply } from '../workload.ts';

/** A client on a node that answers from these tables, with all its requests and reported violations. */
function clientOf(answers: { readonly [type: string]: JsonObject }) {
  const requests: JsonObject[] = [];
  const violations: string[] = [];
  const link: ClientLink = {
    name: 'c1',
    node: 'n1',
    nodes: ['n1'],
    rpc({ type }, _dest, fields, done) {
      requests.push({ type, ...fields });
      const reply: Reply = { kind: 'reply', body: answers[type] ?? {} };
      done(reply);
    },
    violation: (message) => void violations.push(message),
  };
  const client = new KafkaClient(link, new KafkaProgress());
  const invoke = (f: string, value: Json): Completion => {
    const completions: Completion[] = [];
    client.invoke({ f, value, process: 0 }, (completion) => completions.push(completion));
    return completions[0] ?? { type: 'info', value: null };
  };
  return { invoke, requests, violations };
}

const pollsOf = (requests: readonly JsonObject[]) =>
  requests.filter(({ type }) => type === 'poll').map(({ offsets }) => offsets);

describe('the position where a kafka client begins to poll', () => {
  it.each([
    ['nothing is committed', {}, 0],
    ['the node says -1 for that', { a: -1 }, 0],
    ['the first message is committed', { a: 0 }, 1],
    ['an offset beyond 2^53 is committed', { a: 2n ** 53n + 1n }, 2n ** 53n + 2n],
    ['the last safe integer is committed', { a: Number.MAX_SAFE_INTEGER }, 2n ** 53n],
  ])('when %s', (_, offsets, from) => {
    const { invoke, requests } = clientOf({ list_committed_offsets: { offsets }, poll: { msgs: {} } });
    invoke('assign', ['a']);
    invoke('poll', [['poll']]);
    expect(pollsOf(requests)).toEqual([{ a: from }]);
  });

  it('is after the last message that it polled, whatever was committed', () => {
    const { invoke, requests } = clientOf({
      list_committed_offsets: { offsets: { a: -1 } },
      poll: { msgs: { a: [[2n ** 60n, 'x'], [2n ** 60n + 1n, 'y']] } }, // prettier-ignore
    });
    invoke('assign', ['a']);
    expect(invoke('poll', [['poll']]).type).toBe('ok');
    invoke('assign', ['a', 'b']);
    invoke('poll', [['poll']]);
    expect(pollsOf(requests)).toEqual([{ a: 0 }, { a: 2n ** 60n + 2n, b: 0 }]);
  });
});

it('an empty log of an unrequested key means nothing, and does not invalidate a poll', () => {
  const { invoke, violations } = clientOf({
    list_committed_offsets: { offsets: {} },
    poll: { msgs: { a: [[0, 'x']], other: [], b: [] } }, // prettier-ignore
  });
  invoke('assign', ['a', 'b']);
  expect(invoke('poll', [['poll']])).toMatchObject({
    type: 'ok',
    value: [['poll', { a: [[0, 'x']], b: [] }]],
  });
  expect(violations).toEqual([]);
});

describe('impossible offsets in a poll', () => {
  it.each([
    ['below 0', [[-3, 'x']], 'n1 answered a poll wrongly: key "a" begins at offset -3; expected 0 or later.'],
    [
      'beyond 2^53, out of order',
      [[2n ** 60n + 1n, 'x'], [2n ** 60n, 'y']], // prettier-ignore
      'n1 answered a poll wrongly: key "a" has offset 1152921504606846976 after 1152921504606846977; expected ascending offsets.',
    ],
  ] as const)('%s: the node is at fault', (_, log, message) => {
    const { invoke, violations } = clientOf({
      list_committed_offsets: { offsets: {} },
      poll: { msgs: { a: log } },
    });
    invoke('assign', ['a']);
    expect(invoke('poll', [['poll']]).type).toBe('fail');
    expect(violations).toEqual([message]);
  });
});

describe('a committed offset that no client has committed', () => {
  const POLL = { msgs: { a: [[0, 'x'], [1, 'y']] } }; // prettier-ignore
  it.each([
    [
      'of a log in which nothing was committed',
      0,
      ['n1 listed 0 as the committed offset of key "b", but no client has committed any there; expected a reply without that key. A client starts after the committed offset, so it would never poll offset 0.'], // prettier-ignore
    ],
    ['below 0 says that there is none', -1, []],
  ])('%s', (_, b, said) => {
    const { invoke, violations } = clientOf({ list_committed_offsets: { offsets: { b } }, poll: POLL });
    invoke('assign', ['a', 'b']);
    expect(violations).toEqual(said);
  });

  it.each([
    [1, []],
    [2, ['n1 listed 2 as the committed offset of key "a", but no client has committed more than 1 there. A client starts after the committed offset, so it would never poll offset 2.']], // prettier-ignore
    [3, ['n1 listed 3 as the committed offset of key "a", but no client has committed more than 1 there. A client starts after the committed offset, so it would never poll the offsets 2 to 3.']], // prettier-ignore
  ])('%s after a commit of 1', (a, said) => {
    const answers: { [type: string]: JsonObject } = { list_committed_offsets: { offsets: {} }, poll: POLL };
    const { invoke, violations } = clientOf(answers);
    invoke('assign', ['a']);
    invoke('poll', [['poll']]);
    answers['list_committed_offsets'] = { offsets: { a } };
    invoke('assign', ['a']);
    expect(violations).toEqual(said);
  });
});
