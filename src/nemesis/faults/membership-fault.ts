/**
 * Changes of membership: nodes leave the cluster permanently, and new ones join it, while requests go on.
 *
 *     n1 n2 n3 n4 n5  --remove n2-->  n1 n3 n4 n5  --add n6-->  n1 n3 n4 n5 n6
 *
 * The cluster never has fewer members than a majority of its initial size, nor more than one and a half times as many;
 * fault scripts are not limited.
 */
import { nodeNameProblem } from '../../network/node-name.ts';
import { isJsonObject, type Json } from '../../protocol/json.ts';
import type { Random } from '../../world/random.ts';
import { chooseNodes } from '../choose-nodes.ts';
import type { Change, FaultKind, PreparedEnvironment, ScriptTarget } from '../fault.ts';
import { ADD_MEMBER, MEMBERSHIP, REMOVE_MEMBER } from '../fault-operations.ts';
import { MemberNames } from './member-names.ts';
import { membershipLine } from '../nemesis-line.ts';
import type { MembershipAnswer, MembershipControl } from '../node-control.ts';

type Operation = typeof ADD_MEMBER | typeof REMOVE_MEMBER;

/** Words that select the node that leaves, in place of its name. */
const LEAVERS = ['one', 'primary'] as const;

const CHANGE_TARGET: ScriptTarget = {
  expected:
    'the node that joins, under a name not used before, such as {"add": "n6"}, or the node that leaves, such as {"remove": "n2"}, or ' +
    `one of the words ${LEAVERS.join(', ')} instead of the name`,
  accepts(target, nodes) {
    if (!isJsonObject(target) || Object.keys(target).length !== 1) return false;
    const { add, remove } = target;
    if (typeof add === 'string') return nodeNameProblem(add) === undefined && !nodes.includes(add);
    return typeof remove === 'string' && (nodes.includes(remove) || LEAVERS.some((word) => word === remove));
  },
  brings(target) {
    const added = isJsonObject(target) ? target['add'] : undefined;
    return typeof added === 'string' ? added : undefined;
  },
};

export const membershipFault: FaultKind = {
  kind: 'change',
  name: MEMBERSHIP,
  about:
    'Removes nodes from the cluster and adds new ones, in random order, by sending the requests `remove_member` and `add_member` to a current member. Only for clusters whose nodes answer these requests.',
  scriptTarget: CHANGE_TARGET,
  prepare: (environment) => new MembershipChange(environment),
};

class MembershipChange implements Change {
  readonly operations = [REMOVE_MEMBER, ADD_MEMBER];
  private readonly membership: MembershipControl;
  private readonly names: MemberNames;

  constructor(private readonly environment: PreparedEnvironment) {
    const { membership, nodes } = environment;
    if (membership === undefined) throw new Error('nodes can neither come nor go here');
    this.membership = membership;
    this.names = new MemberNames(nodes);
  }

  draw(random: Random): string {
    return random.boolean() ? REMOVE_MEMBER : ADD_MEMBER;
  }

  /**
   * Completes with a map from the affected node to `added` or `removed`, or to another outcome; an empty map when the
   * cluster has its minimum or maximum size, or no node can be asked.
   */
  invoke(f: string, done: (value: Json) => void): void {
    const first = this.environment.nodes.length;
    const count = this.membership.members().length;
    const operation = f === REMOVE_MEMBER ? REMOVE_MEMBER : ADD_MEMBER;
    const node = operation === REMOVE_MEMBER ? this.drawLeaver() : this.names.next();
    const isAllowed =
      operation === REMOVE_MEMBER ? count - 1 >= Math.floor(first / 2) + 1 : count < Math.ceil(1.5 * first);
    const isAsked =
      isAllowed &&
      node !== undefined &&
      this.ask(operation, node, (answer) => done({ [node]: wordsFor(operation, answer) }));
    if (!isAsked) done({});
  }

  /** The operation completes with `adding` or `removing`, since the script continues while a member is asked. */
  script(target: Json): { readonly f: string; readonly begin: () => Json } {
    // Checked against CHANGE_TARGET.
    const { add, remove = 'one' } = target as { readonly add?: string; readonly remove?: string };
    const f = add === undefined ? REMOVE_MEMBER : ADD_MEMBER;
    const begin = (): Json => {
      const node = add ?? this.leaver(remove);
      const isAsked = node !== undefined && this.ask(f, node, (answer) => this.logOutcome(f, node, answer));
      return isAsked ? { [node]: f === REMOVE_MEMBER ? 'removing' : 'adding' } : {};
    };
    return { f, begin };
  }

  words(): string | undefined {
    const members = this.membership.members();
    const isFirst = members.join(' ') === this.environment.nodes.join(' ');
    return isFirst ? undefined : `members ${members.join(' ')}`;
  }

  /** Asks some other member; returns false when none runs. */
  private ask(operation: Operation, node: string, done: (answer: MembershipAnswer) => void): boolean {
    const askable = this.membership.runningMembers().filter((member) => member !== node);
    if (askable.length === 0) return false;
    const via = this.environment.random.pick(askable);
    if (operation === REMOVE_MEMBER) {
      this.membership.removeMember(node, via, done);
    } else {
      this.names.add(node);
      this.membership.addMember(node, via, done);
    }
    return true;
  }

  private drawLeaver(): string | undefined {
    const { random, targets } = this.environment;
    if (targets === undefined) return random.pick(this.membership.members());
    const candidates = chooseNodes(random.pick(targets), this.environment);
    return candidates.length === 0 ? undefined : random.pick(candidates);
  }

  /** Returns the node that a script removes: a member by its name, or by a word. */
  private leaver(name: string): string | undefined {
    if (this.names.has(name)) return this.membership.members().find((member) => member === name);
    return chooseNodes(name === 'primary' ? name : 'one', this.environment)[0];
  }

  private logOutcome(operation: Operation, node: string, answer: MembershipAnswer): void {
    this.environment.log?.(membershipLine(operation, { [node]: wordsFor(operation, answer) }));
  }
}

function wordsFor(operation: Operation, answer: MembershipAnswer): Json {
  switch (answer.kind) {
    case 'done':
      return operation === REMOVE_MEMBER ? 'removed' : 'added';
    case 'error':
      return ['error', answer.code, answer.text];
    case 'timeout':
      return 'timeout';
    case 'not-started':
      return 'failed';
  }
}
