/** Anomalies of transactions and logs: cycles, aborted and intermediate reads, skipped, lost or overwritten messages. */
import type { Anomaly } from '../../checkers/evidence.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { elementsOf, wordOf, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { anomalyFile } from '../../report/findings/evidence-files.ts';
import type { Finding } from '../finding.ts';
import { anomalyTitle } from '../../report/findings/anomaly-words.ts';
import { simplestFirst } from '../first-evidence.ts';
import type { StoryFacts } from '../story-facts.ts';
import type { StoryOperation } from '../story-operations.ts';

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
  // Sentences without names refer to operations by number.
  if (names.size === 0) for (const { number } of operations) names.set(number, String(number));
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
    values: sharedValues(involved),
    reach: 'operations',
    mayBeOld: cycle !== undefined,
    more:
      more === 0
        ? undefined
        : `There ${byCount(more, 'is', 'are')} ${counted(more, 'more anomaly', 'more anomalies')}: ${others
            .map(({ type, count }) => `${shownText(type, 60)} (${count})`)
            .join(', ')}.`,
  };
}

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
