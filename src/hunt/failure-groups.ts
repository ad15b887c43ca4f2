/**
 * The failures of a hunt, grouped: those of a group have the same signature and the same first problem of a node. A
 * failure whose signature includes all of another group's signature shows the same and more, and belongs to that group:
 *
 *     G0, G1b, lost-update     G0, lost-update     ->  one group: G0 (also G1b, lost-update), 3 times
 *     G0
 */
import { isNotSimulated, type Signature } from '../run/verdict/signature.ts';
import type { TestSpec } from '../run/test-spec.ts';

/** A run that failed, with everything needed to run it again. */
export interface FoundFailure {
  /** Number of the run, from 1. */
  readonly number: number;
  /** Includes the seed; its program is as given by the user. */
  readonly spec: TestSpec;
  readonly signature: Signature;
  /** The verdict in words. */
  readonly sentence: string;
  /** The first problem of a node without its name and numbers; empty if nodes had none. */
  readonly problem: string;
  readonly operations: number;
  readonly messages: number;
  readonly nanos: number;
  /** Its run in the store, by workload and name: `broadcast/20261121T033319.799Z`. */
  readonly kept?: string;
  /** The shrunk run, likewise by workload and name in the store. */
  readonly shrunk?: string;
}

export interface FailureGroup {
  /** The kinds that all its failures share. */
  readonly signature: Signature;
  /** Further kinds, which only some of them have. */
  readonly also: Signature;
  readonly problem: string;
  /** Number of runs that failed this way. */
  readonly count: number;
  readonly first: FoundFailure;
  readonly smallest: FoundFailure;
}

/** How a failure relates to earlier ones: the first of its kind, smaller than all others of its kind, or neither. */
export type Addition = 'first' | 'smaller' | 'known';

/** Programs print problems, so their kinds are unbounded; kinds beyond this number are only counted. */
const MOST_GROUPS = 100;

export class FailureGroups {
  private readonly groups = new Map<string, FailureGroup>();
  /** Number of failures beyond `MOST_GROUPS` kinds. */
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

  /** Returns the groups in the order of their first failures. */
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

  /** Returns the smallest failure; of several, the one found first. Returns undefined if there is none. */
  smallest(): FoundFailure | undefined {
    return this.all()
      .map(({ smallest }) => smallest)
      .reduce<FoundFailure | undefined>(
        (least, one) => (least === undefined || sizeOf(one) < sizeOf(least) ? one : least),
        undefined,
      );
  }
}

/** A run that could not be simulated comes last: it shows nothing about the program. */
export const sizeOf = ({
  signature,
  operations,
  messages,
}: Pick<FoundFailure, 'signature' | 'operations' | 'messages'>): number =>
  isNotSimulated(signature) ? Number.MAX_SAFE_INTEGER : operations + messages;

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
