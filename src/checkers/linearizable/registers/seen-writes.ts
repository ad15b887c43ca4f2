/** Which write each read and each cas of a register saw, as a guess that can be changed. */
import { present } from '../../../columns/present.ts';
import type { ObjectEvents } from '../object-events.ts';
import { NEVER } from '../operation-places.ts';
import type { PossibleWrites } from './possible-writes.ts';
import { judgeUniqueWrites, type RegisterKinds } from './unique-writes.ts';

export class SeenWrites {
  /** Indexed by operation: the write that a read or a cas saw; -1 if none. */
  readonly saw: Int32Array;
  /** Indexed by write: the number of operations that saw it. */
  private readonly seenBy: Int32Array;

  constructor(
    readonly history: ObjectEvents,
    private readonly register: RegisterKinds,
    readonly possible: PossibleWrites,
  ) {
    this.saw = new Int32Array(history.operationCount + 1).fill(-1);
    this.seenBy = new Int32Array(history.operationCount + 1);
  }

  see(operation: number, write: number): void {
    this.saw[operation] = write;
    this.seenBy[write] = present(this.seenBy[write]) + 1;
  }

  unsee(operation: number): void {
    const write = present(this.saw[operation]);
    if (write < 0) return;
    this.saw[operation] = -1;
    this.seenBy[write] = present(this.seenBy[write]) - 1;
  }

  isWrite(operation: number): boolean {
    return (
      operation === this.possible.initial ||
      !this.register.isReadOnly(present(this.history.kindOf[operation]))
    );
  }

  isCas(operation: number): boolean {
    return (
      this.isWrite(operation) && operation !== this.possible.initial && this.possible.found(operation) >= 0
    );
  }

  /** Whether a write is known to have happened. */
  happened(write: number): boolean {
    return present(this.possible.returnsAt[write]) < NEVER || present(this.seenBy[write]) > 0;
  }

  /**
   * Returns the writes that an operation can have seen. `ownEnd`: the first end of each write and of the reads that saw it,
   * since what a cas wrote may have been read before it completed.
   */
  writesFor(operation: number, ownEnd: Int32Array): readonly number[] {
    return this.isCas(operation)
      ? this.possible.of(operation, present(ownEnd[operation]))
      : this.possible.of(operation);
  }

  /** Returns the operations in an order that explains all of them; undefined if the guess does not fit. */
  linearization(): readonly number[] | undefined {
    const outcome = judgeUniqueWrites(...this.withUniqueWrites());
    return outcome?.valid === true ? outcome.linearization?.() : undefined;
  }

  /** Returns the history with another value for each write, and the register of these values. */
  private withUniqueWrites(): [ObjectEvents, RegisterKinds] {
    const { history, saw, possible } = this;
    const { operationCount } = history;
    const valueOf = (write: number): number => (write === possible.initial ? 0 : write + 1);
    return [
      {
        ...history,
        kindOf: Int32Array.from(saw.keys()).subarray(0, operationCount),
        kindCount: operationCount,
      },
      {
        stateCount: operationCount + 1,
        isReadOnly: (operation) => !this.isWrite(operation),
        stateAfter: (operation) => valueOf(this.isWrite(operation) ? operation : present(saw[operation])),
        // A cas that never happened has found no write.
        stateBefore: (operation) =>
          this.isCas(operation) && present(saw[operation]) >= 0 ? valueOf(present(saw[operation])) : -1,
      },
    ];
  }
}
