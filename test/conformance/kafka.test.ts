/** Kafka histories checked by Jepsen's own checker: every key of the result agrees. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkKafka, type KafkaOptions } from '../../src/checkers/kafka/kafka.ts';
import type { Op } from '../../src/history/op.ts';

interface Case {
  readonly id: string;
  readonly test: KafkaOptions;
  readonly history: readonly Op[];
  readonly expected: Readonly<Record<string, unknown>>;
}

const corpus = new URL('corpus/jepsen-generated/kafka.json', import.meta.url);
const cases = JSON.parse(readFileSync(corpus, 'utf8')) as readonly Case[];

/** Which cycle represents a strongly connected component is arbitrary upstream, so only the names of cycles are compared. */
const CYCLES = /cycle-exists|^G0|^G1c/;

/** Replaces operations by their index, sorts keys, and sorts lists of errors that were not truncated. */
function comparable(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => comparable(item));
  if (typeof value !== 'object' || value === null) return value;
  if ('index' in value && 'process' in value && 'type' in value) return { $op: value.index };
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if ('count' in value && 'errs' in value && Array.isArray(value.errs)) {
    const texts = value.errs.map((item) => JSON.stringify(comparable(item))).sort();
    return {
      count: CYCLES.test(name) ? 'some' : value.count,
      errs: value.count === texts.length && !CYCLES.test(name) ? texts : 'cut',
    };
  }
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, comparable(item, key)]),
  );
}

/** A history that proves nothing is `unknown` here; Jepsen reports it as an error. */
const NOTHING_JUDGED = 'empty-transaction-graph';

function asHere(expected: Case['expected']): Case['expected'] {
  const bad = expected['bad-error-types'] as readonly string[]; // always in Jepsen's results
  return {
    // Without doubtful operations these histories have no such key; Maelstrom's results have an empty list then.
    'info-txn-causes': [],
    ...expected,
    'bad-error-types': bad.filter((type) => type !== NOTHING_JUDGED),
  };
}

describe('the kafka checker', () => {
  it.each(cases.map((one) => [one.id, one] as const))(
    'agrees with Jepsen on %s',
    (_, { history, test, expected }) => {
      expect(comparable(checkKafka(history, test))).toEqual(comparable(asHere(expected)));
    },
  );
});
