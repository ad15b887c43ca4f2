/**
 * What nodes did that the protocol does not allow, as a result: violations make a run invalid, warnings do not.
 *
 * Everything is counted in one `ViolationLog`, whoever saw it: the nodes' ports (lines that are no messages), clients
 * (answers that fit no request) and workloads (answers whose structure differs from the request's).
 */
import type { CheckResult, ResultValue } from '../checkers/checker.ts';
import { ViolationLog, type Violation } from '../network/violations.ts';

/** Odd, but harmless and common; told, and never held against a node. */
const WARNINGS: ReadonlySet<string> = new Set(['blank-line', 'unknown-field', 'late-answer']);

export interface ProtocolRecordOptions {
  /** Violations are warnings only. */
  readonly lenient: boolean;
  readonly log: (line: string) => void;
  readonly nodeLogFile: (node: string) => string | undefined;
}

export class ProtocolRecord {
  readonly violations: ViolationLog;
  private closed: CheckResult | undefined;

  constructor(private readonly options: ProtocolRecordOptions) {
    this.violations = new ViolationLog({
      onViolation: ({ kind, message, sample }) => {
        if (this.closed !== undefined) return;
        const what = this.isWarning(kind) ? 'Warning' : 'Protocol violation';
        options.log(`${what}: ${message}${sample === '' ? '' : ` Seen: ${sample}`}`);
      },
    });
  }

  /** `{valid?, violations, warnings}`; each of them is `{node, kind, count, message, sample, line?, log?}`. */
  result(): CheckResult {
    if (this.closed !== undefined) return this.closed;
    const violations: ResultValue[] = [];
    const warnings: ResultValue[] = [];
    for (const violation of this.violations.list()) {
      (this.isWarning(violation.kind) ? warnings : violations).push(this.entry(violation));
    }
    return { 'valid?': violations.length === 0, violations, warnings };
  }

  /** What comes now is no longer held against anybody: nodes are being stopped, perhaps in the middle of a line. */
  close(): void {
    this.closed ??= this.result();
  }

  private isWarning(kind: string): boolean {
    return this.options.lenient || WARNINGS.has(kind);
  }

  private entry(violation: Violation): ResultValue {
    const { node, kind, line, message, sample, count } = violation;
    const log = this.options.nodeLogFile(node);
    return { node, kind, count, message, sample, line: line > 0 ? line : undefined, log };
  }
}
