/**
 * Changes of membership: nodes leave the cluster for good, and new ones join it, while requests go on.
 *
 *     n1 n2 n3 n4 n5  --remove n2-->  n1 n3 n4 n5  --add n6-->  n1 n3 n4 n5 n6
 *
 * A majority of the first nodes' number always stays, and there are never more than half again as many.
 */
import type { Generator } from '../generator/generator.ts';
import { nothing, repeatedly } from '../generator/operations.ts';
import { stagger } from '../generator/pacing.ts';
import type { Json } from '../protocol/json.ts';
import type { FaultEnvironment, FaultKind, FaultOp, FaultPackage } from './fault-package.ts';
import type { MembershipAnswer, MembershipControl } from './node-control.ts';

const ADD = 'add-member';
const REMOVE = 'remove-member';

export const membershipFault: FaultKind = {
  name: 'membership',
  about:
    'Removes nodes from the cluster and adds new ones, by turns of chance, through the requests `remove_member` and ' +
    '`add_member` to a node that is a member. Only for clusters whose nodes answer these.',
  prepare: (environment) => new MembershipPackage(environment),
};

class MembershipPackage implements FaultPackage {
  readonly name = 'membership';
  readonly band = { name: 'membership', start: [REMOVE], stop: [ADD] };
  readonly generator: Generator;
  /** Nothing is wrong with a cluster that has changed. */
  readonly finalGenerator = nothing;
  private readonly membership: MembershipControl;
  /** All names that were ever used. */
  private readonly names: Set<string>;

  constructor(private readonly environment: FaultEnvironment) {
    const { membership, intervalSeconds, nodes } = environment;
    if (membership === undefined) throw new Error('nodes can neither come nor go here');
    this.membership = membership;
    this.names = new Set(nodes);
    this.generator = stagger(
      intervalSeconds,
      repeatedly((random) => ({ f: random.boolean() ? REMOVE : ADD })),
    );
  }

  /**
   * Answered with a map from the node in question to `added` or `removed`, or to what came instead; an empty map when
   * the cluster is as small or as large as it may be, or nobody is there to be asked.
   */
  invoke({ f }: FaultOp, done: (value: Json) => void): void {
    const { random, nodes } = this.environment;
    const members = this.membership.members();
    const node = f === REMOVE ? random.pick(members) : this.newName();
    const isAllowed =
      f === REMOVE
        ? members.length - 1 >= Math.floor(nodes.length / 2) + 1
        : members.length < Math.ceil(1.5 * nodes.length);
    const askable = this.membership.runningMembers().filter((member) => member !== node);
    if (!isAllowed || askable.length === 0) return done({});
    const via = random.pick(askable);
    const told = (answer: MembershipAnswer): void => done({ [node]: wordsFor(f, answer) });
    if (f === REMOVE) {
      this.membership.removeMember(node, via, told);
    } else {
      this.names.add(node);
      this.membership.addMember(node, via, told);
    }
  }

  activeFaults(): readonly string[] {
    const members = this.membership.members();
    const isFirst = members.join(' ') === this.environment.nodes.join(' ');
    return isFirst ? [] : [`members ${members.join(' ')}`];
  }

  /** The first of n1, n2, ... that nobody has had, or with another beginning if the nodes have one. */
  private newName(): string {
    const beginning = /^(.*?)\d*$/.exec(this.environment.nodes[0] ?? 'n')?.[1] ?? 'n';
    for (let number = this.environment.nodes.length; ; number++) {
      const name = `${beginning}${number}`;
      if (!this.names.has(name)) return name;
    }
  }
}

function wordsFor(f: string, answer: MembershipAnswer): Json {
  switch (answer.kind) {
    case 'done':
      return f === REMOVE ? 'removed' : 'added';
    case 'error':
      return ['error', answer.code, answer.text];
    case 'timeout':
      return 'timeout';
    case 'not-started':
      return 'failed';
  }
}
