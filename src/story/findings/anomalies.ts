/** Anomalies of transactions and logs: cycles, aborted and intermediate reads, skipped, lost or overwritten messages. */
import type { Anomaly, CycleInWords } from '../../checkers/evidence.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { elementsOf, jsonEquals, valueText, wordOf, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { anomalyFile } from '../../report/findings/evidence-files.ts';
import type { Finding, Missed } from '../finding.ts';
import { anomalyTitle } from '../../report/findings/anomaly-words.ts';
import { simplestFirst } from '../facts/first-evidence.ts';
import type { StoryFacts } from '../facts/story-facts.ts';
import { writesOf, type Written } from '../selection/values/writes-of.ts';
import { microOps } from '../steps/micro-ops-text.ts';
import type { StoryOperation } from '../facts/story-operations.ts';
import { brief } from '../text/words.ts';

/** One finding per type of anomaly, the simplest to read first. */
export function* anomalyFindings(facts: StoryFacts, anomalies: readonly Anomaly[]): Generator<Finding> {
  for (const [at, anomaly] of simplestFirst(anomalies).entries()) {
    const finding = anomalyFinding(facts, anomaly, at === 0 ? anomalies : [anomaly]);
    if (finding !== undefined) yield finding;
  }
}

/** `anomalies` are all anomalies that this finding represents. */
function anomalyFinding(
  facts: StoryFacts,
  simplest: Anomaly,
  anomalies: readonly Anomaly[],
): Finding | undefined {
  const { text, cycle, operations: named, wrong } = simplest.simplest;
  const operations = named.flatMap((index) => facts.operations.at(index) ?? []);
  if (operations.length === 0) return undefined;
  const names = new Map<number, string>(
    (cycle?.transactions ?? []).flatMap(({ name }, at) => {
      const operation = operations[at];
      return operation === undefined ? [] : [[operation.number, name] as const];
    }),
  );
  const last = operations.toSorted((a, b) => endIndex(a) - endIndex(b)).at(-1);
  const involved = [...new Set(operations)];
  const others = anomalies
    .map((one) => ({ type: one.type, count: one === simplest ? one.count - 1 : one.count }))
    .filter(({ count }) => count > 0);
  const more = others.reduce((sum, { count }) => sum + count, 0);
  return {
    title: `${anomalyTitle(simplest.type)}${cycle === undefined ? '' : `: ${cycle.path}`}`,
    evidence: anomalyFile(simplest.type),
    verdict: verdictOf(text, cycle),
    operations: involved.map(({ number }) => number),
    wrong: (wrong === undefined ? undefined : facts.operations.at(wrong)?.number) ?? last?.number,
    names,
    // Sentences without names refer to operations by number.
    numbered: new Set(names.size > 0 ? [] : operations.map(({ number }) => number)),
    values: sharedValues(involved),
    reach: 'operations',
    mayBeOld: cycle !== undefined,
    missed: cycle === undefined ? missedByItself(operations) : missedIn(cycle, operations),
    more:
      more === 0
        ? undefined
        : `There ${byCount(more, 'is', 'are')} ${counted(more, 'more anomaly', 'more anomalies')}: ${others
            .map(({ type, count }) => `${shownText(type, 60)} (${count})`)
            .join(', ')}.`,
  };
}

/** Returns the write to a register that the same transaction, the only one, does not read afterwards. */
function missedByItself([operation, ...others]: readonly StoryOperation[]): Missed | undefined {
  if (operation === undefined || others.length > 0) return undefined;
  const written = new Map<string, Json>();
  for (const [f = null, key = null, value = null] of microOps(operation.completion?.value ?? null) ?? []) {
    const own = written.get(valueText(key));
    if (wordOf(f) === 'w') written.set(valueText(key), value);
    else if (own !== undefined && !jsonEquals(own, value))
      return {
        key,
        value: own,
        writer: operation.number,
        what: `the write of ${brief(own)} to key ${brief(key)}`,
        shown: value,
        by: 'the transaction',
      };
  }
  return undefined;
}

/**
 * Returns the write that a read should have seen, if one is all that makes the cycle: every other step says that the writer came
 * before the reader.
 */
function missedIn(
  { steps, transactions }: CycleInWords,
  operations: readonly StoryOperation[],
): Missed | undefined {
  const [step, ...others] = steps.filter(({ type }) => type === 'rw');
  if (step === undefined || others.length > 0) return undefined;
  const named = (name: string): StoryOperation | undefined =>
    operations[transactions.findIndex((one) => one.name === name)];
  const [reader, writer] = [named(step.from), named(step.to)];
  if (reader === undefined || writer === undefined) return undefined;
  const reads = microOps(reader.completion?.value ?? null) ?? [];
  const isMissedBy = ({ key, value }: Written): boolean => {
    if (step.key !== undefined && !jsonEquals(key, step.key)) return false;
    const first = reads.find(([, own = null]) => jsonEquals(own, key));
    const seen = first?.[2] ?? null;
    return (
      wordOf(first?.[0]) === 'r' &&
      !jsonEquals(seen, value) &&
      elementsOf(seen)?.some((item) => jsonEquals(item, value)) !== true
    );
  };
  const [missed, ...more] = writesOf(writer).filter(isMissedBy);
  // Several writes to a key count as the last one.
  const last = more.findLast(({ key }) => jsonEquals(key, missed?.key ?? null)) ?? missed;
  if (last === undefined) return undefined;
  const { key, value } = last;
  const isAppending = microOps(writer.invocation.value)?.some(([f]) => wordOf(f) === 'append') === true;
  return {
    key,
    value,
    writer: writer.number,
    what: `${step.to}'s ${isAppending ? 'append' : 'write'} of ${brief(value)} to key ${brief(key)}`,
    ...(isAppending ? {} : { shown: shownIn(reads, key) }),
    by: step.from,
  };
}

const shownIn = (reads: readonly (readonly Json[])[], key: Json): Json =>
  reads.find(([f, own = null]) => wordOf(f) === 'r' && jsonEquals(own, key))?.[2] ?? null;

const endIndex = ({ invocation, completion }: StoryOperation): number => (completion ?? invocation).index;

function verdictOf(text: string, cycle: Anomaly['simplest']['cycle']): readonly string[] {
  if (cycle === undefined) return [shownText(text, 600)];
  return cycle.steps.map(({ reason, from, to }, at) => {
    const isLast = at === cycle.steps.length - 1;
    return `${isLast ? 'Yet ' : ''}${shownText(reason, 300)}: ${from} came before ${to}.${isLast ? ' That is a contradiction.' : ''}`;
  });
}

/** Returns pairs of a key and an element written to it by the operations; nodes that hold keys as names send them as texts. */
function sharedValues(operations: readonly StoryOperation[]): readonly (readonly Json[])[] {
  return operations.flatMap(({ invocation, completion }) => {
    const value = completion?.type === 'ok' ? completion.value : invocation.value;
    return (elementsOf(value) ?? []).flatMap((mop): (readonly Json[])[] => {
      const [f, key = null, written = null] = elementsOf(mop) ?? [];
      return wordOf(f) === undefined || written === null || elementsOf(written) !== undefined
        ? []
        : [[key, written], ...(typeof key === 'number' ? [[String(key), written]] : [])];
    });
  });
}
