/**
 * Histories in files get the same verdict as in memory: those of the corpus, written as Jepsen's EDN and as JSON, and read back
 * in chunks that split operations.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check, type HistoryOp, type ModelName } from '../../src/checkers/index.ts';
import { HistoryStream } from '../../src/history/reading/history-stream.ts';
import { opToEdnLine, opToJsonLine } from '../../src/history/op-codec.ts';
import type { Op } from '../../src/history/op.ts';

interface Case {
  readonly id: string;
  readonly history: readonly HistoryOp[];
  readonly opts?: Readonly<Record<string, unknown>>;
  readonly test?: Readonly<Record<string, unknown>>;
  readonly runs?: readonly { readonly opts: Readonly<Record<string, unknown>> }[];
}

/** Tests one case in this many, since other tests check each of them. */
const EVERY = 15;

/** Formats an operation as Jepsen prints its own: a tagged map with additional keys. */
const asJepsenOp = (op: Op): string => `#jepsen.history.Op${opToEdnLine(op).slice(0, -1)}, :node "n1"}`;

const FORMATS: readonly (readonly [string, (ops: readonly Op[]) => string])[] = [
  ['history.edn, a map a line', (ops) => ops.map((op) => `${opToEdnLine(op)}\n`).join('')],
  ['tagged operations', (ops) => ops.map((op) => `${asJepsenOp(op)}\n`).join('')],
  ['a vector', (ops) => `[${ops.map(opToEdnLine).join('\n ')}]\n`],
  ['a list of tagged operations', (ops) => `; a history\n(${ops.map(asJepsenOp).join(' ')})`],
  ['history.jsonl', (ops) => ops.map((op) => `${opToJsonLine(op)}\n`).join('')],
  ['a JSON array', (ops) => JSON.stringify(ops)],
  ['a JSON array, spread out', (ops) => JSON.stringify(ops, undefined, 2)],
];

function readBack(text: string): readonly Op[] {
  const ops: Op[] = [];
  const stream = new HistoryStream((op) => ops.push(op), { defaultF: 'txn' });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += 997) stream.push(bytes.subarray(at, at + 997));
  expect(stream.end()).toEqual({ operations: ops.length });
  return ops;
}

describe.each<[string, ModelName]>([
  ['elle-generated/list-append.json', 'list-append'],
  ['elle-generated/rw-register.json', 'rw-register'],
  ['jepsen-generated/kafka.json', 'kafka'],
  ['jepsen-generated/set-full.json', 'set-full'],
  ['knossos-generated/cas-register.json', 'cas-register'],
])('%s', (file, model) => {
  const text = readFileSync(new URL(`corpus/${file}`, import.meta.url), 'utf8');
  const cases = (JSON.parse(text) as readonly Case[]).filter((_, index) => index % EVERY === 0);

  it.each(FORMATS)('has the same verdicts as %s', (_, write) => {
    for (const { id, history, opts, test, runs } of cases) {
      const options = runs?.[0]?.opts ?? opts ?? test ?? {};
      // The corpus's transactional histories lack `f` but are otherwise complete.
      const ops = history.map((op) => ({ f: 'txn', ...op }) as Op);
      expect([id, check(model, readBack(write(ops)), options)]).toEqual([id, check(model, ops, options)]);
    }
  });
});
