/**
 * The longest numbers, the deepest nesting allowed in a message, and odd values of all kinds, in the replies of every
 * workload: the run completes, and its history and results can be written, and read back, also by Clojure.
 */
import { describe, expect, it } from 'vitest';
import { readEdn } from '../../src/edn/edn-reader.ts';
import { OpReader } from '../../src/history/reading/op-from.ts';
import { opToLines } from '../../src/history/op-codec.ts';
import type { Op } from '../../src/history/op.ts';
import { NO_JOURNAL } from '../../src/network/journal/journal.ts';
import { parseJson, stringifyJson, type Json, type JsonObject } from '../../src/protocol/json.ts';
import { DEEPEST_MESSAGE, LONGEST_MESSAGE_NUMBER } from '../../src/protocol/json/json-limits.ts';
import { TestRun } from '../../src/run/test-run.ts';
import { refusedByClojure } from '../support/clojure-reader.ts';
import { SAMPLE_SPEC } from '../support/test-spec-sample.ts';
import { verdictSentence } from '../../src/run/words/verdict-sentence.ts';
import { resultsToEdn } from '../../src/store/results/result-shapes.ts';
import { resultsToEdnText, resultsToJson } from '../../src/store/results/results-text.ts';
import { WORKLOADS } from '../../src/workloads/index.ts';
import { InProcessWorld, type NodeProgram } from '../support/in-process-world.ts';

/** Placeholder for the odd value in a reply. */
const HERE = '"@"';

/** Replaces `HERE` with values nested as deeply as the line may be. */
function deepest(line: string, open: string, inner: string, close: string): string {
  const before = line.slice(0, line.indexOf(HERE));
  const level = before.replaceAll(/[^[{]/g, '').length - before.replaceAll(/[^\]}]/g, '').length;
  const levels = DEEPEST_MESSAGE - level;
  return line.replaceAll(HERE, open.repeat(levels) + inner + close.repeat(levels));
}

const nines = (count: number): string => '9'.repeat(count);
const number = (text: string) => (line: string) => line.replaceAll(HERE, text);

type Value = readonly [name: string, put: (line: string) => string];

const NUMBERS: readonly Value[] = [
  ['the longest integer', number(nines(LONGEST_MESSAGE_NUMBER))],
  ['the longest negative integer', number(`-${nines(LONGEST_MESSAGE_NUMBER - 1)}`)],
  ['the longest exponent', number(`1e${nines(LONGEST_MESSAGE_NUMBER - 2)}`)],
  ['the longest negative exponent', number(`5e-${nines(LONGEST_MESSAGE_NUMBER - 3)}`)],
  ['the longest fraction', number(`0.${nines(LONGEST_MESSAGE_NUMBER - 2)}`)],
];
const NESTED: readonly Value[] = [
  ['the deepest list', (line) => deepest(line, '[', '', ']')],
  ['the deepest map', (line) => deepest(line, '{"a":', '1', '}')],
];

/** Each number twice, so that repeats are found; some are one number for Clojure, as it reads fractions as doubles. */
const KINDS: readonly string[] = [
  '0.1', '0.1000000000000000055511151231257827', '1e400', '2e400', '1.0', '-0.0', '1E5', '5e-324', '1e-400',
  '12345678901234567890123', '9007199254740993', '2', '-3', 'null', 'true', '""', '":kw"', '"nil"', '"..."',
  '"a\\u0000b\\u001b\\"\\\\\\n\\ud800\\u2028"', '[]', '{}', '[0,[1.0]]', '{"msg":"m"}', '{"":{"x y":[null]},"1":2}',
].flatMap((text) => [text, text]); // prettier-ignore
const ALL_KINDS = 'values of all kinds, one after the other';

function ofAllKinds(): (line: string) => string {
  let next = 0;
  return (line) => line.replaceAll(HERE, () => KINDS[next++ % KINDS.length] ?? '');
}

const CASES = [...WORKLOADS.keys()].flatMap((workload) =>
  // The results of these two contain values unchanged.
  [
    ...NUMBERS,
    ...(['echo', 'unique-ids'].includes(workload) ? NESTED : []),
    [ALL_KINDS, ofAllKinds()] as const,
  ].map(([name, put]) => [workload, name, put] as const),
);

/** Returns a node's reply, with `@` wherever the protocol allows any value. */
function answer(workload: string, body: JsonObject): JsonObject {
  const odd = '@';
  switch (body['type']) {
    case 'echo':
      return { echo: odd };
    case 'generate':
      return { id: odd };
    case 'read':
      return workload === 'broadcast' ? { messages: [odd] } : { value: workload === 'g-set' ? [odd] : odd };
    case 'send':
      return { offset: 0 };
    case 'poll':
      return {
        msgs: Object.fromEntries(Object.keys(body['offsets'] as JsonObject).map((key) => [key, [[0, odd]]])),
      };
    case 'list_committed_offsets':
      return { offsets: {} };
    case 'txn':
      return {
        txn: (body['txn'] as readonly (readonly Json[])[]).map(([f = '', key = null, value = null]) =>
          f === 'r' ? [f, key, workload === 'txn-list-append' ? [odd] : odd] : [f, key, value],
        ),
      };
    default:
      return {};
  }
}

describe('in the replies of', () => {
  it.each(CASES)('%s: %s', async (workload, name, put) => {
    const program: NodeProgram =
      (outside) =>
      ({ src, body }) => {
        const fields = {
          ...answer(workload, body),
          type: `${String(body['type'])}_ok`,
          in_reply_to: body['msg_id'] ?? 0,
        };
        outside.print(put(stringifyJson({ src: outside.name, dest: src, body: fields })));
      };
    const spec = { ...SAMPLE_SPEC, workload, rate: name === ALL_KINDS ? 200 : 5, timeLimitSeconds: 1 };
    const found = WORKLOADS.get(workload);
    if (found === undefined) throw new Error(workload);
    const history: Op[] = [];
    const world = new InProcessWorld({ seed: 'odd', program });
    const run = new TestRun(spec, found, world, {
      history: { append: (op) => void history.push(op) },
      journal: NO_JOURNAL,
      log: () => undefined,
      nodeLogFile: () => undefined,
    });
    const results = await run.run();

    expect(history.length).toBeGreaterThan(1);
    expect(results['workload']).not.toHaveProperty('error');
    expect(verdictSentence(spec, results)).not.toBe('');
    for (const op of history) {
      const { jsonl, edn } = opToLines(op);
      expect(stringifyJson(new OpReader().ofJson(parseJson(jsonl), 0).value)).toBe(stringifyJson(op.value));
      expect(refusedByClojure(readEdn(edn))).toEqual([]);
    }
    parseJson(resultsToJson(results));
    const undeclared: string[] = [];
    resultsToEdn(results, workload, undeclared);
    expect(undeclared).toEqual([]);
    expect(refusedByClojure(readEdn(resultsToEdnText(results, workload)))).toEqual([]);
  });
});
