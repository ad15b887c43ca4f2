/**
 * The likely cause of a wrong final read of a counter: a node ignored that its `cas` was refused (`refused-swaps.ts`),
 * or it keeps the sum in a service that may return stale reads.
 *
 *     n1 -> seq-kv cas 4 to 7      n2 -> seq-kv read: 4, an old state      n2 -> client: 4
 *
 * The service that each node used last is known (`nodes.last-service` in the results, if its reads may be stale), and
 * the final reads come last.
 */
import type { NodeOf } from '../../checkers/checker.ts';
import type { Evidence } from '../../checkers/evidence.ts';
import { namesInWords } from './protocol-sentences.ts';
import { counted } from '../../protocol/count-text.ts';
import type { NodesResult } from '../verdict/test-results.ts';

/** Indexed by service that may return stale reads. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'seq-kv',
    'whose reads may be stale. A request that changes something there, such as a write of a new value, sees the newest state, and later reads by the same node are not older.',
  ],
  [
    'lww-kv',
    'whose reads may be stale, and which keeps only one of two concurrent writes. A separate key for each node avoids the latter.',
  ],
]);

export const hasOldReads = (service: string): boolean => ADVICE.has(service);

export interface CounterVerdict {
  readonly evidence: Evidence | undefined;
  readonly nodes: NodesResult;
  readonly nodeOf: NodeOf | undefined;
}

/**
 * Returns undefined if no final read of a counter is wrong or neither cause applies; an ignored refusal of a `cas`
 * takes precedence.
 */
export function staleServiceSentence({ evidence, nodes, nodeOf }: CounterVerdict): string | undefined {
  const [wrong] = evidence?.kind === 'sums' ? evidence.wrong : [];
  const ignored = Object.entries(nodes['refused-cas'] ?? {});
  const [first] = ignored;
  if (wrong !== undefined && first !== undefined) {
    const times = ignored.reduce((sum, [, count]) => sum + count, 0);
    return (
      `${counted(times, 'request')} ${times === 1 ? 'was' : 'were'} acknowledged right after a service had refused the ` +
      `node's \`cas\` (error 20 or 22), by ${namesInWords(ignored.map(([name]) => name))}. A refused \`cas\` has changed nothing: read again and ` +
      'retry, until `cas_ok`.'
    );
  }
  const node = wrong === undefined ? undefined : nodeOf?.(wrong);
  const service = nodes['last-service']?.[node ?? ''];
  const advice = ADVICE.get(service ?? '');
  return advice === undefined ? undefined : `To answer, ${node} asked ${service}, ${advice}`;
}
