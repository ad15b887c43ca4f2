/** The failures of a hunt, those alike together: wrong in the same ways, and with the same first problem of a node. */
import type { Signature } from '../run/signature.ts';
import type { TestSpec } from '../run/test-spec.ts';
import type { Outcome } from './outcome.ts';

/** A run that failed, and all that is needed to run it again. */
export interface FoundFailure {
  /** Of the run, from 1. */
  readonly number: number;
  /** With the seed, and the program as it was given. */
  readonly spec: TestSpec;
  readonly signature: Signature;
  /** The verdict in words. */
  readonly sentence: string;
  /** The first problem of a node without its name and its numbers; empty where nodes had none. */
  readonly problem: string;
  readonly operations: number;
  readonly messages: number;
  readonly nanos: number;
}

export interface FailureGroup {
  readonly signature: Signature;
  readonly problem: string;
  /** How many runs failed so. */
  readonly count: number;
  readonly first: FoundFailure;
  readonly smallest: FoundFailure;
}

/** Problems are what a program prints; more kinds than these are counted together. */
const MOST_GROUPS = 100;

export class FailureGroups {
  private readonly groups = new Map<string, FailureGroup>();
  /** Failures of kinds that no group was kept for. */
  private others = 0;

  /** Says whether it is the first of its kind. */
  add(failure: FoundFailure): boolean {
    const { signature, problem } = failure;
    const key = JSON.stringify([signature.toSorted(), problem]);
    const group = this.groups.get(key);
    if (group === undefined && this.groups.size === MOST_GROUPS) {
      this.others++;
      return false;
    }
    this.groups.set(key, {
      signature,
      problem,
      count: (group?.count ?? 0) + 1,
      first: group?.first ?? failure,
      smallest: group === undefined || sizeOf(failure) < sizeOf(group.smallest) ? failure : group.smallest,
    });
    return group === undefined;
  }

  /** In the order in which they were found. */
  all(): readonly FailureGroup[] {
    return [...this.groups.values()];
  }

  get notKept(): number {
    return this.others;
  }

  /** The failure that is least to read; of two alike the one found first. */
  smallest(): FoundFailure | undefined {
    return this.all()
      .map(({ smallest }) => smallest)
      .reduce<FoundFailure | undefined>(
        (least, one) => (least === undefined || sizeOf(one) < sizeOf(least) ? one : least),
        undefined,
      );
  }
}

const sizeOf = ({ operations, messages }: Pick<Outcome, 'operations' | 'messages'>): number =>
  operations + messages;
