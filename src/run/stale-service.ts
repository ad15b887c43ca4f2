/**
 * The likely cause of a wrong final read of a counter: the node keeps the sum in a service whose reads may be old.
 *
 *     n1 -> seq-kv cas 4 to 7      n2 -> seq-kv read: 4, an old state      n2 -> client: 4
 *
 * Which service each node asked last is known (`nodes.last-service` in the results, where its reads may be old), and the
 * final reads come last.
 */
import { isOp, isResultMap, type CheckResult, type NodeOf } from '../checkers/checker.ts';

const COUNTERS: readonly string[] = ['g-counter', 'pn-counter'];

/** By service whose reads may be old. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'seq-kv',
    'whose reads may be old. A request that changes something there, such as a write of a value never written before, meets ' +
      'the newest state, and what the same node reads afterwards is no older.',
  ],
  [
    'lww-kv',
    'whose reads may be old, and which keeps only one of two concurrent writes. A key for each node avoids the latter.',
  ],
]);

export const hasOldReads = (service: string): boolean => ADVICE.has(service);

export interface CounterVerdict {
  readonly workload: string;
  readonly result: CheckResult;
  readonly nodes: CheckResult;
  readonly nodeOf: NodeOf | undefined;
}

/** Undefined when no final read of a counter is wrong, or the node that answered it asked no such service. */
export function staleServiceSentence({
  workload,
  result,
  nodes,
  nodeOf,
}: CounterVerdict): string | undefined {
  const { errors } = result;
  const services = nodes['last-service'];
  if (!COUNTERS.includes(workload) || !Array.isArray(errors) || !isResultMap(services)) return undefined;
  const wrong: unknown = errors[0];
  if (!isOp(wrong) || wrong.process === 'nemesis') return undefined;
  const node = nodeOf?.(wrong);
  const service = node === undefined ? undefined : services[node];
  if (typeof service !== 'string') return undefined;
  const advice = ADVICE.get(service);
  return advice === undefined ? undefined : `To answer, ${node} asked ${service}, ${advice}`;
}
