/** What shows that transactions had no such order: cycles of what had to come before what, and anomalies that need none. */
import { canonicalJson, elementsOf, jsonEquals, type Json } from '../protocol/json.ts';
import { ProofError, type AnomalyProof, type CycleProof, type CycleStep } from './certificate.ts';
import { operationAt, type Operation, type Operations } from './operations.ts';
import { isWrite, microOpsOf, type MicroOp, type Stores } from './transactions.ts';

/** What is taken for granted of registers, as `check` was told. */
export interface Assumptions {
  readonly wfr: boolean;
  readonly sequential: boolean;
  readonly linearizable: boolean;
}

export class Shown {
  constructor(
    private readonly operations: Operations,
    private readonly stores: Stores,
    private readonly assumptions: Assumptions,
  ) {}

  cycle({ steps }: CycleProof): void {
    if (steps.length < 2) throw new ProofError('A cycle has at least two steps');
    for (const [at, step] of steps.entries()) {
      if (step.to !== steps[(at + 1) % steps.length]?.from) throw new ProofError('The steps are no cycle');
      if (step.from === step.to) throw new ProofError(`The step at ${step.from} leads to itself`);
      const from = operationAt(this.operations, step.from);
      const to = operationAt(this.operations, step.to);
      for (const one of [from, to])
        if (!this.tookEffect(one)) throw new ProofError(`${one.begin} may not have taken effect`);
      if (!this.holds(step, from, to))
        throw new ProofError(`The step from ${step.from} to ${step.to} is not shown by the history`);
    }
  }

  private holds({ type }: CycleStep, from: Operation, to: Operation): boolean {
    if (type === 'realtime') return from.end < to.begin;
    if (type === 'process') return from.process === to.process && from.end < to.begin;
    if (type !== 'ww' && type !== 'wr' && type !== 'rw')
      throw new ProofError(`The verifier does not know steps of type ${String(type)}`);
    return microOpsOf(from).some(([, key]) => {
      const before = this.versionsOf(from, key);
      const after = this.versionsOf(to, key);
      if (type === 'wr')
        return before.written.some((value) =>
          after.read.some((read) => read !== undefined && jsonEquals(read, value)),
        );
      return before[type === 'ww' ? 'written' : 'read'].some((value) =>
        after.written.some((later) => this.precedes(key, value, later)),
      );
    });
  }

  /**
   * The versions of a key that a transaction read of others, undefined for the initial one, and those that it wrote; without those that
   * several have written, of which a read could show any.
   */
  private versionsOf(
    operation: Operation,
    key: Json,
  ): { readonly read: readonly (Json | undefined)[]; readonly written: readonly Json[] } {
    const { isOfLists } = this.stores;
    const own = writesOf(operation, key);
    const written = (isOfLists ? own : own.slice(-1)).filter((value) => this.isOneVersion(key, value));
    const mops = microOpsOf(operation).filter(([, of]) => jsonEquals(of, key));
    const read = (isOfLists ? mops : mops.slice(0, 1))
      .filter((mop) => this.isRead(operation, mop))
      .map(([, , value]) =>
        isOfLists ? elementsOf(value)?.at(-1) : this.isInitial(value) ? undefined : value,
      )
      .filter((value) => value === undefined || this.isOneVersion(key, value));
    return { read, written };
  }

  /** Whether it is a read whose answer is known. */
  private isRead({ outcome }: Operation, mop: MicroOp): boolean {
    return !isWrite(mop) && (outcome === 'ok' || (outcome === 'info' && mop[2] !== null));
  }

  /** Of registers. */
  private isInitial(value: Json): boolean {
    return !this.stores.isOfLists && (value === null || jsonEquals(value, this.stores.initial));
  }

  private tookEffect(operation: Operation): boolean {
    if (operation.outcome !== 'info') return operation.outcome === 'ok';
    const written = microOpsOf(operation).filter(isWrite);
    return this.anyRead((key, read) =>
      written.some(
        ([, of, value]) =>
          jsonEquals(of, key) &&
          (this.stores.isOfLists ? (elementsOf(read) ?? []) : [read]).some((item) => jsonEquals(item, value)),
      ),
    );
  }

  private anyRead(test: (key: Json, read: Json) => boolean): boolean {
    for (const operation of this.operations.values())
      if (operation.outcome === 'ok')
        for (const mop of microOpsOf(operation)) if (!isWrite(mop) && test(mop[1], mop[2])) return true;
    return false;
  }

  /** Whether one version of a key, undefined for the initial one, comes before another one. */
  private precedes(key: Json, value: Json | undefined, later: Json): boolean {
    if (value === undefined) return !this.isInitial(later);
    if (jsonEquals(value, later)) return false;
    if (!this.stores.isOfLists) return this.leadsTo(key, value, later);
    // A list shows who came first; what no list shows comes after all that some list shows.
    let isShown = false;
    const contradicts = this.anyRead((of, read) => {
      if (!jsonEquals(of, key)) return false;
      const list = elementsOf(read) ?? [];
      const at = list.findIndex((item) => jsonEquals(item, value));
      isShown ||= at >= 0;
      const other = list.findIndex((item) => jsonEquals(item, later));
      return other >= 0 && (at < 0 || other < at);
    });
    return isShown && !contradicts;
  }

  /** Of registers: by transactions that read the one and wrote the next, or by what was done to the key in which order. */
  private leadsTo(key: Json, value: Json, later: Json): boolean {
    const { wfr, sequential, linearizable } = this.assumptions;
    const touched = [...this.operations.values()]
      .filter((one) => one.outcome === 'ok' || this.tookEffect(one))
      .map((one) => ({ one, ...this.versionsOf(one, key) }));
    const reached = [value];
    for (const from of reached) {
      const isFrom = (own: Json | undefined): boolean => own !== undefined && jsonEquals(own, from);
      const next = touched.flatMap(({ one, read, written }) => {
        const found = wfr && read.some(isFrom) ? [...written] : [];
        if ((!sequential && !linearizable) || ![...read, ...written].some(isFrom)) return found;
        for (const { one: other, ...versions } of touched)
          if (one.end < other.begin && (linearizable || one.process === other.process))
            found.push(
              ...[...versions.read, ...versions.written].slice(0, 1).filter((own) => own !== undefined),
            );
        return found;
      });
      if (next.some((one) => jsonEquals(one, later))) return true;
      for (const one of next) if (!reached.some((known) => jsonEquals(known, one))) reached.push(one);
    }
    return false;
  }

  anomaly({ anomaly, operations }: AnomalyProof): void {
    const [first, second] = operations.map((name) => operationAt(this.operations, name));
    if (first === undefined || !this.isShown(anomaly, first, second))
      throw new ProofError(`The history does not show ${anomaly} at ${operations.join(', ')}`);
  }

  private isShown(anomaly: string, reader: Operation, writer: Operation | undefined): boolean {
    const reads = microOpsOf(reader).filter((mop) => this.isRead(reader, mop));
    const isOfWriter = (test: (read: Json, written: MicroOp) => boolean): boolean =>
      writer !== undefined &&
      reads.some(([, key, read]) =>
        microOpsOf(writer).some((mop) => isWrite(mop) && jsonEquals(mop[1], key) && test(read, mop)),
      );
    switch (anomaly) {
      case 'internal':
        return reader.outcome === 'ok' && this.contradictsItself(microOpsOf(reader));
      case 'future-read':
        return isOfFuture(microOpsOf(reader), (read, value) => this.isIn(read, value));
      case 'G1a':
        return writer?.outcome === 'fail' && isOfWriter((read, [, , value]) => this.isIn(read, value));
      case 'G1b':
        return (
          writer !== reader &&
          isOfWriter(
            (read, mop) => this.isLast(read, mop[2]) && writer !== undefined && !isLastWrite(writer, mop),
          )
        );
      case 'garbage-read':
        return reads.some(([, key, read]) =>
          (this.stores.isOfLists ? (elementsOf(read) ?? []) : [read]).some(
            (value) => !this.isInitial(value) && !this.wasWritten(key, value),
          ),
        );
      case 'duplicate-elements':
        return reads.some(([, , read]) => distinct(elementsOf(read)) < (elementsOf(read)?.length ?? 0));
      case 'incompatible-order':
        return (
          writer !== undefined &&
          reads.some(([, key, read]) =>
            microOpsOf(writer).some(
              (mop) => this.isRead(writer, mop) && jsonEquals(mop[1], key) && areApart(read, mop[2]),
            ),
          )
        );
      case 'cyclic-versions':
        return microOpsOf(reader).some(([, key, value]) => this.leadsTo(key, value, value));
      case 'lost-update':
        return (
          reader !== writer &&
          writer?.outcome === 'ok' &&
          reads.some(([, key]) => {
            const [one, other] = [firstAndLast(reader, key), firstAndLast(writer, key)];
            if (one.read === undefined || other.read === undefined || !jsonEquals(one.read, other.read))
              return false;
            const isOne = this.stores.isOfLists || this.isOneVersion(key, one.read);
            return one.written !== undefined && other.written !== undefined && isOne;
          })
        );
      default:
        throw new ProofError(`The verifier does not know the anomaly ${anomaly}`);
    }
  }

  private wasWritten(key: Json, value: Json): boolean {
    return [...this.operations.values()].some(
      (one) => wrote(one, key, value) || wrote({ ...one, value: one.invoked }, key, value),
    );
  }

  /** Whether one transaction alone has written that value; of an initial one none. */
  private isOneVersion(key: Json, value: Json): boolean {
    const writers = [...this.operations.values()].filter(
      (one) => one.outcome !== 'fail' && wrote(one, key, value),
    );
    return writers.length === (this.isInitial(value) ? 0 : 1);
  }

  private isLast(read: Json, value: Json): boolean {
    const last = this.stores.isOfLists ? elementsOf(read)?.at(-1) : read;
    return last !== undefined && jsonEquals(last, value);
  }

  private isIn(read: Json, value: Json): boolean {
    return this.stores.isOfLists
      ? (elementsOf(read) ?? []).some((item) => jsonEquals(item, value))
      : jsonEquals(read, value);
  }

  /** Whether a read does not show what its own transaction read and wrote before. */
  private contradictsItself(mops: readonly MicroOp[]): boolean {
    const known = new Map<string, { readonly all?: Json | undefined; readonly tail: readonly Json[] }>();
    for (const mop of mops) {
      const [, key, value] = mop;
      const text = canonicalJson(key);
      const before = known.get(text);
      if (isWrite(mop)) {
        if (this.stores.isOfLists)
          known.set(text, { all: before?.all, tail: [...(before?.tail ?? []), value] });
        else known.set(text, { all: value, tail: [] });
        continue;
      }
      if (before !== undefined) {
        const list = elementsOf(value) ?? [];
        const expected = [...(elementsOf(before.all) ?? []), ...before.tail];
        const fits = !this.stores.isOfLists
          ? jsonEquals(value, before.all ?? null)
          : before.all === undefined
            ? expected.length <= list.length &&
              expected.every((item, at) => jsonEquals(item, list[list.length - expected.length + at] ?? null))
            : expected.length === list.length && !areApart(expected, list);
        if (!fits) return true;
      }
      known.set(text, { all: value, tail: [] });
    }
    return false;
  }
}

const wrote = (operation: Operation, key: Json, value: Json): boolean =>
  microOpsOf(operation).some((mop) => isWrite(mop) && jsonEquals(mop[1], key) && jsonEquals(mop[2], value));

const writesOf = (operation: Operation, key: Json): readonly Json[] =>
  microOpsOf(operation)
    .filter((mop) => isWrite(mop) && jsonEquals(mop[1], key))
    .map(([, , value]) => value);

const isLastWrite = (operation: Operation, [, key, value]: MicroOp): boolean =>
  jsonEquals(writesOf(operation, key).at(-1) ?? null, value);

/** Whether a read shows what its own transaction wrote later. */
const isOfFuture = (mops: readonly MicroOp[], isIn: (read: Json, value: Json) => boolean): boolean =>
  mops.some(
    (mop, at) =>
      !isWrite(mop) &&
      mops.some(
        (other, later) =>
          later > at && isWrite(other) && jsonEquals(other[1], mop[1]) && isIn(mop[2], other[2]),
      ),
  );

const distinct = (list: readonly Json[] = []): number => new Set(list.map(canonicalJson)).size;

/** Whether neither of two lists is the beginning of the other. */
function areApart(left: Json, right: Json): boolean {
  const [one, other] = [elementsOf(left) ?? [], elementsOf(right) ?? []];
  return one.slice(0, other.length).some((item, at) => !jsonEquals(item, other[at] ?? null));
}

/** What a transaction read of a key before it wrote to it, and what it wrote last. */
function firstAndLast(
  operation: Operation,
  key: Json,
): { readonly read?: Json | undefined; readonly written?: Json | undefined } {
  const own = microOpsOf(operation).filter((mop) => jsonEquals(mop[1], key));
  const first = own[0];
  const read = first !== undefined && !isWrite(first) && operation.outcome === 'ok' ? first[2] : undefined;
  return { read, written: own.findLast(isWrite)?.[2] };
}
