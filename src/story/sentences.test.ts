/** The pieces of which a story's sentences are made: values, which are never long, and how operations ended. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEdn } from '../edn/edn-reader.ts';
import { ednToValue } from '../edn/edn-value.ts';
import type { Op } from '../history/op.ts';
import type { Json, JsonObject } from '../protocol/json.ts';
import { FollowedValues } from './selection/values/followed-values.ts';
import { beginText } from './steps/fault-text.ts';
import { operationText } from './steps/operation-text.ts';
import type { StoryFacts } from './facts/story-facts.ts';
import type { StoryOperation } from './facts/story-operations.ts';
import { bodyInWords, LONGEST_VALUE, NOTHING_FOLLOWED, valueInWords } from '../protocol/value-text.ts';

/** A text that is cut shows its length. */
const ELLIPSIS = '... (1234567 characters)'.length;

describe('values in sentences', () => {
  const followed = new FollowedValues([[0, 3]]);

  it('no value is longer than 80 characters, whatever it contains and whatever is followed', () => {
    const json = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 5 },
        fc.string({ maxLength: 200 }),
        fc.constantFrom<Json>(0, 3, 12_345_678, null, true),
        fc.array(tie('json'), { maxLength: 12 }),
        fc.dictionary(fc.constantFrom('from', 'to', 'key', 'a long name of a field'), tie('json')),
      ),
    })).json;
    fc.assert(
      fc.property(json, (value) => {
        for (const one of [followed, undefined])
          expect(valueInWords(value, one).length).toBeLessThanOrEqual(LONGEST_VALUE + Math.max(ELLIPSIS, 8));
      }),
      { numRuns: 300 },
    );
  });

  it('of EDN keep its notation: a set is no list, and the name of a key is no word before a colon', () => {
    const value = ednToValue(readEdn('{:a #{1 [2]}, "b" {1 :c}}'));
    expect(valueInWords(value)).toBe('{:a #{1 [2]}, b: {1 :c}}');
  });

  it('of a long object the entry is shown whose name is followed, before others that happen to contain a followed value', () => {
    const messages = (from: number) => Array.from({ length: 20 }, (_, at) => [from + at, at + 1]);
    const polled = { '10': messages(11), '13': messages(40), '32': [[106, 1], [107, 2], [115, 7]] }; // prettier-ignore
    expect(valueInWords(polled, new FollowedValues([[3, '32'], [4, '32']]))).toBe('{…, 32: [[106 1] [107 2] [115 7]]}'); // prettier-ignore
  });

  it('a text of invisible characters shows its length, once', () => {
    const shown = valueInWords(`${'\u202e\u200d'.repeat(30)}${'q'.repeat(2000)}`);
    expect(shown).toBe(`"${'\\u202e\\u200d'.repeat(4)}\\u202e... (2062 characters)`);
    const nested = valueInWords({ a: '\u202e'.repeat(90), b: '\u202e'.repeat(90), c: '\u202e'.repeat(90) });
    expect(nested).not.toMatch(/\(\.\.\. \(|\.\.\. \(\d+ char.*\.\.\. \(.*\.\.\. \(/);
  });

  it('the key and its value are shown, but not an equal number elsewhere', () => {
    const command = (request: number, value: number): Json => ({
      term: 2,
      command: {
        client: 'a client with a rather long name',
        request,
        operation: { type: 'write', key: 0, value },
      },
    });
    const shown = valueInWords(
      { term: 2, entries: [command(3, 1), command(1, 3)], leaderCommit: 12 },
      followed,
    );
    expect(shown).toMatch(/key: 0, value: 3/);
    expect(shown).not.toContain('request: 3');
  });

  it('nothing that fits is left out, however it is nested', () => {
    const body: JsonObject = { type: 'put', key: '0', v: { ts: 1, id: 'n2', value: 3 } };
    expect(bodyInWords(body, followed)).toBe('{key: "0", v: {ts: 1, id: "n2", value: 3}}');
  });

  it('a compare-and-set of an entire database shows only the changes', () => {
    const from: JsonObject = Object.fromEntries(Array.from({ length: 30 }, (_, key) => [key, [1, 2]]));
    expect(bodyInWords({ type: 'cas', key: 'database', from, to: { ...from, 7: [1, 2, 3] } })).toBe(
      '{key: "database", from: {…, 7: [1 2]}, to: {…, 7: [1 2 3]}}',
    );
  });
});

describe('the outcome of an operation', () => {
  const read: Op = { index: 0, process: 0, time: 0, type: 'invoke', f: 'read', value: null };
  const endOf = (type: 'fail' | 'info', error: Json): readonly string[] => {
    const operation: StoryOperation = {
      number: 0,
      client: 'c1',
      node: 'n1',
      invocation: read,
      completion: { ...read, index: 1, type, error },
    };
    const { begins, ends, answer } = operationText(operation, NOTHING_FOLLOWED);
    return [`${begins}${ends}`, answer];
  };

  type Ended = readonly ['fail' | 'info', Json, string];

  it.each<Ended>([
    ['fail', 'net-timeout', 'c1 reads at n1 and gets no answer'],
    ['fail', ['crash', 'TypeError: x'], 'c1 reads at n1, where its handling fails: TypeError: x'],
    [
      'fail',
      ['crash', 'the answer breaks the protocol: `messages` is "oops"; expected an array'],
      'c1 reads at n1 and gets an answer that breaks the protocol: `messages` is "oops"; expected an array',
    ],
    ['fail', ['key-does-not-exist', 'no 7'], 'c1 reads at n1, which refuses it: key does not exist (no 7)'],
    ['fail', [1234, ''], 'c1 reads at n1, which refuses it: error 1234'],
    [
      'info',
      ['timeout', 'no leader'],
      'c1 reads at n1 and does not learn whether it was done: timeout (no leader)',
    ],
    ['info', 'interrupted', 'c1 reads at n1; how it ended is not known: interrupted'],
  ])('%s %j: %s', (type, error, sentence) => {
    const [told, answer = ''] = endOf(type, error);
    expect(told).toBe(sentence);
    expect(answer).toMatch(/c1's read/);
  });
});

it('a client that crashes on purpose is not one whose request has an unknown outcome', () => {
  const crash: Op = { index: 0, process: 0, time: 0, type: 'invoke', f: 'crash', value: null };
  const completion: Op = { ...crash, index: 1, type: 'info', error: 'crashed on purpose' };
  const operation = { number: 0, client: 'c1', node: 'n1', invocation: crash, completion };
  const { begins, ends } = operationText(operation, NOTHING_FOLLOWED);
  expect(`${begins}${ends}`).toBe('c1 crashes on purpose');
});

describe('faults', () => {
  const begun = (count: number): string => {
    const nodes = Array.from({ length: count }, (_, at) => `n${at}`);
    const band = { kind: 'kill', fromNanos: 0, toNanos: 1, about: nodes.join(' ') };
    return beginText({ band, nodes }, {} as StoryFacts);
  };

  it('of a few nodes name each, of a hundred their number', () => {
    expect(begun(9)).toBe('n0, n1, n2, n3, n4, n5, n6, n7 and n8 are killed');
    expect(begun(100)).toBe('100 nodes (n0 n1 n2 …) are killed');
  });
});
