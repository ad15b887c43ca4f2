/**
 * Nodes that were killed before an element or a part of a sum was missing, since a node comes back with only what it
 * has stored:
 *
 *     n1 ── broadcast_ok ──> c1      n1 killed, n1 starts      n1 ── read_ok [] ──> c2
 *
 * An element counts only if the kill came after the last read that shows it, or if the node that was killed is the one
 * whose read lacks it. This is a hint for a run that is already invalid.
 */
import type { Evidence } from '../../checkers/evidence.ts';
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import { operationsOf } from '../../nemesis/fault-operations.ts';
import { isJsonObject } from '../../protocol/json.ts';
import { byCount } from '../../protocol/count-text.ts';
import { namesInWords } from '../words/protocol-sentences.ts';

const KILL = operationsOf('kill').start;
/** Maximum number of reads kept: the latest ones, which include the final ones. */
const READS_KEPT = 1000;

export class KilledNodes {
  /** Each kill: its place in the history, and the nodes that it ended. */
  private readonly kills: { readonly index: number; readonly nodes: readonly string[] }[] = [];

  /** The invocations of the latest reads, by their indexes. The node of a new client is known only later. */
  private readonly reads = new Map<number, Op>();

  constructor(private readonly nodeOf: NodeOf) {}

  observe(op: Op): void {
    const { process, type, f, value, index } = op;
    if (f === 'read' && type === 'invoke') return this.noteRead(op);
    if (process !== 'nemesis' || f !== KILL || type === 'invoke' || !isJsonObject(value)) return;
    const nodes = Object.entries(value).flatMap(([node, result]) => (result === 'killed' ? [node] : []));
    if (nodes.length > 0) this.kills.push({ index, nodes });
  }

  /** Returns undefined if no node was killed in time to explain what is missing. */
  sentence(evidence: (() => Evidence | undefined) | undefined): string | undefined {
    const span = this.kills.length === 0 ? undefined : spanOf(evidence?.());
    if (span === undefined) return undefined;
    const { what, from, shown, to, when } = span;
    const read = this.reads.get(to);
    const reader = read === undefined ? undefined : this.nodeOf(read);
    const nodes = new Set(
      this.kills
        .filter(({ index }) => index > from && index < to)
        .flatMap((kill) => (kill.index > shown ? kill.nodes : kill.nodes.filter((node) => node === reader))),
    );
    if (nodes.size === 0) return undefined;
    return (
      `${namesInWords([...nodes])} ${byCount(nodes.size, 'was', 'were')} killed ${when}: a node comes back with only what it has stored. ` +
      `${what} must be stored before it is acknowledged, or come back from other nodes after the restart.`
    );
  }

  private noteRead(op: Op): void {
    this.reads.set(op.index, op);
    const [oldest] = this.reads.keys();
    if (oldest !== undefined && this.reads.size > READS_KEPT) this.reads.delete(oldest);
  }
}

/** The part of the history in which a kill may be the cause. */
interface Span {
  readonly what: string;
  /** Something was acknowledged here. */
  readonly from: number;
  /** It was last shown here. */
  readonly shown: number;
  /** It is missing here. */
  readonly to: number;
  readonly when: string;
}

function spanOf(evidence: Evidence | undefined): Span | undefined {
  if (evidence?.kind === 'sums') {
    const [wrong] = evidence.wrong;
    const [lowest] = evidence.acceptable[0] ?? [];
    if (wrong === undefined || typeof wrong.value !== 'number' || typeof lowest !== 'number')
      return undefined;
    return wrong.value < lowest
      ? { what: 'An add', from: -1, shown: -1, to: wrong.index, when: 'before that read' }
      : undefined;
  }
  if (evidence?.kind !== 'elements') return undefined;
  const { operations = [] } = evidence.elements.find(({ fate }) => fate === 'lost') ?? {};
  const [from] = operations;
  const [shown, to] = operations.slice(-2);
  return from === undefined || shown === undefined || to === undefined
    ? undefined
    : { what: 'An element', from, shown, to, when: 'in between' };
}
