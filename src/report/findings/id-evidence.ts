/** Evidence for unique ids: the operations that received an id that another one received too. */
import type { Op } from '../../history/op.ts';
import { OpenInvocations, type EndedOperation } from '../../history/pairing.ts';
import { stringifyJson } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { FindingContext, Gathering, NamedFindings } from './finding.ts';
import { idFile } from './evidence-files.ts';
import { operationBars } from './operation-bars.ts';
import type { WholeOperation } from '../read/whole-operations.ts';

/** Maximum number of operations per id. */
const MOST_HOLDERS = 200;
const MOST_BARS = 12;

export class IdEvidence implements Gathering {
  private readonly holders = new Map<string, EndedOperation[]>();
  private readonly open = new OpenInvocations();

  constructor(
    ids: readonly string[],
    private readonly context: FindingContext,
  ) {
    for (const id of ids) this.holders.set(id, []);
  }

  observe(op: Op): void {
    const ended = this.open.end(op);
    if (ended === undefined || op.type !== 'ok') return;
    const holders =
      this.holders.get(stringifyJson(op.value)) ??
      (typeof op.value === 'string' ? this.holders.get(op.value) : undefined);
    if (holders !== undefined && holders.length < MOST_HOLDERS) holders.push(ended);
  }

  findings(): NamedFindings {
    const { nodeOf } = this.context;
    return [...this.holders].map(([id, operations]) => {
      const name = shownText(id, 60);
      const title = `Id ${name} was given out ${operations.length} times`;
      const lines = operations.map(
        ({ invocation, completion }) =>
          `to process ${invocation.process} by ${nodeOf(invocation) ?? 'its node'} at ${(completion.time / 1e9).toFixed(6)} s (operation ${invocation.index})`,
      );
      const [first, ...others] = operations;
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
          operations.length > MOST_BARS ? `The first ${MOST_BARS} are drawn.` : '',
        ].filter((note) => note !== ''),
      });
      return [
        idFile(id),
        {
          title,
          operations: operations.map(({ invocation }) => invocation.index),
          text: lines.slice(0, 20).join('\n'),
          fullText: `${title}:\n${lines.join('\n')}`,
          picture,
        },
      ] as const;
    });
  }

  first(): WholeOperation | undefined {
    const seconds = [...this.holders.values()].flatMap(([, second]) =>
      second === undefined ? [] : [second],
    );
    return seconds.toSorted((a, b) => a.invocation.index - b.invocation.index)[0];
  }
}
