/**
 * Refutations of transactions: cycles of required order. If a cycle depends on which of two writes of a key came first,
 * both cases are followed, each to its cycles.
 */
import { canonicalJson, type Json } from '../protocol/json.ts';
import { ProofError, type CasesProof, type CycleProof, type CycleStep } from './certificate.ts';
import { holdForbidden, isOfPrefixes, shapeOf, type Model } from './models.ts';
import { operationAt, wasOver, type Operation, type Operations } from './operations.ts';
import { isWrite } from './key-state.ts';
import { keysOf, writesOf, type Read, type VersionOrder, type Versions } from './versions.ts';

/** Maximum nesting of cases: a file with deeper ones could not be read as JSON. */
const DEEPEST = 900;

export class Refuter {
  constructor(
    private readonly operations: Operations,
    private readonly versions: Versions,
    private readonly model: Model,
  ) {}

  /** Returns the number of cycles used. */
  refute(proof: CycleProof | CasesProof): number {
    const { forbids } = this.model;
    // Between a transaction's read of a key and its write of it, another write would make a cycle with one `rw`.
    return this.#refute(proof, { isAdjacent: forbids.has('single'), assumed: [] });
  }

  #refute(proof: CycleProof | CasesProof, order: VersionOrder): number {
    if (proof.kind === 'cycle') {
      this.#holdCycle(proof, order);
      return 1;
    }
    if (order.assumed.length >= DEEPEST)
      throw new ProofError(`More than ${DEEPEST} choices follow from each other`);
    const { key, first, second } = proof;
    const [one, other] = [first, second].map((name) => {
      const writer = this.#effective(name);
      if (writesOf(writer, key).length === 0) throw new ProofError(`${name} does not write that key`);
      return order.isAdjacent ? this.versions.head(writer, key) : writer;
    });
    if (one === undefined || other === undefined || one === other)
      throw new ProofError(`Which of ${first} and ${second} wrote first is no choice`);
    const text = canonicalJson(key);
    const assuming = (...choice: readonly [typeof one, typeof one]): VersionOrder => ({
      ...order,
      assumed: [...order.assumed, [text, ...choice]],
    });
    return this.#refute(proof.before, assuming(one, other)) + this.#refute(proof.after, assuming(other, one));
  }

  #effective(name: number): Operation {
    const operation = operationAt(this.operations, name);
    if (!this.versions.tookEffect(operation)) throw new ProofError(`${name} may not have taken effect`);
    return operation;
  }

  #holdCycle({ steps }: CycleProof, order: VersionOrder): void {
    if (steps.length < 2) throw new ProofError('A cycle has at least two steps');
    const ends = steps.map((step, at) => {
      if (step.to !== steps[(at + 1) % steps.length]?.from) throw new ProofError('The steps are no cycle');
      if (step.from === step.to) throw new ProofError(`The step at ${step.from} leads to itself`);
      const [from, to] = [this.#effective(step.from), this.#effective(step.to)];
      if (!this.#holds(step, from, to, order))
        throw new ProofError(`The step from ${step.from} to ${step.to} is not shown by the history`);
      return { type: step.type, from, to };
    });
    const isMissed = this.model.axiom !== undefined && this.#isMissed(ends, order);
    const readers = ends.filter(({ from }) => keysOf(from, isWrite).length === 0);
    // Update serializability: each read-only transaction may see an order of its own.
    const isOfUpdates = this.model.forbids.has('update') && readers.length < 2;
    const { shape, respects } = shapeOf(steps);
    const isPrefix = this.model.forbids.has('prefix') && isOfPrefixes(steps);
    if (isOfUpdates) holdForbidden([this.model], 'update', respects);
    else if (isPrefix) holdForbidden([this.model], 'prefix', respects);
    else if (!isMissed) holdForbidden([this.model], shape, respects);
  }

  #holds({ type }: CycleStep, from: Operation, to: Operation, order: VersionOrder): boolean {
    switch (type) {
      case 'realtime':
        return wasOver(from, to);
      case 'process':
        return from.process === to.process && wasOver(from, to);
      case 'wr':
        return keysOf(from, isWrite).some((key) => this.versions.hasRead(to, key, from));
      case 'ww':
        return keysOf(from, isWrite).some((key) =>
          writesOf(from, key).some((element) => this.#precedes(key, { from, element }, to, order)),
        );
      case 'rw':
        return this.#missedReads(from, to, order).length > 0;
      default:
        throw new ProofError(`The verifier does not know steps of type ${String(type)}`);
    }
  }

  #precedes(key: Json, version: Omit<Read, 'place'>, to: Operation, order: VersionOrder): boolean {
    return writesOf(to, key).length > 0 && this.versions.precedes(key, version, to, order);
  }

  /** Returns the reads of versions that another transaction then overwrote. */
  #missedReads(reader: Operation, writer: Operation, order: VersionOrder): readonly Read[] {
    return keysOf(writer, isWrite).flatMap((key) =>
      this.versions.reads(reader, key).filter((read) => this.#precedes(key, read, writer, order)),
    );
  }

  /**
   * Whether a transaction misses a write of one that it has seen: by an earlier read, by any read, or by any chain of
   * reads and session steps, as in levels.ts of the checkers. One step is `rw`; the others lead to the reader.
   */
  #isMissed(
    steps: readonly { type: CycleStep['type']; from: Operation; to: Operation }[],
    order: VersionOrder,
  ): boolean {
    const { axiom, respects } = this.model;
    const missed = steps.filter(({ type }) => type === 'rw');
    const seen = steps.filter(({ type }) => type !== 'rw');
    const [rw] = missed;
    const isByProcess = seen.some(({ type }) => type === 'process');
    if (rw === undefined || missed.length > 1 || seen.some(({ type }) => type !== 'wr' && type !== 'process'))
      return false;
    if (isByProcess && respects === 'none') return false;
    switch (axiom) {
      case 'causal':
        return true;
      case 'atomic':
        return seen.length === 1 || seen.every(({ type }) => type === 'process');
      default: {
        if (seen.length > 1 || isByProcess) return false;
        const places = keysOf(rw.to, isWrite).flatMap((key) =>
          this.versions.reads(rw.from, key).filter(({ from }) => from === rw.to),
        );
        return this.#missedReads(rw.from, rw.to, order).some((read) =>
          places.some(({ place }) => place < read.place),
        );
      }
    }
  }
}
