/**
 * Protocol errors of nodes, as a result: violations make a run invalid, warnings do not.
 *
 * All are counted in one `ViolationLog`, whichever part saw them: the nodes' ports (lines that are not messages),
 * clients (replies that match no request), workloads (replies with the wrong structure), and services.
 * `network/violation-kinds.ts` defines which kinds are violations.
 */
import {
  isViolation,
  isViolationKind,
  type Strictness,
  type ViolationKind,
} from '../../network/violation-kinds.ts';
import { ViolationLog, type Violation } from '../../network/violations.ts';
import { shownText } from '../../protocol/shown-text.ts';
import type { RunLog } from '../run-outputs.ts';
import { firstClause } from './said-problems.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

export interface ProtocolRecordOptions extends Strictness {
  readonly log: RunLog;
  readonly nodeLogFile: (node: string) => string | undefined;
}

export type ProtocolResult = {
  readonly 'valid?': boolean;
  readonly violations: readonly ShownViolation[];
  readonly warnings: readonly ShownViolation[];
};

/** The first violation of a node and kind, with the path of the node's log. */
export type ShownViolation = Omit<Violation, 'line'> & {
  readonly line?: number | undefined;
  readonly log?: string | undefined;
};

export const PROTOCOL_MEANINGS = {
  violations:
    'violations that make the run invalid: the first of each node and kind, with the number of occurrences',
} as const satisfies Meanings<ProtocolResult>;

export const VIOLATION_MEANINGS = {
  node: 'the node that did it',
  kind: 'the [kind](#kinds-of-violations) of violation or warning',
  count: 'number of occurrences at this node',
  message: 'what was seen and what was expected',
  sample: 'the beginning of the offending text',
  line: 'the line of the node’s stdout, counted from 1 across restarts',
  log: 'the file of the node’s log',
} as const satisfies Meanings<ShownViolation>;

/**
 * Maximum number of lines in the log for each kind, over all nodes. The results have the first of each node, and
 * counts.
 */
const LOGGED = 5;

export class ProtocolRecord {
  readonly violations: ViolationLog;
  private readonly logged = new Map<ViolationKind, number>();
  private closed: ProtocolResult | undefined;

  constructor(private readonly options: ProtocolRecordOptions) {
    this.violations = new ViolationLog({
      onViolation: (violation) => {
        if (this.closed === undefined) this.log(violation);
      },
    });
  }

  result(): ProtocolResult {
    if (this.closed !== undefined) return this.closed;
    const violations: ShownViolation[] = [];
    const warnings: ShownViolation[] = [];
    for (const violation of this.violations.list()) {
      (isViolation(violation.kind, this.options) ? violations : warnings).push(this.entry(violation));
    }
    return { 'valid?': violations.length === 0, violations, warnings };
  }

  /**
   * Ends the record: nodes are being stopped, perhaps in the middle of a line, and what they do from now on does not
   * count.
   */
  close(): void {
    this.closed ??= this.result();
  }

  /**
   * Logs the first violation of a kind in full, and the next few briefly, since all nodes usually make the same
   * mistake.
   */
  private log({ node, kind, line, message, sample }: Violation): void {
    const before = this.logged.get(kind) ?? 0;
    if (before >= LOGGED) return;
    this.logged.set(kind, before + 1);
    const what = isViolation(kind, this.options) ? 'Protocol violation' : 'Warning';
    const seen = sample === '' ? '' : ` Seen: ${sample}`;
    const said = before === 0 ? message : `${line > 0 ? `line ${line} of ${node}` : node}, ${kind} again.`;
    const ended = /[.?!]$/.test(said) ? said : `${said}.`;
    const last = before + 1 === LOGGED ? ' (Others of this kind are only counted.)' : '';
    const brief = before === 0 ? shownText(`${what}: ${firstClause(message)}`, 300) : '';
    this.options.log(`${what}: ${ended}${seen}${last}`, brief);
  }

  private entry(violation: Violation): ShownViolation {
    const { node, kind, line, message, sample, count } = violation;
    const log = this.options.nodeLogFile(node);
    return { node, kind, count, message, sample, line: line > 0 ? line : undefined, log };
  }
}

/** Re-evaluates a result under another strictness. Unknown kinds keep their classification. */
export function judgeProtocolAgain(
  { violations = [], warnings = [] }: Partial<ProtocolResult>,
  strictness: Strictness,
): ProtocolResult {
  const isWrong = ({ kind }: ShownViolation, otherwise: boolean): boolean =>
    isViolationKind(kind) ? isViolation(kind, strictness) : otherwise;
  const wrong = [
    ...violations.filter((one) => isWrong(one, true)),
    ...warnings.filter((one) => isWrong(one, false)),
  ];
  return {
    'valid?': wrong.length === 0,
    violations: wrong,
    warnings: [...violations, ...warnings].filter((one) => !wrong.includes(one)),
  };
}
