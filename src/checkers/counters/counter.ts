/**
 * Every read of a growing counter lies between what was certainly added before it began and what may have been added by
 * the time it ended. Jepsen's `counter`; amounts are not negative.
 *
 *     add 2  ├──┤ ok
 *     add 3        ├──────────┤ ok
 *     read            ├────┤            2 to 5
 */
import type { Op } from '../../history/op.ts';
import { byCount, counted } from '../../protocol/count-text.ts';
import { jsonInteger, valueText, wholeNumberOf, type Json } from '../../protocol/json.ts';
import { shownText } from '../../protocol/shown-text.ts';
import { resultOver, malformedResult, type Checker, type OrNoVerdict } from '../checker.ts';
import type { Meanings } from '../../protocol/key-meaning.ts';

interface Add {
  readonly amount: bigint;
  failed: boolean;
}

interface Read {
  readonly value: Json;
  readonly low: bigint;
  /** Number of adds attempted by its end; whether they failed is known only later. */
  readonly attempted: number;
}

interface ReadBounds {
  readonly low: bigint;
  readonly value: Json;
  readonly high: bigint;
}

/** A read and its bounds, inside or outside of them. */
type BoundedRead = readonly [low: number | bigint, value: Json, high: number | bigint];

export type CounterResult = OrNoVerdict<{
  readonly 'valid?': boolean;
  readonly reads: readonly BoundedRead[];
  /** Reads out of bounds. */
  readonly errors: readonly BoundedRead[];
}>;

export const COUNTER_MEANINGS = {
  reads: 'each read as a triple: the minimum possible value, the value read, and the maximum possible value',
  errors: 'reads outside these bounds',
} as const satisfies Meanings<CounterResult>;

export class CounterChecker implements Checker<CounterResult> {
  private readonly adds: Add[] = [];
  private readonly openAdds = new Map<number, Add>();
  private acknowledged = 0n;
  /** The sum acknowledged when a process invoked its read. */
  private readonly openReads = new Map<number, bigint>();
  private readonly reads: Read[] = [];
  malformed: string | undefined;

  observe(op: Op): void {
    if (op.process === 'nemesis' || this.malformed !== undefined) return;
    if (op.f === 'add') this.takeAdd(op, op.process);
    else if (op.f === 'read') this.takeRead(op, op.process);
  }

  private takeAdd(op: Op, process: number): void {
    if (op.type === 'invoke') {
      const amount = wholeNumberOf(op.value);
      if (amount === undefined || amount < 0) {
        this.malformed = `operation ${op.index} adds ${valueText(op.value)}; expected an integer that is not negative`;
        return;
      }
      const add = { amount: BigInt(amount), failed: false };
      this.adds.push(add);
      this.openAdds.set(process, add);
      return;
    }
    const add = this.openAdds.get(process);
    this.openAdds.delete(process);
    if (add === undefined) return;
    if (op.type === 'ok') this.acknowledged += add.amount;
    else if (op.type === 'fail') add.failed = true;
  }

  private takeRead(op: Op, process: number): void {
    if (op.type === 'invoke') {
      this.openReads.set(process, this.acknowledged);
      return;
    }
    const low = this.openReads.get(process);
    this.openReads.delete(process);
    if (op.type === 'ok' && low !== undefined) {
      this.reads.push({ value: op.value, low, attempted: this.adds.length });
    }
  }

  result(): CounterResult {
    if (this.malformed !== undefined) return malformedResult(this.malformed);
    const reads = this.bounds();
    const errors = reads.filter((read) => !isWithin(read));
    return { 'valid?': errors.length === 0, reads: reads.map(triple), errors: errors.map(triple) };
  }

  private bounds(): readonly ReadBounds[] {
    let high = 0n;
    let summed = 0;
    return this.reads.map(({ value, low, attempted }) => {
      for (const add of this.adds.slice(summed, attempted)) if (!add.failed) high += add.amount;
      summed = attempted;
      return { low, value, high };
    });
  }
}

function isWithin({ low, value, high }: ReadBounds): boolean {
  const read = wholeNumberOf(value);
  return read !== undefined && low <= read && read <= high;
}

const triple = ({ low, value, high }: ReadBounds): BoundedRead => [
  jsonInteger(low),
  value,
  jsonInteger(high),
];

/** Explains which reads are out of bounds; undefined if none is. */
export function explainCounter({ reads = [], errors = [] }: CounterResult): string | undefined {
  const [first] = errors;
  if (first === undefined) return undefined;
  const [low, value, high] = first.map((one) => shownText(valueText(one), 60));
  const sums = low === high ? `exactly ${low}` : `${low} to ${high}`;
  return (
    `${errors.length} of ${counted(reads.length, 'read')} ${byCount(errors.length, 'is', 'are')} out of bounds: the first returned ` +
    `${value}, when the counter can have been ${sums} (what was acknowledged before the read began, and what may have been added by its end).`
  );
}

/** Checks a whole history. */
export function checkCounter(ops: Iterable<Op>): CounterResult {
  return resultOver(new CounterChecker(), ops);
}
