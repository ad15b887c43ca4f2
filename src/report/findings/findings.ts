/** Evidence in words and drawings: the anomalies of each type, and keys that are not linearizable. */
import type { Anomaly, AnomalyCase, JudgedKey } from '../../checkers/evidence.ts';
import type { Op } from '../../history/op.ts';
import { elementsOf, entriesOf, valueText, wordOf, type Json } from '../../protocol/json.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { WholeOperation } from '../read/whole-operations.ts';
import type { Picture } from '../svg/svg.ts';
import { anomalyTitle } from './anomaly-words.ts';
import { cyclePicture } from './cycle-picture.ts';
import type { Finding } from './finding.ts';
import { linearPicture } from './linear-picture.ts';
import { operationBars } from './operation-bars.ts';

const EXPLAINED = 4;
const MOST_BARS = 16;

/** Returns the simplest example as a drawing, and many in words. `byIndex` has the operations that show it. */
export function anomalyFinding(
  anomaly: Anomaly,
  byIndex: ReadonlyMap<number, WholeOperation>,
  nodeOf: NodeOf,
): Finding {
  const { type, count, examples } = anomaly;
  const texts = examples.map(({ text }) => text);
  const upTo = (most: number, where: string): string => {
    const rest = count - most;
    return [...texts.slice(0, most), ...(rest > 0 ? [`... and ${rest} more in ${where}.`] : [])].join('\n\n');
  };
  return {
    title: count === 1 ? anomalyTitle(type) : `${anomalyTitle(type)}, ${count} times`,
    operations: [...new Set(anomaly.simplest.operations)],
    text: upTo(EXPLAINED, `elle/${type}.txt`),
    fullText: upTo(texts.length, 'results.edn'),
    picture: anomalyPicture(type, anomaly.simplest, byIndex, nodeOf),
    ...(anomaly.others && {
      others: anomaly.others.map((other) => ({
        operations: [...new Set(other.operations)],
        text: other.text,
        picture: anomalyPicture(type, other, byIndex, nodeOf),
      })),
    }),
  };
}

function anomalyPicture(
  type: string,
  { text, cycle, operations: indexes, wrong, key }: AnomalyCase,
  byIndex: ReadonlyMap<number, WholeOperation>,
  nodeOf: NodeOf,
): Picture | undefined {
  if (cycle !== undefined)
    return cyclePicture({ type, cycle, operations: indexes.map((index) => byIndex.get(index)), nodeOf });
  const operations = [...new Set(indexes.flatMap((index) => byIndex.get(index) ?? []))].slice(0, MOST_BARS);
  if (operations.length === 0) return undefined;
  return operationBars({
    title: `${type}: the operations that show it`,
    operations,
    wrong: new Set(wrong === undefined ? [] : [wrong]),
    nodeOf,
    ...(key === undefined ? {} : { value: ({ value }: Op) => ofLog(value, key) }),
    notes: text.split('\n').slice(0, 8),
    isSaidBeside: true,
  });
}

/** Returns the value of an operation on logs with what its polls show of one of them: of many only the first would fit. */
function ofLog(value: Json, key: Json): Json {
  const nameOf = (name: Json): string => (typeof name === 'string' ? name : valueText(name));
  const isKey = (other: Json): boolean => valueText(other) === valueText(key);
  return (
    elementsOf(value)?.map((part): Json => {
      const [f, logs = null, ...rest] = elementsOf(part) ?? [];
      const polled = wordOf(f) === 'poll' ? entriesOf(logs) : undefined;
      if (f === undefined || polled === undefined) return part;
      const own = polled.filter(([name]) => isKey(name));
      return [f, Object.fromEntries(own.map(([name, messages]) => [nameOf(name), messages])), ...rest];
    }) ?? value
  );
}

/** Returns undefined if no operation on the key is impossible. `operations` are all operations on it. */
export function linearFinding(
  { key, impossible }: JudgedKey,
  operations: readonly WholeOperation[],
  nodeOf: NodeOf,
): Finding | undefined {
  if (impossible === undefined) return undefined;
  const text = impossible.contradictions.join('\n');
  const picture =
    operations.length === 0 ? undefined : linearPicture({ key, impossible, operations, nodeOf });
  return {
    title: `Key ${key} is not linearizable`,
    operations: [impossible.op.index],
    text,
    fullText: text,
    picture,
  };
}
