/**
 * The failures of a hunt, those alike together: wrong in the same ways, and with the same first problem of a node. A run that is wrong
 * in more ways than another shows the same and more, and belongs with it:
 *
 *     G0, G1b, lost-update     G0, lost-update     ->  one group: G0 (also G1b, lost-update), 3 times
 *     G0
 */
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
  /** The run of the store that it is, by its workload and name: `broadcast/20261121T033319.799Z`. */
  readonly kept?: string;
  /** The same made small, as a run of the store. */
  readonly shrunk?: string;
}

export interface FailureGroup {
  /** The ways in which all of them are wrong. */
  readonly signature: Signature;
  /** In which some are wrong as well. */
  readonly also: Signature;
  readonly problem: string;
  /** How many runs failed so. */
  readonly count: number;
  readonly first: FoundFailure;
  readonly smallest: FoundFailure;
}

/** What a failure is to those that were found before: the first of its kind, smaller than all others of it, or neither. */
export type Addition = 'first' | 'smaller' | 'known';

/** Problems are what a program prints; more kinds than these are counted together. */
const MOST_GROUPS = 100;

export class FailureGroups {
  private readonly groups = new Map<string, FailureGroup>();
  /** Failures of kinds that no group was kept for. */
  private others = 0;

  add(failure: FoundFailure): Addition {
    const { signature, problem } = failure;
    const key = JSON.stringify([signature.toSorted(), problem]);
    const group = this.groups.get(key);
    if (group === undefined && this.groups.size === MOST_GROUPS) {
      this.others++;
      return 'known';
    }
    const isSmaller = group === undefined || sizeOf(failure) < sizeOf(group.smallest);
    this.groups.set(key, {
      signature,
      also: [],
      problem,
      count: (group?.count ?? 0) + 1,
      first: group?.first ?? failure,
      smallest: isSmaller ? failure : group.smallest,
    });
    return group === undefined ? 'first' : isSmaller ? 'smaller' : 'known';
  }

  /** In the order in which they were found. */
  all(): readonly FailureGroup[] {
    const joined: FailureGroup[] = [];
    const fewestFirst = [...this.groups.values()].toSorted((a, b) => a.signature.length - b.signature.length);
    for (const group of fewestFirst) {
      const at = joined.findIndex((one) => isPartOf(one, group));
      const [part] = joined.slice(at, at + 1);
      if (at < 0 || part === undefined) joined.push(group);
      else joined[at] = together(part, group);
    }
    return joined.toSorted((a, b) => a.first.number - b.first.number);
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

const isPartOf = (one: FailureGroup, other: FailureGroup): boolean =>
  one.problem === other.problem && one.signature.every((kind) => other.signature.includes(kind));

function together(one: FailureGroup, other: FailureGroup): FailureGroup {
  const more = other.signature.filter((kind) => !one.signature.includes(kind));
  return {
    ...one,
    also: [...new Set([...one.also, ...more])].toSorted(),
    count: one.count + other.count,
    first: other.first.number < one.first.number ? other.first : one.first,
    smallest: sizeOf(other.smallest) < sizeOf(one.smallest) ? other.smallest : one.smallest,
  };
}
