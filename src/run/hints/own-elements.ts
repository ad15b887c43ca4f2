/**
 * Whether a client finds at its node what it has added there: elements of a broadcast or a grow-only set may take their
 * time to reach the others, so a node that acknowledges an element before it has stored it passes.
 *
 *     c1  add 7  ├────┤ ok      read ├───┤ []       at the same node
 *
 * After a fault a node may have a reason to know less, so what was added before it counts no more.
 */
import type { NodeOf } from '../../history/client-book.ts';
import type { Op } from '../../history/op.ts';
import { counted, byCount } from '../../protocol/count-text.ts';
import { canonicalJson, elementsOf, valueText, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';

/** The operation that adds, by workload. */
const ADDS: ReadonlyMap<string, string> = new Map([
  ['broadcast', 'broadcast'],
  ['g-set', 'add'],
]);

export const addOf = (workload: string): string | undefined => ADDS.get(workload);

interface Added {
  readonly element: Json;
  readonly node: string;
  readonly acknowledged: Op;
}

export class OwnElements {
  /** By process: what it added since its last read. */
  private readonly unread = new Map<Op['process'], Added[]>();
  private missed = 0;
  private example: string | undefined;

  constructor(
    private readonly add: string,
    private readonly nodeOf: NodeOf,
  ) {}

  observe(op: Op): void {
    if (op.process === 'nemesis') this.unread.clear();
    else if (op.type === 'ok' && op.f === this.add) this.noteAdd(op);
    else if (op.type === 'ok' && op.f === 'read') this.noteRead(op);
  }

  private noteAdd(op: Op): void {
    const node = this.nodeOf(op);
    if (node === undefined || op.value === null) return;
    const added = this.unread.get(op.process) ?? [];
    this.unread.set(op.process, added);
    added.push({ element: op.value, node, acknowledged: op });
  }

  private noteRead(read: Op): void {
    const added = this.unread.get(read.process);
    const list = elementsOf(read.value);
    if (added === undefined || list === undefined) return;
    this.unread.delete(read.process);
    const node = this.nodeOf(read);
    for (const one of added) {
      if (one.node !== node || isIn(one.element, list)) continue;
      this.missed++;
      this.example ??= exampleOf(one, read);
    }
  }

  sentence(): string | undefined {
    const { missed, example } = this;
    if (example === undefined) return undefined;
    return (
      `${counted(missed, 'element')} ${byCount(missed, 'was', 'were')} missing from the next read of the client that had added ` +
      `${byCount(missed, 'it', 'them')}, at the same node: ${example} ` +
      'A node that acknowledges an element before it has stored it loses the element if it crashes in between.'
    );
  }
}

/** Most elements are numbers, and were added last. */
function isIn(element: Json, list: readonly Json[]): boolean {
  if (list.lastIndexOf(element) >= 0) return true;
  if (typeof element === 'number' && list.every((one) => typeof one === 'number')) return false;
  const name = canonicalJson(element);
  return list.some((one) => canonicalJson(one) === name);
}

const exampleOf = ({ element, node, acknowledged }: Added, read: Op): string =>
  `${node} acknowledged ${shownText(valueText(element), 60)} ${when(acknowledged)}, and its answer ${when(read)} lacks it.`;

const when = ({ time }: Op): string => `at ${(time / 1e9).toFixed(3)} s`;
