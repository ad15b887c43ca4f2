/**
 * The small cases of Jepsen's own tests, one idea each, through `check`. They may not be copied, so they are read from their
 * place next to the project.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check, type CheckResult, type HistoryOp, type ModelName } from '../../src/checkers/index.ts';
import { checkCounter } from '../../src/checkers/counters/counter.ts';
import { checkStats } from '../../src/checkers/outcomes/stats.ts';
import { checkUniqueIds } from '../../src/checkers/replies/unique-ids.ts';
import type { Op } from '../../src/history/op.ts';
import { compareJson, type Json } from '../../src/protocol/json.ts';

type Plain = Readonly<Record<string, unknown>>;

interface Case {
  readonly id: string;
  readonly test: string;
  readonly opts: Plain;
  readonly history: readonly HistoryOp[];
  readonly expected: Plain;
}

const corpus = new URL('../../../shared/corpus/jepsen-unit/', import.meta.url);
const isThere = existsSync(corpus);

const casesOf = (name: string): readonly Case[] =>
  isThere ? (JSON.parse(readFileSync(new URL(`${name}.json`, corpus), 'utf8')) as Case[]) : [];

/** Replaces operations by their index, as the corpus's results do. */
function asCorpus(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asCorpus);
  if (typeof value !== 'object' || value === null) return value;
  if ('index' in value && 'process' in value) return { $op: value.index };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, asCorpus(item)]),
  );
}

it(isThere ? 'all cases are there' : 'nothing is run: the corpus is not beside the project', () => {
  expect(casesOf('kafka.analysis')).toHaveLength(isThere ? 37 : 0);
});

describe.runIf(isThere).each<[string, ModelName, Plain]>([
  ['set-full', 'set-full', {}],
  ['counter', 'counter', {}],
  ['unique-ids', 'unique-ids', {}],
  ['stats', 'stats', { judgeAll: true }],
])('Jepsen on %s', (file, model, options) => {
  it.each(casesOf(file).map((one) => [`${one.id} ${one.test}`, one] as const))('%s', (_, one) => {
    const result = asCorpus(check(model, one.history, { ...options, ...one.opts })) as Plain; // a result is a map
    // Upstream does not report elements that no client added; here they make the result invalid.
    const verdict = 'phantoms' in result ? { 'valid?': false } : {};
    expect(result).toMatchObject({ ...one.expected, ...verdict });
  });
});

// Without the frame of `check`, and with nothing left out.
describe.runIf(isThere).each<[string, (ops: readonly Op[]) => unknown]>([
  ['stats', (ops) => checkStats(ops, { judgeAll: true })],
  ['unique-ids', checkUniqueIds],
  ['counter', checkCounter],
])("Jepsen's results on %s", (file, checkOnly) => {
  it('agree in everything', () => {
    const cases = casesOf(file);
    expect(cases.length).toBeGreaterThan(0);
    for (const { id, history, expected } of cases)
      expect([id, checkOnly(history as readonly Op[])]).toEqual([id, expected]);
  });
});

// set.json is not used: it tests Jepsen's `set` checker, which checks one last read; the checker here is set-full, which checks
// all reads.

/** Interchangeable names: which cycle represents a component is arbitrary upstream. */
const CYCLES = /cycle-exists$|^G0|^G1c/;

describe.runIf(isThere)('Jepsen on kafka', () => {
  it.each(casesOf('kafka.analysis').map((one) => [`${one.id} ${one.test}`, one] as const))('%s', (_, one) => {
    const result = check('kafka', one.history, one.opts);
    const expected = withoutSeen(one.expected['errors'] as Plain, one.history);
    expect(errorsOf(result)).toEqual(comparableErrors(expected));
    expect(cycleModels(result['error-types'] as string[])).toEqual(cycleModels(Object.keys(expected)));
    expect(lagOf(result['worst-realtime-lag'], 1e9)).toEqual(lagOf(one.expected['worst-realtime-lag'], 1));
  });

  it.each(casesOf('kafka.version-orders').map((one) => [one.test, one] as const))('%s', (_, one) => {
    // Their operations have no processes or invocations; each gets its own process and an empty invocation here.
    const ops = one.history.flatMap((op, process): HistoryOp[] => [
      { ...op, index: 2 * process, type: 'invoke', process, value: null },
      { ...op, index: 2 * process + 1, process },
    ]);
    const history = one.history.some((op) => op.type === 'invoke') ? one.history : ops;
    const found = check('kafka', history)['inconsistent-offsets'];
    const expected = one.expected['errors'] as readonly unknown[];
    expect(found).toEqual({ count: expected.length, errs: expected });
  });
});

/** Removes polled messages: Jepsen counts those that the last operation polls from a new log as unseen, but they were seen. */
function withoutSeen(errors: Plain, history: readonly HistoryOp[]): Plain {
  const { unseen, ...others } = errors as {
    readonly unseen?: { readonly messages: Plain; readonly time: unknown };
  };
  if (unseen === undefined) return errors;
  const polled = new Set<string>();
  for (const { type, value } of history) {
    if (type !== 'ok' || !Array.isArray(value)) continue;
    for (const [f, logs] of value as readonly (readonly [string, Plain])[]) {
      if (f !== 'poll') continue;
      for (const [key, messages] of Object.entries(logs as Record<string, readonly (readonly Json[])[]>))
        for (const [, message] of messages) polled.add(JSON.stringify([key, message]));
    }
  }
  const entries = Object.entries(unseen.messages as Record<string, readonly Json[]>)
    .map(([key, values]) => [key, values.filter((one) => !polled.has(JSON.stringify([key, one])))] as const)
    .filter(([, values]) => values.length > 0);
  if (entries.length === 0) return others;
  const counts = Object.fromEntries(entries.map(([key, values]) => [key, values.length]));
  return { ...others, unseen: { ...unseen, unseen: counts, messages: Object.fromEntries(entries) } };
}

/** Returns errors other than cycles, sorted; upstream's analysis has all of them, its checker and ours the first few. */
function errorsOf(result: CheckResult): Plain {
  const types = (result['error-types'] as readonly string[]).filter((type) => !CYCLES.test(type));
  return comparableErrors(
    Object.fromEntries(
      types.map((type) => {
        const found = result[type] as Plain;
        return [type, type === 'unseen' ? found : type === 'empty-transaction-graph' ? true : found['errs']];
      }),
    ),
  );
}

function comparableErrors(errors: Plain): Plain {
  const entries = Object.entries(errors).filter(([type]) => !CYCLES.test(type));
  return Object.fromEntries(
    entries.map(([type, found]) => {
      if (!Array.isArray(found)) return [type, asCorpus(found)];
      const records = found.map((record) => asCorpus(record) as Json); // parsed from JSON
      return [type, records.toSorted(compareJson)];
    }),
  );
}

/** Returns the models broken by cycles of these names: a cycle and its model's cycle-exists are the same finding. */
function cycleModels(types: readonly string[]): readonly string[] {
  const models = types.flatMap((type) => {
    if (!CYCLES.test(type)) return [];
    const order = /strong-session|process/.test(type)
      ? 'session '
      : /strong|realtime/.test(type)
        ? 'strong '
        : '';
    return [`${order}${/PL-1|^G0/.test(type) ? 'PL-1' : 'PL-2'}`];
  });
  return [...new Set(models)].toSorted();
}

/** Converts the lag: upstream's analysis has nanoseconds, its checker and ours seconds. Without lag, any key may be named. */
function lagOf(worst: unknown, unit: number): unknown {
  const { lag, time, key, process } = worst as { readonly [field: string]: number };
  return {
    lag: Math.round((lag ?? 0) * unit),
    time: Math.round((time ?? 0) * unit),
    process,
    key: lag === 0 ? 'any' : key,
  };
}
