/**
 * The final reads of a counter: each must be the sum of all acknowledged deltas, plus any subset of those in doubt. An
 * add that never completed, as in a run that was killed, is in doubt too.
 *
 *     add 5 ok, add 3 info, add 1 fail     acceptable: 5, 8
 *
 * For pn-counter and g-counter. Only reads marked `final` are checked, since the counter is eventually consistent; a
 * history without one proves nothing, so it is `unknown`.
 */
import type { Op } from '../../history/op.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { jsonEquals, jsonInteger, valueText, wholeNumberOf, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { completesWithAnother } from '../asked-values.ts';
import {
  resultOver,
  malformedResult,
  type Checker,
  type NodeOf,
  type OrNoVerdict,
  type Validity,
} from '../checker.ts';
import type { Evidence } from '../evidence.ts';
import { isInRanges, subsetSums, type SumRange } from './subset-sums.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

export type PnCounterResult = OrNoVerdict<{
  readonly 'valid?': Validity;
  /** Wrong final reads; null if there are none. */
  readonly errors: readonly Op[] | null;
  /** The values of all final reads. */
  readonly 'final-reads': readonly Json[];
  /** The possible sums, as ascending ranges. */
  readonly acceptable: readonly AcceptableRange[];
  readonly note?: string;
}>;

export const PN_COUNTER_MEANINGS = {
  errors: 'final reads that are not a possible sum; null if there are none',
  'final-reads': 'the values of all final reads',
  acceptable: 'the possible sums, as ascending ranges [minimum, maximum]; adds in doubt may count or not',
  note: 'why there is nothing to check',
} as const satisfies Meanings<PnCounterResult>;

/** Inclusive. */
export type AcceptableRange = readonly [low: number | bigint, high: number | bigint];

export class PnCounterChecker implements Checker<PnCounterResult> {
  private definite = 0n;
  private readonly inDoubt: bigint[] = [];
  private readonly finalReads: Op[] = [];
  private operations = 0;
  private readonly open = new Map<number, Op>();
  malformed: string | undefined;

  observe(op: Op): void {
    if (op.process === 'nemesis' || this.malformed !== undefined) return;
    if (op.type === 'invoke') {
      this.abandon(this.open.get(op.process));
      this.open.set(op.process, op);
      return;
    }
    const invocation = this.open.get(op.process);
    this.open.delete(op.process);
    this.operations += 1;
    if (op.f === 'add') this.complete(op, invocation);
    else if (op.f === 'read' && op.type === 'ok' && (op.final === true || invocation?.final === true)) {
      this.finalReads.push(op);
    }
  }

  /** Completions may lack a value of their own. */
  private complete(op: Op, invocation: Op | undefined): void {
    const asked = invocation?.value ?? null;
    if (op.type === 'ok' && asked !== null && op.value !== null && !isSameNumber(asked, op.value))
      this.malformed = `operation ${op.index} ${completesWithAnother('add', { asked, value: op.value })}`;
    else this.take(op.type, asked === null || invocation === undefined ? op : invocation);
  }

  private take(outcome: Op['type'], { index, value }: Op): void {
    const delta = wholeNumberOf(value);
    if (delta === undefined) {
      this.malformed = `operation ${index} adds ${valueText(value)}; expected an integer`;
    } else if (outcome === 'ok') this.definite += BigInt(delta);
    else if (outcome === 'info') this.inDoubt.push(BigInt(delta));
  }

  /** Handles an operation without a completion. */
  private abandon(invocation: Op | undefined): void {
    if (invocation?.f === 'add') this.take('info', invocation);
  }

  result(): PnCounterResult {
    for (const invocation of this.open.values()) this.abandon(invocation);
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    const sums = subsetSums(this.definite, this.inDoubt);
    const errors = this.finalReads.filter((read) => !this.isAcceptable(read.value, sums));
    return {
      'valid?': this.verdict(errors.length, sums !== undefined),
      errors: errors.length === 0 ? null : errors,
      'final-reads': this.finalReads.map((read) => read.value),
      acceptable: (sums ?? [this.bounds()]).map(([low, high]) => [jsonInteger(low), jsonInteger(high)]),
      ...(sums === undefined && {
        note: 'The deltas in doubt have too many possible sums to list; only the least and the greatest were checked.',
      }),
    };
  }

  private verdict(errors: number, isExact: boolean): Validity {
    if (errors > 0) return false;
    // Operations that never ended are operations, too.
    if (this.finalReads.length === 0) return this.operations + this.open.size === 0 ? true : 'unknown';
    return isExact ? true : 'unknown';
  }

  private isAcceptable(value: Json, sums: readonly SumRange[] | undefined): boolean {
    const read = wholeNumberOf(value);
    return read !== undefined && isInRanges(BigInt(read), sums ?? [this.bounds()]);
  }

  private bounds(): SumRange {
    let low = this.definite;
    let high = this.definite;
    for (const delta of this.inDoubt) {
      if (delta < 0n) low += delta;
      else high += delta;
    }
    return [low, high];
  }
}

/** Checks a whole history. */
export function checkPnCounter(ops: Iterable<Op>): PnCounterResult {
  return resultOver(new PnCounterChecker(), ops);
}

export function pnCounterEvidence({ errors, acceptable = [] }: PnCounterResult): Evidence | undefined {
  return { kind: 'sums', wrong: errors ?? [], acceptable };
}

/** Explains an invalid result; undefined if it is valid. */
export function explainPnCounter(result: PnCounterResult, nodeOf?: NodeOf): string | undefined {
  if (result['valid?'] === true || result.error !== undefined) return undefined;
  const [wrong, ...others] = result.errors ?? [];
  const { 'final-reads': reads, acceptable } = result;
  if (wrong === undefined) {
    return reads.length === 0
      ? 'No final read succeeded, so the final value of the counter is unknown.'
      : 'The deltas in doubt have too many possible sums for an exact verdict.';
  }
  const sums = acceptable
    .slice(0, RANGES_NAMED)
    .map(([low, high]) => (low === high ? brief(low) : `${brief(low)} to ${brief(high)}`));
  if (acceptable.length > RANGES_NAMED) sums.push('one of some others');
  const node = nodeOf?.(wrong) ?? `process ${wrong.process}`;
  const count = wrongReads(others.length + 1, reads.length);
  return (
    `${count} wrong: that of ${node} (operation ${wrong.index}) says ${brief(wrong.value)}, but the sum of all ` +
    `acknowledged deltas, and any of those in doubt, is ${sums.join(' or ')}.`
  );
}

function wrongReads(wrong: number, all: number): string {
  if (wrong === all) return all === 1 ? 'The only final read is' : `All ${all} final reads are`;
  return `${wrong === 1 ? 'One' : wrong} of ${all} final reads ${byCount(wrong, 'is', 'are')}`;
}

const RANGES_NAMED = 5;

const brief = (value: Json): string => shownText(valueText(value), 60);

/** Returns undefined if there is no verdict. */
export function pnCounterFigure(result: PnCounterResult): string | undefined {
  if (result.error !== undefined) return undefined;
  const { errors, 'final-reads': reads } = result;
  const all = counted(reads.length, 'final read');
  return errors === null || errors.length === 0 ? all : `${errors.length} of ${all} wrong`;
}

/** Whether both are the same integer, which a converter may have written as 5.0. */
function isSameNumber(one: Json, other: Json): boolean {
  const [left, right] = [wholeNumberOf(one), wholeNumberOf(other)];
  return left === undefined || right === undefined ? jsonEquals(one, other) : BigInt(left) === BigInt(right);
}
