/**
 * Judges an example of the glossary like a run: returns its anomalies, and the picture that the report of a run would
 * have of them.
 */
import { transactionsEvidence } from '../../checkers/elle/explaining/anomaly-evidence.ts';
import { checkListAppend } from '../../checkers/elle/list-append/list-append.ts';
import { checkRwRegister } from '../../checkers/elle/rw-register/rw-register.ts';
import type { Evidence } from '../../checkers/evidence.ts';
import { setFullEvidence } from '../../checkers/sets/explain-set-full.ts';
import type { AnomalyExample } from '../../checkers/glossary/examples/example.ts';
import { kafkaEvidence } from '../../checkers/kafka/explain-kafka.ts';
import { checkKafka } from '../../checkers/kafka/kafka.ts';
import { checkCasRegister } from '../../checkers/linearizable/cas-register.ts';
import { impossibleOperation } from '../../checkers/linearizable/explain-cas-register.ts';
import type { ObjectResult } from '../../checkers/linearizable/object-history.ts';
import { checkPnCounter, pnCounterEvidence } from '../../checkers/counters/pn-counter.ts';
import { checkSetFull } from '../../checkers/sets/set-full.ts';
import { checkUniqueIds, uniqueIdsEvidence } from '../../checkers/replies/unique-ids.ts';
import type { NodeOf } from '../../history/client-book.ts';
import { namedByInvocation } from '../../run/words/named-by-invocation.ts';
import { anomalyFinding, linearFinding } from '../findings/findings.ts';
import { gatheringFor } from '../findings/gather.ts';
import type { Finding } from '../findings/finding.ts';
import { operationBars } from '../findings/operation-bars.ts';
import { wholeOperations, type WholeOperation } from '../read/whole-operations.ts';
import type { Picture } from '../svg/svg.ts';

export interface JudgedExample {
  /** The names of the anomalies found. */
  readonly found: readonly string[];
  readonly picture: Picture;
}

/** Judges the example; `name` is the anomaly whose picture is wanted. */
export function judgeExample(name: string, example: AnomalyExample): JudgedExample {
  const operations = wholeOperations(example.history);
  const numbers = new Map(
    operations.flatMap(({ invocation, completion }) =>
      completion === undefined ? [] : [[completion.index, invocation.index] as const],
    ),
  );
  const numberOf = (index: number): number => numbers.get(index) ?? index;
  const { found, evidence } = judged(example, (result) => namedByInvocation(result, numberOf));
  const finding = evidence && findingOf(name, evidence, { example, operations });
  return { found, picture: finding?.picture ?? barsOf(name, finding?.text ?? '', operations) };
}

/** Draws all operations if the finding names none. */
const barsOf = (name: string, text: string, operations: readonly WholeOperation[]): Picture =>
  operationBars({
    title: `${name}: the operations that show it`,
    operations,
    wrong: new Set(),
    nodeOf,
    notes: text === '' ? [] : text.split('\n'),
  });

/** Clients are bound to nodes in turn, as in a run. */
const nodeOf: NodeOf = ({ process }) => (typeof process === 'number' ? `n${(process % 5) + 1}` : undefined);

type Named = <Value>(value: Value) => Value;

function judged(
  { model, history, consistencyModel = 'strict-serializable', options }: AnomalyExample,
  named: Named,
): { readonly found: readonly string[]; readonly evidence: Evidence | undefined } {
  switch (model) {
    case 'list-append':
    case 'rw-register': {
      const check = model === 'list-append' ? checkListAppend : checkRwRegister;
      const result = named(check(history, { 'consistency-models': [consistencyModel], ...options }));
      return { found: result['anomaly-types'] ?? [], evidence: transactionsEvidence(result, nodeOf) };
    }
    case 'kafka': {
      const result = named(checkKafka(history));
      return { found: result['error-types'] ?? [], evidence: kafkaEvidence(result, nodeOf) };
    }
    case 'set-full': {
      const evidence = setFullEvidence(named(checkSetFull(history, { strict: true })));
      const fates = evidence?.kind === 'elements' ? evidence.elements.map(({ fate }) => fate) : [];
      return { found: [...new Set(fates)], evidence };
    }
    case 'unique-ids': {
      const evidence = uniqueIdsEvidence(named(checkUniqueIds(history)));
      const isDoubled = evidence.kind === 'ids' && evidence.ids.length > 0;
      return { found: isDoubled ? ['duplicate-id'] : [], evidence };
    }
    case 'pn-counter': {
      const result = named(checkPnCounter(history));
      return {
        found: result['valid?'] === false ? ['impossible-sum'] : [],
        evidence: pnCounterEvidence(result),
      };
    }
    case 'cas-register': {
      // A single object, since no key was requested.
      const result = named(checkCasRegister(history)) as ObjectResult;
      return {
        found: result['valid?'] === false ? ['not-linearizable'] : [],
        evidence: { kind: 'keys', keys: [{ key: 'x', result, impossible: impossibleOperation(result) }] },
      };
    }
  }
}

interface Drawn {
  readonly example: AnomalyExample;
  readonly operations: readonly WholeOperation[];
}

function findingOf(name: string, evidence: Evidence, { example, operations }: Drawn): Finding | undefined {
  if (evidence.kind === 'anomalies') {
    const anomaly = evidence.anomalies.find(({ type }) => type === name);
    if (anomaly === undefined) return undefined;
    const byIndex = new Map(operations.map((one) => [one.invocation.index, one]));
    return anomalyFinding(anomaly, byIndex, nodeOf);
  }
  if (evidence.kind === 'keys') {
    const [key] = evidence.keys;
    return key && linearFinding(key, operations, nodeOf);
  }
  const endNanos = (example.history.at(-1)?.time ?? 0) + 1;
  const gathering = gatheringFor(evidence, { concurrency: 5, nodeOf, bands: [], endNanos });
  for (const op of example.history) gathering?.observe(op);
  const [first] = gathering?.findings() ?? [];
  return first?.[1];
}
