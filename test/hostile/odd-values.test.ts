/**
 * The longest numbers and the deepest nesting allowed in a message, in the replies of every workload: the run completes, and
 * its history and results can be written and read back.
 */
import { describe, expect, it } from 'vitest';
import { readEdn } from '../../src/edn/edn-reader.ts';
import { OpReader } from '../../src/history/reading/op-from.ts';
import { opToLines } from '../../src/history/op-codec.ts';
import type { Op } from '../../src/history/op.ts';
import { NO_JOURNAL } from '../../src/network/journal.ts';
import { parseJson, stringifyJson, type Json, type JsonObject } from '../../src/protocol/json.ts';
import { DEEPEST_MESSAGE, LONGEST_MESSAGE_NUMBER } from '../../src/protocol/json/json-limits.ts';
import { TestRun } from '../../src/run/test-run.ts';
import { SAMPLE_SPEC } from '../support/test-spec-sample.ts';
import { verdictSentence } from '../../src/run/words/verdict-sentence.ts';
import { resultsToEdnText, resultsToJson } from '../../src/store/results-text.ts';
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

const CASES = [...WORKLOADS.keys()].flatMap((workload) =>
  // The results of these two contain values unchanged.
  [...NUMBERS, ...(['echo', 'unique-ids'].includes(workload) ? NESTED : [])].map(
    ([name, put]) => [workload, name, put] as const,
  ),
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
  it.each(CASES)('%s: %s', async (workload, _name, put) => {
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
    const spec = { ...SAMPLE_SPEC, workload, rate: 5, timeLimitSeconds: 1 };
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
      readEdn(edn);
    }
    parseJson(resultsToJson(results));
    readEdn(resultsToEdnText(results));
  });
});
