/** Evidence for unique ids: the operations that received an id that another one received too. */
import { counted } from '../../protocol/count-text.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { isNameOfKey } from '../../checkers/bounded-result.ts';
import { namesOfId } from '../../checkers/replies/unique-ids.ts';
import type { Op } from '../../history/op.ts';
import { OpenInvocations, type EndedOperation } from '../../history/pairing.ts';
import type { FindingContext, Gathering, NamedFindings } from './finding.ts';
import { idFile } from './evidence-files.ts';
import { operationBars } from './operation-bars.ts';
import type { WholeOperation } from '../read/whole-operations.ts';

/** Maximum number of operations per id. */
const MOST_HOLDERS = 200;
const MOST_BARS = 12;

interface Holders {
  count: number;
  /** The first ones. */
  readonly operations: EndedOperation[];
}

export class IdEvidence implements Gathering {
  private readonly holders = new Map<string, Holders>();
  private readonly open = new OpenInvocations();

  constructor(
    ids: readonly string[],
    private readonly context: FindingContext,
  ) {
    for (const id of ids) this.holders.set(id, { count: 0, operations: [] });
  }

  observe(op: Op): void {
    const ended = this.open.end(op);
    if (ended === undefined || op.type !== 'ok') return;
    const names = namesOfId(op.value);
    for (const [id, holders] of this.holders) {
      if (!names.some((name) => isNameOfKey(id, name))) continue;
      holders.count += 1;
      if (holders.operations.length < MOST_HOLDERS) holders.operations.push(ended);
      return;
    }
  }

  findings(): NamedFindings {
    const { nodeOf } = this.context;
    return [...this.holders].map(([id, { count, operations }]) => {
      const name = shownText(id, 60);
      const title = `Id ${name} was given out ${count === 2 ? 'twice' : counted(count, 'time')}`;
      const lines = operations.map(
        ({ invocation, completion }) =>
          `to process ${invocation.process} by ${nodeOf(invocation) ?? 'its node'} at ${(completion.time / 1e9).toFixed(6)} s (operation ${invocation.index})`,
      );
      const [first, ...others] = operations;
      const rest = count - operations.length;
      const picture = operationBars({
        title,
        operations: operations.slice(0, MOST_BARS),
        // The operation that received the id first is not wrong.
        wrong: new Set(others.map(({ invocation }) => invocation.index)),
        nodeOf,
        notes: [
          first === undefined
            ? ''
            : `Operation ${first.invocation.index} was the first to be given it; all others should have got another.`,
          count > MOST_BARS ? `The first ${MOST_BARS} are drawn.` : '',
        ].filter((note) => note !== ''),
      });
      return [
        idFile(id),
        {
          title,
          operations: operations.map(({ invocation }) => invocation.index),
          text: lines.slice(0, 20).join('\n'),
          fullText: [`${title}:`, ...lines, ...(rest > 0 ? [`... and ${rest} more.`] : [])].join('\n'),
          picture,
        },
      ] as const;
    });
  }

  first(): WholeOperation | undefined {
    const seconds = [...this.holders.values()].flatMap(({ operations: [, second] }) => second ?? []);
    return seconds.toSorted((a, b) => a.invocation.index - b.invocation.index)[0];
  }
}
