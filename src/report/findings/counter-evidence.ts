/** Evidence for counters: every final read against the sums that the additions allow, and the indefinite additions. */
import { byCount } from '../../protocol/count-text.ts';
import type { Evidence, SumRange } from '../../checkers/evidence.ts';
import type { Op } from '../../history/op.ts';
import { OpenInvocations, type EndedOperation } from '../../history/pairing.ts';
import { isJsonInteger } from '../../protocol/json.ts';
import { SUMS_FILE } from './evidence-files.ts';
import { counterPicture } from './counter-picture.ts';
import type { FindingContext, Gathering, NamedFindings } from './finding.ts';
import type { WholeOperation } from '../read/whole-operations.ts';
import { showValue } from '../svg/operation-text.ts';

const MOST_IN_DOUBT = 40;

export class CounterEvidence implements Gathering {
  private readonly reads: EndedOperation[] = [];
  private readonly inDoubt: EndedOperation[] = [];
  private readonly open = new OpenInvocations();
  private acknowledged = 0n;
  private readonly wrong: ReadonlySet<number>;
  private readonly acceptable: readonly SumRange[];

  constructor(
    { wrong, acceptable }: Extract<Evidence, { readonly kind: 'sums' }>,
    private readonly context: FindingContext,
  ) {
    this.wrong = new Set(wrong.map(({ index }) => index));
    this.acceptable = acceptable;
  }

  observe(op: Op): void {
    const ended = this.open.end(op);
    if (ended === undefined) return;
    if (op.f === 'add' && op.type === 'info') this.inDoubt.push(ended);
    if (op.f === 'add' && op.type === 'ok' && isJsonInteger(op.value)) this.acknowledged += BigInt(op.value);
    if (op.f === 'read' && op.type === 'ok' && op.final === true) this.reads.push(ended);
  }

  findings(): NamedFindings {
    const { reads, wrong, acceptable } = this;
    if (wrong.size === 0) return [];
    const node = (op: Op): string => this.context.nodeOf(op) ?? `process ${op.process}`;
    const drawn = reads.map(({ invocation, completion }) => ({
      reader: `${node(completion)}, operation ${invocation.index}`,
      value: completion.value,
      isWrong: wrong.has(invocation.index),
    }));
    const title = `${wrong.size} of ${reads.length} final reads ${byCount(wrong.size, 'is', 'are')} no possible sum`;
    const text = [
      `Acknowledged additions sum to ${this.acknowledged}.`,
      this.inDoubtText(),
      ...reads.map(
        ({ invocation, completion }) =>
          `${wrong.has(invocation.index) ? 'wrong' : 'right'}: ${node(completion)} says ${showValue(completion.value)} at ${(completion.time / 1e9).toFixed(6)} s (operation ${invocation.index}).`,
      ),
    ].join('\n');
    const picture = counterPicture({ title, reads: drawn, acceptable });
    const operations = reads.flatMap(({ invocation: { index } }) => (wrong.has(index) ? [index] : []));
    return [[SUMS_FILE, { title, operations, text, fullText: `${title}.\n${text}`, picture }]];
  }

  first(): WholeOperation | undefined {
    return this.reads.find(({ invocation }) => this.wrong.has(invocation.index));
  }

  private inDoubtText(): string {
    const { inDoubt } = this;
    if (inDoubt.length === 0) return 'No addition is in doubt.';
    const shown = inDoubt
      .slice(0, MOST_IN_DOUBT)
      .map(({ invocation: { value, index } }) => `${showValue(value)} (operation ${index})`);
    const rest = inDoubt.length - shown.length;
    return `In doubt, and counted or not: ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
  }
}
